"""Whether the first valid requests of a run show that it is about to test nothing. Sends nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from watchword.check.plan import Plan, Planned
from watchword.ground import Finding, Severity, render_subject

_GIVE_UP = 3
_UNAUTHORISED = frozenset({401, 403})
_ELSEWHERE = frozenset({404, 405})


@dataclass(eq=False, slots=True)
class Beginning:
    """The statuses by which the first valid requests were refused, as long as all were refused alike."""

    statuses: list[int] = field(default_factory=list)
    over: bool = False

    def note(self, findings: Sequence[Finding]) -> None:
        """After each valid request, with what was found on it."""
        if self.over:
            return
        status = refused_with(findings)
        kind = next((each for each in (_UNAUTHORISED, _ELSEWHERE) if status in each), None)
        if status is None or kind is None or not kind.issuperset(self.statuses):
            self.over = True
        else:
            self.statuses.append(status)

    @property
    def is_unauthorised(self) -> bool:
        """Whether enough requests were refused for their credential."""
        return not self.over and len(self.statuses) >= _GIVE_UP and _UNAUTHORISED.issuperset(self.statuses)

    @property
    def is_elsewhere(self) -> bool:
        """Whether enough requests found nobody who knows their path, or their device."""
        return not self.over and len(self.statuses) >= _GIVE_UP and _ELSEWHERE.issuperset(self.statuses)


def refused_with(findings: Sequence[Finding]) -> int | None:
    """The status of a valid request's refusal, as its findings tell it."""
    for finding in findings:
        status = (finding.subject or "").rpartition("→ ")[2]
        if status.isdecimal() and 400 <= int(status) < 500:
            return int(status)
    return None


def is_nobody(statuses: Collection[int]) -> bool:
    """Whether all that was answered says that there is nobody: then nothing was changed there."""
    return _ELSEWHERE.issuperset(statuses)


def is_elsewhere(findings: Sequence[Finding]) -> bool:
    """Whether a valid request found nobody who knows its path, or its device."""
    return refused_with(findings) in _ELSEWHERE


def first_of_each(plan: Plan, besides: str) -> list[Planned]:
    """The first valid request of every other operation."""
    found: dict[str, Planned] = {}
    for planned in plan.planned:
        if planned.case.side == "accept" and planned.operation.label != besides:
            found.setdefault(planned.operation.label, planned)
    return list(found.values())


def not_served(planned: Planned, plan: Plan, statuses: Sequence[int], findings: Sequence[Finding]) -> Finding:
    """The one finding on a service that is not where the target says, or has no such device."""
    operation = planned.operation
    told = " and ".join(f"`{status}`" for status in dict.fromkeys(statuses))
    device = f", and device {planned.device.name} one of its" if planned.device.path else ""
    first = next((each for each in findings if each.repeat is not None), None)
    asked = f"is {plan.target.url} the right base URL{device}?"
    found = Finding(
        rule="not-served",
        message=f"the first {len(statuses)} valid requests were answered {told}: {asked}",
        severity=Severity.ERROR,
        place=operation.clause.place,
        source=operation.clause.source,
        operation=operation.label,
        subject=render_subject(operation.method, operation.path, statuses[0]),
    )
    return replace(found, case=first.case, repeat=first.repeat) if first else found
