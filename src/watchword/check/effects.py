"""What a reset did, seen through a probe: the new secret opens, the old one does not, and nothing else changed."""

import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from watchword.check.acceptance import accepts
from watchword.check.custody import configured
from watchword.check.distortions import distorted
from watchword.check.plan import Planned
from watchword.check.probe import Probe
from watchword.check.secret_form import NO_SLOT, SecretForm
from watchword.check.sight import Sight
from watchword.check.target import Device, Target
from watchword.ground import Finding, Response, Severity, Side, render_subject
from watchword.strategies.text_forms import characters

_MOST_TRIED = 60
"""Logins that are spent on finding out what became of a secret which does not open."""

Key = tuple[str, str]
"""Device and slot."""


@dataclass(eq=False, slots=True)
class Effects:
    """One run's belief about every secret of every listed device; a secret that nobody knows is not in it."""

    target: Target
    probe: Probe
    form: SecretForm
    sight: Sight
    _current: dict[Key, str] = field(default_factory=dict)
    _devices: dict[str, Device] = field(default_factory=dict)
    _longest: dict[Key, int] = field(default_factory=dict)
    _locks: dict[str, threading.Lock] = field(default_factory=lambda: defaultdict(threading.Lock))

    def begin(self) -> None:
        """Takes the configured secrets for current."""
        for device in self.target.devices:
            self._devices[device.key] = device
            for slot in self.form.slots or (NO_SLOT,):
                secret = configured(device, slot, self.form)
                if secret is not None:
                    self._current[device.key, slot] = secret

    def forget(self) -> None:
        """After requests that were not told here, nothing is known for sure."""
        self._current.clear()

    def changing(self, device: Device) -> threading.Lock:
        """Held around a request to a device and its findings: meanwhile nobody else judges that device."""
        return self._locks[device.key]

    def findings(self, planned: Planned, response: Response) -> Iterator[Finding]:
        """What the probe says after one answered request."""
        if planned.device not in self.target.devices:
            yield from self._untouched(planned, response, set())
            return
        changes = self.form.changes(planned.request.body, planned.case.draft.secrets)
        if accepts(planned.operation, response.status):
            yield from self._accepted(planned, response, changes)
        else:
            yield from self._refused(planned, response, changes)

    def _accepted(
        self, planned: Planned, response: Response, changes: list[tuple[str, str | None]]
    ) -> Iterator[Finding]:
        slot, given = changes[0]
        key = (planned.device.key, slot)
        old, new = self._current.get(key), self.form.told_by(response) or given
        if new is None:
            self._current.pop(key, None)
        else:
            self._current[key] = new
            if self._is_kept_out(key, new):
                message = f"the secret that was set does not open{self._instead(key, new, old)}"
                yield _finding(planned, response, "new-secret-refused", message)
            if old is not None and old != new and self._is_let_in(key, old):
                yield _finding(planned, response, "old-secret-accepted", "the secret before this reset still opens")
            yield from self._near_misses(planned, response, key, new)
        yield from self._untouched(planned, response, {key})

    def _instead(self, key: Key, secret: str, old: str | None) -> str:
        """What opens in the place of a secret that does not: the one before it, or what software made of it."""
        del self._current[key]
        if old is not None and self._is_let_in(key, old):
            self._current[key] = old
            return ", the one before it still does"
        for phrase, text in islice(distorted(secret), _MOST_TRIED):
            if self._opens(key, text):
                self._current[key] = text
                return f", but {phrase} it does"
        return ""

    def _near_misses(self, planned: Planned, response: Response, key: Key, secret: str) -> Iterator[Finding]:
        """Texts that are nearly the secret and must not open; tried for the first one, and for each longer one."""
        if len(secret) <= self._longest.get(key, 0):
            return
        self._longest[key] = len(secret)
        for what, text in (("in the other case", secret.swapcase()), ("without its last character", secret[:-1])):
            if text and text != secret and self._is_let_in(key, text):
                message = f"the secret that was set ({characters(len(secret))}) opens also {what}"
                yield _finding(planned, response, "near-secret-accepted", message)

    def _refused(
        self, planned: Planned, response: Response, changes: list[tuple[str, str | None]]
    ) -> Iterator[Finding]:
        for slot, given in changes[:1]:
            key = (planned.device.key, slot)
            current = self._current.get(key)
            if given is not None and current is not None and given != current and self._is_let_in(key, given):
                self._current[key] = given
                yield _finding(planned, response, "refused-secret-accepted", "the refused secret opens all the same")
            elif current is not None and self._is_kept_out(key, current):
                del self._current[key]
                yield _finding(planned, response, "refused-request-changed", "the secret before this refusal is gone")

    def _untouched(self, planned: Planned, response: Response, besides: set[Key]) -> Iterator[Finding]:
        """Other slots and other devices, which this request was not about."""
        for key, secret in list(self._current.items()):
            if key not in besides and self._closed(key, secret, planned):
                same = key[0] == planned.device.key
                what = f"the secret {key[1]}" if same else f"the secret of device {self._devices[key[0]].name}"
                rule = "other-slot-changed" if same else "other-device-changed"
                message = f"{what} no longer opens, although this request was not about it"
                yield _finding(planned, response, rule, message)

    def _closed(self, key: Key, secret: str, planned: Planned) -> bool:
        """Whether a secret opens no longer. Of a device that another worker is changing nothing is said."""
        lock = self._locks[key[0]]
        own = key[0] == planned.device.key
        if not own and not lock.acquire(blocking=False):
            return False
        try:
            if self._current.get(key) != secret or not self._is_kept_out(key, secret):
                return False
            del self._current[key]
            return True
        finally:
            if not own:
                lock.release()

    def _is_let_in(self, key: Key, secret: str) -> bool:
        """Whether a secret is known to open in its slot."""
        return self.sight.tells_open and self._opens(key, secret)

    def _is_kept_out(self, key: Key, secret: str) -> bool:
        """Whether a secret is known not to open in its slot."""
        return self.sight.tells_closed(key[1]) and not self._opens(key, secret)

    def _opens(self, key: Key, secret: str) -> bool:
        return self.probe.opens(self._devices[key[0]].path, secret, key[1])


def _finding(planned: Planned, response: Response, rule: str, message: str) -> Finding:
    operation = planned.operation
    return Finding(
        rule=rule,
        message=f"{message}: {planned.case.about}",
        severity=Severity.ERROR,
        side=Side.RESPONSE,
        location=planned.case.location,
        source=operation.clause.source,
        place=operation.clause.place,
        operation=operation.label,
        subject=render_subject(operation.method, operation.path, response.status),
    )
