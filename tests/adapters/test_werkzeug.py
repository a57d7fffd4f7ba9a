"""werkzeug and Flask objects: the test client, and a view of a real application."""

import gzip
import io
import zlib

import flask
import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from watchword.adapters import exchange_from
from watchword.ground import Exchange, UnreadableInput, WatchwordError, header_values


def _application(seen: list[Exchange]) -> flask.Flask:
    application = flask.Flask("t")

    @application.put("/<path:path>")
    def view(path: str) -> flask.Response:
        response = flask.Response(gzip.compress(b'{"a":1}'), 201, [("Content-Encoding", "gzip")])
        response.set_cookie("a", "1")
        response.set_cookie("b", "2")
        seen.append(exchange_from(response, flask.request))
        assert flask.request.get_data() == b'{"p":1}'
        return response

    @application.post("/form")
    def form() -> str:
        return flask.request.form["a"]

    return application


def test_server_and_client_side_tell_the_same_exchange() -> None:
    """What a view's objects say of an exchange is what the test client's say; the view can still read the body."""
    seen: list[Exchange] = []
    response = _application(seen).test_client().put("/things/a%2Fb?q=%20&q=2", data=b'{"p":1}', headers={"X-A": "1"})
    for exchange in (seen[0], exchange_from(response)):
        assert exchange.request.method == "PUT"
        assert exchange.request.url == "http://localhost/things/a%2Fb?q=%20&q=2"
        assert exchange.request.body == b'{"p":1}'
        assert header_values(exchange.request.headers, "x-a") == ["1"]
        assert exchange.response is not None
        assert (exchange.response.status, exchange.response.body) == (201, b'{"a":1}')
        assert header_values(exchange.response.headers, "Content-Encoding") == ["gzip"]
        assert len(header_values(exchange.response.headers, "Set-Cookie")) == 2


def test_form_that_the_view_consumed_is_still_told() -> None:
    """The test client's input is rewound where the application has parsed it as a form."""
    exchange = exchange_from(_application([]).test_client().post("/form", data={"a": "b c"}))
    assert exchange.request.body == b"a=b+c"
    assert exchange.response is not None
    assert exchange.response.body == b"b c"


def test_consumed_server_input_is_refused() -> None:
    """A body that the form parser took from a server's input cannot be had again, and is not told as empty."""

    class Socket(io.BytesIO):
        def seekable(self) -> bool:
            return False

    environ = EnvironBuilder(method="POST", data={"a": "b"}).get_environ()
    environ["wsgi.input"] = Socket(b"a=b")
    request = Request(environ)
    assert request.form["a"] == "b"
    with pytest.raises(UnreadableInput, match=r"ahead of `request\.form`"):
        exchange_from(request)
    assert exchange_from(request, request_body=b"a=b").request.body == b"a=b"


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({"RAW_URI": "/a%2Fb?x=1", "QUERY_STRING": "x=1"}, "http://h/a%2Fb?x=1"),
        ({"REQUEST_URI": "/a%2Fb", "QUERY_STRING": ""}, "http://h/a%2Fb"),
        ({"REQUEST_URI": "http://proxy/a%2Fb", "QUERY_STRING": "y"}, "http://proxy/a%2Fb?y"),
        ({"SCRIPT_NAME": "/s", "PATH_INFO": "/\xc3\xa9 %", "QUERY_STRING": "q=%20"}, "http://h/s/%C3%A9%20%25?q=%20"),
        ({"RAW_URI": "/\xc3\xa9", "QUERY_STRING": ""}, "http://h/%C3%A9"),
    ],
)
def test_sent_path_is_kept_where_the_server_tells_it(environ: dict[str, str], url: str) -> None:
    """`RAW_URI` and `REQUEST_URI` keep the percent-encoding; without them the path is encoded anew."""
    base = {"REQUEST_METHOD": "GET", "HTTP_HOST": "h", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO()}
    assert exchange_from(Request({**base, **environ})).request.url == url


def test_streamed_response_is_refused_until_made_a_sequence() -> None:
    """A streamed response raises and says how to collect it."""
    request = Request(EnvironBuilder().get_environ())
    response = Response(iter([b"a", b"b"]))
    with pytest.raises(UnreadableInput, match=r"make_sequence\(\)"):
        exchange_from(response, request)
    response.make_sequence()
    given = exchange_from(response, request).response
    assert given is not None
    assert given.body == b"ab"


def test_unknown_coding_and_missing_request_are_refused() -> None:
    """A content coding that cannot be undone is named; a lone response asks for its request."""
    request = Request(EnvironBuilder().get_environ())
    with pytest.raises(UnreadableInput, match="content coding `br`"):
        exchange_from(Response(b"x", headers={"Content-Encoding": "br"}), request)
    with pytest.raises(UnreadableInput, match="not in its content coding `gzip`"):
        exchange_from(Response(b"x", headers={"Content-Encoding": "gzip"}), request)
    with pytest.raises(WatchwordError, match="does not know its request"):
        exchange_from(Response(b"x"))


def test_codings_are_undone_last_first() -> None:
    """RFC 9110 section 8.4 lists codings in the order they were applied; bare deflate is taken too."""
    request = Request(EnvironBuilder().get_environ())
    for inner in (zlib.compress(b"abc"), zlib.compress(b"abc", wbits=-15)):
        response = Response(gzip.compress(inner), headers={"Content-Encoding": "Deflate, gzip, identity"})
        given = exchange_from(response, request).response
        assert given is not None
        assert given.body == b"abc"
