"""JSON lines: one exchange a line.

    {"id": any, "request": {"method", "url", "headers": {..} or [[..]], "body": text or null, "body_base64"},
     "response": {"status", "headers", "body", "body_base64"}}

The response may be absent or null. Empty lines are skipped. Bodies are taken as decoded already.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson

from watchword.audit.readers.members import (
    base64_member,
    encoded_text,
    headers_member,
    kind,
    object_member,
    read_json,
    status_member,
    text_member,
    wrong,
)
from watchword.audit.readers.protocol import NotAnExchange
from watchword.ground import Exchange, Request, Response

UNIT = "line"

LONGEST = 1 << 28
"""Bytes of one line; a longer one is skipped unread, so that memory stays bounded."""


def recognises(_head: bytes) -> bool:
    """Always: what is no JSON gives a finding per line."""
    return True


def recorded(stream: BinaryIO, longest: int = LONGEST) -> Iterator[tuple[int, Exchange | NotAnExchange]]:
    """(line number, exchange) from 1, empty lines counted and skipped."""
    number = 0
    while line := stream.readline(longest + 1):
        number += 1
        if len(line) > longest and not line.endswith(b"\n"):
            _skip_line(stream, longest)
            yield number, NotAnExchange(f"is longer than {longest:,} bytes")
            continue
        if line.isspace():
            continue
        try:
            yield number, _exchange(line)
        except NotAnExchange as problem:
            yield number, problem


def _skip_line(stream: BinaryIO, longest: int) -> None:
    while rest := stream.readline(longest):
        if rest.endswith(b"\n"):
            return


def _exchange(line: bytes) -> Exchange:
    try:
        given = orjson.loads(line)
    except orjson.JSONDecodeError:
        given = read_json(line)
    if not isinstance(given, dict):
        raise NotAnExchange(f"is {kind(given)}, expected an object with `request`")
    own = _id(given, line)
    try:
        request = object_member(given, "request")
        response = None if given.get("response") is None else _response(given["response"])
        return Exchange(_request(request), response, own)
    except NotAnExchange as problem:
        problem.id = own
        raise


def _id(given: dict[str, Any], line: bytes) -> Any:
    value = given.get("id")
    if type(value) is float and abs(value) >= 2**63:
        return read_json(line).get("id")  # orjson rounds integers beyond 64 bits
    return value


def _request(given: dict[str, Any]) -> Request:
    return Request(
        text_member(given, "method", "request."),
        text_member(given, "url", "request."),
        headers_member(given, "headers", "request."),
        _body(given, "request."),
    )


def _response(given: object) -> Response:
    if not isinstance(given, dict):
        raise wrong(given, "an object or null", "response")
    return Response(
        status_member(given, "status", "response."),
        headers_member(given, "headers", "response."),
        _body(given, "response."),
    )


def _body(given: dict[str, Any], within: str) -> bytes:
    coded = given.get("body_base64")
    if coded is not None:
        return base64_member(coded, f"{within}body_base64")
    text = given.get("body")
    if text is None:
        return b""
    if not isinstance(text, str):
        raise wrong(text, "text or null", f"{within}body")
    return encoded_text(text)
