"""Requests over real HTTP/1.1, every byte as planned. Follows no redirect, keeps no cookie."""

import socket
import ssl
import threading
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from watchword.check.connection import MOST_BYTES, ClosedError, Connection, NoHttpError, TooLargeError
from watchword.ground import Request, Response, Unreachable

_USER_AGENT = "watchword"
# Methods for which a client that has nothing to send says so (RFC 9110 section 8.6).
_WITH_CONTENT = frozenset({"POST", "PUT", "PATCH"})


class Transport(Protocol):
    """What the checker sends requests through; from several threads where it checks several devices at once."""

    def send(self, request: Request) -> Response:
        """The response to a request whose URL is absolute. Raises `Unreachable`."""


DEFAULT_TIMEOUT = 10.0
"""Seconds."""


@dataclass(eq=False, slots=True)
class HttpTransport:
    """Kept-alive connections to one origin, one for each thread. `timeout` is in seconds: to connect, and to answer."""

    url: str
    timeout: float = DEFAULT_TIMEOUT
    _connections: dict[int, Connection] = field(default_factory=dict, repr=False)

    def send(self, request: Request) -> Response:
        """The response to a request below `url`.

        A kept connection that turns out closed before a byte of an answer is opened again, once (RFC 9110 section
        9.2.2; the journal has the request already). Nothing else is sent twice: what a lost reply did, nobody knows.
        Raises `Unreachable` with one line that says what happened: refused, unknown host, timed out, closed, TLS, no
        HTTP, too large; its `sent` is false where no byte of the request left.
        """
        message = self._message(request)
        connection = self._kept()
        if connection is not None:
            try:
                return self._exchange(connection, request, message)
            except (ClosedError, BrokenPipeError, ConnectionResetError):
                pass  # closed while it was idle
            except (OSError, TooLargeError, NoHttpError) as error:
                raise self._unreachable(error) from None
        connection = self._connect()
        try:
            return self._exchange(connection, request, message)
        except (OSError, TooLargeError, NoHttpError) as error:
            raise self._unreachable(error) from None

    def close(self) -> None:
        """Closes the connections; the next request opens another."""
        while self._connections:
            self._connections.popitem()[1].close()

    def _exchange(self, connection: Connection, request: Request, message: bytes) -> Response:
        keep = False
        try:
            response = connection.exchange(message, is_head=request.method == "HEAD")
            keep = connection.is_kept and response.status < 500  # servers close after a failure, and seldom say so
            return response
        finally:
            if not keep:  # also when interrupted: the reply would be taken for the next request's
                self._connections.pop(threading.get_ident(), None)
                connection.close()

    def _kept(self) -> Connection | None:
        connection = self._connections.get(threading.get_ident())
        if connection is None or connection.is_usable():
            return connection
        del self._connections[threading.get_ident()]
        connection.close()
        return None

    def _connect(self) -> Connection:
        try:
            connection = Connection(self.url, self.timeout)
        except (OSError, ValueError) as error:
            raise self._unreachable(error, sent=False) from None
        self._connections[threading.get_ident()] = connection
        return connection

    def _message(self, request: Request) -> bytes:
        parts = urlsplit(request.url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        given = {name.lower() for name, _ in request.headers}
        lines = [f"{request.method} {target} HTTP/1.1"]
        if "host" not in given:
            lines.append(f"Host: {parts.netloc}")
        lines.extend(f"{name}: {value}" for name, value in request.headers)
        if "user-agent" not in given:
            lines.append(f"User-Agent: {_USER_AGENT}")
        if "content-length" not in given and (request.body or request.method in _WITH_CONTENT):
            lines.append(f"Content-Length: {len(request.body)}")
        if not target.isascii() or any(mark in line for line in lines for mark in "\r\n\0") or " " in target:
            raise Unreachable(f"{self.url}: not sent, its head holds a character of no head", sent=False)
        return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + request.body

    def _unreachable(self, error: Exception, *, sent: bool = True) -> Unreachable:
        return Unreachable(f"{self.url}: {reason_of(error, self.timeout)}", sent=sent)


def reason_of(error: Exception, timeout: float) -> str:
    """What went wrong on the way, in words that say what to look at."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the TLS certificate is not trusted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {(error.reason or 'unknown reason').replace('_', ' ').lower()}; is the port one of TLS?"
    if isinstance(error, TooLargeError):
        return f"the answer goes on after {MOST_BYTES >> 20} MiB"
    if isinstance(error, ClosedError | BrokenPipeError | ConnectionResetError):
        return "the server closed the connection without an answer"
    if isinstance(error, socket.gaierror):
        return "the host name is not known"
    if isinstance(error, TimeoutError):
        return f"no answer within {timeout:g} s"
    if isinstance(error, ConnectionRefusedError):
        return "connection refused; is the service running there?"
    if isinstance(error, NoHttpError):
        return "the answer is no HTTP, or not a whole one"
    if isinstance(error, ValueError):
        return "not an http or https URL" if "http" in str(error) else "the port is no number from 0 to 65535"
    return getattr(error, "strerror", None) or type(error).__name__
