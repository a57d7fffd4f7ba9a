"""A small valid value for a schema, the same on every call. Values for strings come from the language room.

Members that are not required are left out, unless the document shows an example of them. Every value is checked by
the validator's engine; what cannot be made is said, never guessed.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from watchword.contract import Schema
from watchword.contract.kinds import ALL_TYPES, json_type
from watchword.ground import Side
from watchword.language import Rules
from watchword.mock.alternatives import Flat, Placed, Resolve, alternatives
from watchword.mock.scalars import numbers, strings
from watchword.validation.engine import Engine

Json = Any

_DEEPEST = 24
_MOST_VALUES = 20_000
_MOST_ITEMS = 1_000
_TRIED = 12

_HINTS = {
    "object": ("properties", "required", "additionalProperties", "patternProperties", "minProperties"),
    "array": ("items", "prefixItems", "minItems", "uniqueItems", "contains"),
    "string": ("pattern", "minLength", "maxLength", "format"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}
_ORDER = ("object", "array", "string", "integer", "number", "boolean", "null")
_CHOICES = frozenset({"anyOf", "oneOf", "if", "not"})


class NoInstance(Exception):
    """No value was found; the message says why, and holds no value."""


def instance(schema: Schema, engine: Engine, side: Side) -> Json:
    """A valid value for requests or for replies. Raises `NoInstance`."""
    compiled = engine.compiled(schema, side)
    root = (Placed(schema.value, schema.at),)
    for fuller in (True, False):
        maker = _Maker(engine, side, schema, fuller=fuller)
        for value in islice(maker.values(root, schema.name), _TRIED):
            if compiled.is_valid(value):
                return value
    raise NoInstance(f"no valid value was found for the schema {schema.name}")


class _Maker:
    """Makes values of one schema, until a budget is used up."""

    def __init__(self, engine: Engine, side: Side, root: Schema, *, fuller: bool) -> None:
        self._engine = engine
        self._side = side
        self._root = root
        self._fuller = fuller
        self._hidden = "readOnly" if side is Side.REQUEST else "writeOnly"
        self._left = _MOST_VALUES

    @property
    def _resolve(self) -> Resolve:
        return self._root.resolve

    def values(self, schemas: tuple[Placed, ...], name: str, depth: int = 0) -> Iterator[Json]:
        """Values that satisfy all schemas, simplest first; none where nothing comes to mind."""
        if depth > _DEEPEST:
            return
        for flat, placed in alternatives(schemas, self._resolve):
            unsure = any(_CHOICES.intersection(part) for part in flat)
            for value in self._candidates(flat, placed, name, depth):
                self._left -= 1
                if self._left < 0:
                    raise NoInstance(f"the schema {self._root.name} is too large to make a value for it")
                if not unsure or self._accepted(schemas, value):
                    yield value

    def _accepted(self, schemas: tuple[Placed, ...], value: Json) -> bool:
        """Whether the engine takes the value for each of the schemas."""
        root = self._root
        return all(
            self._engine.compiled(
                Schema(schema.value, root.name, schema.at, root.clause, root.resolve), self._side
            ).is_valid(value)
            for schema in schemas
            if isinstance(schema.value, dict)
        )

    def _candidates(self, flat: Flat, placed: tuple[Placed, ...], name: str, depth: int) -> Iterator[Json]:
        types = _types(flat)
        literals = _literals(flat)
        if literals is not None:
            yield from (value for value in literals if json_type(value) in types)
            return
        for value in _shown(flat):
            if json_type(value) in types and self._accepted(placed, value):
                yield value
        hinted = [kind for kind, keywords in _HINTS.items() if any(key in part for part in flat for key in keywords)]
        for kind in sorted(types, key=lambda kind: (kind not in hinted, _ORDER.index(kind))):
            yield from self._of_type(kind, flat, placed, name, depth)

    def _of_type(self, kind: str, flat: Flat, placed: tuple[Placed, ...], name: str, depth: int) -> Iterator[Json]:
        match kind:
            case "object":
                yield from self._objects(flat, placed, depth)
            case "array":
                yield from self._arrays(flat, placed, name, depth)
            case "string":
                yield from strings(flat, name)
            case "integer" | "number":
                yield from numbers(flat, whole=kind == "integer")
            case "boolean":
                yield from (True, False)
            case _:
                yield None

    def _objects(self, flat: Flat, placed: tuple[Placed, ...], depth: int) -> Iterator[Json]:
        made: dict[str, Json] = {}
        more: dict[str, Iterator[Json]] = {}
        for name in self._member_names(flat):
            schemas = tuple(_member(placed, name))
            if self._is_hidden(schemas):
                continue
            values = self.values(schemas, name, depth + 1)
            try:
                made[name] = next(values)
            except StopIteration:
                if any(name in _list(part, "required") for part in flat):
                    return
            more[name] = values
        yield made
        for name in made:
            yield from ({**made, name: value} for value in islice(more[name], _TRIED))

    def _member_names(self, flat: Flat) -> list[str]:
        """Required ones, those shown by example, and as many more as the least number asks for."""
        names = dict.fromkeys(name for part in flat for name in _list(part, "required"))
        named = dict.fromkeys(name for part in flat for name in _dict(part, "properties"))
        if self._fuller:
            shown = [name for part in flat for name, child in _dict(part, "properties").items() if _is_shown(child)]
            names.update(dict.fromkeys(shown))
        for name in list(names):
            for part in flat:
                names.update(dict.fromkeys(_list(_dict(part, "dependentRequired"), name)))
        least = min(max((part.get("minProperties", 0) for part in flat), default=0), _MOST_ITEMS)
        further = iter([*named, *(f"member{number}" for number in range(1, least + 1))])
        while len(names) < least:
            names[next(further)] = None
        return list(names)

    def _is_hidden(self, schemas: tuple[Placed, ...]) -> bool:
        first = next(alternatives(schemas, self._resolve), None)
        return first is not None and any(part.get(self._hidden) is True for part in first[0])

    def _arrays(self, flat: Flat, placed: tuple[Placed, ...], name: str, depth: int) -> Iterator[Json]:
        least = max((part.get("minItems", 0) for part in flat), default=0)
        if least > _MOST_ITEMS:
            raise NoInstance(f"an array of {name} has at least {least} items, {_MOST_ITEMS} are the most made here")
        holding = [each for each in placed if "contains" in each.value and each.value.get("minContains", 1) > 0]
        contained = tuple(each.child("contains") for each in holding)
        unique = any(part.get("uniqueItems") is True for part in flat)
        for count in (max(least, 1 if contained else 0), least + 1):
            items: list[Json] = []
            for index in range(count):
                schemas = (*_item(placed, index), *(contained if index == 0 else ()))
                fresh = (
                    value for value in self.values(schemas, name, depth + 1) if not unique or not _among(value, items)
                )
                try:
                    items.append(next(fresh))
                except StopIteration:
                    return
            yield items


def _types(flat: Flat) -> frozenset[str]:
    """The types that all parts allow; `number` stands for those with a fraction too."""
    found = ALL_TYPES
    for part in flat:
        declared = part.get("type", None)
        names = [declared] if isinstance(declared, str) else declared if isinstance(declared, list) else None
        if names is not None:
            found &= frozenset(names) | (frozenset({"integer"}) if "number" in names else frozenset())
    return found


def _literals(flat: Flat) -> list[Json] | None:
    """The values of the first `const` or `enum`, those that another one forbids left out."""
    lists = [[part["const"]] if "const" in part else part["enum"] for part in flat if "const" in part or "enum" in part]
    if not lists:
        return None
    return [value for value in lists[0] if all(_among(value, others) for others in lists[1:])]


def _shown(flat: Flat) -> Iterator[Json]:
    """The author's own values, examples before defaults."""
    for part in flat:
        yield from _list(part, "examples")
        if "example" in part:
            yield part["example"]
    yield from (part["default"] for part in flat if "default" in part)


def _is_shown(schema: Json) -> bool:
    return isinstance(schema, dict) and any(key in schema for key in ("const", "default", "example", "examples"))


def _member(placed: tuple[Placed, ...], name: str) -> Iterator[Placed]:
    """All schemas that speak about a member (JSON Schema 2020-12, 10.3.2)."""
    for part in placed:
        spoken = False
        if name in _dict(part.value, "properties"):
            spoken = True
            yield part.child("properties", name)
        for pattern in _dict(part.value, "patternProperties"):
            if Rules.of({"pattern": pattern}).accepts(name):
                spoken = True
                yield part.child("patternProperties", pattern)
        if not spoken and "additionalProperties" in part.value:
            yield part.child("additionalProperties")


def _item(placed: tuple[Placed, ...], index: int) -> Iterator[Placed]:
    for part in placed:
        if index < len(_list(part.value, "prefixItems")):
            yield part.child("prefixItems", index)
        elif "items" in part.value:
            yield part.child("items")


def _among(value: Json, values: list[Json]) -> bool:
    """Whether the value is there; `True` and `1` are two values in JSON."""
    return any(value == other and isinstance(value, bool) == isinstance(other, bool) for other in values)


def _list(value: Json, name: str) -> list[Json]:
    found = value.get(name) if hasattr(value, "get") else None
    return found if isinstance(found, list) else []


def _dict(value: Json, name: str) -> dict[str, Json]:
    found = value.get(name) if hasattr(value, "get") else None
    return found if isinstance(found, dict) else {}
