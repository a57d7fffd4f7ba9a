"""Schemas compiled by jsonschema-rs. Holds the differences between what a document means and what that engine does.

Only what a schema reaches is handed over, in a sparse copy of its documents in which every address stays the same, so
that the place of an error is a place in the file.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

import jsonschema_rs

from watchword.contract import Schema, rewritten, subschemas
from watchword.ground import Side, UnsupportedPattern, parse_pointer
from watchword.language import rust_pattern

Json = Any
Resolve = Callable[[str], tuple[Json, str]]

_PREFIX = "urn:watchword:"
# What says which dialect or base address a schema has: settled when the document was read.
_SETTLED = frozenset({"$schema", "$id", "$vocabulary", "$comment"})
_MOST_REPAIRS = 100


@dataclass(frozen=True, slots=True)
class Compiled:
    """One schema for one side. `is_valid(value)` decides, `errors(value)` tells; both take a JSON value."""

    is_valid: Callable[[Json], bool]
    errors: Callable[[Json], Iterable[jsonschema_rs.ValidationError]]


@dataclass(eq=False, slots=True)
class Engine:
    """All schemas of a contract, compiled when first asked for.

    `left_out` gathers addresses of keywords that no engine can apply (a malformed pattern, `required: true`), with the
    reason; they are judged as if they were not there.
    """

    left_out: dict[str, str] = field(default_factory=dict)
    _compiled: dict[tuple[str, Side], Compiled] = field(default_factory=dict)
    _rewritten: dict[tuple[str, Side], Json] = field(default_factory=dict)

    def compiled(self, schema: Schema, side: Side) -> Compiled:
        """The schema as it holds for requests or responses."""
        key = (schema.at, side)
        if key not in self._compiled:
            self._compiled[key] = self._compile(schema, side)
        return self._compiled[key]

    def _compile(self, schema: Schema, side: Side) -> Compiled:
        sources: dict[str, dict[str, Json]] = {}
        for address, value in self._reachable(schema, side).items():
            file, pointer = split_address(address)
            _plant(sources.setdefault(file, {}), parse_pointer(pointer), value)
        root = {"$ref": _uri(schema.at)}
        for _ in range(_MOST_REPAIRS):
            try:
                registry = jsonschema_rs.Registry(
                    [(_PREFIX + quote(file), tree) for file, tree in sources.items()], draft=jsonschema_rs.Draft202012
                )
                validator = jsonschema_rs.Draft202012Validator(root, registry=registry, validate_formats=True)
                return Compiled(validator.is_valid, validator.iter_errors)
            except (ValueError, jsonschema_rs.ReferencingError):
                if not self._repair(schema, side, sources):
                    break
        self.left_out.setdefault(schema.at, "the schema cannot be compiled")
        anything = jsonschema_rs.Draft202012Validator(True)
        return Compiled(anything.is_valid, anything.iter_errors)

    def _repair(self, schema: Schema, side: Side, sources: dict[str, dict[str, Json]]) -> bool:
        """Takes the keywords out that the meta-schema refuses; false where there was none."""
        repaired = False
        for address, value in self._reachable(schema, side).items():
            for problem in list(jsonschema_rs.Draft202012Validator(_META).iter_errors(value)):
                path = [str(token) for token in problem.instance_path]
                file, pointer = split_address(address)
                if path and _uproot(sources[file], parse_pointer(pointer), problem.instance_path):
                    self.left_out.setdefault(address + "".join("/" + token for token in path), str(problem.message))
                    repaired = True
        return repaired

    def _reachable(self, schema: Schema, side: Side) -> dict[str, Json]:
        """Address -> rewritten value of the schema and of everything that its references lead to."""
        found: dict[str, Json] = {}
        pending = [(schema.at, schema.value)]
        while pending:
            address, value = pending.pop()
            if address in found:
                continue
            found[address] = self._for_engine(address, value, side, schema.resolve)
            for reference in references(value):
                target, at = schema.resolve(reference)
                pending.append((at, target))
        return found

    def _for_engine(self, address: str, value: Json, side: Side, resolve: Resolve) -> Json:
        key = (address, side)
        if key not in self._rewritten:
            self._rewritten[key] = rewritten(value, lambda schema: self._rewrite(schema, address, side, resolve))
        return self._rewritten[key]

    def _rewrite(self, schema: dict[str, Json], address: str, side: Side, resolve: Resolve) -> dict[str, Json]:
        result = {name: value for name, value in schema.items() if name not in _SETTLED}
        reference = result.get("$ref")
        if isinstance(reference, str):
            result["$ref"] = _uri(resolve(reference)[1])
        pattern = result.get("pattern")
        if isinstance(pattern, str):
            self._translate(result, pattern, address)
        by_pattern = result.get("patternProperties")
        if isinstance(by_pattern, dict):
            result["patternProperties"] = {self._engine_pattern(name, address): by_pattern[name] for name in by_pattern}
        return _without_hidden(result, side, resolve)

    def _translate(self, schema: dict[str, Json], pattern: str, address: str) -> None:
        try:
            schema["pattern"] = rust_pattern(pattern)
        except UnsupportedPattern as error:
            self.left_out.setdefault(address, str(error))
            del schema["pattern"]

    def _engine_pattern(self, pattern: str, address: str) -> str:
        try:
            return rust_pattern(pattern)
        except UnsupportedPattern as error:
            self.left_out.setdefault(address, str(error))
            return r"[^\s\S]"


def references(schema: Json) -> Iterable[str]:
    """Every `$ref` in a schema and its subschemas, document order."""
    if isinstance(schema, dict):
        reference = schema.get("$ref")
        if isinstance(reference, str):
            yield reference
        for _, child in subschemas(schema):
            yield from references(child)


def split_address(address: str) -> tuple[str, str]:
    """File (empty for the root document) and pointer of an address as `Schema.at` has it."""
    if not address or address.startswith("/"):
        return "", address
    file, _, pointer = address.partition("#")
    return file, pointer


def address_of(location: str) -> str:
    """The address that an `absolute_keyword_location` of the engine stands for."""
    file, _, pointer = location.removeprefix(_PREFIX).partition("#")
    file, pointer = unquote(file), unquote(pointer)
    return f"{file}#{pointer}" if file else pointer


def _uri(address: str) -> str:
    file, pointer = split_address(address)
    return f"{_PREFIX}{quote(file)}#{quote(pointer, safe='/~')}"


def _without_hidden(schema: dict[str, Json], side: Side, resolve: Resolve) -> dict[str, Json]:
    """The schema as one side has it (OpenAPI 3.0.3, Schema Object, `readOnly` and `writeOnly`).

    `required` holds for a `readOnly` member in replies alone, for a `writeOnly` one in requests alone; and a
    `writeOnly` member, a password, has no business in a reply.
    """
    flag = "readOnly" if side is Side.REQUEST else "writeOnly"
    required = schema.get("required")
    properties = schema.get("properties")
    if isinstance(required, list) and (hidden := _flagged(schema, flag, resolve, set())):
        schema = {**schema, "required": [name for name in required if name not in hidden]}
    if side is Side.RESPONSE and isinstance(properties, dict):
        shown = {name: False if _has_flag(child, flag, resolve) else child for name, child in properties.items()}
        schema = {**schema, "properties": shown}
    return schema


def _flagged(schema: Json, flag: str, resolve: Resolve, seen: set[str]) -> set[str]:
    """Names of the members that carry the flag, also through `$ref` and `allOf`."""
    if not isinstance(schema, dict):
        return set()
    found = {name for name, child in _mapping(schema, "properties") if _has_flag(child, flag, resolve)}
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference not in seen:
        seen.add(reference)
        found |= _flagged(_target(reference, resolve), flag, resolve, seen)
    for part in schema.get("allOf") or ():
        found |= _flagged(part, flag, resolve, seen)
    return found


def _has_flag(schema: Json, flag: str, resolve: Resolve) -> bool:
    for _ in range(10):
        if not isinstance(schema, dict):
            return False
        if schema.get(flag) is True:
            return True
        if not isinstance(schema.get("$ref"), str):
            return False
        schema = _target(schema["$ref"], resolve)
    return False


def _target(reference: str, resolve: Resolve) -> Json:
    return resolve(reference.removeprefix(_PREFIX))[0]


def _mapping(schema: dict[str, Json], name: str) -> Iterable[tuple[str, Json]]:
    value = schema.get(name)
    return value.items() if isinstance(value, dict) else ()


def _plant(tree: dict[str, Json], tokens: list[str], value: Json) -> None:
    """Puts a value at a pointer; arrays on the way become objects with their indices as names."""
    if not tokens:
        tree.update(value if isinstance(value, dict) else {})
        return
    for token in tokens[:-1]:
        inner = tree.setdefault(token, {})
        if not isinstance(inner, dict):
            return  # an ancestor is there already, and holds this value
        tree = inner
    last = tree.get(tokens[-1])
    tree[tokens[-1]] = {**last, **value} if isinstance(last, dict) and isinstance(value, dict) else value


def _uproot(tree: Json, tokens: list[str], path: Iterable[str | int]) -> bool:
    """Takes the keyword at `path` below `tokens` out of the tree; false where it is gone already."""
    steps = [*tokens, *path]
    for token in steps[:-1]:
        tree = _step(tree, token)
        if tree is None:
            return False
    if isinstance(tree, dict) and steps[-1] in tree:
        del tree[steps[-1]]
        return True
    return False


def _step(tree: Json, token: str | int) -> Json:
    if isinstance(tree, dict):
        return tree.get(token)
    if isinstance(tree, list) and isinstance(token, int) and token < len(tree):
        return tree[token]
    return None


_META = {"$ref": "https://json-schema.org/draft/2020-12/schema"}
