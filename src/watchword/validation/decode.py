"""Wire text to JSON values: JSON bodies, forms, and the parameter styles of OpenAPI 3. Judges no schema.

A text can have more than one reading where a schema admits several types (`7` for integer or string); the readings
come back most specific first.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

import orjson

Json = Any
Readings = list[Json]

# RFC 8259 section 6. Not `int()`: that also takes `+1`, `1_0` and the digits of every script.
INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
# Python converts no longer texts; every bound of a schema that anybody writes lies below this.
_MOST_DIGITS = 4000
_LARGEST: int = 10**_MOST_DIGITS


class Undecodable(Exception):
    """The text has no reading; the message says what it is not, and holds no part of it."""


def decode_json(body: bytes) -> Json:
    """The value of a JSON text (RFC 8259). Raises `Undecodable`, with line and column, for anything else.

    What orjson refuses for its own limits is read again by the standard library: halves of surrogate pairs become
    U+FFFF (an engine that is written in Rust cannot hold them), numbers beyond every range the largest float.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _decode_by_the_book(body)


def _decode_by_the_book(body: bytes) -> Json:
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise Undecodable(f"not UTF-8 at byte {error.start}") from None
    try:
        value = json.loads(text, parse_constant=_no_constant, parse_int=integer, parse_float=_float)
        return _without_surrogates(value)
    except json.JSONDecodeError as error:
        reason = error.msg[:1].lower() + error.msg[1:]
        raise Undecodable(f"not JSON at line {error.lineno}, column {error.colno}: {reason}") from None
    except RecursionError:
        raise Undecodable("nested too deeply to be judged") from None
    except ValueError as error:
        raise Undecodable(f"not JSON: {error}") from None


def _no_constant(name: str) -> None:
    raise ValueError(f"`{name}` is no JSON number")


def _float(text: str) -> float:
    value = float(text)
    return max(min(value, 1.7e308), -1.7e308)


def integer(text: str) -> int:
    """The integer of a JSON integer's text; one of more than 4,000 digits becomes 10 to that power."""
    if len(text) <= _MOST_DIGITS:
        return int(text)
    return -_LARGEST if text.startswith("-") else _LARGEST


def _without_surrogates(value: Json) -> Json:
    if isinstance(value, str):
        return re.sub("[\ud800-\udfff]", "\uffff", value)
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    return value


def unquoted(text: str, *, plus: bool = False) -> str:
    """Percent-decoded text, `+` as a space where told. Raises `Undecodable` where the bytes are no UTF-8."""
    if plus:
        text = text.replace("+", " ")
    try:
        if "%" not in text:
            text.encode()  # half of a surrogate pair is no text that HTTP can carry
            return text
        return unquote_to_bytes(text).decode()
    except UnicodeError:
        raise Undecodable("not UTF-8") from None


def scalar(text: str, types: frozenset[str]) -> Readings:
    """The readings of one decoded text under these JSON types. Raises `Undecodable` where there is none."""
    found: Readings = []
    if "integer" in types and INTEGER.fullmatch(text):
        found.append(integer(text))
    elif "number" in types and _NUMBER.fullmatch(text):
        found.append(_float(text) if len(text) < _MOST_DIGITS else integer(re.split("[.eE]", text)[0]))
    if "boolean" in types and text in ("true", "false"):
        found.append(text == "true")
    if "null" in types and text == "":
        found.append(None)
    if "string" in types:
        found.append(text)
    if not found:
        raise Undecodable(f"is not {_one_of(types)}")
    return found


def combined(choices: Iterable[Readings]) -> Readings:
    """The readings of an array from those of its items: all most specific ones, and all plainest ones."""
    choices = list(choices)
    first = [readings[0] for readings in choices]
    last = [readings[-1] for readings in choices]
    return [first] if first == last else [first, last]


def combined_members(choices: Mapping[str, Readings]) -> Readings:
    """The readings of an object from those of its members, as `combined`."""
    return [dict(zip(choices, values, strict=True)) for values in combined(choices.values())]


def _one_of(types: frozenset[str]) -> str:
    names = sorted(types - {"null"}) or ["null"]
    articles = ["an " + name if name[0] in "aeiou" else "a " + name for name in names]
    return articles[0] if len(articles) == 1 else f"{', '.join(articles[:-1])} or {articles[-1]}"
