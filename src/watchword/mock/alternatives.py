"""A schema as flat conjunctions: references followed, `allOf` joined, one branch of each choice taken.

Judges no value: whether the branches taken go together is found out by making a value and asking the engine.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = Any
Resolve = Callable[[str], tuple[Json, str]]

_MOST_STEPS = 60


@dataclass(frozen=True, slots=True)
class Placed:
    """A schema (dict or bool) and its address."""

    value: Json
    at: str

    def child(self, *tokens: str | int) -> "Placed":
        """What stands below; each token must be there."""
        value, at = self.value, self.at
        for token in tokens:
            value = value[token]
            at = f"{at}/{str(token).replace('~', '~0').replace('/', '~1')}"
        return Placed(value, at)


Flat = tuple[Mapping[str, Json], ...]
"""Schemas that hold together; only their own keywords count, not `$ref` nor `allOf` and the choices."""


def alternatives(schemas: tuple[Placed, ...], resolve: Resolve) -> Iterator[tuple[Flat, tuple[Placed, ...]]]:
    """Each way to satisfy all schemas, in document order: the flat conjunction, and the same with addresses."""
    for placed in _flattened(schemas, (), resolve, _MOST_STEPS):
        yield tuple(each.value for each in placed), placed


def _flattened(
    pending: tuple[Placed, ...], done: tuple[Placed, ...], resolve: Resolve, steps: int
) -> Iterator[tuple[Placed, ...]]:
    if not pending:
        yield done
        return
    schema, rest = pending[0], pending[1:]
    if schema.value is False or steps == 0:
        return
    if not isinstance(schema.value, dict):
        yield from _flattened(rest, done, resolve, steps)
        return
    certain = tuple(_certain(schema, resolve))
    for chosen in _chosen(schema):
        yield from _flattened((*certain, *chosen, *rest), (*done, schema), resolve, steps - 1)


def _certain(schema: Placed, resolve: Resolve) -> Iterator[Placed]:
    reference = schema.value.get("$ref")
    if isinstance(reference, str):
        yield Placed(*resolve(reference))
    for index in range(len(_list(schema, "allOf"))):
        yield schema.child("allOf", index)


def _chosen(schema: Placed) -> list[tuple[Placed, ...]]:
    options: list[tuple[Placed, ...]] = [()]
    for keyword in ("anyOf", "oneOf"):
        branches = [schema.child(keyword, index) for index in range(len(_list(schema, keyword)))]
        if branches:
            options = [(*option, branch) for option in options for branch in branches]
    if "if" in schema.value:
        then = [schema.child("if"), *([schema.child("then")] if "then" in schema.value else [])]
        otherwise = [schema.child("else")] if "else" in schema.value else []
        options = [(*option, *more) for option in options for more in (then, otherwise)]
    return options


def _list(schema: Placed, keyword: str) -> list[Json]:
    value = schema.value.get(keyword)
    return value if isinstance(value, list) else []
