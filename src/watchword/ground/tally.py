"""What a check came to in one place of its matrix. Judges nothing."""

from watchword.ground.finding import Finding, Severity
from watchword.ground.frozen import record


@record()
class Tally:
    """How many cases a rule of an operation had on one side, and what they found.

    `side` is `accept`, `refuse`, `either`, or `effect` for a workflow. One finding may stand in several tallies: an
    accepted request that is refused tells on every rule that it keeps.
    """

    operation: str
    rule: str
    side: str
    cases: int
    skipped: int
    findings: tuple[Finding, ...]

    @property
    def worst(self) -> Severity | None:
        """The severity of the worst finding, or `None` where all is as the contract says, or nothing was tried."""
        return min((finding.severity for finding in self.findings), key=lambda each: each.rank, default=None)
