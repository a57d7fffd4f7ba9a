"""Values against schemas of a whole document, compiled from one copy of it. Holds no rule about where values stand.

`validation.Engine` copies what one schema reaches, which suits a few schemas that judge much traffic; here there are
many schemas with a few values each.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, Literal
from urllib.parse import quote, unquote

import jsonschema_rs

from watchword.contract import is_reference_alone, rewritten
from watchword.document import DanglingReference, Document, Node
from watchword.ground import PatternError, cut
from watchword.language import rust_pattern
from watchword.lint.subject import Subject

Json = Any
Direction = Literal["request", "response", "any"]
_SETTLED = frozenset({"$schema", "$id", "$vocabulary", "$comment", "$anchor", "$dynamicAnchor"})
_MOST_ERRORS = 3
_TOLD_FORMATS = frozenset({"date", "date-time", "ipv4", "ipv6", "uuid"})
"""Formats about whose meaning there is no dispute."""
_TOGETHER = 256
"""Schemas that are compiled in one go; if one of them is malformed, all are compiled alone."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """One error: the tokens of the value within what was judged, what is wrong with it, and the keyword that says so.

    `keyword` is the uri of the document (as `document_uri` has it) and a pointer there. `is_slight` says that readers
    may differ: it is `format`, which JSON Schema lets a validator leave alone, or how a text is written.
    """

    path: tuple[str | int, ...]
    message: str
    keyword: tuple[str, str] = ("", "")
    is_slight: bool = False


@dataclass(eq=False)
class Judge:
    """Judges values against the schemas of one subject.

    A direction leaves out what holds on the other side only: `required` of a `readOnly` member does not hold in a
    request (OpenAPI 3.0.4, 4.7.24), in `any` direction neither flag's does.
    """

    subject: Subject
    _registries: dict[Direction, Any] = field(default_factory=dict)
    _validators: dict[tuple[str, Direction], Any] = field(default_factory=dict)
    _quick: dict[tuple[str, Direction], Any] = field(default_factory=dict)

    def expect(self, wanted: Iterable[tuple[Node, Direction]]) -> None:
        """Compile together what values will be judged by: schemas share most of what they refer to."""
        by_side: dict[Direction, dict[str, None]] = {}
        for schema, direction in wanted:
            by_side.setdefault(self._side(direction), {})[self._uri(schema)] = None
        for side, uris in by_side.items():
            listed = list(uris)
            for start in range(0, len(listed), _TOGETHER):
                group = listed[start : start + _TOGETHER]
                validator = self._compiled({"properties": {uri: {"$ref": uri} for uri in group}}, side)
                self._quick.update(((uri, side), validator) for uri in group)

    def errors(self, schema: Node, value: Json, direction: Direction) -> list[Wrong]:
        """What is wrong with a value, at most three things; nothing where the schema itself cannot be compiled."""
        side, uri = self._side(direction), self._uri(schema)
        try:
            quick = self._quick.get((uri, side))
            if quick is not None and quick.is_valid({uri: value}):
                return []
            validator = self._validator(uri, side)
            if validator is None or validator.is_valid(value):
                return []
            found = (_wrong(error, *told) for error in _flat(validator.iter_errors(value)) for told in _worded(error))
            return list(islice(found, _MOST_ERRORS))
        except (ValueError, OverflowError, jsonschema_rs.ValidationError):
            return []  # a number or a lone surrogate that the engine cannot hold

    def _side(self, direction: Direction) -> Direction:
        return direction if self._has_directions else "any"

    @cached_property
    def _has_directions(self) -> bool:
        texts = [document.text for document in self.subject.library.documents]
        return any("readOnly" in text or "writeOnly" in text for text in texts)

    def _uri(self, schema: Node) -> str:
        if is_reference_alone(schema.value):
            schema = self.subject.follow(schema) or schema  # many media types share one schema
        return document_uri(self.subject, schema.document) + "#" + quote(schema.pointer, safe="/~")

    def _validator(self, uri: str, direction: Direction) -> Any:
        key = (uri, direction)
        if key not in self._validators:
            self._validators[key] = self._compiled({"$ref": uri}, direction)
        return self._validators[key]

    def _compiled(self, schema: dict[str, Json], direction: Direction) -> Any:
        try:
            if direction not in self._registries:
                self._registries[direction] = self._registry(direction)
            return jsonschema_rs.Draft202012Validator(
                schema, registry=self._registries[direction], validate_formats=True
            )
        except (ValueError, jsonschema_rs.ReferencingError, jsonschema_rs.ValidationError):
            return None  # `malformed-schema` and `dangling-reference` tell why

    def _registry(self, direction: Direction) -> Any:
        outermost = {
            id(spot.node.value) for spot in self.subject.of("schema") if spot.via in ("schema", "itemSchema", "schemas")
        }
        extra = {
            id(each.target.value) for each in self.subject.references if each.target and each.holder.kind == "schema"
        }
        resources = []
        for document in self.subject.library.documents:
            copy = self._copied(document.value, document, outermost, extra, direction)
            resources.append((document_uri(self.subject, document), copy))
        return jsonschema_rs.Registry(resources, draft=jsonschema_rs.Draft202012)

    def _copied(self, value: Json, document: Document, outermost: set[int], extra: set[int], side: Direction) -> Json:
        """The document's tree with its schemas rewritten; what is no schema stays as it is."""
        if isinstance(value, dict):
            if id(value) in outermost or id(value) in extra:
                return rewritten(value, lambda schema: self._rewrite(schema, document, side))
            return {name: self._copied(child, document, outermost, extra, side) for name, child in value.items()}
        if isinstance(value, list):
            return [self._copied(child, document, outermost, extra, side) for child in value]
        return value

    def _rewrite(self, schema: dict[str, Json], document: Document, side: Direction) -> dict[str, Json]:
        for rewriting in self.subject.rewritings:
            schema = rewriting(schema)
        schema = {name: value for name, value in schema.items() if name not in _SETTLED}
        reference = schema.get("$ref")
        if isinstance(reference, str):
            schema["$ref"] = self._absolute(reference, document)
        if isinstance(schema.get("pattern"), str):
            schema = _with_pattern(schema)
        if isinstance(schema.get("required"), list):
            schema["required"] = self._required(schema, side, document)
        named = schema.get("patternProperties")
        if isinstance(named, dict):
            schema["patternProperties"] = {_readable(name) or r"[^\s\S]": child for name, child in named.items()}
        return schema

    def _absolute(self, reference: str, document: Document) -> str:
        try:
            target = self.subject.library.resolve(reference, document)
        except DanglingReference:
            return reference
        return f"{document_uri(self.subject, target.document)}#{quote(target.pointer, safe='/~')}"

    def _required(self, schema: dict[str, Json], side: Direction, document: Document) -> list[str]:
        flags = {"request": ("readOnly",), "response": ("writeOnly",), "any": ("readOnly", "writeOnly")}[side]
        members = self._members(schema, document, 0)
        names = [name for name in schema["required"] if isinstance(name, str)]
        return [name for name in dict.fromkeys(names) if not self._is_flagged(members.get(name), flags, document)]

    def _members(self, schema: Json, document: Document, depth: int) -> dict[str, Json]:
        if not isinstance(schema, dict) or depth > 5:
            return {}
        found: dict[str, Json] = {}
        for part in schema.get("allOf") or ():
            found.update(self._members(self._target(part, document), document, depth + 1))
        own = schema.get("properties")
        return {**found, **own} if isinstance(own, dict) else found

    def _is_flagged(self, schema: Json, flags: tuple[str, ...], document: Document) -> bool:
        return any(
            isinstance(each, dict) and each.get(flag) is True
            for each in (schema, self._target(schema, document))
            for flag in flags
        )

    def _target(self, schema: Json, document: Document) -> Json:
        reference = schema.get("$ref") if isinstance(schema, dict) else None
        if not isinstance(reference, str):
            return schema
        try:
            return self.subject.library.resolve(reference, document).value
        except DanglingReference:
            return None


def document_uri(subject: Subject, document: Document) -> str:
    """What the engine knows a document by."""
    return "urn:watchword:" + quote(subject.library.name(document))


def _with_pattern(schema: dict[str, Json]) -> dict[str, Json]:
    readable = _readable(schema["pattern"])
    if readable is None:
        return {name: value for name, value in schema.items() if name != "pattern"}
    return {**schema, "pattern": readable}


def _readable(pattern: str) -> str | None:
    try:
        return rust_pattern(pattern)
    except PatternError:
        return None


def _flat(errors: Iterable[Any]) -> Iterable[Any]:
    """The errors, those of the only fitting alternative in the place of `anyOf` and `oneOf`."""
    for error in errors:
        context = error.kind.as_dict().get("context") if error.kind.name in ("anyOf", "oneOf") else None
        fitting = [branch for branch in context or () if not any(_is_other_type(each, error) for each in branch)]
        if len(fitting) == 1:
            yield from fitting[0]
        else:
            yield error


def _is_other_type(inner: Any, outer: Any) -> bool:
    return inner.kind.name == "type" and len(inner.instance_path) == len(outer.instance_path)


def _wrong(error: Any, path: tuple[str | int, ...], message: str) -> Wrong:
    uri, _, pointer = str(error.absolute_keyword_location or "").partition("#")
    return Wrong(path, message, (uri, unquote(pointer)), error.kind.name == "format")


def _worded(error: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """One error in words that tell no value: an example may be a secret."""
    path = tuple(error.instance_path)
    details = error.kind.as_dict()
    match error.kind.name:
        case "required":
            yield (path, f"`{cut(details['property'], 40)}` is missing")
        case "additionalProperties" | "unevaluatedProperties":
            for name in details["unexpected"]:
                yield ((*path, name), f"`{cut(str(name), 60)}` is not allowed")
        case "type":
            types = details.get("types", [])
            yield (path, f"is not of type {' or '.join(map(str, types if isinstance(types, list) else [types]))}")
        case "enum":
            yield (path, "is none of the values of `enum`")
        case "minLength" | "maxLength" | "minItems" | "maxItems" | "minimum" | "maximum":
            yield (path, f"breaks `{error.kind.name}` {cut(str(details.get('limit')), 30)}")
        case "pattern":
            yield (path, "does not match the pattern")
        case "format":
            if details.get("format") in _TOLD_FORMATS:
                yield (path, f"is no `{details['format']}`")
        case "oneOf" | "anyOf":
            how_many = "more than one" if "multiple" in str(error.kind).lower() else "none"
            yield (path, f"fits {how_many} of `{error.kind.name}`")
        case name:
            yield (path, f"breaks `{name}`")
