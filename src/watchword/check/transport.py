"""Requests over real HTTP/1.1, one connection, every byte as planned. Follows no redirect, keeps no cookie.

`http.client` and nothing more comfortable: a checker sends what clients refuse to send (no Content-Type, a body that is
no JSON, an odd path), and must see what they hide (content after a 204).
"""

import http.client
import select
import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from watchword.ground import Headers, Request, Response, Unreachable

_USER_AGENT = "watchword"
# Methods for which a client that has nothing to send says so (RFC 9110 section 8.6).
_WITH_CONTENT = frozenset({"POST", "PUT", "PATCH"})
MOST_BYTES = 16 << 20
"""The most that a reply may hold; documented ones are a few hundred bytes."""

_CHUNK = 65_536
_STRAY_CONTENT_SECONDS = 0.05
_MOST_STRAY_BYTES = 65_536


class Transport(Protocol):
    """What the checker sends requests through."""

    def send(self, request: Request) -> Response:
        """The response to a request whose URL is absolute. Raises `Unreachable`."""


@dataclass(eq=False, slots=True)
class HttpTransport:
    """A kept-alive connection to one origin. `timeout` is in seconds, for connecting and for each read."""

    url: str
    timeout: float = 10.0
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)
    sent: int = 0

    def send(self, request: Request) -> Response:
        """The response to a request below `url`.

        A kept connection that turns out closed before a byte of an answer is opened again, once (RFC 9110 section
        9.2.2; the journal has the request already). Nothing else is sent twice: what a lost reply did, nobody knows.
        Raises `Unreachable` with one line that says what happened: refused, unknown host, timed out, closed, TLS, no
        HTTP, too large; its `sent` is false where no byte of the request left.
        """
        kept = self._connection is not None
        try:
            return self._exchange(request)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError) as error:
            self.close()
            if not kept:
                raise Unreachable(f"{self.url}: {reason_of(error, self.timeout)}") from None
        except (OSError, http.client.HTTPException, _TooLargeError) as error:
            self.close()
            raise Unreachable(f"{self.url}: {reason_of(error, self.timeout)}") from None
        except KeyboardInterrupt:
            self.close()  # the reply would be taken for the next request's
            raise
        return self.send(request)

    def close(self) -> None:
        """Closes the connection; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _exchange(self, request: Request) -> Response:
        if self._connection is not None and _is_closed(self._connection):
            self.close()
        connection = self._connection or self._connect()
        parts = urlsplit(request.url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self.sent += 1
        connection.putrequest(request.method, path, skip_accept_encoding=True)
        for name, value in self._headers(request):
            connection.putheader(name, value)
        connection.endheaders(request.body or None)
        reply = connection.getresponse()
        body = self._stray_content(reply) or self._content(reply)
        headers: Headers = tuple(reply.getheaders())
        if reply.will_close or reply.status >= 500:  # servers close after a failure, and seldom say so
            self.close()
        return Response(reply.status, headers, body)

    def _headers(self, request: Request) -> list[tuple[str, str]]:
        headers = list(request.headers)
        given = {name.lower() for name, _ in headers}
        if "user-agent" not in given:
            headers.append(("User-Agent", _USER_AGENT))
        if "content-length" not in given and (request.body or request.method in _WITH_CONTENT):
            headers.append(("Content-Length", str(len(request.body))))
        return headers

    def _connect(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Unreachable(f"{self.url}: not an http or https URL", sent=False)
        try:
            port = parts.port
        except ValueError:
            raise Unreachable(f"{self.url}: the port is no number from 0 to 65535", sent=False) from None
        if parts.scheme == "https":
            context = ssl.create_default_context()
            self._connection = http.client.HTTPSConnection(parts.hostname, port, timeout=self.timeout, context=context)
        else:
            self._connection = http.client.HTTPConnection(parts.hostname, port, timeout=self.timeout)
        try:
            self._connection.connect()
        except OSError as error:
            self.close()
            raise Unreachable(f"{self.url}: {reason_of(error, self.timeout)}", sent=False) from None
        return self._connection

    def _content(self, reply: http.client.HTTPResponse) -> bytes:
        """The content, in bounded time and memory, however slowly or long the server sends."""
        found = bytearray()
        deadline = time.monotonic() + self.timeout
        while chunk := reply.read1(_CHUNK):
            found += chunk
            if len(found) > MOST_BYTES:
                raise _TooLargeError
            if time.monotonic() > deadline:
                raise TimeoutError
        if reply.length:
            raise http.client.IncompleteRead(bytes(found), reply.length)
        reply.close()  # `read1` leaves it open, and the connection would take no further request
        return bytes(found)

    def _stray_content(self, reply: http.client.HTTPResponse) -> bytes:
        """Bytes that follow a reply that must have none (RFC 9110 section 15.3.5); `http.client` leaves them unread."""
        if reply.status not in (204, 304) or self._connection is None or self._connection.sock is None:
            return b""
        declared = reply.getheader("Content-Length", "0")
        if declared.isdecimal() and int(declared) == 0 and "Transfer-Encoding" not in reply.headers:
            return b""
        found = b""
        self._connection.sock.settimeout(_STRAY_CONTENT_SECONDS)
        with suppress(OSError):  # nothing more comes in time
            while len(found) < _MOST_STRAY_BYTES and (received := reply.fp.read1(_MOST_STRAY_BYTES)):
                found += received
        self.close()  # where the next reply starts is anybody's guess
        return found


class _TooLargeError(Exception):
    """A reply goes on after `MOST_BYTES`."""


def _is_closed(connection: http.client.HTTPConnection) -> bool:
    """Whether the server closed a kept-alive connection, or said something unasked: then it is of no more use."""
    return connection.sock is not None and bool(select.select([connection.sock], [], [], 0)[0])


def reason_of(error: Exception, timeout: float) -> str:
    """What went wrong on the way, in words that say what to look at."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the TLS certificate is not trusted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {(error.reason or 'unknown reason').replace('_', ' ').lower()}; is the port one of TLS?"
    if isinstance(error, _TooLargeError):
        return f"the answer goes on after {MOST_BYTES >> 20} MiB"
    if isinstance(error, http.client.RemoteDisconnected | BrokenPipeError | ConnectionResetError):
        return "the server closed the connection without an answer"
    if isinstance(error, socket.gaierror):
        return "the host name is not known"
    if isinstance(error, TimeoutError):
        return f"no answer within {timeout:g} s"
    if isinstance(error, ConnectionRefusedError):
        return "connection refused; is the service running there?"
    if isinstance(error, http.client.HTTPException):
        return f"the answer is no HTTP ({type(error).__name__})"
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return type(error).__name__
