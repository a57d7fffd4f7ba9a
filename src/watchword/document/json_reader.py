"""JSON text (RFC 8259) to a tree, and where each of its values stands. Knows nothing of files."""

import json
import re
from collections.abc import Iterator
from math import isfinite
from typing import Any

from watchword.document.depth import TOO_DEEP, is_too_deep
from watchword.ground import cut, render_pointer, render_token

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATE = "[\ud800-\udfff]"


class JsonProblem(Exception):
    """The text is no JSON, or JSON that no program reads alike; `offset` is in code points."""

    def __init__(self, reason: str, offset: int) -> None:
        self.reason = reason
        self.offset = offset
        super().__init__(reason)


def parse(text: str) -> Any:
    """The value of a JSON text; integers of any size stay exact.

    Raises `JsonProblem` for a syntax error, a name that an object has twice, half of a surrogate pair, a number
    beyond the range of a double, or nesting of more than `MAX_DEPTH` levels.
    """
    try:
        value = json.loads(
            text, object_pairs_hook=_members, parse_constant=_no_number, parse_int=_integer, parse_float=_finite
        )
    except json.JSONDecodeError as error:
        raise JsonProblem(error.msg[:1].lower() + error.msg[1:].removesuffix(" at"), error.pos) from None
    except _Twice as twice:
        raise JsonProblem(f"duplicate key `{cut(twice.name)}`", _second(text, twice.name)) from None
    except _NoNumber as problem:
        offset = next((match.start() for match in _TOKEN.finditer(text) if match.group() == problem.token), 0)
        raise JsonProblem(problem.reason, offset) from None
    except RecursionError:
        raise JsonProblem(TOO_DEEP, 0) from None
    if is_too_deep(value):
        raise JsonProblem(TOO_DEEP, 0)
    if _ESCAPED_SURROGATE.search(text):
        _refuse_surrogates(text)
    return value


class _Twice(Exception):
    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise _Twice(name)
            seen.add(name)
    return found


class _NoNumber(Exception):
    def __init__(self, reason: str, token: str) -> None:
        self.reason = reason
        self.token = token
        super().__init__(reason)


def _no_number(token: str) -> None:
    raise _NoNumber(f"`{token}` is no JSON number", token)


def _integer(token: str) -> int:
    try:
        return int(token)
    except ValueError:  # Python converts no longer texts
        raise _NoNumber("a number has too many digits", token) from None


def _finite(token: str) -> float:
    value = float(token)
    if not isfinite(value):
        raise _NoNumber("a number is beyond the range of a double", token)
    return value


def _second(text: str, name: str) -> int:
    """Where an object has a name again that it had before."""
    seen: set[str] = set()
    for pointer, offset, is_key in _walk(text):
        if is_key:
            if pointer in seen and pointer.endswith(render_pointer((name,))):
                return offset
            seen.add(pointer)
    return 0


def _refuse_surrogates(text: str) -> None:
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token[0] == '"' and _ESCAPED_SURROGATE.search(token) and re.search(_SURROGATE, json.loads(token)):
            raise JsonProblem("a string holds half of a surrogate pair", match.start())


def offsets(text: str) -> dict[str, int]:
    """Pointer -> offset (code points) of every member's key, item and the root, for a text known to be JSON."""
    found: dict[str, int] = {}
    for pointer, offset, _ in _walk(text):
        found.setdefault(pointer, offset)
    return found


def _walk(text: str) -> Iterator[tuple[str, int, bool]]:
    """(pointer, offset, whether a key stands there) of every member's key, item and the root, in order."""
    owners: list[str] = []  # pointers of the open objects and arrays
    indices: list[int] = []  # of the next item in each; -1 in an object
    here = ""
    awaiting_key = False
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token == ":":
            continue
        if token == ",":
            if indices[-1] < 0:
                awaiting_key = True
            else:
                indices[-1] += 1
            continue
        if token in "}]":
            owners.pop()
            indices.pop()
            awaiting_key = False
            continue
        if awaiting_key:
            name = json.loads(token) if "\\" in token else token[1:-1]
            here = f"{owners[-1]}/{render_token(name)}"
            yield here, match.start(), True
            awaiting_key = False
            continue
        if indices and indices[-1] >= 0:
            here = f"{owners[-1]}/{indices[-1]}"
            yield here, match.start(), False
        elif not indices:
            yield here, match.start(), False
        if token in "{[":
            owners.append(here)
            indices.append(0 if token == "[" else -1)
            awaiting_key = token == "{"
