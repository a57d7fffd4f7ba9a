"""What every finding of one exchange has in common."""

from dataclasses import dataclass, field
from functools import cached_property

from watchword.contract import Clause, Operation
from watchword.ground import (
    Certainty,
    Exchange,
    Finding,
    Severity,
    Side,
    render_subject,
)
from watchword.validation.book import Book


@dataclass(eq=False)
class Scene:
    """One side of one exchange under one operation."""

    operation: Operation
    exchange: Exchange
    side: Side
    book: Book = field(repr=False)

    def finding(self, rule: str, message: str, location: str, clause: Clause) -> Finding:
        """A finding whose clause says how sure it is, where it stands and what it goes back to."""
        assumed = clause.certainty is Certainty.ASSUMED
        return Finding(
            rule=rule,
            message=message,
            severity=Severity.OBSERVATION if assumed else Severity.ERROR,
            certainty=clause.certainty,
            side=self.side,
            location=location,
            source=clause.source,
            place=clause.place,
            operation=self.operation.label,
            subject=self._subject,
        )

    @cached_property
    def _subject(self) -> str:
        response = self.exchange.response
        return render_subject(self.operation.method, self.operation.path, response.status if response else None)
