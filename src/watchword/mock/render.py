"""Values as bodies and header texts. The reverse of what the validator reads; knows no schema."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from watchword.contract import Parameter
from watchword.mock.answer import render_json
from watchword.validation.media import MediaType, parse_media_type

Json = Any

# What to send for a documented range; any other range has no member that one could pick.
_CONCRETE = {
    "*/*": "application/json",
    "application/*": "application/json",
    "application/*+json": "application/vnd.example+json",
    "text/*": "text/plain",
    "image/*": "image/png",
    "audio/*": "audio/mpeg",
    "video/*": "video/mp4",
}


class Unwritable(Exception):
    """The value cannot be written that way; the message says why, and holds no value."""


def concrete(media_type: str) -> str:
    """A media type that one can send, for a documented type or range. Raises `Unwritable`."""
    parsed = parse_media_type(media_type)
    if parsed is None:
        raise Unwritable(f"`{media_type}` is no media type")
    if "*" not in parsed.type + parsed.subtype:
        return media_type
    try:
        return _CONCRETE[f"{parsed.type}/{parsed.subtype}"]
    except KeyError:
        raise Unwritable(f"no media type is known for the range `{media_type}`") from None


def render_body(value: Json, media_type: str) -> bytes:
    """The body of a concrete media type. Raises `Unwritable`."""
    parsed = parse_media_type(media_type) or MediaType("", "")
    if parsed.is_json:
        return render_json(value)
    if parsed.is_form and isinstance(value, dict):
        return urlencode([(name, each) for name, member in value.items() for each in _texts(member)]).encode()
    if isinstance(value, str) and not parsed.is_multipart_form:
        try:
            return value.encode(parsed.parameter("charset") or "utf-8")
        except (LookupError, UnicodeError):
            raise Unwritable(f"the value cannot be written in the charset of `{media_type}`") from None
    if parsed.is_text and not isinstance(value, list | dict):
        return _text(value).encode()
    raise Unwritable(f"a value that is no string cannot be written as `{parsed.type}/{parsed.subtype}`")


def render_header(value: Json, parameter: Parameter) -> str:
    """A header's value in style `simple` (OpenAPI 3.1.1, Style Values), or as its media type. Raises `Unwritable`."""
    if parameter.media is not None:
        text = render_json(value).decode()
    elif isinstance(value, list):
        text = ",".join(_text(item) for item in value)
    elif isinstance(value, dict):
        sign = "=" if parameter.explode else ","
        text = ",".join(f"{name}{sign}{_text(member)}" for name, member in value.items())
    else:
        text = _text(value)
    if not text.isascii() or not text.isprintable():  # RFC 9110 section 5.5
        raise Unwritable(f"header `{parameter.name}` cannot hold the value")
    return text


def _texts(value: Json) -> Iterable[str]:
    return [_text(item) for item in value] if isinstance(value, list) else [_text(value)]


def _text(value: Json) -> str:
    if isinstance(value, str):
        return value
    return render_json(value).decode() if value is not None else ""
