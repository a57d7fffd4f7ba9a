"""Schemas of one document, as one side of an exchange has them, read into claims. Decides nothing."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from watchword.contract import Schema, rewritten, subschemas
from watchword.diff import claims as of
from watchword.diff.claims import UNBOUNDED, Claim, Claims, canonical
from watchword.ground import Side, UnsupportedPattern, render_pointer
from watchword.language import parse_pattern
from watchword.validation.direction import for_side

Json = Any
Resolve = Callable[[str], tuple[Json, str]]

NOTED = ("format", "default", "discriminator", "deprecated", "contentEncoding", "contentMediaType", "readOnly")
"""Annotations whose change matters to somebody."""
_EVALUATING = ("allOf", "anyOf", "oneOf", "not", "if", "dependentSchemas", "$ref", "$dynamicRef", "contains")
"""What may evaluate items beside `prefixItems` and `items`."""
PROSE = ("title", "description", "example", "examples")
_TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
NUMERIC = frozenset(
    {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength"}
)
"""Keywords whose value is a number; with a boolean, as in the drafts before 6, they say nothing."""
_APPLIED_IN_PLACE = ("anyOf", "oneOf", "not", "if", "dependentSchemas", "$dynamicRef")


@dataclass(eq=False, slots=True)
class Reader:
    """Claims of the schemas of one document for one side.

    With `notes`, annotations of these names count as claims of their own: two schemas are then one claim only if they
    are annotated alike.
    """

    claims: Claims
    side: Side
    resolve: Resolve
    notes: tuple[str, ...] = ()
    _known: dict[str, Claim] = field(default_factory=dict)
    _open: dict[str, bool] = field(default_factory=dict)

    def schema(self, schema: Schema) -> Claim:
        """What a schema says."""
        return self.at(schema.value, schema.at)

    def at(self, value: Json, address: str) -> Claim:
        """What the schema at an address says; each is read once."""
        if address not in self._known:
            if address in self._open:
                self._open[address] = True
                return self.claims.make(of.Later, self._key(address, value))
            self._open[address] = False
            claim = self.read(value)
            if self._open.pop(address):
                later = self.claims.make(of.Later, self._key(address, value))
                self.claims.settle(later, claim)
            self._known[address] = claim
        return self._known[address]

    def sided(self, value: dict[str, Json]) -> dict[str, Json]:
        """The schema object as the side has it."""
        return for_side(value, self.side, self.resolve)

    def read(self, value: Json) -> Claim:
        """What a schema says that need not be known by an address."""
        if not isinstance(value, dict):
            return self.claims.false if value is False else self.claims.true
        return self.claims.every(list(self._keywords(self.sided(value))))

    def keyword(self, schema: dict[str, Json], *names: str) -> Claim:
        """What some keywords of a schema say alone; `schema` is as `sided` gave it."""
        return self.claims.every(list(self._keywords({name: schema[name] for name in names if name in schema})))

    def _key(self, address: str, value: Json) -> Hashable:
        """Equal for schemas that are equal with all that they lead to, in whatever document."""
        found: dict[str, Hashable] = {}
        pending = [(address, value)]
        while pending:
            here, schema = pending.pop()
            if here in found:
                continue
            found[here] = canonical(_without_prose(schema, self.notes))
            pending.extend((at, target) for target, at in map(self.resolve, _references(schema)))
        return (self.side, address, self.notes, frozenset(found.items()))

    def _keywords(self, schema: dict[str, Json]) -> Iterator[Claim]:
        for name, value in schema.items():
            yield from self._keyword(schema, name, value)
        yield from self._objects(schema)
        yield from self._arrays(schema)

    def _keyword(self, schema: dict[str, Json], name: str, value: Json) -> Iterator[Claim]:
        make = self.claims.make
        if isinstance(value, bool) and name in NUMERIC:
            return  # Python's `True` is an integer
        match name, value:
            case "$ref", str():
                yield self.at(*self.resolve(value))
            case "$dynamicRef", _:
                yield make(of.Opaque, name, canonical(value))
            case "unevaluatedItems", _ if "items" not in schema and any(each in schema for each in _EVALUATING):
                yield make(of.Opaque, name, canonical(_without_prose(schema)))
            case "allOf", list():
                yield from map(self.read, value)
            case "anyOf", list():
                yield self.claims.some([self.read(member) for member in value])
            case "oneOf", list():
                yield make(of.One, tuple(self.read(member) for member in value))
            case "not", dict() | bool():
                yield self.claims.no(self.read(value))
            case "if", dict() | bool():
                condition = self.read(value)
                then, otherwise = self.read(schema.get("then", True)), self.read(schema.get("else", True))
                yield self.claims.some([self.claims.no(condition), then])
                yield self.claims.some([condition, otherwise])
            case "type", str() | list():
                names = frozenset([value] if isinstance(value, str) else [each for each in value if each in _TYPES])
                if names & _TYPES and not names >= _TYPES - {"integer"}:
                    yield make(of.OfType, names - {"integer"} if "number" in names else names)
            case "enum", list():
                yield make(of.Among, tuple(sorted(dict.fromkeys(map(canonical, value)), key=repr)))
            case "const", _:
                yield make(of.Among, (canonical(value),))
            case (("minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum"), int() | float()):
                yield make(of.Bound, _fraction(value), name.endswith("aximum"), name.startswith("exclusive"))
            case "multipleOf", int() | float() if value > 0:
                yield make(of.Multiple, _fraction(value))
            case "minLength", int() | float():
                yield from self._sized(of.Length, int(value), UNBOUNDED)
            case "maxLength", int() | float():
                yield make(of.Length, 0, int(value))
            case "pattern", str():
                yield self._pattern(name, value)
            case _ if name in self.notes:
                yield make(of.Opaque, name, canonical(value))

    def _sized(self, kind: type[of.Length | of.Size | of.Count], low: int, high: int) -> Iterator[Claim]:
        if low > 0 or high < UNBOUNDED:
            yield self.claims.make(kind, low, high)

    def _pattern(self, name: str, pattern: str) -> Claim:
        try:
            parse_pattern(pattern)
        except UnsupportedPattern:
            return self.claims.make(of.Opaque, name, pattern)
        return self.claims.make(of.Matches, pattern)

    def _objects(self, schema: dict[str, Json]) -> Iterator[Claim]:
        make = self.claims.make
        yield from self._members(schema)
        for name in _texts(schema.get("required")):
            yield make(of.Has, name)
        yield from self._sized(of.Size, _whole(schema.get("minProperties"), 0), UNBOUNDED)
        yield from self._sized(of.Size, 0, _whole(schema.get("maxProperties"), UNBOUNDED))
        if "propertyNames" in schema:
            yield make(of.Names, self.read(schema["propertyNames"]))
        for name, needed in _mapping(schema, "dependentRequired"):
            every = self.claims.every([make(of.Has, each) for each in _texts(needed)])
            yield self.claims.some([self.claims.no(make(of.Has, name)), every])
        for name, needed in _mapping(schema, "dependentSchemas"):
            unless = [self.claims.no(make(of.OfType, frozenset({"object"}))), self.claims.no(make(of.Has, name))]
            yield self.claims.some([*unless, self.read(needed)])

    def _members(self, schema: dict[str, Json]) -> Iterator[Claim]:
        named = {name: self.read(child) for name, child in _mapping(schema, "properties")}
        patterns = {name: self.read(child) for name, child in _mapping(schema, "patternProperties")}
        for pattern in patterns:
            if isinstance(self._pattern("patternProperties", pattern), of.Opaque):
                yield self.claims.make(of.Opaque, "patternProperties", canonical(schema["patternProperties"]))
                return
        rest = self.read(schema.get("additionalProperties", True))
        yield self.members(named, patterns, rest)
        yield from self.unevaluated(schema)

    def unevaluated(self, schema: dict[str, Json]) -> Iterator[Claim]:
        """What `unevaluatedProperties` says beside the rest of its schema."""
        if "unevaluatedProperties" in schema and "additionalProperties" not in schema:
            known = self._evaluated(schema, set())
            if known is None:
                yield self.claims.make(of.Opaque, "unevaluatedProperties", canonical(_without_prose(schema)))
            else:
                yield self.members(
                    dict.fromkeys(known, self.claims.true), {}, self.read(schema["unevaluatedProperties"])
                )

    def members(self, named: dict[str, Claim], patterns: dict[str, Claim], rest: Claim) -> Claim:
        """The claim about members, without what it says nothing of."""
        if rest is self.claims.true:
            named = {name: claim for name, claim in named.items() if claim is not rest}
            patterns = {name: claim for name, claim in patterns.items() if claim is not rest}
            if not named and not patterns:
                return self.claims.true
        return self.claims.make(
            of.Members, tuple(sorted(named.items(), key=_first)), tuple(sorted(patterns.items(), key=_first)), rest
        )

    def _evaluated(self, schema: Json, seen: set[str]) -> set[str] | None:
        """The members that a schema evaluates whatever the value; None where that depends on the value."""
        if not isinstance(schema, dict):
            return set()
        if any(name in schema for name in (*_APPLIED_IN_PLACE, "patternProperties", "additionalProperties")):
            return None
        found = {name for name, _ in _mapping(schema, "properties")}
        parts = list(schema.get("allOf") or ())
        if isinstance(schema.get("$ref"), str):
            target, address = self.resolve(schema["$ref"])
            if address in seen:
                return None
            seen.add(address)
            parts.append(target)
        for part in parts:
            inner = self._evaluated(part, seen)
            if inner is None:
                return None
            found |= inner
        return found

    def _arrays(self, schema: dict[str, Json]) -> Iterator[Claim]:
        make = self.claims.make
        given = schema.get("prefixItems")
        prefix = tuple(map(self.read, given)) if isinstance(given, list) else ()
        rest = self.read(schema.get("items", True))
        if "items" not in schema and not any(each in schema for each in _EVALUATING):
            rest = self.read(schema.get("unevaluatedItems", True))
        while prefix and prefix[-1] is rest:
            prefix = prefix[:-1]
        if prefix or rest is not self.claims.true:
            yield make(of.Items, prefix, rest)
        yield from self._sized(of.Count, _whole(schema.get("minItems"), 0), UNBOUNDED)
        yield from self._sized(of.Count, 0, _whole(schema.get("maxItems"), UNBOUNDED))
        if schema.get("uniqueItems") is True:
            yield make(of.Distinct)
        if "contains" in schema:
            low, high = schema.get("minContains", 1), schema.get("maxContains", UNBOUNDED)
            if isinstance(low, int | float) and isinstance(high, int | float):
                yield make(of.Holds, self.read(schema["contains"]), int(low), int(high))


def _first(pair: tuple[str, Claim]) -> str:
    return pair[0]


def _fraction(value: Json) -> Fraction:
    return Fraction(str(value))


def _whole(value: Json, otherwise: int) -> int:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else otherwise


def _texts(value: Json) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _mapping(schema: dict[str, Json], name: str) -> list[tuple[str, Json]]:
    value = schema.get(name)
    return [(str(key), child) for key, child in value.items()] if isinstance(value, dict) else []


def _references(schema: Json) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        for _, child in subschemas(schema):
            yield from _references(child)


def _without_prose(schema: Json, kept: tuple[str, ...] = ()) -> Json:
    def bare(schema: dict[str, Json]) -> dict[str, Json]:
        return {name: value for name, value in schema.items() if name not in PROSE or name in kept}

    return rewritten(schema, bare)


def below(address: str, *tokens: str | int) -> str:
    """The address of something within the schema at an address."""
    return address + render_pointer(tokens)
