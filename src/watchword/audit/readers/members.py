"""Members of a JSON object that describes traffic, taken with a reason for what is wrong. Knows no format."""

import base64
import binascii
import json
from typing import Any

from watchword.audit.readers.protocol import NotAnExchange
from watchword.ground import Headers

_ABSENT = object()
_TEXT = frozenset({str})


def kind(value: object) -> str:
    """The JSON type of a value, with its article."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, dict):
        return "an object"
    return "an array" if isinstance(value, list) else "a number"


def wrong(value: object, expected: str, location: str) -> NotAnExchange:
    """The reason that a member is not what it has to be."""
    if value is _ABSENT:
        return NotAnExchange(f"`{location}` is missing", location)
    return NotAnExchange(f"`{location}` is {kind(value)}, expected {expected}", location)


def object_member(given: dict[str, Any], name: str, within: str = "") -> dict[str, Any]:
    """A member that must be an object."""
    value = given.get(name, _ABSENT)
    if not isinstance(value, dict):
        raise wrong(value, "an object", within + name)
    return value


def text_member(given: dict[str, Any], name: str, within: str) -> str:
    """A member that must be a string with something in it."""
    value = given.get(name, _ABSENT)
    if not isinstance(value, str):
        raise wrong(value, "a string", within + name)
    if not value:
        raise NotAnExchange(f"`{within}{name}` is empty", within + name)
    return value


def status_member(given: dict[str, Any], name: str, within: str) -> int:
    """A member that must be an HTTP status; `200.0` is the integer 200 in JSON Schema, and here."""
    value = given.get(name, _ABSENT)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    # a float or a Decimal, as the reader's JSON library gives it
    if hasattr(value, "as_integer_ratio") and not isinstance(value, bool) and value == value // 1:
        return int(value)
    raise wrong(value, "an integer", within + name)


def field_text(value: object, location: str) -> str:
    """Header text of a JSON scalar."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict | list) or value is None:
        raise wrong(value, "text", location)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def headers_member(given: dict[str, Any], name: str, within: str) -> Headers:
    """Header pairs from an object (values may be lists) or an array of pairs; null and absent are none."""
    value = given.get(name)
    if value is None:
        return ()
    if isinstance(value, dict):
        if _TEXT.issuperset(map(type, value.values())):  # by far the most common, and read once a line
            return tuple(value.items())
        return _from_object(value, within + name)
    if isinstance(value, list):
        return tuple(_pair(pair, within + name) for pair in value)
    raise wrong(value, "an object or pairs", within + name)


def _from_object(value: dict[str, Any], location: str) -> Headers:
    lines: list[tuple[str, str]] = []
    for name, given in value.items():
        texts = given if isinstance(given, list) else [] if given is None else [given]
        lines.extend((name, field_text(text, location)) for text in texts)
    return tuple(lines)


def _pair(pair: object, location: str) -> tuple[str, str]:
    if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[0], str):
        raise NotAnExchange(f"`{location}` holds what is no pair of name and value", location)
    return pair[0], field_text(pair[1], location)


def encoded_text(text: str) -> bytes:
    """The text as UTF-8; a lone surrogate gives bytes that are no UTF-8, as it should."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def base64_member(value: object, location: str) -> bytes:
    """The bytes of base64 text (RFC 4648 section 4); line breaks are allowed, as MIME writes them."""
    if not isinstance(value, str):
        raise wrong(value, "a string", location)
    try:
        return base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        raise NotAnExchange(f"`{location}` is no base64", location) from None


def read_json(line: bytes) -> Any:
    """The value of JSON text that the fast decoder refused but RFC 8259 allows: lone surrogates, huge numbers.

    Raises NotAnExchange with the reason for everything else, `NaN` included.
    """
    try:
        return json.loads(line.decode(), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise NotAnExchange(f"is no UTF-8 at byte {error.start + 1}") from None
    except json.JSONDecodeError as error:
        raise NotAnExchange(f"is no JSON at character {error.pos + 1}") from None
    except RecursionError:
        raise NotAnExchange("is nested too deeply") from None
    except ValueError:  # an integer of more digits than Python converts
        raise NotAnExchange("holds a number with too many digits") from None


def _refuse_constant(name: str) -> Any:
    raise NotAnExchange(f"is no JSON: it holds `{name}`")
