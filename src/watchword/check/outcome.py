"""What a check came to: findings, and the matrix of operation, rule and side. Sends and judges nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from watchword.check.plan import Skipped
from watchword.ground import Finding, Tally, Unreachable
from watchword.strategies import Case

Key = tuple[str, str, str]
"""Operation label, rule, side."""


@dataclass(slots=True)
class Cell:
    """What the cases of one operation, rule and side came to."""

    cases: int = 0
    skipped: int = 0
    findings: list[Finding] = field(default_factory=list)

    def add(self, findings: Iterable[Finding]) -> None:
        """Counts one case with its findings."""
        self.cases += 1
        self.findings.extend(findings)

    def add_all(self, count: int, findings: Iterable[Finding]) -> None:
        """Counts several that were judged together."""
        self.cases += count
        self.findings.extend(findings)


@dataclass(slots=True)
class Outcome:
    """What a check came to, with everything learned until it ended.

    `problem` says that the service went away, `ended` that a budget was spent; `notes` tell what could not be tried.
    """

    contract: str
    requests: int = 0
    seconds: float = 0.0
    findings: list[Finding] = field(default_factory=list)
    matrix: dict[Key, Cell] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    ended: str | None = None
    problem: Unreachable | None = None

    def cell(self, case: Case, rule: str) -> Cell:
        """The cell of a rule on the case's side."""
        return self.matrix.setdefault((case.operation, rule, case.side), Cell())

    def tallies(self) -> list[Tally]:
        """The matrix as records, in its order."""
        return [
            Tally(operation, rule, side, cell.cases, cell.skipped, tuple(cell.findings))
            for (operation, rule, side), cell in self.matrix.items()
        ]
