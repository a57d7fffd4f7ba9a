"""httpx objects over real HTTP, sync and async."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from watchword.adapters import exchange_from
from watchword.ground import UnreadableInput, WatchwordError, header_values


def test_response_gives_decoded_body_and_headers_as_received(echo: str, reply: bytes) -> None:
    """The body is what a client sees, while `Content-Encoding` and repeated headers stay."""
    exchange = exchange_from(httpx.put(f"{echo}/things/a%2Fb?q=%20", json={"a": "x"}))
    assert exchange.request.method == "PUT"
    assert exchange.request.url == f"{echo}/things/a%2Fb?q=%20"
    assert exchange.request.body == b'{"a":"x"}'
    assert ("Content-Type", "application/json") in exchange.request.headers
    assert exchange.response is not None
    assert exchange.response.body == reply
    assert header_values(exchange.response.headers, "content-encoding") == ["gzip"]
    assert header_values(exchange.response.headers, "set-cookie") == ["a=1", "b=2"]


def test_redirected_response_gives_the_last_exchange(echo: str) -> None:
    """After a redirect the request is the one that was answered last."""
    exchange = exchange_from(httpx.put(f"{echo}/moved", content=b"x", follow_redirects=True))
    assert exchange.request.url == f"{echo}/things/a%2Fb?x=1&x=2"


def test_async_client_gives_the_same(echo: str, reply: bytes) -> None:
    """An AsyncClient's response reads like a Client's."""

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient() as client:
            return await client.put(f"{echo}/a", content=b"x")

    exchange = exchange_from(asyncio.run(ask()))
    assert exchange.request.body == b"x"
    assert exchange.response is not None
    assert exchange.response.body == reply


def test_unread_stream_is_refused_until_read(echo: str, reply: bytes) -> None:
    """A streamed body that nobody read raises, says how to read it, and works afterwards."""
    with httpx.stream("GET", f"{echo}/") as response:
        with pytest.raises(UnreadableInput, match=r"read\(\) or aread\(\)"):
            exchange_from(response)
        response.read()
        exchange = exchange_from(response)
    assert exchange.response is not None
    assert exchange.response.body == reply


def test_streamed_request_body_can_be_given(echo: str) -> None:
    """A generator's bytes are gone after sending, so they are asked for."""

    def chunks() -> Iterator[bytes]:
        yield b"abc"

    response = httpx.put(f"{echo}/", content=chunks())
    with pytest.raises(UnreadableInput, match="`request_body`"):
        exchange_from(response)
    assert exchange_from(response, request_body=b"abc").request.body == b"abc"


def test_response_without_request_is_refused() -> None:
    """A response made by hand does not know its request; a lone request gives no response."""
    with pytest.raises(WatchwordError, match=r"exchange_from\(response, request\)"):
        exchange_from(httpx.Response(204))
    request = httpx.Request("GET", "http://h/a%2Fb")
    assert exchange_from(httpx.Response(204), request).request.url == "http://h/a%2Fb"
    assert exchange_from(request).response is None
