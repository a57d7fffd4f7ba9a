"""What a fault is called and what it is about. Holds no fault."""

from dataclasses import dataclass, field
from typing import Literal

from watchword.contract import Operation
from watchword.ground import Certainty
from watchword.mock.endpoint import Endpoint, Fault

Group = Literal["too lax", "too strict", "reply", "access", "leak", "rare input", "effect"]
GROUPS: tuple[Group, ...] = ("too lax", "too strict", "reply", "access", "leak", "rare input", "effect")


@dataclass(frozen=True, slots=True)
class NamedFault:
    """One deliberate defect of one operation.

    `id` reads `kii/changeThingPassword/too-lax/newPassword/trimmed` and stays the same. `certainty` is `assumed` where
    the service with this fault breaks assumed clauses only: a check then owes no more than an observation.
    """

    id: str
    group: Group
    about: str
    fault: Fault = field(repr=False, compare=False)
    certainty: Certainty = Certainty.DOCUMENTED


@dataclass(frozen=True, slots=True)
class Namer:
    """Makes the faults of one operation: each changes that operation's endpoint and no other."""

    contract: str
    operation: Operation

    def named(
        self,
        group: Group,
        name: str,
        about: str,
        fault: Fault,
        certainty: Certainty = Certainty.DOCUMENTED,
    ) -> NamedFault:
        """The fault under its id."""
        operation_id = self.operation.id

        def only_here(endpoint: Endpoint) -> Endpoint:
            return fault(endpoint) if endpoint.operation.id == operation_id else endpoint

        prefix = f"{self.contract}/{operation_id}/{group.replace(' ', '-')}"
        return NamedFault(f"{prefix}/{name}", group, about, only_here, certainty)
