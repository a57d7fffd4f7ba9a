"""What every finding of one exchange has in common."""

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


class Scene:
    """One side of one exchange under one operation."""

    __slots__ = ("_subject", "book", "exchange", "operation", "side")

    def __init__(self, operation: Operation, exchange: Exchange, side: Side, book: Book) -> None:
        self.operation = operation
        self.exchange = exchange
        self.side = side
        self.book = book
        status = exchange.response.status if exchange.response else None
        self._subject = render_subject(operation.method, operation.path, status)

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
