"""Which secrets accepted requests have set. Sends nothing.

Where a text promises nothing of the secret that a device has already, a service may refuse it, and a case about
something else must not stumble over that.
"""

from dataclasses import dataclass, field

from watchword.check.secret_form import SecretForm, secret_form
from watchword.check.target import Device
from watchword.contract import Operation
from watchword.ground import Request, Response

_Key = tuple[str, str]
"""Device and slot."""


@dataclass(eq=False, slots=True)
class Held:
    """The latest two secrets of each slot of each device, as far as the replies tell."""

    _latest: dict[_Key, tuple[str, str | None]] = field(default_factory=dict)
    _forms: dict[str, SecretForm | None] = field(default_factory=dict)

    def form(self, operation: Operation) -> SecretForm | None:
        """How requests of an operation set a secret, or `None`."""
        if operation.id not in self._forms:
            self._forms[operation.id] = secret_form(operation)
        return self._forms[operation.id]

    def note(self, form: SecretForm, device: Device, request: Request, response: Response) -> None:
        """After an accepted request."""
        changes = form.changes(request.body, ())
        if len(changes) != 1:
            return
        slot, given = changes[0]
        key, secret = (device.key, slot), form.told_by(response) or given
        before = self._latest.get(key, (None, None))
        if secret is None:
            self._latest.pop(key, None)
        elif secret != before[0]:
            self._latest[key] = (secret, before[0])

    def another(self, form: SecretForm, device: Device, request: Request) -> tuple[str, str, str] | None:
        """Slot, secret, and another one to set first, where a request sets the one that the device has already."""
        changes = form.changes(request.body, ())
        if len(changes) != 1:
            return None
        slot, given = changes[0]
        secret, before = self._latest.get((device.key, slot), (None, None))
        if secret is None or before is None or given != secret:
            return None
        return slot, secret, before
