"""Starlette objects in a real application; its TestClient, whose responses are httpx objects."""

import asyncio
import gzip
import warnings
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from watchword.adapters import exchange_from
from watchword.ground import Exchange, UnreadableInput, WatchwordError, header_values

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks for httpx2 where only httpx is installed
    from starlette.testclient import TestClient


def _client(seen: list[Exchange]) -> TestClient:
    async def endpoint(request: Request) -> JSONResponse:
        await request.body()
        response = JSONResponse({"a": 1}, 201)
        response.set_cookie("a", "1")
        response.set_cookie("b", "2")
        seen.append(exchange_from(response, request))
        return response

    return TestClient(Starlette(routes=[Route("/{path:path}", endpoint, methods=["PUT"])]), base_url="http://h")


def test_server_and_client_side_tell_the_same_exchange() -> None:
    """What the server's objects say of an exchange is what the client's say."""
    seen: list[Exchange] = []
    response = _client(seen).put("/things/a%2Fb?q=%20&q=2", content=b'{"p":1}', headers=[("X-A", "1"), ("X-A", "2")])
    inside, outside = seen[0], exchange_from(response)
    for exchange in (inside, outside):
        assert exchange.request.method == "PUT"
        assert exchange.request.url == "http://h/things/a%2Fb?q=%20&q=2"
        assert exchange.request.body == b'{"p":1}'
        assert header_values(exchange.request.headers, "x-a") == ["1", "2"]
        assert exchange.response is not None
        assert (exchange.response.status, exchange.response.body) == (201, b'{"a":1}')
        assert len(header_values(exchange.response.headers, "set-cookie")) == 2


def _request(**scope: Any) -> Request:
    return Request({"type": "http", "method": "GET", "path": "/a b", "query_string": b"", "headers": [], **scope})


def test_scope_without_raw_path_is_encoded_anew() -> None:
    """ASGI makes `raw_path` optional; without it and without a host the URL is a path."""
    assert exchange_from(_request()).request.url == "/a%20b"
    assert exchange_from(_request(query_string=b"x=%2F")).request.url == "/a%20b?x=%2F"


def test_coded_response_is_decoded() -> None:
    """A body that the application gzip'd is told as a client sees it."""
    given = exchange_from(Response(gzip.compress(b"abc"), headers={"Content-Encoding": "gzip"}), _request()).response
    assert given is not None
    assert given.body == b"abc"


def test_unread_request_is_refused_until_awaited() -> None:
    """A body that was announced but not awaited raises; awaited, it is there."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"abc"}

    request = Request(_request(headers=[(b"content-length", b"3")]).scope, receive)
    with pytest.raises(UnreadableInput, match=r"await request\.body\(\)"):
        exchange_from(request)
    asyncio.run(request.body())
    assert exchange_from(request).request.body == b"abc"


def test_streaming_response_is_refused_until_given() -> None:
    """A streaming response has no body to look at; its bytes can be given."""
    response = StreamingResponse(iter([b"abc"]))
    with pytest.raises(UnreadableInput, match="a StreamingResponse makes its body while sending"):
        exchange_from(response, _request())
    given = exchange_from(response, _request(), response_body=b"abc").response
    assert given is not None
    assert given.body == b"abc"


def test_response_without_request_is_refused() -> None:
    """A server-side response does not know its request."""
    with pytest.raises(WatchwordError, match=r"JSONResponse does not know its request"):
        exchange_from(JSONResponse({}))
