"""Django objects: the test client with views of its own URL configuration."""

import sys
from types import ModuleType
from typing import Any

import django
import pytest
from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import re_path

from watchword.adapters import exchange_from
from watchword.ground import Exchange, UnreadableInput, WatchwordError, header_values

seen: list[Exchange] = []


def _view(request: Any) -> HttpResponse:
    response = HttpResponse(b'{"a":1}' * 40, status=201, content_type="application/json")
    response.set_cookie("a", "1")
    response.set_cookie("b", "2")
    seen.append(exchange_from(response, request))
    return response


def _stream(request: Any) -> HttpResponse:
    return HttpResponse(request.read(2))


@pytest.fixture(scope="module", autouse=True)
def _configured() -> None:
    urls = ModuleType("watchword_test_urls")
    urls.urlpatterns = [re_path("^stream$", _stream), re_path(".*", _view)]  # type: ignore[attr-defined]
    sys.modules[urls.__name__] = urls
    if not settings.configured:
        gzip = "django.middleware.gzip.GZipMiddleware"
        settings.configure(ROOT_URLCONF=urls.__name__, ALLOWED_HOSTS=["*"], MIDDLEWARE=[gzip])
        django.setup()


def test_server_and_client_side_tell_the_same_exchange() -> None:
    """A view's objects and the test client's tell one exchange; a body that middleware gzip'd is decoded."""
    seen.clear()
    response = Client().put(
        "/things/1?q=%20&q=2", data=b'{"p":1}', content_type="application/json", headers={"accept-encoding": "gzip"}
    )
    for exchange in (seen[0], exchange_from(response)):
        assert exchange.request.method == "PUT"
        assert exchange.request.url == "http://testserver/things/1?q=%20&q=2"
        assert exchange.request.body == b'{"p":1}'
        assert header_values(exchange.request.headers, "Content-Type") == ["application/json"]
        assert exchange.response is not None
        assert (exchange.response.status, exchange.response.body) == (201, b'{"a":1}' * 40)
        assert len(header_values(exchange.response.headers, "Set-Cookie")) == 2
    assert response.headers["Content-Encoding"] == "gzip"


def test_sent_path_is_kept_where_the_server_tells_it() -> None:
    """`RAW_URI` keeps `%2F`; without it the path is encoded anew."""
    factory = RequestFactory()
    assert exchange_from(factory.get("/a%2Fb", RAW_URI="/a%2Fb")).request.url == "http://testserver/a%2Fb"
    assert exchange_from(factory.get("/a%20b")).request.url == "http://testserver/a%20b"


def test_body_read_as_a_stream_is_refused() -> None:
    """A view that read the stream leaves no body; it is asked for, not told as empty."""
    response = Client().post("/stream", data=b"abc", content_type="text/plain")
    with pytest.raises(UnreadableInput, match=r"ahead of `request\.POST`"):
        exchange_from(response)
    assert exchange_from(response, request_body=b"abc").request.body == b"abc"


def test_streaming_response_and_lone_response_are_refused() -> None:
    """A streaming response asks for its bytes, a lone one for its request."""
    request = RequestFactory().get("/")
    with pytest.raises(UnreadableInput, match="`streaming_content`"):
        exchange_from(StreamingHttpResponse([b"a"]), request)
    with pytest.raises(WatchwordError, match="does not know its request"):
        exchange_from(HttpResponse())
