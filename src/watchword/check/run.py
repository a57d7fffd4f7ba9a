"""A plan carried out: each request sent once, each answer judged, everything counted. Writes no report."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from watchword.check.custody import Custody
from watchword.check.effects import Effects
from watchword.check.exercised import Exercised
from watchword.check.journal import Journal
from watchword.check.judge import judged, named, no_answer
from watchword.check.plan import Plan, Skipped
from watchword.check.secret_form import secret_form
from watchword.check.transport import Transport
from watchword.ground import Finding, Severity, Unreachable
from watchword.strategies import Case
from watchword.validation import Validator

# A single request without an answer is a finding about that request; so many in a row, and the service is gone.
_GIVE_UP_AFTER = 3

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Cell:
    """What the cases of one operation, rule and side came to."""

    cases: int = 0
    skipped: int = 0
    worst: Severity | None = None

    def add(self, findings: Iterable[Finding]) -> None:
        """Counts one case with its findings."""
        self.cases += 1
        for finding in findings:
            if self.worst is None or finding.severity.rank < self.worst.rank:
                self.worst = finding.severity


Key = tuple[str, str, str]
"""Operation label, rule, side."""


@dataclass(slots=True)
class Outcome:
    """What a check came to; `problem` is why it ended early, with everything learned until then still here."""

    contract: str
    requests: int = 0
    seconds: float = 0.0
    findings: list[Finding] = field(default_factory=list)
    matrix: dict[Key, Cell] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    problem: Unreachable | None = None

    def cell(self, case: Case, rule: str) -> Cell:
        """The cell of a rule on the case's side."""
        return self.matrix.setdefault((case.operation, rule, case.side), Cell())


def run(plan: Plan, transport: Transport, progress: Progress | None = None, journal: Journal | None = None) -> Outcome:
    """Sends every planned request in order, at the target's rate, and puts the configured secrets back at the end.

    Does not raise for an unreachable target: what was learned comes back, with `problem` set. Interrupted, it puts the
    secrets back first.
    """
    custody = Custody(plan.contract, plan.target, journal)
    custody.begin()
    effects = _effects(plan)
    outcome = Outcome(plan.contract.name)
    try:
        _send_all(plan, transport, custody, effects, outcome, progress)
    finally:
        outcome.findings.extend(custody.restore(transport))
        if plan.target.probe is not None:
            plan.target.probe.close()
    return outcome


def _send_all(
    plan: Plan,
    transport: Transport,
    custody: Custody,
    effects: Effects | None,
    outcome: Outcome,
    progress: Progress | None,
) -> None:
    validator = Validator(plan.contract, base_paths=[_base_path(plan.target.url)])
    exercised = Exercised(plan)
    for planned in plan.planned:
        for rule in exercised.rules(planned):
            outcome.cell(planned.case, rule)
    for skipped in plan.skipped:
        outcome.cell(skipped.case, skipped.case.rule).skipped += 1
        outcome.skipped.append(skipped)
    started = time.monotonic()
    unanswered = 0
    for number, planned in enumerate(plan.planned):
        _wait(plan, number, started)
        entries = custody.sending(planned)
        try:
            response = transport.send(planned.request)
        except Unreachable as problem:
            unanswered += 1
            if outcome.requests == 0 or unanswered == _GIVE_UP_AFTER:
                outcome.problem = problem
                break
            findings = [no_answer(planned, problem, plan)]
        else:
            unanswered = 0
            custody.answered(planned, entries, response)
            findings = judged(planned, response, validator, plan)
            if effects is not None:
                findings += [named(finding, planned, plan) for finding in effects.findings(planned, response)]
        outcome.requests += 1
        for rule in exercised.rules(planned):
            outcome.cell(planned.case, rule).add(findings)
        outcome.findings.extend(findings)
        if progress:
            progress(number + 1, len(plan.planned))
    outcome.seconds = time.monotonic() - started


def _effects(plan: Plan) -> Effects | None:
    """The belief about secrets, where the target says how a device uses one."""
    form = next(filter(None, map(secret_form, plan.contract.operations)), None)
    if plan.target.probe is None or form is None:
        return None
    effects = Effects(plan.target, plan.target.probe, form)
    effects.begin()
    return effects


def _wait(plan: Plan, number: int, started: float) -> None:
    if plan.target.rate is not None:
        time.sleep(max(0.0, started + number / plan.target.rate - time.monotonic()))


def _base_path(url: str) -> str:
    return "/" + "/".join(url.split("/")[3:]) if url.count("/") > 2 else ""
