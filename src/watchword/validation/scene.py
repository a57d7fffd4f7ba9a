"""What every finding of one exchange has in common, and which of its values may be shown."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from watchword.contract import Clause, Operation
from watchword.ground import (
    Certainty,
    Exchange,
    Finding,
    Severity,
    Side,
    redact,
    render_subject,
)
from watchword.validation.book import Book
from watchword.validation.decode import Undecodable, decode_json
from watchword.validation.styles import parse_pairs

Json = Any

_CREDENTIALS = ("authorization", "cookie", "set-cookie", "token", "secret", "key", "password")
# Shorter texts turn up everywhere by chance, and are no secret that anybody needs kept.
_SHORTEST_SECRET = 4


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

    def shown(self, value: Json, *, secret: bool) -> str:
        """A value for a message: its shape, unless it is public and repeats nothing secret of this exchange."""
        return redact(value, secret=secret or self._repeats_secret(value))

    def _repeats_secret(self, value: Json) -> bool:
        return isinstance(value, str) and any(secret in value for secret in self._secrets)

    @cached_property
    def _secrets(self) -> tuple[str, ...]:
        """The texts of this exchange that may be secret: what its credentials and all strings of its bodies say."""
        found: set[str] = set()
        for message in (self.exchange.request, self.exchange.response):
            if message is None:
                continue
            for name, value in message.headers:
                if any(word in name.lower() for word in _CREDENTIALS):
                    found.update((value, value.rpartition(" ")[2]))
            found.update(_strings(message.body))
        return tuple(text for text in found if len(text) >= _SHORTEST_SECRET)


def _strings(body: bytes) -> set[str]:
    """Every quoted text and form value in a body, decoded as far as it can be; a broken body has secrets too."""
    text = body.decode("utf-8", "replace")
    found: set[str] = set()
    try:
        pending = [decode_json(body)]
    except Undecodable:
        found.update(text.split('"'))
        found.update(value for values in parse_pairs(text).values() for value in values)
        return found
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, dict):
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
    return found
