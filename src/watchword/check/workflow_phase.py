"""Phase `workflows`: the effects that a contract's Arazzo document promises, and statistics of made-up secrets."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from watchword.check.plan import Plan
from watchword.check.removal import Withheld
from watchword.check.secret_form import resetting
from watchword.check.session import Session
from watchword.check.sight import Sight
from watchword.ground import WatchwordError
from watchword.workflow import (
    Device,
    Environment,
    Runner,
    WorkflowReport,
    Workflows,
    check_generated,
    check_workflow,
    load_workflows,
    run_workflow,
)

GENERATIONS = 32


@dataclass(frozen=True, slots=True)
class Repetition:
    """How often workflows are run: with drawn inputs, shrunk, or once each where `max_examples` is 1."""

    max_examples: int = 1
    seed: int = 0
    generations: int = GENERATIONS


def workflow_document(plan: Plan) -> Path | None:
    """The Arazzo document that lies beside the contract's: `kii.arazzo.yaml` beside `kii.openapi.yaml`."""
    path = plan.contract.root.document.path
    beside = path.with_name(path.name.replace(".openapi.", ".arazzo."))
    return beside if beside != path and beside.is_file() else None


def workflow_ids(plan: Plan, document: Path | None = None) -> tuple[str, ...]:
    """The ids of the workflows of a document, or of the one beside the contract; document order.

    Raises `BrokenDocument` for a document with errors.
    """
    path = document or workflow_document(plan)
    return tuple(workflow.id for workflow in load_workflows(path).workflows) if path else ()


class WorkflowPhase:
    """The workflows of one document against a plan's target. Raises `BrokenDocument` for a document with errors."""

    def __init__(self, plan: Plan, session: Session, document: Path, how: Repetition) -> None:
        self._workflows = load_workflows(document)
        self._send = session.send
        self._environment = _environment(plan)
        self._runner = Runner(self._workflows, self._send, self._environment)
        self._how = how

    @property
    def workflows(self) -> Workflows:
        """The document as it was read."""
        return self._workflows

    @property
    def ids(self) -> tuple[str, ...]:
        """Document order."""
        return tuple(workflow.id for workflow in self._workflows.workflows)

    def label(self, name: str) -> str | None:
        """The operation that a workflow is about: of its last step, for those before it prepare that one."""
        named = [step.operation.label for step in self._workflows.workflow(name).steps if step.operation is not None]
        return named[-1] if named else None

    def report(self, name: str) -> WorkflowReport:
        """One workflow, repeated as it needs. Raises `KeyError` for an unknown one."""
        report = self._tried(name)
        if isinstance(report.problem, Withheld):
            report.skipped, report.problem = str(report.problem), None
        return report

    def _tried(self, name: str) -> WorkflowReport:
        given, how = (self._workflows, name, self._send, self._environment), self._how
        if self._workflows.workflow(name).generated is not None:
            return check_generated(*given, generations=how.generations, seed=how.seed, runner=self._runner)
        if how.max_examples == 1:
            return run_workflow(*given, seed=how.seed, runner=self._runner)
        return check_workflow(*given, max_examples=how.max_examples, seed=how.seed, runner=self._runner)


def _environment(plan: Plan) -> Environment:
    target = plan.target
    principal, refused, probe = target.principal, target.refused, target.probe

    form = resetting(plan.contract)
    sight = Sight.of(probe, form, target) if probe else None

    def opens(path: Mapping[str, str], secret: str, slot: str | None) -> bool | None:
        if probe is None or sight is None:
            return None
        try:
            opened = probe.opens(path, secret, slot or "")
        except WatchwordError:
            return None
        known = sight.tells_open if opened else sight.tells_closed(slot or (form.default_slot if form else ""))
        return opened if known else None

    return Environment(
        base_url=target.url,
        token=(lambda _: principal.token) if principal else None,
        other_token=(lambda _: refused[0].token) if refused else None,
        devices=tuple(Device(device.path, device.profile) for device in target.devices),
        unknown=tuple(Device(device.path) for device in target.unknown),
        foreign=tuple(Device(device.path) for device in target.foreign),
        probe=opens if probe else None,
    )
