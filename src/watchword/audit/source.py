"""Opening a file of traffic: standard input, gzip, byte order mark, and which reader it is for."""

import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from watchword.audit.readers import READERS
from watchword.audit.readers.protocol import NotAnExchange, Reader
from watchword.ground import Exchange, UnreadableInput

_BUFFER = 1 << 18  # bytes; also what a reader sees of the beginning
_GZIP = b"\x1f\x8b"
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Traffic:
    """An open file with the reader that recognised it."""

    name: str
    reader: Reader
    stream: BinaryIO

    @property
    def unit(self) -> str:
        """What positions count: `line` or `entry`."""
        return self.reader.UNIT

    def recorded(self) -> Iterator[tuple[int, Exchange | NotAnExchange]]:
        """What the reader finds, by position; raises UnreadableInput where the bytes themselves break off."""
        position = 0
        try:
            for position, found in self.reader.recorded(self.stream):
                yield position, found
        except (EOFError, zlib.error, OSError) as error:
            reason = getattr(error, "strerror", None) or "the compressed bytes are damaged or cut short"
            raise UnreadableInput(f"{self.name}: after {self.unit} {position}: {reason}") from None


@contextmanager
def opened(path: str) -> Iterator[Traffic]:
    """The traffic in a file; `-` is standard input. Raises UnreadableInput when it cannot be opened."""
    if path == "-":
        yield _recognised("<stdin>", sys.stdin.buffer)
        return
    try:
        stream = Path(path).open("rb", buffering=_BUFFER)  # noqa: SIM115 (closed below; the error is of opening alone)
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror}") from None
    with stream:
        yield _recognised(path, stream)


def _recognised(name: str, stream: BinaryIO) -> Traffic:
    buffered = cast("io.BufferedReader", stream if hasattr(stream, "peek") else io.BufferedReader(stream))
    try:
        if buffered.peek(2)[:2] == _GZIP:
            buffered = io.BufferedReader(cast("io.RawIOBase", gzip.GzipFile(fileobj=buffered)), _BUFFER)
        head = buffered.peek(_BUFFER)
    except (EOFError, zlib.error, OSError):
        raise UnreadableInput(f"{name}: the compressed bytes are damaged or cut short") from None
    if head.startswith(_MARK):
        head = head.removeprefix(_MARK)
        buffered.read(len(_MARK))
    return Traffic(name, next(reader for reader in READERS if reader.recognises(head)), buffered)
