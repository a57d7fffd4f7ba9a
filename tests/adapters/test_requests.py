"""requests objects over real HTTP."""

import io

import pytest
import requests

from watchword.adapters import exchange_from
from watchword.ground import UnreadableInput, WatchwordError, header_values


def test_response_gives_decoded_body_and_headers_as_received(echo: str, reply: bytes) -> None:
    """The body is what a client sees, while `Content-Encoding` and repeated headers stay."""
    exchange = exchange_from(requests.put(f"{echo}/things/a%2Fb?q=%20", json={"newPassword": "x"}, timeout=5))
    assert exchange.request.method == "PUT"
    assert exchange.request.url == f"{echo}/things/a%2Fb?q=%20"
    assert exchange.request.body == b'{"newPassword": "x"}'
    assert header_values(exchange.request.headers, "content-type") == ["application/json"]
    assert exchange.response is not None
    assert exchange.response.status == 200
    assert exchange.response.body == reply
    assert header_values(exchange.response.headers, "Content-Encoding") == ["gzip"]
    assert header_values(exchange.response.headers, "Set-Cookie") == ["a=1", "b=2"]
    assert header_values(exchange.response.headers, "X-Seen") == ["/things/a%2Fb?q=%20 20"]


def test_redirected_response_gives_the_last_exchange(echo: str) -> None:
    """After a redirect the request is the one that was answered last."""
    exchange = exchange_from(requests.put(f"{echo}/moved", data="a=b", timeout=5))
    assert exchange.request.url == f"{echo}/things/a%2Fb?x=1&x=2"
    assert exchange.request.body == b"a=b"
    assert exchange.response is not None
    assert exchange.response.status == 200


@pytest.mark.parametrize(("body", "sent"), [(None, b""), ("é", "é".encode()), (b"\xff\x00", b"\xff\x00")])
def test_prepared_request_gives_an_exchange_without_response(body: str | bytes | None, sent: bytes) -> None:
    """A prepared request alone has no response; its text goes out as UTF-8."""
    exchange = exchange_from(requests.Request("POST", "http://h/a b?c=d e", data=body).prepare())
    assert (exchange.request.url, exchange.request.body, exchange.response) == ("http://h/a%20b?c=d%20e", sent, None)


def test_unread_stream_is_refused_until_read(echo: str, reply: bytes) -> None:
    """A streamed body that nobody read raises, says how to read it, and works afterwards."""
    with requests.get(f"{echo}/", stream=True, timeout=5) as response:
        with pytest.raises(UnreadableInput, match=r"read `response\.content` first"):
            exchange_from(response)
        assert response.content
        exchange = exchange_from(response)
    assert exchange.response is not None
    assert exchange.response.body == reply


def test_streamed_request_body_can_be_given(echo: str) -> None:
    """An upload stream is gone after sending, so its bytes are asked for."""
    response = requests.put(f"{echo}/", data=io.BytesIO(b"abc"), timeout=5)
    with pytest.raises(UnreadableInput, match="`request_body`"):
        exchange_from(response)
    assert exchange_from(response, request_body=b"abc").request.body == b"abc"


def test_request_that_is_not_prepared_is_refused() -> None:
    """A `requests.Request` does not say what is sent."""
    with pytest.raises(UnreadableInput, match=r"prepare\(\)"):
        exchange_from(requests.Request("GET", "http://h/"))


def test_response_without_request_is_refused() -> None:
    """A response made by hand does not know its request; one can be given."""
    response = requests.Response()
    response.status_code = 204
    response._content = b""
    with pytest.raises(WatchwordError, match=r"exchange_from\(response, request\)"):
        exchange_from(response)
    exchange = exchange_from(response, requests.Request("GET", "http://h/").prepare())
    assert exchange.request.url == "http://h/"


def test_request_in_place_of_the_response_is_refused() -> None:
    """Swapped arguments are named as such."""
    request = requests.Request("GET", "http://h/").prepare()
    with pytest.raises(WatchwordError, match="give the response first"):
        exchange_from(request, request)
