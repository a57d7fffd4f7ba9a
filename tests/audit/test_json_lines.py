"""The JSON lines reader: what becomes an exchange, and what is said of the rest."""

import io
import json
from typing import Any

import pytest

from watchword.audit.readers import json_lines
from watchword.audit.readers.protocol import NotAnExchange
from watchword.ground import Exchange, Request, Response

GET = {"method": "GET", "url": "/a"}
SECRET = "hunter2-hunter2"


def _read(*lines: str | bytes | dict[str, Any], end: bytes = b"\n") -> list[tuple[int, Exchange | NotAnExchange]]:
    coded = [
        line if isinstance(line, bytes) else (line if isinstance(line, str) else json.dumps(line)).encode()
        for line in lines
    ]
    return list(json_lines.recorded(io.BytesIO(end.join(coded))))


def _only(line: str | bytes | dict[str, Any]) -> Exchange:
    ((_, found),) = _read(line)
    assert isinstance(found, Exchange), found
    return found


def _refused(line: str | bytes | dict[str, Any]) -> NotAnExchange:
    ((_, found),) = _read(line)
    assert isinstance(found, NotAnExchange)
    assert SECRET not in found.reason
    return found


def test_full_line_is_read_literally() -> None:
    """Every member of a line arrives in the exchange."""
    line = {
        "id": {"any": [1]},
        "request": {"method": "PUT", "url": "https://h/a%2Fb?c", "headers": {"A": "1"}, "body": "é"},
        "response": {"status": 200, "headers": [["B", "2"], ["b", "3"]], "body_base64": "/wA="},
    }
    request = Request("PUT", "https://h/a%2Fb?c", (("A", "1"),), "é".encode())
    assert _only(line) == Exchange(request, Response(200, (("B", "2"), ("b", "3")), b"\xff\x00"), {"any": [1]})


@pytest.mark.parametrize("response", [{}, {"response": None}])
def test_response_may_be_absent(response: dict[str, Any]) -> None:
    """A line without a response is an exchange without one."""
    assert _only({"request": GET, **response}) == Exchange(Request("GET", "/a"))


@pytest.mark.parametrize(
    ("headers", "pairs"),
    [
        (None, ()),
        ({}, ()),
        ([], ()),
        (
            {"A": ["1", "2"], "B": 3, "C": None, "D": True, "E": 1.5},
            (("A", "1"), ("A", "2"), ("B", "3"), ("D", "true"), ("E", "1.5")),
        ),
        ([["A", "1"], ["A", 2]], (("A", "1"), ("A", "2"))),
    ],
)
def test_headers_come_as_object_or_pairs(headers: Any, pairs: tuple[tuple[str, str], ...]) -> None:
    """Values may be lists, numbers and booleans; null is no header; order and repetition are kept."""
    assert _only({"request": {**GET, "headers": headers}}).request.headers == pairs


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        ({}, b""),
        ({"body": None}, b""),
        ({"body": ""}, b""),
        ({"body": "a\u0000"}, b"a\0"),
        ({"body_base64": "AP8="}, b"\0\xff"),
        ({"body_base64": "AP\r\n8="}, b"\0\xff"),
        ({"body": None, "body_base64": "AP8="}, b"\0\xff"),
        ({"body": "shown", "body_base64": "AP8="}, b"\0\xff"),
        ({"body": "shown", "body_base64": None}, b"shown"),
    ],
)
def test_bodies_come_as_text_or_base64(body: dict[str, Any], sent: bytes) -> None:
    """The base64 bytes are the exact ones, and win over the text."""
    assert _only({"request": {**GET, **body}}).request.body == sent


def test_lines_keep_their_numbers_across_empty_ones() -> None:
    """Empty lines are counted and skipped, whatever ends a line, and the last one needs no end."""
    lines = [{"request": GET, "id": 1}, "", "  ", {"request": GET, "id": 2}]
    for end in (b"\n", b"\r\n"):
        assert [(number, found.id) for number, found in _read(*lines, end=end) if isinstance(found, Exchange)] == [
            (1, 1),
            (4, 2),
        ]


def test_bad_line_does_not_stop_the_rest() -> None:
    """A line that is no exchange is told with its number, and the next one is read."""
    found = _read({"request": GET}, "{", {"request": GET})
    assert [(number, type(each).__name__) for number, each in found] == [
        (1, "Exchange"),
        (2, "NotAnExchange"),
        (3, "Exchange"),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f'{{"{SECRET}', "is no JSON at character 2"),
        (f'"{SECRET}"', "is a string, expected an object with `request`"),
        ("[]", "is an array, expected an object with `request`"),
        ("null", "is null, expected an object with `request`"),
        (b"\xff" + SECRET.encode(), "is no UTF-8 at byte 1"),
        (b'{"request":{"method":"GET","url":"/\xc3"}}', "is no UTF-8 at byte 36"),
        ('{"id": NaN, "request": {}}', "is no JSON: it holds `NaN`"),
        ("[" * 100_000, "is nested too deeply"),
        ('{"id": ' + "1" * 5_000 + "}", "holds a number with too many digits"),
        ("\x00", "is no JSON at character 1"),
        ({SECRET: 1}, "`request` is missing"),
        ({"request": SECRET}, "`request` is a string, expected an object"),
        ({"request": {"url": SECRET}}, "`request.method` is missing"),
        ({"request": {"method": 1, "url": SECRET}}, "`request.method` is a number, expected a string"),
        ({"request": {"method": "", "url": SECRET}}, "`request.method` is empty"),
        ({"request": {"method": "GET"}}, "`request.url` is missing"),
        ({"request": {**GET, "headers": SECRET}}, "`request.headers` is a string, expected an object or pairs"),
        ({"request": {**GET, "headers": {"A": {SECRET: 1}}}}, "`request.headers` is an object, expected text"),
        ({"request": {**GET, "headers": [[SECRET]]}}, "`request.headers` holds what is no pair of name and value"),
        ({"request": {**GET, "body": {SECRET: 1}}}, "`request.body` is an object, expected text or null"),
        ({"request": {**GET, "body_base64": SECRET + "!"}}, "`request.body_base64` is no base64"),
        ({"request": {**GET, "body_base64": "AAAA!AAAA"}}, "`request.body_base64` is no base64"),
        ({"request": {**GET, "body_base64": 7}}, "`request.body_base64` is a number, expected a string"),
        ({"request": GET, "response": SECRET}, "`response` is a string, expected an object or null"),
        ({"request": GET, "response": {}}, "`response.status` is missing"),
        ({"request": GET, "response": {"status": "200"}}, "`response.status` is a string, expected an integer"),
        ({"request": GET, "response": {"status": True}}, "`response.status` is a boolean, expected an integer"),
        ({"request": GET, "response": {"status": 200.5}}, "`response.status` is a number, expected an integer"),
    ],
)  # fmt: skip
def test_line_that_is_no_exchange_gives_the_reason_alone(line: Any, reason: str) -> None:
    """What is wrong is named, and nothing of the line is repeated: it may hold secrets."""
    assert _refused(line).reason == reason


def test_lone_surrogates_are_json() -> None:
    """RFC 8259 section 8.2 lets a string hold a lone surrogate: the line is read, its body is no UTF-8."""
    exchange = _only('{"id": "\\ud800", "request": {"method": "PUT", "url": "/", "body": "\\udc80"}}')
    assert exchange.id == "\ud800"
    assert exchange.request.body == b"\xed\xb2\x80"


@pytest.mark.parametrize("number", [2**63, 2**64, -(2**70), 10**30])
def test_large_integer_id_is_exact(number: int) -> None:
    """An id beyond 64 bits is not rounded."""
    assert _only({"id": number, "request": GET}).id == number


def test_status_as_a_whole_float_is_an_integer() -> None:
    """JSON Schema takes 200.0 for an integer, and so does the reader."""
    response = _only({"request": GET, "response": {"status": 200.0}}).response
    assert response is not None
    assert response.status == 200


def test_line_beyond_the_limit_is_skipped_unread() -> None:
    """A line longer than the limit gives one reason, and the next line is read under its number."""
    good = json.dumps({"request": GET}).encode()
    found = list(json_lines.recorded(io.BytesIO(b"x" * 1_000 + b"\n" + good), longest=100))
    assert [number for number, _ in found] == [1, 2]
    assert isinstance(found[0][1], NotAnExchange)
    assert found[0][1].reason == "is longer than 100 bytes"
    assert isinstance(found[1][1], Exchange)
    exact = list(json_lines.recorded(io.BytesIO(good + b"\n" + good), longest=len(good)))
    assert [type(each).__name__ for _, each in exact] == ["Exchange", "Exchange"]


def test_long_line_within_the_limit_is_read() -> None:
    """A body of eight million characters is no problem."""
    assert len(_only({"request": {**GET, "body": "x" * 8_000_000}}).request.body) == 8_000_000
