"""A plan carried out, phase by phase, on one inspection. Judges nothing and writes no report."""

from collections.abc import Callable, Sequence
from contextlib import suppress

from watchword.check.generation_phase import making_operations
from watchword.check.inspection import Inspection
from watchword.check.journal import Journal
from watchword.check.lanes import in_plan_order
from watchword.check.options import Options
from watchword.check.outcome import Outcome
from watchword.check.plan import Plan, Planned
from watchword.check.removal import removes
from watchword.check.selection import generation_case, is_wanted, properties, workflow_case
from watchword.check.session import BudgetSpent
from watchword.check.transport import Transport
from watchword.ground import Unreachable

Progress = Callable[[int, int], None]


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
    with Inspection(plan, transport, journal, options) as inspection:
        with suppress(BudgetSpent, Unreachable):
            _all_phases(inspection, progress)
        inspection.judge_generated()
    return inspection.outcome


def _all_phases(inspection: Inspection, progress: Progress | None) -> None:
    plan, phases = inspection.plan, inspection.options.phases
    kept = [each for each in plan.planned if not removes(each.operation)]
    _cases(inspection, kept, 0, progress)
    only = inspection.options.only
    if "random" in phases:
        for each in properties(plan):
            if is_wanted(each.id, only):
                inspection.random(each)
        for operation in making_operations(plan):
            if is_wanted(generation_case(plan, operation), only):
                inspection.generated(operation)
    if "workflows" in phases:
        for workflow in inspection.workflows():
            if is_wanted(workflow_case(plan, workflow), only):
                inspection.workflow(workflow)
    _cases(inspection, [each for each in plan.planned if removes(each.operation)], len(kept), progress)


def _cases(inspection: Inspection, planned: Sequence[Planned], done: int, progress: Progress | None) -> None:
    judged = in_plan_order(planned, inspection.judged, inspection.options.workers)
    for number, (each, findings) in enumerate(judged, done + 1):
        inspection.add(each, findings)
        if progress:
            progress(number, len(inspection.plan.planned))
