"""Secrets of a reply made anew on each call. Makes nothing else of a reply, and judges none."""

import copy
from collections.abc import Iterator
from typing import Any

from watchword.contract import Schema
from watchword.contract.kinds import Resolve
from watchword.contract.secrets import is_secret
from watchword.contract.shape import items, properties
from watchword.ground import RuleTooLarge, UnsupportedPattern, sounds_secret
from watchword.mock.twin import SecretSource

Json = Any
_Path = tuple[str | int, ...]

_SETTLED = ("enum", "const", "default", "example", "examples")


class FreshSecrets:
    """The secrets in one value: the strings that the schema marks or names as such, or has the service make up."""

    def __init__(self, value: Json, schema: Schema) -> None:
        self._value = value
        self._sources = dict(_sources(value, schema))

    def __bool__(self) -> bool:
        return bool(self._sources)

    def drawn(self) -> Json:
        """A copy of the value with a new random secret, valid by its own rules, in each place."""
        value = copy.deepcopy(self._value)
        for path, source in self._sources.items():
            holder = value
            for token in path[:-1]:
                holder = holder[token]
            holder[path[-1]] = source.draw()
        return value


def _sources(value: Json, schema: Schema) -> Iterator[tuple[_Path, SecretSource]]:
    for path, child in _spots(value, schema.value, schema.resolve, ()):
        try:
            yield path, SecretSource(Schema(child, str(path[-1]), schema.at, schema.clause, schema.resolve))
        except (RuleTooLarge, UnsupportedPattern):
            continue  # stays what it is


def _spots(value: Json, schema: Json, resolve: Resolve, path: _Path) -> Iterator[tuple[_Path, Json]]:
    if isinstance(value, dict):
        named = properties(schema, resolve)
        for name, child in value.items():
            if isinstance(child, str) and name in named and _is_made_up(name, named[name], resolve):
                yield (*path, name), named[name]
            elif isinstance(child, dict | list):
                yield from _spots(child, named.get(name, True), resolve, (*path, name))
    elif isinstance(value, list):
        inner = items(schema, resolve)
        for index, child in enumerate(value):
            yield from _spots(child, inner, resolve, (*path, index))


def _is_made_up(name: str, schema: Json, resolve: Resolve) -> bool:
    """A text of no fixed set that is marked secret or sounds so, or is the service's own and obeys a pattern alone."""
    if not isinstance(schema, dict) or "enum" in schema or "const" in schema:
        return False
    if is_secret(schema, resolve):
        return True
    if schema.get("format", "password") != "password":
        return False
    own = schema.get("readOnly") is True and "pattern" in schema and not any(key in schema for key in _SETTLED)
    return own or sounds_secret(name)
