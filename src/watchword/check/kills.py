"""Which deliberate defects a check catches. Takes what checks came to; starts no service and makes no defect.

A defect counts as caught only by a finding that the same check does not give without it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from watchword.check.outcome import Outcome
from watchword.ground import Certainty, Finding, Severity, Unreachable

Told = tuple[str, str | None, str | None, str]
"""What makes two findings the same: rule, location, case, message."""


@dataclass(frozen=True, slots=True)
class Defect:
    """What a kill matrix needs to know of a defect. `certainty` says what is owed: an error, or an observation."""

    id: str
    group: str
    about: str
    certainty: Certainty = Certainty.DOCUMENTED


@dataclass(frozen=True, slots=True)
class Kill:
    """One defect with what caught it, most severe first; nothing for a survivor.

    `requests` were sent until it was caught, or in all.
    """

    defect: Defect
    findings: tuple[Finding, ...]
    requests: int

    @property
    def is_caught(self) -> bool:
        """Whether the check told what is owed."""
        return bool(self.findings)

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules of the findings, each once."""
        return tuple(dict.fromkeys(finding.rule for finding in self.findings))


@dataclass(frozen=True, slots=True)
class Score:
    """How many of how many were caught."""

    caught: int
    defects: int

    @property
    def percent(self) -> float:
        """0 to 100; 100 where there was nothing to catch."""
        return 100.0 * self.caught / self.defects if self.defects else 100.0

    def __str__(self) -> str:
        return f"{self.caught} of {self.defects} ({self.percent:.1f} %)"


@dataclass(frozen=True, slots=True)
class KillMatrix:
    """The defects of one contract, in order, with what caught them. `requests` and `seconds` are those without one."""

    contract: str
    requests: int
    seconds: float
    kills: tuple[Kill, ...] = field(default=())

    def score(self, certainty: Certainty = Certainty.DOCUMENTED, group: str | None = None) -> Score:
        """The score over the defects that break documented clauses, or over those of assumed ones."""
        counted = [
            kill for kill in self.kills if kill.defect.certainty is certainty and group in (None, kill.defect.group)
        ]
        return Score(sum(kill.is_caught for kill in counted), len(counted))

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups of the defects, in their order."""
        return tuple(dict.fromkeys(kill.defect.group for kill in self.kills))

    @property
    def survivors(self) -> tuple[Kill, ...]:
        """The defects that were not caught."""
        return tuple(kill for kill in self.kills if not kill.is_caught)


def told(outcomes: Iterable[Outcome]) -> frozenset[Told]:
    """What a check says of the sound service."""
    return frozenset(_key(finding) for outcome in outcomes for finding in outcome.findings)


def caught(outcome: Outcome, defect: Defect, sound: frozenset[Told]) -> tuple[Finding, ...]:
    """The findings that catch a defect, most severe first: errors, or anything at all where only that is owed."""
    enough = Severity.ERROR.rank if defect.certainty is Certainty.DOCUMENTED else Severity.OBSERVATION.rank
    found = [
        finding
        for finding in (*outcome.findings, *_gone(outcome))
        if finding.severity.rank <= enough and _key(finding) not in sound
    ]
    return tuple(sorted(found, key=lambda finding: finding.severity.rank))


def kill(defect: Defect, outcomes: Iterator[Outcome] | Sequence[Outcome], sound: frozenset[Told]) -> Kill:
    """The defect with what caught it; outcomes are taken one by one, and none after the one that did."""
    requests = 0
    for outcome in outcomes:
        requests += outcome.requests
        findings = caught(outcome, defect, sound)
        if findings:
            return Kill(defect, findings, requests)
        if outcome.problem is not None:
            break
    return Kill(defect, (), requests)


def _key(finding: Finding) -> Told:
    return finding.rule, finding.location, finding.case, finding.message


def _gone(outcome: Outcome) -> Iterator[Finding]:
    """A check that a dead service ended: that is told too, though not as a finding."""
    if isinstance(outcome.problem, Unreachable):
        yield Finding("unreachable", str(outcome.problem), operation=outcome.contract)
