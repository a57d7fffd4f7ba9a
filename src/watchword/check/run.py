"""A plan carried out: each request sent once, each answer judged, everything counted. Writes no report."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from watchword.check.exercised import Exercised
from watchword.check.judge import judged
from watchword.check.plan import Plan, Planned, Skipped
from watchword.check.transport import Transport
from watchword.ground import Finding, Severity, Unreachable
from watchword.strategies import Case
from watchword.validation import Validator

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


def run(plan: Plan, transport: Transport, progress: Progress | None = None) -> Outcome:
    """Sends every planned request in order, at the target's rate.

    Does not raise for an unreachable target: what was learned comes back, with `problem` set.
    """
    validator = Validator(plan.contract, base_paths=[_base_path(plan.target.url)])
    outcome = Outcome(plan.contract.name)
    exercised = Exercised(plan)
    for planned in plan.planned:
        for rule in exercised.rules(planned):
            outcome.cell(planned.case, rule)
    for skipped in plan.skipped:
        outcome.cell(skipped.case, skipped.case.rule).skipped += 1
        outcome.skipped.append(skipped)
    started = time.monotonic()
    for number, planned in enumerate(plan.planned):
        _wait(plan, number, started)
        try:
            findings = _sent(planned, transport, validator, plan)
        except Unreachable as problem:
            outcome.problem = problem
            break
        outcome.requests += 1
        for rule in exercised.rules(planned):
            outcome.cell(planned.case, rule).add(findings)
        outcome.findings.extend(findings)
        if progress:
            progress(number + 1, len(plan.planned))
    outcome.seconds = time.monotonic() - started
    return outcome


def _sent(planned: Planned, transport: Transport, validator: Validator, plan: Plan) -> list[Finding]:
    return judged(planned, transport.send(planned.request), validator, plan)


def _wait(plan: Plan, number: int, started: float) -> None:
    if plan.target.rate is not None:
        time.sleep(max(0.0, started + number / plan.target.rate - time.monotonic()))


def _base_path(url: str) -> str:
    return "/" + "/".join(url.split("/")[3:]) if url.count("/") > 2 else ""
