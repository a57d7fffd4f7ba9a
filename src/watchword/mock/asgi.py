"""Between ASGI messages and our records: a request read whole, an answer sent. Decides nothing about either.

ASGI 3.0, HTTP & WebSocket message format 2.3.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import quote

from watchword.ground import Request
from watchword.mock.answer import Answer

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# RFC 9110 sections 6.4.1 and 8.6: no Content-Length in replies that never have content.
_WITHOUT_LENGTH = frozenset({204, 304})
_DRAINED = 64
"""A body over the limit is read on for this many limits, so that a client that only writes gets to read the answer."""


class TooLarge(Exception):
    """The request's body passes the limit."""


class Disconnected(Exception):
    """The client has gone; nobody waits for an answer."""


async def read_request(scope: Scope, receive: Receive, limit: int) -> Request:
    """The request with its whole body; the URL as sent, still percent-encoded, without scheme and host.

    Raises `TooLarge` for a body of more than `limit` bytes, `Disconnected` where it breaks off.
    """
    raw = scope.get("raw_path")
    path = _text(raw) if raw is not None else quote(scope["path"], safe="/:@!$&'()*+,;=~")
    query = _text(scope.get("query_string") or b"")
    url = path if path.startswith("/") else f"/{path}"
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    return Request(scope["method"], f"{url}?{query}" if query else url, headers, await _body(receive, limit))


async def send_answer(send: Send, answer: Answer, *, with_body: bool = True) -> None:
    """Send an answer; `with_body` is false for HEAD."""
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    if answer.status not in _WITHOUT_LENGTH:
        headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body if with_body else b""})


async def hang_up(send: Send) -> None:
    """Begin an answer and leave it there: the server then closes the connection."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})


async def _body(receive: Receive, limit: int) -> bytes:
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        part = message.get("body", b"")
        more = message.get("more_body", False)
        size += len(part)
        if size <= limit:
            parts.append(part)
        elif not more or size > limit * _DRAINED:
            raise TooLarge
    return b"".join(parts)


def _text(raw: bytes) -> str:
    """Bytes that are no UTF-8 become lone surrogates, which the validator refuses with the rest of the value."""
    return raw.decode("utf-8", "surrogateescape")
