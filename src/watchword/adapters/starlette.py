"""Starlette's and FastAPI's server-side `Request` and `Response`. Their TestClient returns httpx objects."""

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from watchword.adapters.wire import announces_body, decoded, header_pairs
from watchword.ground import Headers, Request, Response, UnreadableInput, WatchwordError, header_values

if TYPE_CHECKING:
    import starlette.requests
    import starlette.responses


def is_request(given: Any) -> bool:
    """Whether it is a request: those have an ASGI scope."""
    return hasattr(given, "scope")


def request_of(_response: "starlette.responses.Response") -> Any:
    """None: a server-side response does not know its request."""
    return None


def request_from(given: "starlette.requests.Request", body: bytes | None) -> Request:
    """The request; its body must have been awaited, since reading it needs the event loop."""
    scope = given.scope
    if scope["type"] != "http":
        raise WatchwordError(f"a connection of type `{scope['type']}` is no HTTP request")
    headers = header_pairs(scope["headers"])
    if body is None:
        body = _read(given, headers)
    return Request(scope["method"], _url(given, headers), headers, body)


def _read(given: "starlette.requests.Request", headers: Headers) -> bytes:
    read: bytes | None = getattr(given, "_body", None)
    if read is not None:
        return read
    if announces_body(headers):
        raise UnreadableInput("the request's body was not read: `await request.body()` first")
    return b""


def _url(given: "starlette.requests.Request", headers: Headers) -> str:
    scope = given.scope
    # ASGI 3.0: `raw_path` is optional; `path` is decoded
    raw = scope.get("raw_path")
    path = quote(scope["path"], safe="/:@!$&'()*+,;=-._~") if raw is None else raw.decode("latin-1")
    query = scope.get("query_string", b"").decode("latin-1")
    host = next(iter(header_values(headers, "Host")), None)
    origin = f"{scope.get('scheme', 'http')}://{host}" if host else ""
    return f"{origin}{path}?{query}" if query else origin + path


def response_from(given: "starlette.responses.Response", body: bytes | None) -> Response:
    """The response with its decoded content."""
    headers = header_pairs(given.raw_headers)
    if body is None:
        if not hasattr(given, "body"):
            name = type(given).__name__
            raise UnreadableInput(f"a {name} makes its body while sending: pass the collected bytes as `response_body`")
        body = decoded(bytes(given.body), headers)
    return Response(given.status_code, headers, body)
