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

Saw = Callable[..., None]
"""Called with a client, what it got, and the bytes of the request where the response does not keep them."""

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

    def both(client: Any, response: Any) -> None:
        for each in (*response.history, response):
            saw(client, each)

    def sync(send: Any) -> Any:
        def watched(self: Any, *given: Any, **named: Any) -> Any:
            __tracebackhide__ = True
            response = send(self, *given, **named)
            both(self, response)
            return response

        return watched

    def asynchronous(send: Any) -> Any:
        async def watched(self: Any, *given: Any, **named: Any) -> Any:
            __tracebackhide__ = True
            response = await send(self, *given, **named)
            both(self, response)
            return response

        return watched

    _replace(module.Client, "send", sync, undo)
    _replace(module.AsyncClient, "send", asynchronous, undo)


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
    """`Session.send`, which `requests.get` and its like end in too."""
    _replace(module.Session, "send", _first_of_redirects(saw), undo)


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

    def sync(request: Any) -> Any:
        def watched(self: Any, **environ: Any) -> Any:
            __tracebackhide__ = True
            body = _kept(environ, "wsgi.input", module)
            response = request(self, **environ)
            saw(self, response, body)
            return response

        return watched

    def asynchronous(request: Any) -> Any:
        async def watched(self: Any, **scope: Any) -> Any:
            __tracebackhide__ = True
            body = _kept(scope, "_body_file", module)
            response = await request(self, **scope)
            saw(self, response, body)
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
