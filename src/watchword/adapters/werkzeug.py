"""werkzeug's and Flask's `Request`, `Response` and the test client's `TestResponse`."""

from typing import TYPE_CHECKING, Any

from watchword.adapters.wire import decoded, header_pairs, wsgi_url
from watchword.ground import Request, Response, UnreadableInput

if TYPE_CHECKING:
    import werkzeug.wrappers


def is_request(given: Any) -> bool:
    """Whether it is a request: those have a WSGI environ."""
    return hasattr(given, "environ")


def request_of(response: "werkzeug.wrappers.Response") -> Any:
    """The request of a test client's response; a server-side one does not know it."""
    return getattr(response, "request", None)


def request_from(given: "werkzeug.wrappers.Request", body: bytes | None) -> Request:
    """The request; WSGI has joined repeated headers and lost their case."""
    if body is None:
        body = _read(given)
    url = wsgi_url(given.environ, given.host, given.scheme)
    return Request(given.method, url, header_pairs(given.headers), body)


def _read(given: "werkzeug.wrappers.Request") -> bytes:
    from werkzeug.exceptions import HTTPException  # loaded already: the object is werkzeug's

    stream = given.environ.get("wsgi.input")
    if getattr(stream, "closed", False):
        raise _gone()
    if not hasattr(given, "_cached_data") and stream is not None and getattr(stream, "seekable", lambda: False)():
        return _rewound(stream, given.content_length)
    try:
        body = given.get_data()  # cached, so that the application can still read it
    except HTTPException:  # the form parser came first, and took what Content-Length announces
        raise _gone() from None
    if given.content_length and not body:
        raise _gone()
    return body


def _rewound(stream: Any, length: int | None) -> bytes:
    """The whole of an input held in memory, as the test client's is; its position stays the application's."""
    position = stream.tell()
    stream.seek(0)
    body: bytes = stream.read(length or 0)
    stream.seek(position)
    return body


def _gone() -> UnreadableInput:
    return UnreadableInput(
        "the request's body was read or closed before: call `request.get_data()` ahead of `request.form`, "
        "or pass the bytes as `request_body`"
    )


def response_from(given: "werkzeug.wrappers.Response", body: bytes | None) -> Response:
    """The response with its decoded content."""
    headers = header_pairs(given.headers)
    if body is None:
        # what the test client received has an end, even where the server streamed it
        if not given.is_sequence and not hasattr(given, "request"):
            raise UnreadableInput(
                "the response is streamed: call its make_sequence() first, or pass the bytes as `response_body`"
            )
        body = decoded(given.get_data(), headers)
    return Response(given.status_code, headers, body)
