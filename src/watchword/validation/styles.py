"""The parameter styles of OpenAPI 3 (3.1.1, Parameter Object, "Style Values" and "Style Examples"), read backwards.

A *reader* takes what one location holds and gives the readings of the parameter's value, `None` where the parameter
is absent. It is chosen when the contract is compiled, from `style`, `explode` and the types that the schema admits.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from watchword.contract import Encoding, Parameter
from watchword.contract.kinds import ALL_TYPES, Resolve, json_types
from watchword.contract.shape import items, properties
from watchword.validation.decode import (
    Readings,
    Undecodable,
    combined,
    combined_members,
    decode_json,
    scalar,
    unquoted,
)

Json = Any
Pairs = Mapping[str, list[str]]
"""Decoded name -> its values in order, still encoded: a query, a form or the cookies."""
TextReader = Callable[[str], Readings]
PairsReader = Callable[[Pairs], Readings | None]

_COMMAS = ("%2C", "%2c", ",")
_DELIMITERS = {"spaceDelimited": ("%20", "+", " "), "pipeDelimited": ("%7C", "%7c", "|")}


def parse_pairs(text: str, separator: str = "&") -> dict[str, list[str]]:
    """`a=b&c=d` as pairs; a name without `=` has an empty value. Names that are no UTF-8 are left as they are."""
    found: dict[str, list[str]] = {}
    for part in text.split(separator):
        if part:
            name, _, value = part.partition("=")
            with suppress(Undecodable):
                name = unquoted(name, plus=True)
            found.setdefault(name, []).append(value)
    return found


def text_reader(parameter: Parameter) -> TextReader:
    """The reader of a path or header parameter: styles `simple`, `label`, `matrix`."""
    encoded = parameter.where == "path"
    schema = parameter.schema
    if schema is None:
        return lambda text: [_plain(text, encoded)]
    types = json_types(schema.value, schema.resolve)
    prefix, delimiter = _prefix_and_delimiter(parameter)
    if "object" in types and types != ALL_TYPES:
        members = _MemberTypes(schema.value, schema.resolve)

        def read_object(text: str) -> Readings:
            parts = _stripped(text, prefix).split(delimiter)
            pairs = [part.partition("=")[::2] for part in parts] if parameter.explode else _paired(parts)
            return combined_members(
                {_plain(name, encoded): scalar(_plain(value, encoded), members.of(name)) for name, value in pairs}
            )

        return read_object
    if "array" in types and types != ALL_TYPES:
        item_types = json_types(items(schema.value, schema.resolve), schema.resolve)

        def read_array(text: str) -> Readings:
            parts = _stripped(text, prefix).split(delimiter) if text else []
            if parameter.style == "matrix" and parameter.explode:
                parts = [part if number == 0 else _stripped(part, prefix[1:]) for number, part in enumerate(parts)]
            return combined(scalar(_plain(part.strip(" \t"), encoded), item_types) for part in parts)

        return read_array
    return lambda text: scalar(_plain(_stripped(text, prefix), encoded), types)


def pairs_reader(parameter: Parameter) -> PairsReader:
    """The reader of a query or cookie parameter: styles `form`, `spaceDelimited`, `pipeDelimited`, `deepObject`."""
    name, decode = parameter.name, value_decoder(parameter)
    if parameter.schema is None:
        return lambda pairs: [decode(pairs[name][0])] if name in pairs else None
    return _form_reader(
        name, parameter.schema.value, parameter.schema.resolve, parameter.style, parameter.explode, decode
    )


def value_decoder(parameter: Parameter) -> Callable[[str], str]:
    """How a value is decoded; headers, and cookies of style `cookie` (OpenAPI 3.2.0), have values as they are."""
    if parameter.where == "query":
        return _unquoted_plus
    return _as_it_is if parameter.where == "header" or parameter.style == "cookie" else unquoted


def _unquoted_plus(text: str) -> str:
    return unquoted(text, plus=True)


def _as_it_is(text: str) -> str:
    return text


def member_reader(name: str, schema: Json, resolve: Resolve, encoding: Encoding | None) -> PairsReader:
    """The reader of one member of an `application/x-www-form-urlencoded` body (3.1.1, Encoding Object)."""
    if encoding and encoding.content_type and encoding.content_type.split(";")[0].strip().lower().endswith("json"):
        return lambda pairs: [decode_json(unquoted(pairs[name][0], plus=True).encode())] if name in pairs else None
    style, explode = (encoding.style, encoding.explode) if encoding else ("form", True)
    return _form_reader(name, schema, resolve, style, explode, _unquoted_plus)


def _form_reader(
    name: str, schema: Json, resolve: Resolve, style: str, explode: bool, decode: Callable[[str], str]
) -> PairsReader:
    types = json_types(schema, resolve)
    if style == "deepObject":
        return _deep_reader(name, _MemberTypes(schema, resolve), decode)
    if "object" in types and types != ALL_TYPES and types.isdisjoint({"string", "array"}):
        return _object_reader(name, _MemberTypes(schema, resolve), explode, decode)
    if "array" in types and types != ALL_TYPES:
        item_types = json_types(items(schema, resolve), resolve)
        single = types - {"array", "object"}

        def read_array(pairs: Pairs) -> Readings | None:
            values = pairs.get(name)
            if values is None:
                return None
            splits = [values] if explode else _splits(values[0], style) if values[0] else [[]]
            try:
                readings = _of_any(splits, lambda parts: combined(scalar(decode(part), item_types) for part in parts))
            except Undecodable:
                if not single:
                    raise
                readings = []
            return readings + (scalar(decode(values[0]), single) if single and len(splits[0]) == 1 else [])

        return read_array

    def read_scalar(pairs: Pairs) -> Readings | None:
        values = pairs.get(name)
        if values is None:
            return None
        if len(values) > 1:
            raise Undecodable("is given more than once")
        return scalar(decode(values[0]), types)

    return read_scalar


def _object_reader(name: str, members: "_MemberTypes", explode: bool, decode: Callable[[str], str]) -> PairsReader:
    def read_exploded(pairs: Pairs) -> Readings | None:
        found = {
            member: scalar(decode(values[0]), members.of(member))
            for member, values in pairs.items()
            if member in members.named
        }
        return combined_members(found) if found else None

    def read_joined(pairs: Pairs) -> Readings | None:
        values = pairs.get(name)
        if values is None:
            return None
        return _of_any(_splits(values[0], "form"), read_parts)

    def read_parts(parts: list[str]) -> Readings:
        pairs = _paired([decode(part) for part in parts])
        return combined_members({member: scalar(text, members.of(member)) for member, text in pairs})

    return read_exploded if explode else read_joined


def _deep_reader(name: str, members: "_MemberTypes", decode: Callable[[str], str]) -> PairsReader:
    def read_deep(pairs: Pairs) -> Readings | None:
        found = {
            key[len(name) + 1 : -1]: scalar(decode(values[0]), members.of(key[len(name) + 1 : -1]))
            for key, values in pairs.items()
            if key.startswith(name + "[") and key.endswith("]")
        }
        return combined_members(found) if found else None

    return read_deep


class _MemberTypes:
    """The types that each member of an object schema may have."""

    def __init__(self, schema: Json, resolve: Resolve) -> None:
        self.named = {name: json_types(child, resolve) for name, child in properties(schema, resolve).items()}

    def of(self, name: str) -> frozenset[str]:
        return self.named.get(name, ALL_TYPES)


def _prefix_and_delimiter(parameter: Parameter) -> tuple[str, str]:
    if parameter.style == "label":
        return ".", "." if parameter.explode else ","
    if parameter.style == "matrix":
        schema = parameter.schema
        types = json_types(schema.value, schema.resolve) if schema else ALL_TYPES
        named = not (parameter.explode and "object" in types and types != ALL_TYPES)
        return f";{parameter.name}=" if named else ";", ";" if parameter.explode else ","
    return "", ","


def _stripped(text: str, prefix: str) -> str:
    if not text.startswith(prefix):
        raise Undecodable(f"does not start with `{prefix}`")
    return text[len(prefix) :]


def _paired(parts: list[str]) -> list[tuple[str, str]]:
    """Names and values of an object that is not exploded: `R,100,G,200`."""
    if len(parts) % 2:
        raise Undecodable("does not give each name a value")
    return list(zip(parts[::2], parts[1::2], strict=True))


def _plain(text: str, encoded: bool) -> str:
    return unquoted(text) if encoded else text


def _splits(text: str, style: str) -> list[list[str]]:
    """The ways to take the parts of one value apart, the one that explains best last.

    An encoded comma is part of an item (RFC 6570 section 2.3), and a delimiter all the same: clients encode each comma
    of a value that they are given (URL Standard, section 5.2), servers decode before they split.
    """
    delimiters = _DELIMITERS.get(style)
    if delimiters is not None:
        return [_split(text, delimiters)]
    literal, every = text.split(","), _split(text, _COMMAS)
    return [literal] if literal == every else [literal, every]


def _of_any(splits: list[list[str]], read: Callable[[list[str]], Readings]) -> Readings:
    """The readings of all splits that have some. Raises `Undecodable` where none has."""
    found: Readings = []
    for parts in splits[:-1]:
        with suppress(Undecodable):
            found.extend(read(parts))
    try:
        return found + read(splits[-1])
    except Undecodable:
        if not found:
            raise
        return found


def _split(text: str, delimiters: tuple[str, ...]) -> list[str]:
    for delimiter in delimiters[:-1]:
        text = text.replace(delimiter, delimiters[-1])
    return text.split(delimiters[-1])
