"""One service under the collected tests of a session: asked when a test first needs it, left as it was at the end."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest

from watchword.check import HttpTransport, Inspection, Journal, Plan, Planned, Skipped
from watchword.check.lock import Lock
from watchword.check.routes import base_path
from watchword.check.transport import DEFAULT_TIMEOUT
from watchword.ground import Exchange, Finding, Request, Response, WatchwordError
from watchword.strategies import Case
from watchword.validation import Validator

Saw = Callable[[Validator, Exchange], None]


@dataclass(frozen=True, slots=True)
class Group:
    """The cases that one collected test tries: those of a rule on a side, or a single example."""

    operation: str
    name: str
    side: str
    planned: tuple[Planned, ...]
    skipped: tuple[Skipped, ...]


class Bench:
    """A plan with its inspection, which begins with the first test and ends with `close`.

    Tests of a real service take turns with those of other processes; a mock belongs to this process alone.
    """

    def __init__(self, plan: Plan, *, is_mock: bool, saw: Saw) -> None:
        self.plan = plan
        self._is_mock = is_mock
        self._transport = _Seen(plan, saw)
        self._open = ExitStack()
        self._inspection: Inspection | None = None
        self._lock: Lock | None = None
        self._gone: str | None = None
        self._workflows: tuple[str, ...] | None = None

    def groups(self) -> list[Group]:
        """The cases by operation, rule and side, most telling first; examples one by one."""
        found: dict[tuple[str, str, str], list[Planned | Skipped]] = {}
        entries: list[Planned | Skipped] = [*self.plan.planned, *self.plan.skipped]
        for entry in entries:
            case = entry.case
            name = "/".join(case.id.split("/")[3:]) if case.rule == "example" else case.rule
            found.setdefault((self._operation(case), name, case.side), []).append(entry)
        return [
            Group(
                *key,
                tuple(entry for entry in entries if isinstance(entry, Planned)),
                tuple(entry for entry in entries if isinstance(entry, Skipped)),
            )
            for key, entries in found.items()
        ]

    def _operation(self, case: Case) -> str:
        """The operation's id, and after a dot the profile of the devices for which the case holds."""
        contract, _, operation = case.operation.partition(" ")
        return operation + contract.removeprefix(self.plan.contract.name)

    def workflows(self) -> tuple[str, ...]:
        """The ids of the workflows. Raises `BrokenDocument`."""
        if self._workflows is None:
            self._workflows = Inspection(self.plan, self._transport).workflows()
        return self._workflows

    def tried(self, group: Group) -> list[Finding]:
        """What the cases of a group came to."""
        with self._turn() as inspection:
            return [finding for planned in group.planned for finding in inspection.tried(planned)]

    def workflow(self, name: str) -> tuple[list[Finding], str | None]:
        """What a workflow came to, and the reason if it was skipped."""
        with self._turn() as inspection:
            report = inspection.workflow(name)
            return list(report.findings), report.skipped

    def close(self) -> tuple[list[Finding], list[str]]:
        """Puts the configured secrets back; the findings and notes that no test could tell."""
        inspection = self._inspection
        if inspection is None:
            return [], []
        outcome = inspection.outcome
        told, noted = len(outcome.findings), len(outcome.notes)
        with ExitStack() as turn:
            if self._lock is not None:
                turn.enter_context(self._lock.held())
            self._open.close()
        left = [finding for finding in outcome.findings[told:] if finding.rule != "unreachable"]
        return left, outcome.notes[noted:]

    @contextmanager
    def _turn(self) -> Iterator[Inspection]:
        """The devices for this test alone. What ends the service's part in the session fails the first test."""
        if self._gone is not None:
            pytest.skip(f"not tried: {self._gone}")
        with ExitStack() as turn:
            inspection = self._inspection or self._begun()
            if self._lock is not None and turn.enter_context(self._lock.held()):
                inspection.forget()
            try:
                yield inspection
            except WatchwordError as problem:
                self._gone = str(problem)
                raise pytest.fail.Exception(str(problem), pytrace=False) from None

    def _begun(self) -> Inspection:
        journal = None
        if not self._is_mock:
            journal = self._open.enter_context(Journal())
            self._lock = Lock(journal.path.parent, self.plan.target.url)
        self._open.callback(self._transport.close)
        self._inspection = self._open.enter_context(Inspection(self.plan, self._transport, journal))
        return self._inspection


class _Seen:
    """A transport that shows each exchange to the session's tally."""

    def __init__(self, plan: Plan, saw: Saw) -> None:
        self._http = HttpTransport(plan.target.url, plan.target.timeout or DEFAULT_TIMEOUT)
        self._validator = Validator(plan.contract, base_paths=[base_path(plan.target.url)])
        self._saw = saw

    def send(self, request: Request) -> Response:
        response = self._http.send(request)
        self._saw(self._validator, Exchange(request, response))
        return response

    def close(self) -> None:
        self._http.close()


def reasons(skipped: Sequence[Skipped]) -> str:
    """Why cases were skipped, each reason once."""
    return "; ".join(dict.fromkeys(entry.reason for entry in skipped))
