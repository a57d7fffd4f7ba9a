"""Phase `random`: requests drawn by Hypothesis, accepted and refused ones, each failure shrunk to its smallest form."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from watchword.check.judge import judged, no_answer
from watchword.check.plan import Plan, Planned
from watchword.check.secret_form import secret_form
from watchword.check.selection import Property, repeat_command
from watchword.check.session import BudgetSpent, Session
from watchword.check.target import Device
from watchword.ground import Certainty, Exchange, Finding, Request, Severity, Unreachable, WatchwordError
from watchword.strategies import Case, Draft, certainty_of_absence
from watchword.validation import Validator

_MOST_SMALLER = 60
"""Requests that are spent on making a failing one smaller."""


@dataclass(frozen=True, slots=True)
class Randomness:
    """How much is drawn, from which seed, and where Hypothesis keeps what failed: a folder, a Redis URL, or nowhere."""

    max_examples: int = 8
    seed: int = 0
    database: str | None = None


@dataclass(slots=True)
class Drawn:
    """What a property came to over `requests`; `problem` is why it ended early."""

    requests: int = 0
    findings: dict[tuple[str, str], Finding] = field(default_factory=dict)
    problem: WatchwordError | None = None


def drawn_findings(explored: Property, plan: Plan, session: Session, validator: Validator, how: Randomness) -> Drawn:
    """The outcome of a property. Loads Hypothesis."""
    drawn = Drawn()
    _Exploration(plan, session, validator, explored, how, drawn).run()
    return drawn


@dataclass(eq=False, slots=True)
class _Exploration:
    plan: Plan
    session: Session
    validator: Validator
    explored: Property
    how: Randomness
    drawn: Drawn

    def run(self) -> None:
        from hypothesis.errors import InvalidArgument  # drawing alone costs Hypothesis's start

        from watchword.strategies import bad_requests, requests

        operation = self.explored.operation
        reading = self.plan.reading(operation)
        turn = self.explored.side == "refuse"  # the two sides meet different devices, where there are several
        device = reading.devices[turn % len(reading.devices)] if reading.devices else Device({})
        token = self.plan.target.principal.token if self.plan.target.principal else ""
        given: dict[str, Any] = {
            "contract": reading.contract,
            "base_url": self.plan.target.url,
            "values": device.path,
            "token": token,
        }
        try:
            if self.explored.side == "accept":
                self._explore(requests(operation, **given), lambda request: self._accepted(request, device))
            else:
                self._explore(bad_requests(operation, **given), lambda found: self._refused(found, device))
        except InvalidArgument:
            return  # no valid request can be made for sure; the phase of cases has said so

    def _broken(self, request: Request) -> set[str]:
        return {finding.rule for finding in self.validator.findings(Exchange(request))}

    def _accepted(self, request: Request, device: Device) -> list[Finding]:
        if self._broken(request):
            return []  # the text stands for another value than was drawn: nothing is promised of it
        body = self.explored.operation.body
        certainty = Certainty.DOCUMENTED if request.body or body is None else certainty_of_absence(body)
        case = self._case("request", certainty, "a drawn valid request", request)
        self.drawn.requests += 1
        return self._judged(case, request, device)

    def _refused(self, found: Any, device: Device) -> list[Finding]:
        if found.rule not in self._broken(found.request):
            return []
        about = f"a drawn value that breaks {found.rule}"
        case = self._case(found.rule, found.certainty, about, found.request, found.location)
        self.drawn.requests += 1
        return self._judged(replace(case, also=found.also), found.request, device)

    def _case(self, rule: str, certainty: Certainty, about: str, request: Request, location: str | None = None) -> Case:
        operation, side = self.explored.operation, self.explored.side
        form = secret_form(operation)
        told = form.changes(request.body, ()) if form else []
        secrets = tuple(secret for _, secret in told if secret is not None)
        draft = Draft(request.method, operation.path, body=request.body, secrets=secrets)
        return Case(self.explored.id, operation.label, side, rule, certainty, about, draft, location)

    def _judged(self, case: Case, request: Request, device: Device) -> list[Finding]:
        planned = Planned(case, self.explored.operation, request, device)
        try:
            response = self.session.exchange(
                self.explored.operation, device, request, must_be_accepted=case.side == "accept"
            )
        except Unreachable as problem:
            if self.session.is_over:
                self.drawn.problem = problem
            return [self._repeatable(no_answer(planned, problem, self.plan))]
        return [
            self._repeatable(finding)
            for finding in judged(planned, response, self.validator, self.plan, self.session.known)
        ]

    def _repeatable(self, finding: Finding) -> Finding:
        more = f"--seed {self.how.seed} -n {self.how.max_examples}"
        return replace(finding, repeat=repeat_command(self.plan, self.explored.id, more))

    def _explore(self, strategy: Any, judge: Callable[[Any], list[Finding]]) -> None:
        import hypothesis

        class Failed(Exception):
            """An error was found: Hypothesis looks for a smaller request with the same one."""

        patience = [_MOST_SMALLER]
        failing: set[Request] = set()

        @hypothesis.settings(
            max_examples=self.how.max_examples,
            database=_database(self.how.database),
            deadline=None,
            suppress_health_check=list(hypothesis.HealthCheck),
            verbosity=hypothesis.Verbosity.quiet,
            report_multiple_bugs=False,
            print_blob=False,
        )
        @hypothesis.seed(self.how.seed)  # below the settings, which it would take the database from
        @hypothesis.given(strategy)
        def explore(given: Any) -> None:
            request = getattr(given, "request", given)
            if self.drawn.problem is not None or not patience[0]:
                if request in failing:
                    raise Failed  # it is replayed at the end, and only what fails then is kept in the database
                return
            try:
                findings = judge(given)
            except BudgetSpent as problem:
                self.drawn.problem = problem
                return
            for finding in findings:
                self.drawn.findings[finding.rule, finding.location or ""] = finding
            failed = any(finding.severity is Severity.ERROR for finding in findings)
            if failed or patience[0] < _MOST_SMALLER:
                patience[0] -= 1
            if failed:
                failing.add(request)
                raise Failed

        try:
            explore()
        except (Failed, hypothesis.errors.HypothesisException, BaseExceptionGroup):
            return  # what failed is in the findings; a service that fails only sometimes counts as flaky there


def _database(where: str | None) -> Any:
    """Hypothesis' own example database in a folder or in Redis; none by default, for examples hold secrets."""
    if where is None:
        return None
    if where.startswith(("redis://", "rediss://")):
        try:
            from hypothesis.extra.redis import RedisExampleDatabase
            from redis import Redis
        except ImportError:
            raise WatchwordError("an example database in Redis needs the package `redis`") from None
        return RedisExampleDatabase(Redis.from_url(where))
    from hypothesis.database import DirectoryBasedExampleDatabase

    return DirectoryBasedExampleDatabase(Path(where))
