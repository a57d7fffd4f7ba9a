"""One target under check: cases, properties and workflows tried one by one, in any order. Chooses none of them."""

import shlex
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from types import TracebackType
from typing import Self

from watchword.check.beginning import Beginning, first_of_each, is_elsewhere, is_nobody, not_served
from watchword.check.configured import refuse_bad_probe
from watchword.check.custody import Custody, configured
from watchword.check.effects import Effects
from watchword.check.exercised import Exercised
from watchword.check.generation_phase import send_for_more, workflows_make
from watchword.check.handed_out import ENOUGH, handed_out_findings
from watchword.check.journal import Journal
from watchword.check.judge import has_another_reason, judged, named, no_answer
from watchword.check.options import Options
from watchword.check.outcome import Cell, Outcome
from watchword.check.plan import Plan, Planned, narrower
from watchword.check.random_phase import Drawn, drawn_findings
from watchword.check.routes import base_path
from watchword.check.secret_form import NO_SLOT, resetting
from watchword.check.selection import Property, repeat_command, workflow_case
from watchword.check.session import BudgetSpent, Session
from watchword.check.sight import Sight
from watchword.check.transport import Transport
from watchword.check.workflow_phase import WorkflowPhase, workflow_document
from watchword.contract import Operation
from watchword.ground import Finding, Severity, Unreachable, WatchwordError, render_subject
from watchword.validation import Validator
from watchword.workflow import WorkflowReport

_MOST_CULPRITS = 5


class Inspection:
    """A context manager: entering takes the devices' secrets into custody, leaving puts them back, whatever happened.

    Entering raises `WatchwordError` where the probe does not let a device in with its configured secret.

    Everything that is tried adds to `outcome`, which is complete after leaving. `tried`, `random` and `workflow` raise
    `BudgetSpent` where a budget ends and `Unreachable` where the service is gone; the outcome knows it then too, and
    holds what was learned.
    """

    def __init__(
        self, plan: Plan, transport: Transport, journal: Journal | None = None, options: Options | None = None
    ) -> None:
        self.plan = plan
        self.options = options or Options()
        self.outcome = Outcome(plan.contract.name)
        self._transport = transport
        self._journal = journal
        self._before = journal.latest() if journal is not None else 0
        self._custody = Custody(plan.contract, plan.target, journal)
        limits = self.options
        self._session = Session(
            plan.contract,
            self._custody,
            transport,
            most_requests=limits.most_requests,
            most_seconds=limits.most_seconds,
            stop=limits.stop,
            workers=limits.workers,
        )
        base = base_path(plan.target.url)
        self._validators = {
            reading.contract.name: Validator(reading.contract, base_paths=[base]) for reading in plan.readings
        }
        self._exercised = Exercised(plan)
        self._effects = _effects(plan)
        self._judging = threading.Lock()  # a validator compiles what it needs when it first needs it
        self._known: dict[str, list[Finding]] = {}
        self._beginning = Beginning()
        self._nowhere = False
        self._workflows: WorkflowPhase | None = None

    def __enter__(self) -> Self:
        if self.plan.target.probe is not None:
            refuse_bad_probe(self.plan.target, self.plan.contract, self.plan.target.probe)
        self._custody.begin()
        self._session.started = time.monotonic()
        if self._effects is not None:
            self._effects.begin()
            note = self._effects.sight.note(self._effects.form)
            self.outcome.notes.extend([note] if note else [])
        for planned in self.plan.planned:
            for rule in self._exercised.rules(planned):
                self.outcome.cell(planned.case, rule)
        for skipped in self.plan.skipped:
            self.outcome.cell(skipped.case, skipped.case.rule).skipped += 1
            self.outcome.skipped.append(skipped)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        outcome = self.outcome
        outcome.requests = self._session.sent
        outcome.seconds = time.monotonic() - self._session.started
        if outcome.problem is not None:
            place = self.plan.contract.root.place
            outcome.findings.append(Finding("unreachable", str(outcome.problem), place=place))
        elif kind is None and outcome.ended is None:
            outcome.findings.extend(_untried(self.plan, outcome))
        if self._nowhere and is_nobody(self._session.statuses):
            if self._journal is not None:
                self._journal.took_no_effect(self.plan.target.url, self._before)
        else:
            left = self._custody.restore(self._transport)
            outcome.findings.extend([] if self._nowhere else left)  # what came of the wrong place is told once
            outcome.notes.extend(_unrestored(self.plan, self._custody.changed()))
        if self.plan.target.probe is not None:
            self.plan.target.probe.close()

    def rules(self, planned: Planned) -> list[str]:
        """The rules that count a case: the cells of the matrix which are its operation, one of them, and its side."""
        return self._exercised.rules(planned)

    def tried(self, planned: Planned) -> list[Finding]:
        """The findings on one planned case; those on the culprits alone where a value that packs many is refused."""
        findings = self.judged(planned)
        self.add(planned, findings)
        return findings

    def judged(self, planned: Planned) -> list[Finding]:
        """What `tried` finds, not yet in the outcome: for several threads at once, each with devices of its own."""
        findings = self._answered(planned)
        telling = (planned.case.rule, "server-error", "no-answer")
        if has_another_reason(planned, findings):
            return findings
        if planned.case.side == "accept" and any(found.rule in telling for found in findings):
            return self._isolated(planned) or findings
        return findings

    def add(self, planned: Planned, findings: list[Finding]) -> None:
        """Takes what `judged` found into the outcome; in the order of the plan, and in one thread."""
        for rule in self._exercised.rules(planned):
            self.outcome.cell(planned.case, rule).add(findings)
        told = {finding.case for finding in self.outcome.findings}  # two packed values may share a culprit
        self.outcome.findings.extend(finding for finding in findings if finding.case not in told)
        if planned.case.side == "accept" and not has_another_reason(planned, findings):
            self._beginning.note(findings)
            if self._beginning.is_unauthorised:
                reason = "ended: the first valid requests were refused as unauthorised; is the credential right?"
                raise self._ended(BudgetSpent(reason))
            if self._beginning.is_elsewhere and self._is_nowhere(planned):
                raise self._ended(
                    BudgetSpent("ended: the first valid requests were all answered as if nobody knew their path")
                )

    def random(self, explored: Property) -> Drawn:
        """What drawn requests came to that must be accepted, or refused; a failing one is made as small as can be."""
        self.forget()
        validator = self._validator(explored.operation)
        drawn = drawn_findings(explored, self.plan, self._session, validator, self.options.randomness)
        found = list(drawn.findings.values())
        self.outcome.matrix[explored.operation.label, "random", explored.side] = Cell(drawn.requests, 0, found)
        self.outcome.findings.extend(found)
        if drawn.problem is not None:
            raise self._ended(drawn.problem)
        return drawn

    def generated(self, operation: Operation) -> None:
        """Has an operation make up more secrets, where the run was told too few of them and no workflow asks for them.

        With ids of what is wanted alone, all that are judged are made here.
        """
        limits = self.options
        phase = self._workflow_phase() if "workflows" in limits.phases and not limits.only else None
        if workflows_make(phase.workflows if phase else None, operation):
            return
        self.forget()
        enough = max(ENOUGH, limits.randomness.max_examples) if limits.only else ENOUGH
        try:
            send_for_more(operation, self.plan, self._session, enough)
        except WatchwordError as problem:
            raise self._ended(problem) from None

    def judge_generated(self) -> None:
        """Judges the secrets that the whole run was handed out; to be called last."""
        for made, found in handed_out_findings(self._session.handed_out, self.plan, self.outcome.findings):
            if len(made.secrets) > 1:
                key = (made.operation.label, "generated secrets", "effect")
                self.outcome.matrix.setdefault(key, Cell()).add_all(len(made.secrets), found)
                self.outcome.findings.extend(found)

    def workflows(self) -> tuple[str, ...]:
        """The ids of the workflows for this contract, document order. Raises `BrokenDocument` for one with errors."""
        phase = self._workflow_phase()
        return phase.ids if phase else ()

    def workflow(self, workflow_id: str) -> WorkflowReport:
        """What a workflow came to. Raises `KeyError` for an unknown one."""
        phase = self._workflow_phase()
        if phase is None:
            raise KeyError(workflow_id)
        self.forget()
        report = phase.report(workflow_id)
        report.findings = list(self._repeatable(report.findings, workflow_case(self.plan, workflow_id)))
        label = phase.label(workflow_id) or self.plan.contract.operations[0].label
        self.outcome.matrix[label, f"workflow {workflow_id}", "effect"] = Cell(
            report.runs, int(report.skipped is not None), report.findings
        )
        self.outcome.findings.extend(report.findings)
        if report.skipped is not None:
            self.outcome.notes.append(f"workflow {workflow_id} skipped: {report.skipped}")
        if report.problem is not None:
            raise self._ended(report.problem)
        return report

    def _answered(self, planned: Planned) -> list[Finding]:
        with self._effects.changing(planned.device) if self._effects else nullcontext():
            try:
                response = self._session.exchange(
                    planned.operation,
                    planned.device,
                    planned.request,
                    planned.case.draft.secrets,
                    must_be_accepted=planned.case.side == "accept",
                )
            except WatchwordError as problem:
                if not isinstance(problem, Unreachable) or self._session.is_over:
                    raise self._ended(problem) from None
                return [no_answer(planned, problem, self.plan)]
            with self._judging:
                findings = judged(planned, response, self._validator(planned.operation), self.plan, self._session.known)
            if self._effects is not None:
                effects = self._effects.findings(planned, response)
                findings += [named(finding, planned, self.plan) for finding in effects]
            return findings

    def _isolated(self, planned: Planned) -> list[Finding]:
        """The findings on each part of a refused value that packs many: the first culprits, by name."""
        found: list[Finding] = []
        for part in narrower(planned, self.plan):
            if part.case.id not in self._known:
                self._known[part.case.id] = self._answered(part)
            found.extend(self._known[part.case.id])
            if len(found) >= _MOST_CULPRITS:
                break
        return found

    def _validator(self, operation: Operation) -> Validator:
        return self._validators[self.plan.reading(operation).contract.name]

    def _is_nowhere(self, planned: Planned) -> bool:
        """Whether no other operation is known there either; one finding then stands for all that came of it."""
        for other in first_of_each(self.plan, planned.operation.label):
            if not is_elsewhere(self._answered(other)):
                self._beginning.over = True
                return False
        found = not_served(planned, self.plan, self._beginning.statuses, self.outcome.findings)
        self.outcome.findings[:] = [found]
        self._nowhere = True
        return True

    def _workflow_phase(self) -> WorkflowPhase | None:
        document = self.options.workflows or workflow_document(self.plan)
        if self._workflows is None and document is not None:
            self._workflows = WorkflowPhase(self.plan, self._session, document, self.options.repetition)
        return self._workflows

    def _repeatable(self, findings: Iterable[Finding], case_id: str) -> Iterable[Finding]:
        how, document = self.options.repetition, self.options.workflows
        more = [f"--seed {how.seed}"]
        if how.max_examples > 1:
            more.append(f"-n {how.max_examples}")
        if document is not None:
            more.append(f"--workflows {shlex.quote(str(document))}")
        for finding in findings:
            yield replace(finding, case=case_id, repeat=repeat_command(self.plan, case_id, *more))

    def forget(self) -> None:
        """Properties and workflows change secrets behind the back of the belief that cases are judged by."""
        if self._effects is not None:
            self._effects.forget()

    def _ended(self, problem: WatchwordError) -> WatchwordError:
        """The problem to raise, once the outcome knows it."""
        if isinstance(problem, BudgetSpent):
            self.outcome.ended = self.outcome.ended or str(problem)
        elif isinstance(problem, Unreachable):
            self.outcome.problem = self.outcome.problem or problem
        return problem


def _untried(plan: Plan, outcome: Outcome) -> Iterable[Finding]:
    """One finding per operation that has no case at all, for a check that tried nothing has found nothing out."""
    drawn = {label for (label, rule, _), cell in outcome.matrix.items() if rule == "random" and cell.cases}
    for operation in plan.without_cases:
        if operation.label not in drawn:
            yield Finding(
                rule="not-tried",
                message="nothing was sent: no value of its parameters and body is known to be valid; "
                "`watchword lint` says which schema cannot be read or met",
                severity=Severity.WARNING,
                place=operation.clause.place,
                operation=operation.label,
                subject=render_subject(operation.method, operation.path),
            )


def _effects(plan: Plan) -> Effects | None:
    """The belief about secrets, where the target says how a device uses one."""
    form = resetting(plan.contract)
    if plan.target.probe is None or form is None:
        return None
    return Effects(plan.target, plan.target.probe, form, Sight.of(plan.target.probe, form, plan.target))


def _unrestored(plan: Plan, names: Sequence[str]) -> Iterator[str]:
    """What to configure for the named devices, whose secrets stay changed; one line for those that lack the same."""
    for reading in plan.readings:
        form = resetting(reading.contract)
        slots = form.slots or (NO_SLOT,) if form else ()
        lacking: dict[tuple[str, ...], list[str]] = {}
        for device in reading.devices:
            missing = tuple(slot for slot in slots if configured(device, slot, form) is None)
            if device.name in names and missing:
                lacking.setdefault(missing, []).append(device.name)
        source = '{ env = "…" }'
        whole = f"{{ {', '.join(f'{slot} = {source}' for slot in slots)} }}" if any(slots) else source
        for missing, devices in lacking.items():
            slot = f" {' and '.join(missing)}" if any(missing) else ""
            yield (
                f"the secret{slot} of {', '.join(devices)} may have changed and none is configured to put back: "
                f"`secret = {whole}` beside a device in watchword.toml does; `watchword recover` knows what it may be"
            )
