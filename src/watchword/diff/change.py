"""One change between two versions of a contract: what it is, whom it hurts, where it stands. Holds no comparison."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypedDict

from watchword.contract import Call, Clause, Operation
from watchword.ground import Certainty, Finding, Place, Severity, Side, finding_record, render_subject

Json = Any


class Impact(StrEnum):
    """Whether clients of the old version get on with the new one: `breaking` no, `risky` perhaps not, `safe` yes."""

    BREAKING = "breaking"
    RISKY = "risky"
    SAFE = "safe"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return tuple(Impact).index(self)


SEVERITIES = {
    Impact.BREAKING: Severity.ERROR,
    Impact.RISKY: Severity.WARNING,
    Impact.SAFE: Severity.OBSERVATION,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change, named by `kind`.

    `old` and `new` are the places in both documents; one is missing where there is nothing there. `witness` holds the
    JSON value that shows the change, if there is one: one version of what is at the root of `location` accepts it, the
    other refuses it; of strings it is the string itself, wherever it stands. It was made from the documents; it is
    nobody's secret.
    """

    kind: str
    impact: Impact
    message: str
    side: Side | None = None
    location: str | None = None
    old: Place | None = None
    new: Place | None = None
    operation: str | None = None
    subject: str | None = None
    certainty: Certainty = Certainty.DOCUMENTED
    source: str | None = None
    witness: tuple[Json, ...] = ()


class Clauses(TypedDict):
    """The clauses of both documents that a change is about."""

    old: Clause
    new: Clause


@dataclass(frozen=True, slots=True)
class Scene:
    """What the changes of one operation have in common."""

    operation: str | None = None
    subject: str | None = None
    side: Side | None = None
    everything: bool = False
    """Also what is only prose."""
    outward: bool = False
    """Whether the service is the client: in webhooks and callbacks."""

    @classmethod
    def of(cls, operation: Operation, everything: bool) -> "Scene":
        """The scene of an operation."""
        return cls(operation.label, render_subject(operation.method, operation.path), None, everything)

    @classmethod
    def of_call(cls, call: Call, everything: bool) -> "Scene":
        """The scene of an operation that the service calls."""
        subject = f"{call.operation.method} webhook {call.name}"
        if call.caller is not None:
            caller = render_subject(call.caller.method, call.caller.path)
            subject = f"{call.operation.method} callback {call.name} of {caller}"
        return cls(call.operation.label, subject, None, everything, outward=True)

    def at(self, side: Side) -> "Scene":
        """The same for one side."""
        return replace(self, side=side)

    @property
    def judged(self) -> Side:
        """RESPONSE for what the service sends, REQUEST for what it takes, whichever message that is."""
        assert self.side is not None
        if self.outward:
            return Side.REQUEST if self.side is Side.RESPONSE else Side.RESPONSE
        return self.side

    @property
    def sent(self) -> str:
        """The participle for what the service sends."""
        return "sent" if self.outward else "returned"

    def change(
        self,
        kind: str,
        impact: Impact,
        message: str,
        location: str | None = None,
        *,
        old: Clause | None = None,
        new: Clause | None = None,
        says: Clause | None = None,
        witness: tuple[Json, ...] = (),
    ) -> Change:
        """A change; `says` is the clause that makes it one, by default the new one, else the old one.

        A change of an assumed clause is risky at most.
        """
        says = says or new or old
        assumed = says is not None and says.certainty is Certainty.ASSUMED
        return Change(
            kind=kind,
            impact=Impact.RISKY if assumed and impact is Impact.BREAKING else impact,
            message=message,
            side=self.side,
            location=location,
            old=old.place if old else None,
            new=new.place if new else None,
            operation=self.operation,
            subject=self.subject,
            certainty=says.certainty if says else Certainty.DOCUMENTED,
            source=says.source if says else None,
            witness=witness,
        )


def finding(change: Change) -> Finding:
    """The change as every report takes it: breaking is an error, risky a warning, safe an observation."""
    return Finding(
        rule=change.kind,
        message=change.message,
        severity=SEVERITIES[change.impact],
        certainty=change.certainty,
        side=change.side,
        location=change.location,
        source=change.source,
        place=change.new or change.old,
        operation=change.operation,
        subject=change.subject,
    )


def change_record(change: Change) -> dict[str, Any]:
    """The JSON form: that of the finding, with `impact`, both places and the witness."""
    record: dict[str, Any] = {"impact": change.impact.value, **finding_record(finding(change))}
    for name, place in (("old", change.old), ("new", change.new)):
        if place is not None:
            record[name] = {"file": place.file, "line": place.line, "column": place.column, "pointer": place.pointer}
    if change.witness:
        record["witness"] = change.witness[0]
    return record


def worst(changes: Iterable[Change]) -> Impact | None:
    """The worst impact of all, or None."""
    return min((change.impact for change in changes), key=lambda impact: impact.rank, default=None)
