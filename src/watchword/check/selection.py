"""What a check consists of besides its cases, by id, and which of all that somebody wants. Runs nothing.

Cases, properties (`kii/changeThingPassword/random/accept`) and workflows (`kii/workflow/given-secret-is-echoed`) have
ids of one form, and a finding of any of them names its own.
"""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from watchword.check.plan import Plan
from watchword.check.removal import removes
from watchword.contract import Operation

Side = Literal["accept", "refuse"]


@dataclass(frozen=True, slots=True)
class Property:
    """That an operation accepts every valid request that is drawn, or refuses every one that breaks a rule."""

    id: str
    operation: Operation
    side: Side


def properties(plan: Plan) -> Iterator[Property]:
    """Those that are explored, in the order in which they are: of the plan's first reading, the whole one.

    A device can be removed only once, if at all: removals to be accepted are not drawn, and the others come last.
    """
    contract = plan.readings[0].contract
    for operation in sorted(contract.operations, key=removes):
        for side in _SIDES[1:] if removes(operation) else _SIDES:
            yield Property(f"{contract.name}/{operation.id}/random/{side}", operation, side)


_SIDES: tuple[Side, ...] = ("accept", "refuse")


def generation_case(plan: Plan, operation: Operation) -> str:
    """The id by which the making of secrets by an operation is wanted."""
    return f"{plan.contract.name}/{operation.id}/random/generated"


def workflow_case(plan: Plan, workflow_id: str) -> str:
    """The id by which a workflow is wanted."""
    return f"{plan.contract.name}/workflow/{workflow_id}"


def is_wanted(case_id: str, only: Sequence[str]) -> bool:
    """Whether one of the ids is this one, or with a `*` at its end begins it; everything is where there is none."""
    return not only or any(
        case_id.startswith(wanted[:-1]) if wanted.endswith("*") else case_id == wanted for wanted in only
    )


def narrowed(plan: Plan, only: Sequence[str]) -> Plan:
    """The plan with the wanted cases alone."""
    if not only:
        return plan
    wanted = tuple(each for each in plan.planned if is_wanted(each.case.id, only))
    return replace(plan, planned=wanted, skipped=(), without_cases=())


def repeat_command(plan: Plan, case_id: str, *more: str) -> str:
    """The command that tries one case, property or workflow of a plan once more."""
    target = plan.target
    words = ["watchword check", shlex.quote(target.contract), target.options, "--case", shlex.quote(case_id), *more]
    return " ".join(filter(None, words))
