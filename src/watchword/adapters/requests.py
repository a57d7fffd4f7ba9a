"""`requests.Response` and `requests.PreparedRequest`. A `requests.Request` has to be prepared first."""

from typing import TYPE_CHECKING, Any

from watchword.adapters.wire import header_pairs, text_of
from watchword.ground import Request, Response, UnreadableInput

if TYPE_CHECKING:
    import requests


def is_request(given: Any) -> bool:
    """Whether it is a request; one that is not prepared counts, and is refused later."""
    return not hasattr(given, "status_code")


def request_of(response: "requests.Response") -> Any:
    """The prepared request, None on a response made by hand."""
    return response.request


def request_from(given: "requests.PreparedRequest", body: bytes | None) -> Request:
    """The prepared request; headers that the connection adds later (`Host`) are not in it."""
    if not hasattr(given, "body"):
        raise UnreadableInput("a requests.Request says not yet what is sent: call its prepare() first")
    if body is None:
        body = _sent(given.body)
    headers = header_pairs((given.headers or {}).items())
    return Request(text_of(given.method or ""), given.url or "", headers, body)


def _sent(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode("utf-8", "surrogatepass")  # urllib3 2 sends str as UTF-8
    if isinstance(body, bytes | bytearray):
        return bytes(body)
    raise UnreadableInput("the request's body was a stream and is gone: pass its bytes as `request_body`")


def response_from(given: "requests.Response", body: bytes | None) -> Response:
    """The response with its decoded content."""
    if body is None:
        if vars(given)["_content"] is False:  # the one sign of it; `content` would read from the network
            raise UnreadableInput(
                "the response's body was not read: read `response.content` first, or call without stream=True"
            )
        body = given.content or b""
    lines = getattr(given.raw, "headers", None)
    # urllib3 keeps repeated headers apart, requests joins them
    return Response(given.status_code, header_pairs((lines or given.headers).items()), body)
