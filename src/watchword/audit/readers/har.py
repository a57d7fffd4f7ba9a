"""HTTP Archive 1.2, streamed: one entry in memory at a time.

Recorders bend the format, and this reader follows them: `content.text` is decoded already whatever `Content-Encoding`
says, HTTP/2 pseudo headers are left out, status 0 means that no response came. A response whose body was not recorded
(`content.size` above 0, no text) counts as absent, since judging it would blame the service for the recorder.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO
from urllib.parse import urlencode

import ijson

from watchword.audit.readers.members import (
    base64_member,
    encoded_text,
    kind,
    object_member,
    status_member,
    text_member,
    wrong,
)
from watchword.audit.readers.protocol import NotAnExchange
from watchword.ground import Exchange, Headers, Request, Response, header_values

UNIT = "entry"

_FORM = "application/x-www-form-urlencoded"


def recognises(head: bytes) -> bool:
    """Whether the beginning is an object with an object `log`, seen before any `request`."""
    if not head.lstrip().startswith(b"{"):
        return False
    try:
        for prefix, event, value in ijson.parse(head):
            if prefix == "log" and event == "start_map":
                return True
            if prefix == "" and event == "map_key" and value == "request":
                return False
    except ijson.JSONError:
        pass
    return False


def recorded(stream: BinaryIO) -> Iterator[tuple[int, Exchange | NotAnExchange]]:
    """(index in `log.entries`, exchange) from 0; a file that breaks off gives a last NotAnExchange."""
    index = -1
    try:
        for index, entry in enumerate(ijson.items(stream, "log.entries.item")):
            try:
                yield index, _exchange(entry, index)
            except NotAnExchange as problem:
                problem.id = index
                yield index, problem
    except ijson.JSONError:  # its text would show the traffic
        yield index + 1, NotAnExchange("the file is no JSON from here on")


def _exchange(entry: object, index: int) -> Exchange:
    if not isinstance(entry, dict):
        raise NotAnExchange(f"is {kind(entry)}, expected an object with `request`")
    return Exchange(_request(object_member(entry, "request")), _response(entry.get("response")), index)


def _request(given: dict[str, Any]) -> Request:
    headers = _headers(given, "request.")
    method, url = text_member(given, "method", "request."), text_member(given, "url", "request.")
    posted = given.get("postData")
    if posted is None:
        if _size(given.get("bodySize")) > 0:
            raise NotAnExchange(
                "the request's body was not recorded: `bodySize` without `postData`", "request.postData"
            )
        return Request(method, url, headers)
    if not isinstance(posted, dict):
        raise wrong(posted, "an object", "request.postData")
    return Request(method, url, _typed(headers, posted), _posted(posted))


def _response(given: object) -> Response | None:
    if given is None:
        return None
    if not isinstance(given, dict):
        raise wrong(given, "an object", "response")
    status = status_member(given, "status", "response.")
    if status == 0:
        return None
    content = given.get("content")
    if content is None:
        return Response(status, _headers(given, "response."))
    if not isinstance(content, dict):
        raise wrong(content, "an object", "response.content")
    text = content.get("text")
    if text is None and _size(content.get("size")) > 0:
        return None
    body = b"" if text is None else _content(content, "response.content.")
    headers = _headers(given, "response.")
    return Response(status, _typed(headers, content) if body else headers, body)


def _content(given: dict[str, Any], within: str) -> bytes:
    text = given["text"]
    if given.get("encoding") == "base64":
        return base64_member(text, f"{within}text")
    if not isinstance(text, str):
        raise wrong(text, "a string", f"{within}text")
    return encoded_text(text)


def _posted(posted: dict[str, Any]) -> bytes:
    if posted.get("text") is not None:
        return _content(posted, "request.postData.")
    params = posted.get("params")
    if not isinstance(params, list) or not params:
        return b""
    if not str(posted.get("mimeType", _FORM)).lower().startswith(_FORM):
        raise NotAnExchange(
            "the request's body was recorded as `params` alone, which only a URL-encoded form can be made from"
        )
    return urlencode([_named(param, "request.postData.params") for param in params]).encode()


def _headers(given: dict[str, Any], within: str) -> Headers:
    listed = given.get("headers")
    if listed is None:
        return ()
    if not isinstance(listed, list):
        raise wrong(listed, "an array", f"{within}headers")
    pairs = (_named(header, f"{within}headers") for header in listed)
    # RFC 9113 section 8.3: pseudo headers stand for method and URL, which the entry tells by itself
    return tuple(pair for pair in pairs if not pair[0].startswith(":"))


def _named(given: object, location: str) -> tuple[str, str]:
    """Name and value of a HAR pair; browsers leave the value of an empty one out."""
    if not isinstance(given, dict) or not isinstance(given.get("name"), str):
        raise NotAnExchange(f"`{location}` holds something without a `name`", location)
    value = given.get("value", "")
    return given["name"], value if isinstance(value, str) else "" if value is None else str(value)


def _typed(headers: Headers, content: dict[str, Any]) -> Headers:
    """The headers with the content's `mimeType`, where the recorder left `Content-Type` out."""
    media_type = content.get("mimeType")
    if not isinstance(media_type, str) or "/" not in media_type or header_values(headers, "Content-Type"):
        return headers
    return (*headers, ("Content-Type", media_type))


def _size(value: object) -> int:
    return int(value) if hasattr(value, "__int__") and not isinstance(value, str) else 0
