"""What a reader of traffic offers, and how it says that something is no exchange."""

from collections.abc import Iterator
from typing import Any, BinaryIO, Protocol

from watchword.ground import Exchange


class NotAnExchange(Exception):
    """Something in a file that tells of no exchange.

    Raised between a reader's functions, and yielded by it in place of the exchange. `reason` names what is missing or
    wrong without repeating any of it, since it may hold secrets; `location` is the member (`request.url`), if any.
    `id` is what the file calls it all the same, if anything.
    """

    def __init__(self, reason: str, location: str | None = None) -> None:
        self.reason = reason
        self.location = location
        self.id: Any = None
        super().__init__(reason)


class Reader(Protocol):
    """One format."""

    UNIT: str
    """What positions count: `line` (from 1) or `entry` (an index, so from 0)."""

    def recognises(self, head: bytes, /) -> bool:
        """Whether a file that begins so is of this format."""

    def recorded(self, stream: BinaryIO, /) -> Iterator[tuple[int, Exchange | NotAnExchange]]:
        """(position, exchange) in file order, in constant memory."""
