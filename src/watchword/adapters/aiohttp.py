"""`aiohttp.ClientResponse` and its `RequestInfo`. aiohttp keeps no request body: it comes as `request_body`."""

from typing import TYPE_CHECKING, Any

from watchword.adapters.wire import announces_body, header_pairs
from watchword.ground import Request, Response, UnreadableInput, WatchwordError

if TYPE_CHECKING:
    import aiohttp


def is_request(given: Any) -> bool:
    """Whether it is the `request_info` of a response."""
    return not hasattr(given, "raw_headers")


def request_of(response: "aiohttp.ClientResponse") -> Any:
    """What the response remembers of its request."""
    return response.request_info


def request_from(given: "aiohttp.RequestInfo", body: bytes | None) -> Request:
    """The request; raises UnreadableInput when it had a body and none is given."""
    headers = header_pairs(given.headers.items())
    if body is None:
        if announces_body(headers):
            raise UnreadableInput("aiohttp keeps no request body: pass the bytes that were sent as `request_body`")
        body = b""
    return Request(given.method, str(given.url), headers, body)


def response_from(given: "aiohttp.ClientResponse", body: bytes | None) -> Response:
    """The response with its decoded content."""
    if not hasattr(given, "status"):
        raise WatchwordError(f"no adapter for aiohttp's {type(given).__name__}: known is the client's response")
    if body is None:
        body = given._body  # the one sign of it; read() is a coroutine
        if body is None:
            raise UnreadableInput("the response's body was not read: `await response.read()` inside the `async with`")
    return Response(given.status, header_pairs(given.raw_headers), body)
