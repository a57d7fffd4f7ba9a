"""JSONPath (RFC 9535) and JSON Pointer (RFC 6901) on JSON values. Knows no Arazzo."""

from collections.abc import Iterator
from typing import Any

from jsonpath import JSONPathEnvironment, JSONPathError

from watchword.ground import parse_pointer

Json = Any

# Strict: the grammar and the functions of RFC 9535, none of the library's own.
_RFC_9535 = JSONPathEnvironment(strict=True)


class QueryProblem(Exception):
    """A text that is no query, or one that cannot be applied; says why."""


def check_query(query: str) -> None:
    """Raises `QueryProblem` for a text that is no JSONPath."""
    try:
        _RFC_9535.compile(query)
    except JSONPathError as error:
        raise QueryProblem(_reason(error)) from None


def selected(query: str, value: Json) -> list[Json]:
    """The values of the nodes that a JSONPath selects. Raises `QueryProblem`."""
    return [found for found, _ in _matches(query, value)]


def selected_pointers(query: str, value: Json) -> list[tuple[str | int, ...]]:
    """The reference tokens of each node that a JSONPath selects. Raises `QueryProblem`."""
    return [tokens for _, tokens in _matches(query, value)]


def _matches(query: str, value: Json) -> Iterator[tuple[Json, tuple[str | int, ...]]]:
    if not isinstance(value, dict | list):
        raise QueryProblem("the context is neither an object nor an array")
    try:
        for match in _RFC_9535.finditer(query, value):
            yield match.obj, tuple(match.parts)
    except JSONPathError as error:
        raise QueryProblem(_reason(error)) from None


def _reason(error: JSONPathError) -> str:
    return str(error).splitlines()[0].strip()


def at_pointer(value: Json, pointer: str) -> Json:
    """What a JSON Pointer leads to. Raises `KeyError` where it leads nowhere."""
    return at_tokens(value, parse_pointer(pointer))


def at_tokens(value: Json, tokens: "list[str] | tuple[str | int, ...]") -> Json:
    """What a path of keys and indices leads to. Raises `KeyError` where it leads nowhere."""
    for token in tokens:
        if isinstance(value, dict) and str(token) in value:
            value = value[str(token)]
        elif isinstance(value, list) and _is_index(token) and int(token) < len(value):
            value = value[int(token)]
        else:
            raise KeyError(token)
    return value


def with_value(target: Json, tokens: "list[str] | tuple[str | int, ...]", value: Json) -> Json:
    """A copy with a value put at a path; its last token may be a new member, or `-` behind a list's end.

    Raises `KeyError` where the path leads nowhere.
    """
    if not tokens:
        return value
    first, rest = tokens[0], tokens[1:]
    if isinstance(target, dict):
        key = str(first)
        if key not in target and rest:
            raise KeyError(first)
        return {**target, key: with_value(target.get(key), rest, value)}
    if isinstance(target, list):
        if first == "-" and not rest:
            return [*target, value]
        if _is_index(first) and int(first) < len(target):
            index = int(first)
            return [*target[:index], with_value(target[index], rest, value), *target[index + 1 :]]
    raise KeyError(first)


def _is_index(token: str | int) -> bool:
    return isinstance(token, int) or (token.isdecimal() and token.isascii() and len(token) < 10)
