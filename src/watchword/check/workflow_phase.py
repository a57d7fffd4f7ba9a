"""Phase `workflows`: the effects that a contract's Arazzo document promises, and statistics of made-up secrets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from watchword.check.plan import Plan
from watchword.check.session import Session
from watchword.ground import Request, Response, WatchwordError
from watchword.workflow import (
    Device,
    Environment,
    WorkflowReport,
    Workflows,
    check_generated,
    check_workflow,
    load_workflows,
    run_workflow,
)

GENERATIONS = 50


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


def workflow_reports(plan: Plan, session: Session, document: Path, how: Repetition) -> Iterator[WorkflowReport]:
    """One report per workflow, document order. Raises `BrokenDocument` for a document with errors."""
    workflows = load_workflows(document)
    environment = _environment(plan)
    for workflow in workflows.workflows:
        report = _report(workflows, workflow.id, session, environment, how)
        yield report
        if report.problem is not None:
            return


def _report(
    workflows: Workflows, name: str, session: Session, environment: Environment, how: Repetition
) -> WorkflowReport:
    def send(request: Request) -> Response:
        return session.send(request)

    if workflows.workflow(name).generated is not None:
        return check_generated(workflows, name, send, environment, generations=how.generations, seed=how.seed)
    if how.max_examples == 1:
        return run_workflow(workflows, name, send, environment, seed=how.seed)
    return check_workflow(workflows, name, send, environment, max_examples=how.max_examples, seed=how.seed)


def _environment(plan: Plan) -> Environment:
    target = plan.target
    principal, refused, probe = target.principal, target.refused, target.probe

    def opens(path: Mapping[str, str], secret: str, slot: str | None) -> bool | None:
        try:
            return None if probe is None else probe.opens(path, secret, slot or "")
        except WatchwordError:
            return None

    return Environment(
        base_url=target.url,
        token=(lambda _: principal.token) if principal else None,
        other_token=(lambda _: refused[0].token) if refused else None,
        devices=tuple(Device(device.path, device.profile) for device in target.devices),
        unknown=tuple(Device(device.path) for device in target.unknown),
        foreign=tuple(Device(device.path) for device in target.foreign),
        probe=opens if probe else None,
    )
