"""One run's way to the service: every request of every phase goes through here. Chooses no requests, judges nothing.

Keeps the rate and the budget, has the journal written before a request can change a secret, and lets no request out
that acts on a device which the target does not list.
"""

import threading
import time
from dataclasses import dataclass, field

from watchword.check.acceptance import accepts
from watchword.check.custody import Custody, reset_request
from watchword.check.handed_out import HandedOut
from watchword.check.held import Held
from watchword.check.journal import UnusableJournal
from watchword.check.known import Known
from watchword.check.removal import refuse_removal
from watchword.check.routes import Routes, plain
from watchword.check.secret_form import SecretForm
from watchword.check.target import Device
from watchword.check.transport import Transport
from watchword.contract import Contract, Operation
from watchword.ground import Request, Response, Unreachable, WatchwordError

# A single request without an answer is a finding about that request; so many in a row, and the service is gone.
GIVE_UP_AFTER = 3


class BudgetSpent(WatchwordError):
    """`--max-requests` or `--max-time` is reached, or somebody wants the run to end."""


@dataclass(eq=False, slots=True)
class Session:
    """`sent` counts requests, `unanswered` those in a row without an answer, `statuses` are those of all answers.

    For several threads at once.

    Once `stop` is set nothing more is sent; a request in flight still gets its reply, for what it did must be known.
    `handed_out` are the secrets that replies told, `known` all that a later reply must not tell.
    """

    contract: Contract
    custody: Custody
    transport: Transport
    most_requests: int | None = None
    most_seconds: float | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    workers: int = 1
    sent: int = 0
    unanswered: int = 0
    statuses: set[int] = field(default_factory=set)
    started: float = field(default_factory=time.monotonic)
    _answers: bool = False
    _held: Held = field(default_factory=Held)
    _counting: threading.Lock = field(default_factory=threading.Lock)
    known: Known = field(default_factory=Known)
    handed_out: HandedOut = field(init=False)
    _routes: Routes = field(init=False)

    def __post_init__(self) -> None:
        self.handed_out = HandedOut(self.contract)
        self._routes = Routes(self.contract, self.custody.target.url)

    def send(self, request: Request) -> Response:
        """The answer to a request that a workflow or strategy made; its device is read from its path.

        Raises `WatchwordError` for a device that the target does not name, `Withheld` for a request that would remove
        one that it lists, `Unreachable`, `BudgetSpent`.
        """
        found = self._routes.find(request.method, request.url)
        if found is None:
            return self.exchange(None, None, request)
        operation = found[0]
        device = self._named(plain(*found))
        refuse_removal(operation, device, request, self.custody.target)
        return self.exchange(operation, device, request)

    def exchange(
        self,
        operation: Operation | None,
        device: Device | None,
        request: Request,
        secrets: tuple[str, ...] = (),
        *,
        must_be_accepted: bool = False,
    ) -> Response:
        """The answer to a request for an operation on a device.

        One that must be accepted, and is refused with the secret that the device has already, is sent again after
        another one was set. Raises `BudgetSpent`, and `Unreachable` also where the journal cannot be written: then all
        ends, unsent.
        """
        response = self._exchanged(operation, device, request, secrets)
        form = self._held.form(self.contract.operation(operation.id)) if operation else None
        if form is None or device is None or device not in self.custody.target.devices:
            return response
        if operation is not None and accepts(operation, response.status):
            self._held.note(form, device, request, response)
        elif must_be_accepted and 400 <= response.status < 500:
            held = self._held.another(form, device, request)
            if held is not None:
                slot, current, another = held
                self._set(operation, device, form, slot, another)
                response = self._exchanged(operation, device, request, secrets)
                if not 200 <= response.status < 300:
                    self._set(operation, device, form, slot, current)  # it was refused for another reason
        return response

    def _set(self, operation: Operation | None, device: Device, form: SecretForm, slot: str, secret: str) -> None:
        self._exchanged(operation, device, reset_request(form, self.custody.target, device, slot, secret), (secret,))

    def _exchanged(
        self, operation: Operation | None, device: Device | None, request: Request, secrets: tuple[str, ...]
    ) -> Response:
        self._take_turn()
        try:
            return self._answered(operation, device, request, secrets)
        except UnusableJournal as problem:
            with self._counting:
                self.unanswered += GIVE_UP_AFTER + self.workers
            raise Unreachable(str(problem), sent=False) from None

    def _answered(
        self, operation: Operation | None, device: Device | None, request: Request, secrets: tuple[str, ...]
    ) -> Response:
        entries = self.custody.sending(operation, device, request, secrets)
        try:
            response = self.transport.send(request)
        except Unreachable as problem:
            with self._counting:
                self.unanswered += 1
            if not problem.sent:
                self.custody.unsent(entries)
            raise
        self.custody.answered(operation, entries, response)
        self.unanswered, self._answers = 0, True
        self.statuses.add(response.status)
        if operation is not None:
            self.handed_out.note(operation, device, request, response)
            self.known.note(operation, request, response)
        return response

    @property
    def is_over(self) -> bool:
        """Whether the service is gone: nothing was ever answered, or too many requests in a row were not."""
        enough = GIVE_UP_AFTER + self.workers - 1 if self._answers else 1
        return self.unanswered >= enough

    def _take_turn(self) -> None:
        """Waits for the next turn at the target's rate."""
        with self._counting:
            passed = time.monotonic() - self.started
            if self.most_requests is not None and self.sent >= self.most_requests:
                raise BudgetSpent(f"ended after {self.sent} requests, as --max-requests says")
            if self.most_seconds is not None and passed >= self.most_seconds:
                raise BudgetSpent(f"ended after {passed:.0f} s, as --max-time says")
            rate = self.custody.target.rate
            left = self.sent / rate - passed if rate is not None else 0.0
            self.sent += 1
        if left > 0:
            self.stop.wait(left)
        if self.stop.is_set():
            with self._counting:
                self.sent -= 1
            raise BudgetSpent("interrupted")

    def _named(self, path: dict[str, str]) -> Device | None:
        device = self.custody.target.device_at(path)
        if device is not None or self.custody.target.is_loopback:
            return device
        raise WatchwordError("not sent: the request names a device that the target does not list")
