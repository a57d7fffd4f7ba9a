"""Schemas compiled by jsonschema-rs. Holds the differences between what a document means and what that engine does.

Only what a schema reaches is handed over, in a sparse copy of its documents in which every address stays the same, so
that the place of an error is a place in the file.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import jsonschema_rs

from watchword import language
from watchword.contract import Schema, rewritten, subschemas
from watchword.contract.kinds import Resolve
from watchword.ground import Side, UnsupportedPattern, parse_pointer, record, render_pointer
from watchword.validation.direction import for_side
from watchword.validation.sparse import PREFIX, at, planted, split_address, uprooted, uri_of

Json = Any
Sources = dict[str, Json]

# What says which dialect or base address a schema has: settled when the document was read.
_SETTLED = frozenset({"$schema", "$id", "$vocabulary", "$comment"})
# Stands for a malformed pattern of `patternProperties`: no name matches it.
_NO_NAME = r"[^\s\S]"
# Patterns of plain characters and classes mean the same to ECMA-262 and the engine. Most patterns are of that kind, and
# a process that meets no other need not load the parser, a quarter of its start-up time.
_ALIKE = re.compile(
    r"\^?(?:(?:[A-Za-z0-9 _@:;=,/!#-]|\[\^?(?:[A-Za-z0-9 ]-[A-Za-z0-9~]|[A-Za-z0-9 _@:;=,/!#.%*+?])+-?\])"
    r"(?:[*+?]|\{[0-9]{1,3}(?:,[0-9]{0,3})?\})?)*\$?"
)
_MOST_REPAIRS = 100
_META_SCHEMA = {"$ref": "https://json-schema.org/draft/2020-12/schema"}


@record()
class Compiled:
    """One schema for one side. `is_valid(value)` decides, `errors(value)` tells; both take a JSON value."""

    is_valid: Callable[[Json], bool]
    errors: Callable[[Json], Iterable[jsonschema_rs.ValidationError]]


class Engine:
    """All schemas of a contract, compiled when first asked for.

    `left_out` gathers addresses of keywords that no engine can apply (a malformed pattern, `required: true`), with the
    reason; they are judged as if they were not there.
    """

    __slots__ = ("_compiled", "_rewritten", "left_out")

    def __init__(self) -> None:
        self.left_out: dict[str, str] = {}
        self._compiled: dict[tuple[str, Side], Compiled] = {}
        self._rewritten: dict[tuple[str, Side], Json] = {}

    def compiled(self, schema: Schema, side: Side) -> Compiled:
        """The schema as it holds for requests or responses."""
        key = (schema.at, side)
        if key not in self._compiled:
            self._compiled[key] = self._compile(schema, side)
        return self._compiled[key]

    def _compile(self, schema: Schema, side: Side) -> Compiled:
        reachable = self._reachable(schema, side)
        sources: Sources = {}
        for address in sorted(reachable, key=len):  # what lies within another comes after it
            file, pointer = split_address(address)
            sources[file] = planted(sources.get(file, {}), parse_pointer(pointer), reachable[address])
        for _ in range(_MOST_REPAIRS):
            try:
                return _built(schema.at, sources)
            except jsonschema_rs.ValidationError as error:
                if not self._repair_schemas(reachable, sources) and not self._repair_place(error, sources):
                    break
            except (ValueError, jsonschema_rs.ReferencingError):
                break
        self.left_out.setdefault(schema.at, "the schema cannot be compiled")
        return _built("", {"": True})

    def _repair_schemas(self, reachable: dict[str, Json], sources: Sources) -> bool:
        """Takes all keywords out that the meta-schema refuses; false where there was none."""
        repaired = False
        meta = jsonschema_rs.Draft202012Validator(_META_SCHEMA)
        for address in reachable:
            file, pointer = split_address(address)
            tokens = parse_pointer(pointer)
            for problem in list(meta.iter_errors(at(sources[file], tokens))):
                repaired |= self._take_out(sources, file, [*tokens, *problem.instance_path], problem.message)
        return repaired

    def _repair_place(self, error: jsonschema_rs.ValidationError, sources: Sources) -> bool:
        """Takes the keyword out that the engine itself names: a pattern that is too large for it."""
        path = list(error.instance_path)
        for file, tree in sources.items():
            if path and at(tree, path) == error.instance:
                return self._take_out(sources, file, path, error.message)
        return False

    def _take_out(self, sources: Sources, file: str, path: list[str | int], reason: str) -> bool:
        with suppress(LookupError, ValueError):
            if path:
                sources[file] = uprooted(sources[file], path)
                self.left_out.setdefault((f"{file}#" if file else "") + render_pointer(path), reason)
                return True
        return False

    def _reachable(self, schema: Schema, side: Side) -> dict[str, Json]:
        """Address -> rewritten value of the schema and of everything that its references lead to."""
        found: dict[str, Json] = {}
        pending = [(schema.at, schema.value)]
        while pending:
            address, value = pending.pop()
            if address in found:
                continue
            found[address] = self._for_engine(address, value, side, schema.resolve)
            for _, subschema in _within(value):
                if isinstance(subschema.get("$ref"), str):
                    target, target_address = schema.resolve(subschema["$ref"])
                    pending.append((target_address, target))
        return found

    def _for_engine(self, address: str, value: Json, side: Side, resolve: Resolve) -> Json:
        key = (address, side)
        if key not in self._rewritten:
            self._rewritten[key] = rewritten(value, lambda schema: _rewrite(schema, side, resolve))
            for tokens, subschema in _within(value):
                for keyword, reason in _malformed_patterns(subschema):
                    self.left_out.setdefault(address + render_pointer((*tokens, *keyword)), reason)
        return self._rewritten[key]


def _built(address: str, sources: Sources) -> Compiled:
    """Raises what jsonschema-rs raises for a schema that it refuses."""
    registry = jsonschema_rs.Registry(
        [(PREFIX + quote(file), tree) for file, tree in sources.items()], draft=jsonschema_rs.Draft202012
    )
    validator = jsonschema_rs.Draft202012Validator({"$ref": uri_of(address)}, registry=registry, validate_formats=True)
    return Compiled(validator.is_valid, validator.iter_errors)


def _within(schema: Json, tokens: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Json]]]:
    """The schema and its subschemas with their places, document order; `true` and `false` are left out."""
    if isinstance(schema, dict):
        yield tokens, schema
        for steps, child in subschemas(schema):
            yield from _within(child, (*tokens, *steps))


def _rewrite(schema: dict[str, Json], side: Side, resolve: Resolve) -> dict[str, Json]:
    result = {name: value for name, value in for_side(schema, side, resolve).items() if name not in _SETTLED}
    reference = result.get("$ref")
    if isinstance(reference, str):
        result["$ref"] = uri_of(resolve(reference)[1])
    required = result.get("required")
    if isinstance(required, list) and all(isinstance(name, str) for name in required):
        # jsonschema-rs counts: with a name listed twice `is_valid` refuses what `iter_errors` finds right.
        result["required"] = list(dict.fromkeys(required))
    pattern = result.get("pattern")
    if isinstance(pattern, str):
        translated = _translated(pattern)
        if translated is None:
            del result["pattern"]
        else:
            result["pattern"] = translated
    by_pattern = result.get("patternProperties")
    if isinstance(by_pattern, dict):
        result["patternProperties"] = {_translated(name) or _NO_NAME: child for name, child in by_pattern.items()}
    return result


def _translated(pattern: str) -> str | None:
    if _ALIKE.fullmatch(pattern):
        return pattern
    try:
        return language.rust_pattern(pattern)
    except UnsupportedPattern:
        return None


def _malformed_patterns(schema: dict[str, Json]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Place and reason of each pattern of this very schema that cannot be read."""
    named = schema.get("patternProperties")
    found = [(("patternProperties", name), name) for name in named] if isinstance(named, dict) else []
    for keyword, pattern in [(("pattern",), schema.get("pattern")), *found]:
        if isinstance(pattern, str) and not _ALIKE.fullmatch(pattern):
            try:
                language.rust_pattern(pattern)
            except UnsupportedPattern as error:
                yield keyword, str(error)
