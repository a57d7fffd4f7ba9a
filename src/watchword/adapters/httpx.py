"""Responses and requests of httpx and httpx2, sync and async; also what Starlette's and FastAPI's TestClient return."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from watchword.adapters.wire import header_pairs
from watchword.ground import Request, Response, UnreadableInput

if TYPE_CHECKING:
    import httpx


def is_request(given: Any) -> bool:
    """Whether it is a request."""
    return not hasattr(given, "status_code")


def request_of(response: "httpx.Response") -> Any:
    """The request, None on a response made by hand."""
    try:
        return response.request
    except RuntimeError:
        return None


def request_from(given: "httpx.Request", body: bytes | None) -> Request:
    """The request as it goes out."""
    return Request(
        given.method, str(given.url), header_pairs(given.headers.raw), _sent(given) if body is None else body
    )


def _sent(given: "httpx.Request") -> bytes:
    # httpx sets `_content` once the body is in memory; asking by `content` raises an exception of httpx
    if hasattr(given, "_content"):
        return given.content
    # after a redirect only the stream is handed on; this one is bytes in memory
    if type(given.stream).__name__ == "ByteStream":
        return b"".join(cast("Iterable[bytes]", given.stream))
    raise UnreadableInput(
        "the request's body was a stream: call its read() before sending, or pass the bytes as `request_body`"
    )


def response_from(given: "httpx.Response", body: bytes | None) -> Response:
    """The response with its decoded content."""
    if body is None:
        if not hasattr(given, "_content"):
            raise UnreadableInput("the response's body was not read: call its read() or aread() first")
        body = given.content
    return Response(given.status_code, header_pairs(given.headers.raw), body)
