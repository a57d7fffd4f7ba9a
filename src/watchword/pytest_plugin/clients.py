"""The HTTP clients that can be watched, one function each: which method ends an exchange, and how to hear of it.

No library is imported: what a test has not imported, it does not use.
"""

import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from io import BytesIO
from types import ModuleType
from typing import Any

from watchword.adapters.wire import decoded, header_pairs
from watchword.ground import UnreadableInput
from watchword.pytest_plugin.streams import Iterated, Kept, httpx_streams, read_ahead

Saw = Callable[..., None]
"""Called with a client, what it got, the bytes of the request where the response does not keep them, and as `reply` the
`Kept` of a reply that is still to be read, with what undoes its content coding as `decode`."""

_BODY = "watchword.body"


def imported() -> set[str]:
    """The modules of known clients that are loaded."""
    return {name for name in CLIENTS if name in sys.modules}


@contextmanager
def patched(saw: Saw, names: Collection[str]) -> Iterator[None]:
    """Tells `saw` of every exchange of the clients of some modules while the block runs."""
    with ExitStack() as undo:
        for name in sorted(names):
            CLIENTS[name](sys.modules[name], saw, undo)
        yield


def _replace(owner: Any, name: str, wrapper: Callable[[Any], Any], undo: ExitStack) -> None:
    original = getattr(owner, name)
    setattr(owner, name, wraps(original)(wrapper(original)))
    undo.callback(setattr, owner, name, original)


def _httpx(module: ModuleType, saw: Saw, undo: ExitStack) -> None:
    """`Client` and `AsyncClient`, Starlette's and FastAPI's TestClient; a redirect is an exchange of its own."""
    streams = httpx_streams(module)

    def both(client: Any, response: Any) -> None:
        for each in (*response.history, response):
            body = _sent(each.request, streams)
            if hasattr(each, "_content") or each.is_stream_consumed:
                saw(client, each, body)
            else:
                saw(client, each, body, reply=_kept_reply(each), decode=_decoder(each, module))

    def _kept_reply(response: Any) -> Kept:
        kept = Kept()
        kind = streams[isinstance(response.stream, module.AsyncByteStream)]
        response.stream = kind(response.stream, kept)
        return kept

    def sync(send: Any) -> Any:
        def watched(self: Any, request: Any, *given: Any, **named: Any) -> Any:
            __tracebackhide__ = True
            _keep_sent(request, streams[0], streams)
            response = send(self, request, *given, **named)
            both(self, response)
            return response

        return watched

    def asynchronous(send: Any) -> Any:
        async def watched(self: Any, request: Any, *given: Any, **named: Any) -> Any:
            __tracebackhide__ = True
            _keep_sent(request, streams[1], streams)
            response = await send(self, request, *given, **named)
            both(self, response)
            return response

        return watched

    _replace(module.Client, "send", sync, undo)
    _replace(module.AsyncClient, "send", asynchronous, undo)


def _keep_sent(request: Any, kind: type, known: tuple[type, type]) -> None:
    """Keeps a body that is no bytes, as it goes out; one of the other kind is left for httpx to refuse."""
    stream = getattr(request, "stream", None)
    fits = hasattr(stream, "__aiter__" if kind is known[1] else "__iter__")
    if fits and not hasattr(request, "_content") and not isinstance(stream, known):
        request.stream = kind(stream, Kept())


def _sent(request: Any, known: tuple[type, type]) -> bytes | None:
    """What went out, where the request itself does not keep it."""
    stream: Any = request.stream
    if hasattr(request, "_content") or type(stream) not in known:
        return None
    body: bytes | None = stream.kept.body
    return body


def _decoder(response: Any, module: ModuleType) -> Callable[[bytes], bytes]:
    """Undoes the content coding of a reply as httpx itself would."""

    def decode(body: bytes) -> bytes:
        try:
            content: bytes = module.Response(response.status_code, headers=response.headers, content=body).content
        except module.DecodingError:
            raise UnreadableInput("the body is not in its content coding") from None
        return content

    return decode


def _first_of_redirects(saw: Saw) -> Callable[[Any], Any]:
    """For methods that call themselves for each redirect: every call tells of the exchange that it began with."""

    def wrapper(original: Any) -> Any:
        def watched(self: Any, *given: Any, **named: Any) -> Any:
            __tracebackhide__ = True
            response = original(self, *given, **named)
            history = getattr(response, "history", None)
            saw(self, history[0] if history else response)
            return response

        return watched

    return wrapper


def _requests(module: ModuleType, saw: Saw, undo: ExitStack) -> None:
    """`Session.send`, which `requests.get` and its like end in too; it calls itself for each redirect."""

    def sending(send: Any) -> Any:
        def watched(self: Any, request: Any, *given: Any, **named: Any) -> Any:
            __tracebackhide__ = True
            body = getattr(request, "body", None)
            is_iterated = hasattr(body, "__iter__") and not hasattr(body, "read")
            kept = Kept() if is_iterated and not isinstance(body, str | bytes | bytearray) else None
            sent = read_ahead(body) if kept is None else None
            if kept is not None:
                request.body = Iterated(body, kept)
            try:
                response = send(self, request, *given, **named)
            finally:
                if kept is not None:
                    request.body = body
            first = response.history[0] if response.history else response
            if kept is not None:
                sent = kept.body
            if vars(first).get("_content") is False:
                saw(self, first, sent, reply=_kept_raw(first))
            else:
                saw(self, first, sent)
            return response

        return watched

    _replace(module.Session, "send", sending, undo)


def _kept_raw(response: Any) -> Kept:
    """What `iter_content` and all that uses it read, already decoded by urllib3; other readers are not heard."""
    kept, raw = Kept(), response.raw
    stream = getattr(raw, "stream", None)
    if stream is not None and hasattr(raw, "__dict__"):

        def watched(*given: Any, **named: Any) -> Iterator[Any]:
            return kept.over(stream(*given, **named))

        raw.stream = watched
    return kept


def _werkzeug(module: ModuleType, saw: Saw, undo: ExitStack) -> None:
    """The test clients of werkzeug and Flask. Following a redirect closes the request before, so its body is kept."""

    def keeping(run: Any) -> Any:
        def watched(self: Any, environ: dict[str, Any], *given: Any, **named: Any) -> Any:
            __tracebackhide__ = True
            stream = environ.get("wsgi.input")
            body = environ[_BODY] = b"" if stream is None else stream.read()
            environ["wsgi.input"] = BytesIO(body)
            return run(self, environ, *given, **named)

        return watched

    def saw_kept(client: Any, response: Any) -> None:
        saw(client, response, response.request.environ.get(_BODY))

    _replace(module.Client, "run_wsgi_app", keeping, undo)
    _replace(module.Client, "open", _first_of_redirects(saw_kept), undo)


def _django(module: ModuleType, saw: Saw, undo: ExitStack) -> None:
    """Django's two test clients. The view may have used up the request's body, so it is read before and put back."""

    def tell(client: Any, response: Any, body: bytes) -> None:
        if not getattr(response, "streaming", False):
            return saw(client, response, body)
        kept, content = Kept(), response.streaming_content
        response.streaming_content = kept.over_async(content) if response.is_async else kept.over(content)
        headers = header_pairs(response.items())
        return saw(client, response, body, reply=kept, decode=lambda coded: decoded(coded, headers))

    def sync(request: Any) -> Any:
        def watched(self: Any, **environ: Any) -> Any:
            __tracebackhide__ = True
            body = _kept(environ, "wsgi.input", module)
            response = request(self, **environ)
            tell(self, response, body)
            return response

        return watched

    def asynchronous(request: Any) -> Any:
        async def watched(self: Any, **scope: Any) -> Any:
            __tracebackhide__ = True
            body = _kept(scope, "_body_file", module)
            response = await request(self, **scope)
            tell(self, response, body)
            return response

        return watched

    _replace(module.Client, "request", sync, undo)
    _replace(module.AsyncClient, "request", asynchronous, undo)


def _kept(environ: dict[str, Any], key: str, module: ModuleType) -> bytes:
    payload = environ.get(key)
    if payload is None:
        return b""
    body: bytes = payload.read()
    environ[key] = module.FakePayload(body)
    return body


CLIENTS: dict[str, Callable[[ModuleType, Saw, ExitStack], None]] = {
    "django.test.client": _django,
    "httpx": _httpx,
    "httpx2": _httpx,
    "requests": _requests,
    "werkzeug.test": _werkzeug,
}
"""By the module that has the client."""
