"""Objects of HTTP libraries -> `Exchange`; picks the adapter by the object's class. Knows no library itself.

A module is imported only once an object of its library turns up, and no adapter imports its library.
"""

from functools import lru_cache
from importlib import import_module
from typing import Any

from watchword.adapters.protocol import Adapter
from watchword.ground import Exchange, WatchwordError

__all__ = ["ADAPTERS", "exchange_from", "judged_exchange"]

# Root package of a class -> module of this folder. FastAPI and Flask classes inherit from Starlette's and werkzeug's.
ADAPTERS = {
    "aiohttp": "aiohttp",
    "django": "django",
    "httpx": "httpx",
    "httpx2": "httpx",
    "requests": "requests",
    "starlette": "starlette",
    "werkzeug": "werkzeug",
}


def exchange_from(
    given: Any, request: Any = None, *, request_body: bytes | None = None, response_body: bytes | None = None
) -> Exchange:
    """The exchange that a library's object tells of; a lone request gives an exchange without a response.

    `given` is a response or a request of requests, httpx, Starlette, FastAPI, werkzeug, Flask, Django or aiohttp's
    client; an `Exchange` is returned as it is. `request` is needed where a response does not know its request
    (server-side responses). After redirects the exchange is the last one. `request_body` and `response_body` replace
    what the object cannot give: aiohttp keeps no request body, streams are not read.

    Bodies are as a client sees them, after content decoding; headers are as received, repeated ones kept apart where
    the library does. Raises WatchwordError for an object of another library, for a response that lacks its request,
    and for a body that has not been read.
    """
    if isinstance(given, Exchange):
        return given
    adapter = _adapter(given)
    if adapter.is_request(given):
        if request is not None:
            raise WatchwordError(f"{_name(given)} is a request: give the response first, then its request")
        return Exchange(adapter.request_from(given, request_body))
    asked = adapter.request_of(given) if request is None else request
    if asked is None:
        raise WatchwordError(f"{_name(given)} does not know its request: call exchange_from(response, request)")
    return Exchange(_adapter(asked).request_from(asked, request_body), adapter.response_from(given, response_body))


def judged_exchange(
    given: Any,
    request: Any = None,
    *,
    side: str | None = None,
    request_body: bytes | None = None,
    response_body: bytes | None = None,
) -> Exchange:
    """As `exchange_from`, where only a side is judged, `request` or `response`: the body of the other is not needed.

    Raises WatchwordError for another side.
    """
    if side not in {None, "request", "response"}:
        raise WatchwordError(f"side is {side!r}, expected 'request', 'response' or None")
    if side == "response" and request_body is None:
        request_body = b""
    if side == "request" and response_body is None:
        response_body = b""
    return exchange_from(given, request, request_body=request_body, response_body=response_body)


def _adapter(given: Any) -> Adapter:
    # `__class__`, not type(): Flask's `request` and Django's lazy objects stand in for another class.
    adapter = _adapter_of(given.__class__)
    if adapter is not None:
        return adapter
    known = ", ".join(sorted(ADAPTERS))
    raise WatchwordError(f"no adapter for {_name(given)}: known are requests and responses of {known}")


@lru_cache(maxsize=256)
def _adapter_of(kind: type) -> Adapter | None:
    for ancestor in kind.__mro__:
        name = ADAPTERS.get(ancestor.__module__.partition(".")[0])
        if name is not None:
            adapter: Adapter = import_module(f"watchword.adapters.{name}")
            return adapter
    return None


def _name(given: Any) -> str:
    return f"{given.__class__.__module__}.{given.__class__.__qualname__}"
