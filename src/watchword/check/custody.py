"""The devices' secrets during a run: noted before a request may change one, known after it, put back at the end."""

from collections import Counter
from dataclasses import dataclass, field

from watchword.check.journal import Journal, UnusableJournal
from watchword.check.secret_form import NO_SLOT, SecretForm, resetting, secret_form
from watchword.check.target import Device, Target
from watchword.check.transport import Transport
from watchword.contract import Contract, Operation, Parameter
from watchword.ground import Finding, Request, Response, Severity, Unreachable
from watchword.strategies import Draft, Value
from watchword.strategies.frame import Frame
from watchword.strategies.instances import Impossible

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "QUERY", "TRACE"})
"""Methods that change nothing (RFC 9110 section 9.2.1)."""


@dataclass(eq=False, slots=True)
class Custody:
    """One run's care for one target. `journal` is absent for twins, whose devices live in memory."""

    contract: Contract
    target: Target
    journal: Journal | None
    _forms: dict[str, SecretForm | None] = field(default_factory=dict)
    _touched: dict[tuple[str, str], Device] = field(default_factory=dict)
    _requests: Counter[tuple[str, str]] = field(default_factory=Counter)
    _noted: dict[int, tuple[str, str]] = field(default_factory=dict)

    def begin(self) -> None:
        """Notes the configured secrets of all listed devices."""
        form = self._resetting()
        for device in self.target.devices:
            for slot in self._slots(form):
                if self.journal is not None:
                    self.journal.known(self.target.url, device.path, slot, configured(device, slot, form))

    def sending(
        self, operation: Operation | None, device: Device | None, request: Request, secrets: tuple[str, ...]
    ) -> list[int]:
        """Before a request goes out: the journal's entries for what it may change."""
        if operation is None or device is None or request.method in _SAFE or device not in self.target.devices:
            return []
        form = self._form(operation)
        entries = []
        for slot, candidate in form.changes(request.body, secrets) if form else ():
            key = (device.key, slot)
            self._touched[key] = device
            self._requests[key] += 1
            if self.journal is not None:
                entry = self.journal.sending(self.target.url, device.path, slot, candidate)
                self._noted[entry] = key
                entries.append(entry)
        return entries

    def answered(self, operation: Operation | None, entries: list[int], response: Response) -> None:
        """After its reply. Nobody knows what a 5xx did, nor which of several secrets or slots an accepted one set."""
        form = self._form(operation) if operation else None
        if self.journal is None or form is None:
            return
        accepted = True if 200 <= response.status < 300 else False if 400 <= response.status < 500 else None
        if accepted and len(entries) > 1:
            accepted = None
        for entry in entries:
            del self._noted[entry]
            self.journal.answered(
                entry, accepted=accepted, secret=None if accepted is False else form.told_by(response)
            )

    def unsent(self, entries: list[int]) -> None:
        """Where the request never left: nothing can have changed."""
        for entry in entries:
            if self.journal is not None:
                self.journal.unsent(entry)
                key = self._noted.pop(entry)
                self._requests[key] -= 1
                if not self._requests[key]:
                    del self._touched[key]

    def changed(self) -> list[str]:
        """The names of touched devices whose secret stays changed, for none is configured to put back."""
        form = self._resetting()
        if self.journal is None:
            return []
        left = [device.name for (_, slot), device in self._touched.items() if configured(device, slot, form) is None]
        return list(dict.fromkeys(left))

    def restore(self, transport: Transport) -> list[Finding]:
        """Puts back every configured secret of every touched device; one finding per secret that could not be."""
        form = self._resetting()
        findings = []
        for (_, slot), device in self._touched.items():
            secret = configured(device, slot, form)
            if form is None or secret is None:
                continue
            reason = self._restored(form, device, slot, secret, transport)
            if reason is not None:
                findings.append(not_restored(form, device, slot, reason))
        return findings

    def _restored(self, form: SecretForm, device: Device, slot: str, secret: str, transport: Transport) -> str | None:
        try:
            if self.journal is not None:
                self.journal.sending(self.target.url, device.path, slot, secret)
            reason = put_back(form, self.target, device, slot, secret, transport)
            if reason is None and self.journal is not None:
                self.journal.restored(self.target.url, device.path, slot, secret)
        except UnusableJournal as problem:
            return str(problem)
        return reason

    def _form(self, operation: Operation) -> SecretForm | None:
        """The form of the contract as it stands: a request may set what a kind of device does not have."""
        if operation.id not in self._forms:
            self._forms[operation.id] = secret_form(self.contract.operation(operation.id))
        return self._forms[operation.id]

    def _resetting(self) -> SecretForm | None:
        return resetting(self.contract)

    @staticmethod
    def _slots(form: SecretForm | None) -> tuple[str, ...]:
        return form.slots or (NO_SLOT,) if form else ()


def configured(device: Device, slot: str, form: SecretForm | None) -> str | None:
    """The secret that the target gives for a slot; a single one is for the default slot."""
    if slot in device.secrets:
        return device.secrets[slot]
    return device.secrets.get(NO_SLOT) if form and slot == form.default_slot else None


def put_back(
    form: SecretForm, target: Target, device: Device, slot: str, secret: str, transport: Transport
) -> str | None:
    """Sets one secret; the reason if that failed, which holds no value."""
    try:
        response = transport.send(reset_request(form, target, device, slot, secret))
    except Unreachable as error:
        return str(error)
    return None if 200 <= response.status < 300 else f"answered `{response.status}`"


def reset_request(form: SecretForm, target: Target, device: Device, slot: str, secret: str) -> Request:
    """The smallest request that sets a slot of a device to a secret."""
    operation, frame = form.operation, Frame.alone(form.operation)
    values = tuple(_value(frame, parameter) for parameter in frame.parameters if parameter.required)
    body = form.body(slot, secret)
    draft = Draft(operation.method, operation.path, values, form.media_type, body, secrets=(secret,))
    token = target.principal.token if target.principal else ""
    return draft.request(operation, base_url=target.url, values=device.path, token=lambda _: token)


def not_restored(form: SecretForm, device: Device, slot: str, reason: str) -> Finding:
    """The finding on a device that was left changed."""
    what = f"secret {slot} of device" if slot else "secret of device"
    return Finding(
        rule="not-restored",
        message=f"the {what} {device.name} was not put back: {reason}; `watchword recover` knows what it may be",
        severity=Severity.ERROR,
        place=form.operation.clause.place,
        operation=form.operation.label,
    )


def _value(frame: Frame, parameter: Parameter) -> Value:
    """A valid value of a required parameter; where none can be made for sure, the target's own."""
    try:
        return frame.value(parameter)
    except Impossible:
        return Value(parameter.where, parameter.name, lead=parameter.lead)
