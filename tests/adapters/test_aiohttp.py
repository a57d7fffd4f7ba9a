"""aiohttp client objects over real HTTP."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest

import watchword
from watchword.adapters import exchange_from
from watchword.ground import Exchange, UnreadableInput, header_values
from watchword.validation import Validator

DOCUMENT = """
openapi: 3.1.0
info: {title: Things, version: "1"}
paths:
  /things:
    put:
      requestBody:
        content:
          application/json:
            schema: {type: object, properties: {name: {type: string, minLength: 1}}}
      responses:
        "200": {description: Done, content: {application/json: {schema: {type: object}}}}
"""


async def _put(url: str, *, read: bool, body: bytes | None, given: bytes | None) -> Exchange:
    async with aiohttp.ClientSession() as session, session.put(url, data=body) as response:
        if read:
            await response.read()
        return exchange_from(response, request_body=given)


def test_read_response_gives_decoded_body_and_headers_as_received(echo: str, reply: bytes) -> None:
    """The body is what a client sees, while `Content-Encoding`, repeated headers and `%2F` stay."""
    exchange = asyncio.run(_put(f"{echo}/things/a%2Fb?q=%20", read=True, body=b"abc", given=b"abc"))
    assert exchange.request.method == "PUT"
    assert exchange.request.url.startswith(f"{echo}/things/a%2Fb?q=")
    assert exchange.request.body == b"abc"
    assert exchange.response is not None
    assert exchange.response.body == reply
    assert header_values(exchange.response.headers, "Content-Encoding") == ["gzip"]
    assert header_values(exchange.response.headers, "Set-Cookie") == ["a=1", "b=2"]


def test_redirected_response_gives_the_last_exchange(echo: str) -> None:
    """After a redirect the request is the one that was answered last."""
    exchange = asyncio.run(_put(f"{echo}/moved", read=True, body=b"abc", given=b"abc"))
    assert exchange.request.url == f"{echo}/things/a%2Fb?x=1&x=2"


def test_body_that_aiohttp_dropped_is_asked_for(echo: str) -> None:
    """No request body is kept by aiohttp: none is made up, it has to be given; a request without one needs nothing."""
    with pytest.raises(UnreadableInput, match="keeps no request body"):
        asyncio.run(_put(f"{echo}/", read=True, body=b"abc", given=None))
    assert asyncio.run(_put(f"{echo}/", read=True, body=None, given=None)).request.body == b""


def test_unread_response_is_refused(echo: str) -> None:
    """A response whose body was not awaited raises and says what to await."""
    with pytest.raises(UnreadableInput, match=r"await response\.read\(\)"):
        asyncio.run(_put(f"{echo}/", read=False, body=None, given=None))


async def _assert_conforms(validator: Validator, url: str, **given: Any) -> None:
    async with aiohttp.ClientSession() as session, session.put(url, json={"name": "x"}) as response:
        await response.read()
        watchword.assert_conforms(validator, response, **given)


def test_assertion_takes_the_body_that_aiohttp_forgot(echo: str, tmp_path: Path) -> None:
    """`assert_conforms` is handed the bytes that were sent, judges them, and needs none for the reply alone."""
    document = tmp_path / "mine.yaml"
    document.write_text(DOCUMENT)
    validator = watchword.load(document)
    url = f"{echo}/things"
    with pytest.raises(UnreadableInput, match="keeps no request body"):
        asyncio.run(_assert_conforms(validator, url))
    asyncio.run(_assert_conforms(validator, url, side="response"))
    asyncio.run(_assert_conforms(validator, url, request_body=b'{"name": "x"}'))
    with pytest.raises(ExceptionGroup):
        asyncio.run(_assert_conforms(validator, url, request_body=b'{"name": ""}'))
