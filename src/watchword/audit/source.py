"""Opening a file of traffic: standard input, gzip, byte order mark, and which reader it is for."""

import gzip
import io
import os
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from watchword.audit.readers import READERS
from watchword.audit.readers.protocol import NotAnExchange, Reader
from watchword.audit.verdict import entry_pointer
from watchword.ground import Exchange, UnreadableInput

_BUFFER = 1 << 18  # bytes; also what a reader sees of the beginning
_GZIP = b"\x1f\x8b"
_MARK = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


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
        position: int | None = None
        try:
            for position, found in self.reader.recorded(self.stream):
                yield position, found
        except (EOFError, zlib.error, OSError) as error:
            reason = getattr(error, "strerror", None) or "the compressed bytes are damaged or cut short"
            raise UnreadableInput(f"{self.name}: {self._after(position)}: {reason}") from None

    def _after(self, position: int | None) -> str:
        if position is None:
            return f"before the first {self.unit}"
        return f"after {f'line {position}' if self.unit == 'line' else entry_pointer(position)}"


@contextmanager
def opened(path: str) -> Iterator[Traffic]:
    """The traffic in a file; `-` is standard input.

    Raises UnreadableInput when it cannot be opened, and when its beginning shows that it is something else altogether:
    a single broken line is a finding, a picture or a page of text is the wrong file.
    """
    if path == "-":
        yield _recognised("<stdin>", sys.stdin.buffer, size=None)
        return
    try:
        stream = Path(path).open("rb", buffering=_BUFFER)  # noqa: SIM115 (closed below; the error is of opening alone)
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror}") from None
    with stream:
        yield _recognised(path, stream, size=os.fstat(stream.fileno()).st_size)


def _recognised(name: str, stream: BinaryIO, *, size: int | None) -> Traffic:
    """The traffic of a stream of `size` bytes, None where more may come than was seen."""
    buffered = cast("io.BufferedReader", stream if hasattr(stream, "peek") else io.BufferedReader(stream))
    try:
        if buffered.peek(2)[:2] == _GZIP:
            buffered = io.BufferedReader(cast("io.RawIOBase", gzip.GzipFile(fileobj=buffered)), _BUFFER)
            size = None
        head = buffered.peek(_BUFFER)
    except (EOFError, zlib.error, OSError):
        raise UnreadableInput(f"{name}: the compressed bytes are damaged or cut short") from None
    if len(head) in (size, _BUFFER) and (reason := _wrong_file(head)) is not None:
        raise UnreadableInput(f"{name}: {reason}; an audit reads JSON lines (an exchange a line) and HAR 1.2")
    if head.startswith(_MARK):
        head = head.removeprefix(_MARK)
        buffered.read(len(_MARK))
    return Traffic(name, next(reader for reader in READERS if reader.recognises(head)), buffered)


def _wrong_file(head: bytes) -> str | None:
    """Why a file that begins so holds no traffic at all; None where it may hold some."""
    if head.startswith(_UTF_16):
        return "is UTF-16, expected UTF-8"
    lines = [line.strip() for line in head.removeprefix(_MARK).splitlines()]
    lines = [line for line in lines if line]
    if len(lines) > 1 and lines[0] in (b"{", b"[") and not any(reader.recognises(head) for reader in READERS[:-1]):
        return "is a JSON document over several lines, and no HAR"
    if any(line.startswith(b"{") for line in lines):
        return None
    if b"\0" in head:
        return "is no text"
    return "holds no line that begins with `{`" if len(lines) > 1 else None
