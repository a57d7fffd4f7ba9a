"""A few more requests where the replies of a run told too few made-up secrets to judge them. Judges nothing."""

from collections.abc import Iterator

from watchword.check.handed_out import ENOUGH, HandedOut, made_up
from watchword.check.plan import Plan
from watchword.check.session import Session
from watchword.check.target import Device
from watchword.contract import Operation
from watchword.ground import Request
from watchword.strategies import cases
from watchword.workflow import Workflows

_MOST_TRIED = 3
"""Different valid requests that are sent to find one whose reply tells a secret."""


def making_operations(plan: Plan) -> tuple[Operation, ...]:
    """The operations that make up secrets, document order; those of the plan's first reading, the whole one."""
    contract = plan.readings[0].contract
    return tuple(
        operation
        for operation in contract.operations
        if any(True for reply in operation.replies for _ in made_up(contract, operation, reply))
    )


def workflows_make(workflows: Workflows | None, operation: Operation) -> bool:
    """Whether a workflow has an operation make up many secrets already."""
    return workflows is not None and any(
        step.operation is not None and step.operation.id == operation.id
        for workflow in workflows.workflows
        if workflow.generated is not None
        for step in workflow.steps
    )


def send_for_more(operation: Operation, plan: Plan, session: Session, enough: int = ENOUGH) -> None:
    """Sends until as many secrets were told, as long as each reply tells one. Raises what the session raises."""
    for request, device in _requests(operation, plan, session.handed_out):
        told = 0
        while _count(session.handed_out, operation) < enough:
            before = _count(session.handed_out, operation)
            session.exchange(operation, device, request)
            if _count(session.handed_out, operation) == before:
                break
            told += 1
        if told or _count(session.handed_out, operation) >= enough:
            return


def _count(handed_out: HandedOut, operation: Operation) -> int:
    """The secrets at the place that told the most."""
    return max((len(made.secrets) for (name, _), made in handed_out.made.items() if name == operation.id), default=0)


def _requests(operation: Operation, plan: Plan, handed_out: HandedOut) -> Iterator[tuple[Request, Device | None]]:
    """One that was told a secret before; where there is none the first valid ones."""
    known = next((made for (name, _), made in handed_out.made.items() if name == operation.id), None)
    if known is not None:
        yield known.request, known.device
        return
    yield from _valid(operation, plan)


def _valid(operation: Operation, plan: Plan) -> Iterator[tuple[Request, Device]]:
    reading = plan.reading(operation)
    device = next(iter(reading.devices), Device({}))
    token = plan.target.principal.token if plan.target.principal else ""
    tried = 0
    for case in cases(operation, reading.contract):
        if case.side != "accept" or case.draft.device != "touchable" or case.draft.secrets:
            continue
        tried += 1
        if tried > _MOST_TRIED:
            return
        yield case.draft.request(operation, base_url=plan.target.url, values=device.path, token=lambda _: token), device
