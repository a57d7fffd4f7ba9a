"""Bodies that stream past a watched client: kept while the test or the transport reads them, as far as memory allows.

Nothing is read that would not have been read, and whoever reads sees what they would have seen.
"""

import io
from collections.abc import AsyncIterator, Callable, Iterator
from functools import cache
from types import ModuleType
from typing import Any

MOST_KEPT = 1 << 20
"""Bytes of one body."""


class Kept:
    """One body: its bytes once it came to its end, and `None` before, or where it has more than can be kept."""

    def __init__(self) -> None:
        self.body: bytes | None = None
        self.when_ended: Callable[[], None] | None = None
        self._parts: list[bytes] = []
        self._room = MOST_KEPT

    def begin(self) -> None:
        """What streams twice, after a redirect or a challenge, is the same again."""
        self.body = None
        self._parts, self._room = [], MOST_KEPT

    def add(self, part: Any) -> None:
        """Takes the next piece: bytes, or a text that clients encode as UTF-8."""
        if self._room < 0:
            return
        piece = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else bytes(part)
        self._room -= len(piece)
        self._parts.append(piece)
        if self._room < 0:
            self._parts = []

    def end(self) -> None:
        """Nothing comes any more."""
        if self._room >= 0:
            self.body = b"".join(self._parts)
        self._parts = []
        if self.when_ended is not None:
            self.when_ended()

    def over(self, inner: Any) -> Iterator[Any]:
        """The same pieces, kept on their way."""
        __tracebackhide__ = True
        self.begin()
        for part in inner:
            self.add(part)
            yield part
        self.end()

    async def over_async(self, inner: Any) -> AsyncIterator[Any]:
        """The same pieces, kept on their way."""
        __tracebackhide__ = True
        self.begin()
        async for part in inner:
            self.add(part)
            yield part
        self.end()


@cache
def httpx_streams(module: ModuleType) -> tuple[type, type]:
    """The sync and the async stream of httpx (or httpx2) that keep what goes through; made of one and a `Kept`."""

    class KeptStream(module.SyncByteStream):  # type: ignore[misc, name-defined]
        def __init__(self, inner: Any, kept: Kept) -> None:
            self.inner, self.kept = inner, kept

        def __iter__(self) -> Iterator[bytes]:
            return self.kept.over(self.inner)

        def close(self) -> None:
            self.inner.close()

    class AsyncKeptStream(module.AsyncByteStream):  # type: ignore[misc, name-defined]
        def __init__(self, inner: Any, kept: Kept) -> None:
            self.inner, self.kept = inner, kept

        def __aiter__(self) -> AsyncIterator[bytes]:
            return self.kept.over_async(self.inner)

        async def aclose(self) -> None:
            await self.inner.aclose()

    return KeptStream, AsyncKeptStream


class Iterated:
    """An iterable that is sent as a body, by libraries that only ask for its iterator."""

    def __init__(self, inner: Any, kept: Kept) -> None:
        self._inner, self._kept = inner, kept

    def __iter__(self) -> Iterator[Any]:
        return self._kept.over(self._inner)


def read_ahead(file: Any) -> bytes | None:
    """The rest of a file, which is where it was afterwards; `None` where it cannot go back, or is too long to keep."""
    if isinstance(file, io.TextIOBase) or not all(hasattr(file, name) for name in ("seek", "tell", "read")):
        return None
    try:
        start = file.tell()
    except (OSError, ValueError):
        return None
    try:
        size = file.seek(0, io.SEEK_END) - start
        file.seek(start)
        content = file.read() if 0 <= size <= MOST_KEPT else None
    except (OSError, ValueError, TypeError):
        content = None
    file.seek(start)
    return bytes(content) if isinstance(content, bytes | bytearray) else None
