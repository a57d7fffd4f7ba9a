"""One HTTP/1.1 connection on a socket: bytes out, one reply in, in bounded time and memory. Retries nothing.

A socket and a parser, and nothing more comfortable: a checker sends what clients refuse to send (no Content-Type, a
body that is no JSON, an odd path), and must see what they hide (content after a 204).
"""

import select
import socket
import ssl
import time
from contextlib import suppress
from urllib.parse import urlsplit

import httptools

from watchword.ground import Response

MOST_BYTES = 16 << 20
"""The most that a reply may hold; documented ones are a few hundred bytes."""

_MOST_HEAD_BYTES = 1 << 18
_CHUNK = 65_536
_STRAY_CONTENT_SECONDS = 0.05
_MOST_STRAY_BYTES = 65_536
_EMPTY = frozenset({204, 304})
"""Statuses whose replies end with their head (RFC 9110 sections 15.3.5 and 15.4.5)."""


class TooLargeError(Exception):
    """A reply goes on after `MOST_BYTES`, or its head after a fraction of that."""


class NoHttpError(Exception):
    """What came is no reply, or not a whole one."""


class ClosedError(OSError):
    """The server closed the connection before a byte of its reply."""


class Connection:
    """An open connection. `is_kept` says that it has brought a reply already, and can take another request."""

    def __init__(self, url: str, timeout: float) -> None:
        """Connects. Raises `OSError`, `ValueError` for a port that is none."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("not an http or https URL")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        self.is_kept = False
        self._timeout = timeout
        plain = socket.create_connection((parts.hostname, port), timeout)
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket = _secured(plain, parts.hostname) if parts.scheme == "https" else plain
        except BaseException:
            plain.close()
            raise

    def is_usable(self) -> bool:
        """False where the server closed the connection, or said something unasked."""
        return not select.select([self._socket], [], [], 0)[0]

    def close(self) -> None:
        """Closes it."""
        self._socket.close()

    def exchange(self, message: bytes, *, is_head: bool = False) -> Response:
        """The reply to a finished request; `is_head` for a method whose replies have no content.

        Raises `OSError`, `TooLargeError`, `NoHttpError`. After any of them, and where `is_kept` is false afterwards,
        the connection is of no more use.
        """
        deadline = time.monotonic() + self._timeout
        self.is_kept = False
        self._socket.settimeout(self._timeout)
        self._socket.sendall(message)
        reply, rest = self._head(deadline)
        if reply.status in _EMPTY or is_head:
            stray = self._stray_content(reply, rest) if reply.status in _EMPTY else b""
            self.is_kept = not stray and not rest and reply.keeps_alive
            return Response(reply.status, tuple(reply.headers), stray)
        self._content(reply, rest, deadline)
        self.is_kept = reply.keeps_alive and reply.is_framed
        return Response(reply.status, tuple(reply.headers), b"".join(reply.content))

    def _head(self, deadline: float) -> tuple["_Reply", bytes]:
        """A final reply with its head, and what came after it. Interim ones (RFC 9110 section 15.2) are passed over."""
        received = b""
        while True:
            end = received.find(b"\r\n\r\n")
            if end < 0:
                received += self._received(deadline, received)
                continue
            reply = _Reply()
            reply.feed(received[: end + 4])
            received = received[end + 4 :]
            if reply.status >= 200 or reply.status == 101:
                return reply, received

    def _received(self, deadline: float, before: bytes) -> bytes:
        """The next bytes of a head that is not complete."""
        if len(before) > _MOST_HEAD_BYTES:
            raise TooLargeError
        if before and not b"HTTP/".startswith(before[:5]):
            raise NoHttpError
        try:
            more = self._socket.recv(_CHUNK)
        except ConnectionResetError:
            more = b""
        if not more:
            raise NoHttpError if before else ClosedError
        if time.monotonic() > deadline:
            raise TimeoutError
        return more

    def _content(self, reply: "_Reply", rest: bytes, deadline: float) -> None:
        """Feeds the reply until it is complete, however slowly or long the server sends."""
        size = len(rest)
        if rest:
            reply.feed(rest)
        while not reply.is_complete:
            more = self._socket.recv(_CHUNK)
            if not more:
                if reply.is_framed:
                    raise NoHttpError
                return
            size += len(more)
            if size > MOST_BYTES:
                raise TooLargeError
            if time.monotonic() > deadline:
                raise TimeoutError
            reply.feed(more)

    def _stray_content(self, reply: "_Reply", rest: bytes) -> bytes:
        """Bytes that follow a reply that must have none."""
        declared = reply.header("content-length") or "0"
        if not rest and declared.isdecimal() and int(declared) == 0 and reply.header("transfer-encoding") is None:
            return b""
        self._socket.settimeout(_STRAY_CONTENT_SECONDS)
        with suppress(OSError):  # nothing more comes in time
            while len(rest) < _MOST_STRAY_BYTES and (received := self._socket.recv(_MOST_STRAY_BYTES)):
                rest += received
        return rest


class _Reply:
    """A reply as it is read, by the callbacks of httptools' parser."""

    __slots__ = ("_parser", "content", "headers", "is_complete", "is_framed", "keeps_alive", "status")

    def __init__(self) -> None:
        self.status = 0
        self.headers: list[tuple[str, str]] = []
        self.content: list[bytes] = []
        self.is_complete = False
        self.is_framed = True
        """Whether it says where its content ends; else the end of the connection does."""
        self.keeps_alive = False
        self._parser = httptools.HttpResponseParser(self)

    def feed(self, received: bytes) -> None:
        """Raises `NoHttpError`."""
        try:
            self._parser.feed_data(received)
        except httptools.HttpParserUpgrade:
            self.is_complete = True
        except httptools.HttpParserError as error:
            if not self.is_complete:
                raise NoHttpError from error
            self.keeps_alive = False  # something follows that is no reply

    def header(self, name: str) -> str | None:
        """The first value of a header, by its name in lower case."""
        return next((value for given, value in self.headers if given.lower() == name), None)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header, in the order of the message."""
        self.headers.append((name.decode("latin-1"), value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self.status = self._parser.get_status_code()
        self.keeps_alive = self._parser.should_keep_alive()
        names = {name.lower() for name, _ in self.headers}
        self.is_framed = not names.isdisjoint(("content-length", "transfer-encoding"))

    def on_body(self, part: bytes) -> None:
        """Content, with any chunked coding taken away."""
        self.content.append(part)

    def on_message_complete(self) -> None:
        """Nothing more belongs to it."""
        self.is_complete = True


def _secured(plain: socket.socket, host: str) -> ssl.SSLSocket:
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context.wrap_socket(plain, server_hostname=host)
