"""Django's `HttpRequest`, `HttpResponse` and the test client's response."""

from typing import Any

from watchword.adapters.wire import decoded, header_pairs, wsgi_url
from watchword.ground import Request, Response, UnreadableInput


def is_request(given: Any) -> bool:
    """Whether it is a request: those have META."""
    return hasattr(given, "META")


def request_of(response: Any) -> Any:
    """The request of a test client's response; a server-side one does not know it."""
    return getattr(response, "wsgi_request", None) or getattr(response, "asgi_request", None)


def request_from(given: Any, body: bytes | None) -> Request:
    """The request; Django has joined repeated headers and lost their case."""
    if body is None:
        body = _read(given)
    return Request(given.method or "", _url(given), header_pairs(given.headers.items()), body)


def _read(given: Any) -> bytes:
    if not hasattr(given, "_body") and given._read_started:  # where `body` raises an exception of Django
        raise UnreadableInput(
            "the request's body was read as a stream before: touch `request.body` ahead of `request.POST`, "
            "or pass the bytes as `request_body`"
        )
    body: bytes = given.body
    return body


def _url(given: Any) -> str:
    host, scheme = given.META.get("HTTP_HOST") or given.META.get("SERVER_NAME", "localhost"), given.scheme
    raw = getattr(given, "scope", {}).get("raw_path")
    if raw:
        query = given.META.get("QUERY_STRING", "")
        path = raw.decode("latin-1")
        return f"{scheme}://{host}{path}?{query}" if query else f"{scheme}://{host}{path}"
    return wsgi_url(given.META, host, scheme)


def response_from(given: Any, body: bytes | None) -> Response:
    """The response with its decoded content, each cookie as a `Set-Cookie` line of its own."""
    cookies = [("Set-Cookie", morsel.OutputString()) for morsel in given.cookies.values()]
    headers = header_pairs([*given.items(), *cookies])
    if body is None:
        if given.streaming:
            raise UnreadableInput(
                "the response is streamed: join its `streaming_content` and pass the bytes as `response_body`"
            )
        body = decoded(given.content, headers)
    return Response(given.status_code, headers, body)
