"""What a run came to, as records; and failed criteria as findings. Runs nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from watchword.contract import Clause, Operation
from watchword.ground import Certainty, Exchange, Finding, Severity, Side, cut, render_subject
from watchword.workflow.links import criterion_expressions
from watchword.workflow.model import Criterion, Login, Step, Workflow
from watchword.workflow.verdict import Verdict

Json = Any


@dataclass(frozen=True, slots=True)
class StepResult:
    """One attempt at one step.

    `verdicts` are those of its criteria, all of them; `findings` what is wrong. `probes` counts logins. `nested` is
    the outcome of the workflow that a step calls. A criterion that is only assumed never makes a step fail.
    """

    step: Step
    succeeded: bool
    exchange: Exchange | None = None
    verdicts: tuple[Verdict, ...] = ()
    findings: tuple[Finding, ...] = ()
    probes: int = 0
    nested: "Outcome | None" = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run of one workflow; `steps` are the attempts in the order in which they were made."""

    workflow: Workflow
    inputs: Mapping[str, Json] = field(repr=False)
    outputs: Mapping[str, Json] = field(repr=False)
    steps: tuple[StepResult, ...]
    findings: tuple[Finding, ...]
    succeeded: bool

    @property
    def exchanges(self) -> Iterator[Exchange]:
        """Every exchange, those of called workflows included, in order."""
        for result in self.steps:
            if result.nested is not None:
                yield from result.nested.exchanges
            elif result.exchange is not None:
                yield result.exchange


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a finding of a run belongs."""

    workflow: Workflow
    step: Step
    operation: Operation | None
    case: str | None
    exchange: Exchange | None = None

    def of_criterion(self, verdict: Verdict) -> Finding:
        """The finding for a criterion that does not hold."""
        criterion = verdict.criterion
        side, location = _subject_of(criterion)
        condition = cut(" ".join(criterion.condition.split()), 160)
        reason = f": {verdict.reason}" if verdict.reason else ""
        message = f"`{condition}` does not hold{reason}"
        return self.finding(str(criterion.number), message, criterion.clause, side, location)

    def of_login(self, login: Login) -> Finding:
        """The finding for a device that was let in and must not be, or the other way round."""
        slot = f" in the slot `{login.slot}`" if login.slot else ""
        done = (
            "is not let in with a secret that must hold" if login.accepted else "is let in with a secret that must not"
        )
        message = f"the device {done}{slot}"
        return self.finding(f"login.{login.number}", message, login.clause, None, None)

    def finding(self, name: str, message: str, clause: Clause, side: Side | None, location: str | None) -> Finding:
        """A finding of this step; how sure it is stands in its clause."""
        assumed = clause.certainty is Certainty.ASSUMED
        return Finding(
            rule=f"{self.workflow.id}/{self.step.id}/{name}",
            message=message,
            severity=Severity.OBSERVATION if assumed else Severity.ERROR,
            certainty=clause.certainty,
            side=side,
            location=location,
            source=clause.source,
            place=clause.place,
            operation=self.operation.label if self.operation else None,
            case=self.case,
            subject=self._subject(),
        )

    def _subject(self) -> str | None:
        if self.operation is None:
            return None
        response = self.exchange.response if self.exchange else None
        return render_subject(self.operation.method, self.operation.path, response.status if response else None)


def _subject_of(criterion: Criterion) -> tuple[Side | None, str | None]:
    """Side and location of the first part of an exchange that a criterion names, the response's before others."""
    found = [expression for expression, _ in criterion_expressions(criterion)]
    for root in ("response", "statusCode", "request", "url", "method"):
        for expression in found:
            if expression.root == root:
                side = Side.RESPONSE if root in ("response", "statusCode") else Side.REQUEST
                return side, expression.location
    return None, None
