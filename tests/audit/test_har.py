"""The HAR reader: what browsers and proxies write, and where they bend the format."""

import io
import json
from typing import Any

import pytest

from watchword.audit.readers import har
from watchword.audit.readers.protocol import NotAnExchange
from watchword.ground import Exchange, Request, Response

FORM = "application/x-www-form-urlencoded"
SECRET = "hunter2-hunter2"


def _entry(request: dict[str, Any] | None = None, response: dict[str, Any] | None = None) -> dict[str, Any]:
    asked = {
        "method": "PUT",
        "url": "https://h/a",
        "httpVersion": "HTTP/2",
        "cookies": [],
        "headers": [],
        "queryString": [],
    }
    answered = {
        "status": 200,
        "statusText": "OK",
        "headers": [],
        "content": {"size": 0, "mimeType": ""},
        "redirectURL": "",
    }
    return {
        "startedDateTime": "2026-11-22T14:00:00Z",
        "time": 1.5,
        "request": {**asked, **(request or {})},
        "response": {**answered, **(response or {})},
        "comment": "kept by hand",
    }


def _archive(*entries: Any) -> bytes:
    log = {
        "version": "1.2",
        "creator": {"name": "t", "version": "1"},
        "comment": "",
        "pages": [],
        "entries": list(entries),
    }
    return json.dumps({"log": log}).encode()


def _only(entry: Any) -> Exchange:
    ((index, found),) = har.recorded(io.BytesIO(_archive(entry)))
    assert index == 0
    assert isinstance(found, Exchange), found
    return found


def test_entry_becomes_an_exchange() -> None:
    """Method, URL, headers and bodies arrive; the id is the index."""
    entry = _entry(
        {
            "headers": [{"name": "A", "value": "1", "comment": ""}],
            "postData": {"mimeType": "application/json", "text": "é"},
        },
        {
            "status": 201,
            "headers": [{"name": "Content-Type", "value": "text/plain"}],
            "content": {"size": 2, "text": "ok"},
        },
    )
    headers = (("A", "1"), ("Content-Type", "application/json"))
    request = Request("PUT", "https://h/a", headers, "é".encode())
    assert _only(entry) == Exchange(request, Response(201, (("Content-Type", "text/plain"),), b"ok"), 0)


def test_pseudo_headers_are_left_out() -> None:
    """HTTP/2 pseudo headers repeat the method and the URL; other headers keep order and repetition."""
    names = [(":authority", "h"), (":method", "PUT"), ("a", "1"), (":path", "/a"), ("a", "2")]
    entry = _entry({"headers": [{"name": name, "value": value} for name, value in names]})
    assert _only(entry).request.headers == (("a", "1"), ("a", "2"))


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ({"size": 2, "text": "AP8=", "encoding": "base64"}, b"\0\xff"),
        ({"size": 2, "text": "AP8="}, b"AP8="),
        ({"size": 0}, b""),
        ({"size": -1, "mimeType": "x-unknown"}, b""),
        ({"size": 0, "text": ""}, b""),
        ({}, b""),
    ],
)
def test_content_comes_as_text_or_base64(content: dict[str, Any], body: bytes) -> None:
    """Binary content is base64 by its `encoding`; no text and no size is an empty body."""
    response = _only(_entry(response={"content": content})).response
    assert response is not None
    assert response.body == body


def test_decoded_text_beside_a_content_encoding_is_taken_as_decoded() -> None:
    """Browsers write the decoded text and keep the `Content-Encoding` header: the text is not decoded again."""
    headers = [{"name": "content-encoding", "value": "gzip"}]
    response = _only(_entry(response={"headers": headers, "content": {"size": 2, "text": "{}"}})).response
    assert response is not None
    assert (response.headers, response.body) == ((("content-encoding", "gzip"),), b"{}")


@pytest.mark.parametrize("response", [{"status": 0}, {"content": {"size": 17}}])
def test_response_that_was_not_recorded_is_absent(response: dict[str, Any]) -> None:
    """Status 0 and content without its text are no response that could be judged."""
    assert _only(_entry(response=response)).response is None


def test_entry_without_response_or_content_is_read() -> None:
    """A missing response is absent; a response without content is empty."""
    entry = _entry()
    del entry["response"]
    assert _only(entry).response is None
    entry = _entry()
    del entry["response"]["content"]
    assert _only(entry).response == Response(200)


@pytest.mark.parametrize(
    ("posted", "body"),
    [
        ({"mimeType": FORM, "params": [{"name": "a b", "value": "é"}, {"name": "c"}]}, b"a+b=%C3%A9&c="),
        ({"mimeType": FORM, "params": [{"name": "a"}], "text": "a=1"}, b"a=1"),
        ({"mimeType": "application/octet-stream", "text": "AP8=", "encoding": "base64"}, b"\0\xff"),
        ({"mimeType": "text/plain", "text": "", "params": []}, b""),
        (None, b""),
    ],
)  # fmt: skip
def test_post_data_comes_as_text_or_params(posted: dict[str, Any] | None, body: bytes) -> None:
    """The text is what was sent; without it the params of a form are encoded."""
    assert _only(_entry({"postData": posted})).request.body == body


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (None, "is null, expected an object with `request`"),
        ({"x": SECRET}, "`request` is missing"),
        (_entry({"url": 7}), "`request.url` is a number, expected a string"),
        (_entry({"bodySize": 12}), "the request's body was not recorded: `bodySize` without `postData`"),
        (_entry({"headers": {SECRET: 1}}), "`request.headers` is an object, expected an array"),
        (_entry({"headers": [SECRET]}), "`request.headers` holds something without a `name`"),
        (_entry({"postData": SECRET}), "`request.postData` is a string, expected an object"),
        (_entry({"postData": {"text": 7}}), "`request.postData.text` is a number, expected a string"),
        (_entry({"postData": {"mimeType": "multipart/form-data", "params": [{"name": SECRET}]}}),
         "the request's body was recorded as `params` alone, which only a URL-encoded form can be made from"),
        (_entry(response={"status": SECRET}), "`response.status` is a string, expected an integer"),
        (_entry(response={"content": SECRET}), "`response.content` is a string, expected an object"),
        (_entry(response={"content": {"text": SECRET + "!", "encoding": "base64"}}),
         "`response.content.text` is no base64"),
    ],
)  # fmt: skip
def test_entry_that_is_no_exchange_gives_the_reason_alone(entry: Any, reason: str) -> None:
    """What is wrong is named, nothing of the entry is repeated, and the next entry is read."""
    (_, found), (index, following) = har.recorded(io.BytesIO(_archive(entry, _entry())))
    assert isinstance(found, NotAnExchange)
    assert found.reason == reason
    assert index == 1
    assert isinstance(following, Exchange)


@pytest.mark.parametrize("damage", [b'{"log": {"entries": [NaN', b"", b'{"request": "\xff', b"]]"])
def test_broken_archive_keeps_the_entries_before(damage: bytes) -> None:
    """An archive that breaks off gives its whole entries, then one reason that shows none of the text."""
    whole = _archive(_entry(), _entry())
    cut = whole[: whole.rindex(b'{"startedDateTime"')]
    first, last = har.recorded(io.BytesIO(cut + damage + SECRET.encode()))
    assert isinstance(first[1], Exchange)
    assert last[0] == 1
    assert isinstance(last[1], NotAnExchange)
    assert last[1].reason == "the file is no JSON from here on"


@pytest.mark.parametrize(
    ("head", "recognised"),
    [
        (b'{"log":{', True),
        (b' \r\n{ "comment" : "x", "log" : { "version"', True),
        (b'{"log":{"version":"1.2","entries":[' + b" " * 200_000, True),
        (b'{"request":{"method":"GET","url":"/"},"log":{}}', False),
        (b'{"id":1,"request":{"method":"GET","url":"/"}}\n{"log":{}}', False),
        (b'{"log":"text","request":{}}', False),
        (b'{"logs":{}}', False),
        (b'[{"log":{}}]', False),
        (b"", False),
        (b"\xff\xfe{", False),
    ],
)
def test_archive_is_recognised_by_its_beginning(head: bytes, recognised: bool) -> None:
    """An archive is an object with an object `log`, whatever the file is called."""
    assert har.recognises(head) is recognised
