"""A plan carried out, phase by phase: each answer judged, everything counted. Writes no report."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from watchword.check.custody import Custody
from watchword.check.effects import Effects
from watchword.check.exercised import Exercised
from watchword.check.journal import Journal
from watchword.check.judge import judged, named, no_answer
from watchword.check.plan import Phase, Plan, Planned, Skipped, narrower
from watchword.check.random_phase import Randomness, random_findings
from watchword.check.secret_form import secret_form
from watchword.check.session import BudgetSpent, Session, base_path
from watchword.check.transport import Transport
from watchword.check.workflow_phase import Repetition, workflow_document, workflow_reports
from watchword.ground import Finding, Severity, Unreachable, WatchwordError
from watchword.strategies import Case
from watchword.validation import Validator

_MOST_CULPRITS = 5
_GIVE_UP_UNAUTHORISED = 3

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
    """What a check came to, with everything learned until it ended.

    `problem` says that the service went away, `ended` that a budget was spent; `notes` tell what could not be tried.
    """

    contract: str
    requests: int = 0
    seconds: float = 0.0
    findings: list[Finding] = field(default_factory=list)
    matrix: dict[Key, Cell] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    ended: str | None = None
    problem: Unreachable | None = None

    def cell(self, case: Case, rule: str) -> Cell:
        """The cell of a rule on the case's side."""
        return self.matrix.setdefault((case.operation, rule, case.side), Cell())


@dataclass(frozen=True, slots=True)
class Options:
    """What a run does besides its planned cases, and where it stops."""

    phases: tuple[Phase, ...] = ("examples", "cases")
    randomness: Randomness = field(default_factory=Randomness)
    repetition: Repetition = field(default_factory=Repetition)
    workflows: Path | None = None
    most_requests: int | None = None
    most_seconds: float | None = None


def run(
    plan: Plan,
    transport: Transport,
    progress: Progress | None = None,
    journal: Journal | None = None,
    options: Options | None = None,
) -> Outcome:
    """Carries the phases out in their order, at the target's rate, and puts the configured secrets back at the end.

    Does not raise for an unreachable target: what was learned comes back, with `problem` set. Interrupted, it puts the
    secrets back first.
    """
    options = options or Options()
    custody = Custody(plan.contract, plan.target, journal)
    custody.begin()
    session = Session(plan.contract, custody, transport, options.most_requests, options.most_seconds)
    outcome = Outcome(plan.contract.name)
    try:
        _Run(plan, session, outcome, options).all_phases(progress)
    except BudgetSpent as spent:
        outcome.ended = str(spent)
    finally:
        outcome.requests = session.sent
        outcome.seconds = time.monotonic() - session.started
        if outcome.problem is not None:
            outcome.findings.append(_unreachable(plan, outcome.problem))
        outcome.findings.extend(custody.restore(transport))
        outcome.notes.extend(
            f"the secret of {name} may have changed and none is configured to put back; see `watchword recover`"
            for name in custody.changed()
        )
        if plan.target.probe is not None:
            plan.target.probe.close()
    return outcome


def _unreachable(plan: Plan, problem: Unreachable) -> Finding:
    """The reason why a check ended early, for reports that hold findings alone."""
    return Finding("unreachable", str(problem), place=plan.contract.root.place)


class _Run:
    def __init__(self, plan: Plan, session: Session, outcome: Outcome, options: Options) -> None:
        self.plan = plan
        self.session = session
        self.outcome = outcome
        self.options = options
        self._unauthorised = 0
        self.validator = Validator(plan.contract, base_paths=[base_path(plan.target.url)])

    def all_phases(self, progress: Progress | None) -> None:
        self._cases(progress)
        if "random" in self.options.phases and self.outcome.problem is None:
            self._random()
        if "workflows" in self.options.phases and self.outcome.problem is None:
            self._workflows()

    def _cases(self, progress: Progress | None) -> None:
        exercised = Exercised(self.plan)
        effects = _effects(self.plan)
        for planned in self.plan.planned:
            for rule in exercised.rules(planned):
                self.outcome.cell(planned.case, rule)
        for skipped in self.plan.skipped:
            self.outcome.cell(skipped.case, skipped.case.rule).skipped += 1
            self.outcome.skipped.append(skipped)
        for number, planned in enumerate(self.plan.planned, 1):
            try:
                findings = self._tried(planned, effects)
                if planned.case.side == "accept" and any(found.rule == planned.case.rule for found in findings):
                    findings = self._isolated(planned, effects) or findings
            except Unreachable as problem:
                self.outcome.problem = problem
                return
            for rule in exercised.rules(planned):
                self.outcome.cell(planned.case, rule).add(findings)
            self.outcome.findings.extend(findings)
            if planned.case.side == "accept" and not self._credential_serves(findings):
                raise BudgetSpent(
                    "ended: the first valid requests were refused as unauthorised; is the credential right?"
                )
            if progress:
                progress(number, len(self.plan.planned))

    def _tried(self, planned: Planned, effects: Effects | None) -> list[Finding]:
        """The findings on one case. Raises `Unreachable` where the service is gone."""
        try:
            response = self.session.exchange(
                planned.operation, planned.device, planned.request, planned.case.draft.secrets
            )
        except Unreachable as problem:
            if self.session.is_over:
                raise
            return [no_answer(planned, problem, self.plan)]
        findings = judged(planned, response, self.validator, self.plan)
        if effects is not None:
            findings += [named(finding, planned, self.plan) for finding in effects.findings(planned, response)]
        return findings

    def _credential_serves(self, findings: list[Finding]) -> bool:
        """False once the first valid requests were all refused with 401 or 403: no case would tell anything more."""
        refused = any((finding.subject or "").endswith(("→ 401", "→ 403")) for finding in findings)
        self._unauthorised = self._unauthorised + 1 if refused and self._unauthorised >= 0 else -1
        return self._unauthorised < _GIVE_UP_UNAUTHORISED

    def _isolated(self, planned: Planned, effects: Effects | None) -> list[Finding]:
        """The findings on each part of a refused value that packs many: the first culprits, by name."""
        known = {finding.case for finding in self.outcome.findings}
        found: list[Finding] = []
        for part in narrower(planned, self.plan.contract, self.plan.target):
            if part.case.id not in known:
                found.extend(self._tried(part, effects))
            if len(found) >= _MOST_CULPRITS:
                break
        return found

    def _random(self) -> None:
        for operation, drawn in random_findings(self.plan, self.session, self.validator, self.options.randomness):
            for side, count in (("accept", drawn.accepted), ("refuse", drawn.refused)):
                found = [each for each in drawn.findings.values() if (each.case or "").endswith(side)]
                self.outcome.matrix[operation.label, "random", side] = Cell(count, 0, _worst(found))
            self.outcome.findings.extend(drawn.findings.values())
            self._take(drawn.problem)

    def _workflows(self) -> None:
        document = self.options.workflows or workflow_document(self.plan)
        if document is None:
            return
        label = self.plan.contract.operations[0].label
        for report in workflow_reports(self.plan, self.session, document, self.options.repetition):
            self.outcome.matrix[label, f"workflow {report.workflow}", "effect"] = Cell(
                report.runs, int(report.skipped is not None), _worst(report.findings)
            )
            self.outcome.findings.extend(self._repeatable(report.findings))
            if report.skipped is not None:
                self.outcome.notes.append(f"workflow {report.workflow} skipped: {report.skipped}")
            self._take(report.problem)

    def _repeatable(self, findings: Iterable[Finding]) -> Iterable[Finding]:
        command = f"watchword check {self.plan.target.contract} {self.plan.target.options}".rstrip()
        seed = self.options.repetition.seed
        for finding in findings:
            yield replace(finding, repeat=f"{command} --phases workflows --seed {seed}")

    def _take(self, problem: WatchwordError | None) -> None:
        if isinstance(problem, BudgetSpent):
            raise problem
        if isinstance(problem, Unreachable):
            self.outcome.problem = problem


def _worst(findings: Iterable[Finding]) -> Severity | None:
    return min((finding.severity for finding in findings), key=lambda each: each.rank, default=None)


def _effects(plan: Plan) -> Effects | None:
    """The belief about secrets, where the target says how a device uses one."""
    form = next(filter(None, map(secret_form, plan.contract.operations)), None)
    if plan.target.probe is None or form is None:
        return None
    effects = Effects(plan.target, plan.target.probe, form)
    effects.begin()
    return effects
