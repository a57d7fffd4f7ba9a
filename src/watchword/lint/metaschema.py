"""The official meta-schemas, applied: every error at its place, in our words. Knows nothing that they do not say.

The files in `metaschemas` are those that the OpenAPI Initiative publishes (Apache 2.0), byte for byte; Arazzo's is
ours.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson

from watchword.ground import cut, redact

Json = Any
Found = tuple[tuple[str, ...], str]
"""The tokens of the value that is wrong, and what is wrong with it."""

EXCLUSIVE = "says more than one of what excludes each other"
NAME = "has a name that is not allowed"
_FOLDER = Path(__file__).parent / "metaschemas"
_MOST = 200
"""Errors told of one document; a file of another format has thousands."""


@cache
def _schema(version: str) -> Json:
    name = "arazzo-1" if version == "arazzo" else f"openapi-{version}"
    return orjson.loads((_FOLDER / f"{name}.json").read_bytes())


@cache
def _names(version: str) -> frozenset[str]:
    """All names of members that the meta-schema knows, wherever it does."""
    found: set[str] = set()
    pending = [_schema(version)]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            found.update(value.get("properties", {}))
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
    return frozenset(found)


@cache
def _validator(version: str) -> Any:
    schema = _schema(version)
    build = jsonschema_rs.Draft4Validator if version == "3.0" else jsonschema_rs.Draft202012Validator
    # Its `format` is `regex` for patterns, which engines read each in its own way; `invalid-pattern` judges them.
    return build(schema, validate_formats=False)


@cache
def _schema_validator() -> Any:
    return jsonschema_rs.Draft202012Validator({"$ref": "https://json-schema.org/draft/2020-12/schema"})


def structure_errors(value: Json, version: str) -> Iterator[Found]:
    """What the meta-schema of a version (`"3.0"`, `"arazzo"`) finds wrong with a document."""
    yield from _errors(_validator(version), value, lambda: _names(version))


def schema_errors(value: Json) -> Iterator[Found]:
    """What the meta-schema of JSON Schema 2020-12 finds wrong with a schema."""
    yield from _errors(_schema_validator(), value)


def _errors(validator: Any, value: Json, names: Callable[[], frozenset[str]] = frozenset) -> Iterator[Found]:
    if validator.is_valid(value):
        return
    told: dict[Found, str] = {}
    for error in validator.iter_errors(value):
        for found, keyword in _told(error, ()):
            told.setdefault(found, keyword)
        if len(told) >= _MOST:
            break
    yield from _without_echoes(told, names())


def _without_echoes(told: dict[Found, str], names: frozenset[str]) -> Iterator[Found]:
    """The errors, those left out that only repeat another of the same object.

    Where an alternative fails, the members that it allows count as not evaluated; an object that must not be empty
    lacks what it must have; a value of the wrong type is no value of an `enum` either.
    """
    at: dict[tuple[str, ...], set[str]] = {}
    for (path, _), keyword in told.items():
        owner = path[:-1] if keyword == "unevaluatedProperties" else path
        at.setdefault(owner, set()).add(keyword)
    for found, keyword in told.items():
        path = found[0]
        others = at[path[:-1] if keyword == "unevaluatedProperties" else path] - {keyword}
        is_echo = (
            (keyword == "unevaluatedProperties" and others and path[-1] in names)
            or (keyword == "required" and "minProperties" in others)
            or (keyword == "enum" and "type" in others)
        )
        if not is_echo:
            yield found


def _told(error: Any, base: tuple[str, ...]) -> Iterator[tuple[Found, str]]:
    """What is wrong, with the keyword that says so."""
    path = base + tuple(str(token) for token in error.instance_path)
    details = error.kind.as_dict()
    keyword = error.kind.name
    match keyword:
        case "oneOf" | "anyOf" if details.get("context"):
            shared = _same_choice(details["context"])
            if shared is not None:
                yield shared, "enum"
                return
            if any(not branch for branch in details["context"]):
                yield (path, EXCLUSIVE), keyword
                return
            for inner in _likeliest(details["context"], error.instance):
                # An inner path starts at the root of the whole document already.
                yield from _told(inner, base)
        case "additionalProperties" | "unevaluatedProperties":
            for name in details["unexpected"]:
                yield ((*path, str(name)), f"`{cut(str(name))}` has no meaning here"), keyword
        case "propertyNames":
            inner = details.get("error")
            named = (*path, inner.instance) if inner is not None and isinstance(inner.instance, str) else path
            reason = next((message for (_, message), _ in _told(inner, ())), "") if inner is not None else ""
            yield (named, f"{NAME}: {reason or 'see the specification'}"), keyword
        case _:
            yield (path, _reason(error, details)), keyword


def _reason(error: Any, details: dict[str, Json]) -> str:
    match error.kind.name:
        case "required":
            return f"`{details['property']}` is missing"
        case "type":
            return f"must be {_types(error)}"
        case "enum":
            options = [redact(option, secret=False) for option in details.get("options", [])]
            return f"must be {'one of ' if len(options) > 1 else ''}{', '.join(options)}"
        case "const":
            return f"must be {redact(details.get('expected_value'), secret=False)}"
        case "pattern":
            return f"must match `{cut(str(details.get('pattern')))}`"
        case "minItems" | "minProperties":
            return "must not be empty" if details.get("limit") == 1 else f"breaks `{error.kind.name}`"
        case "not":  # which the meta-schemas say of such pairs only
            return EXCLUSIVE
        case "uniqueItems":
            return "holds the same item twice"
        case "falseSchema":
            return "has no meaning here"
        case name:
            limit = details.get("limit")
            shown = f"`{name}`" if limit is None else f"`{name}` {limit}"
            return f"breaks {shown} of the specification's schema"


def _same_choice(branches: Sequence[Sequence[Any]]) -> Found | None:
    """Where each alternative wants another value of one member (`in` of a parameter): all that it may be."""
    wanted: dict[tuple[str, ...], list[list[Json]]] = {}
    for errors in branches:
        for error in errors:
            if error.kind.name == "enum":
                path = tuple(str(token) for token in error.instance_path)
                wanted.setdefault(path, []).append(error.kind.as_dict().get("options", []))
    for path, options in wanted.items():
        if len(options) == len(branches) > 1:
            listed = [redact(option, secret=False) for each in options for option in each]
            return path, f"must be one of {', '.join(dict.fromkeys(listed))}"
    return None


def _likeliest(branches: Sequence[Sequence[Any]], instance: Json) -> Sequence[Any]:
    """The errors of the alternative that the author most likely meant."""

    def rank(errors: Sequence[Any]) -> tuple[bool, bool, int]:
        wants_reference = any(
            error.kind.name == "required" and error.kind.as_dict().get("property") == "$ref" for error in errors
        )
        has_reference = isinstance(instance, dict) and "$ref" in instance
        other_kind = any(
            error.kind.name in ("enum", "const", "type") and len(error.instance_path) <= depth + 1 for error in errors
        )
        return wants_reference != has_reference and wants_reference, other_kind, len(errors)

    depth = min((len(error.instance_path) for errors in branches for error in errors), default=0)
    return min(branches, key=rank)


def _types(error: Any) -> str:
    types = error.kind.as_dict().get("types") or []
    named = [str(each) for each in (types if isinstance(types, list) else [types])]
    return " or ".join(_WITH_ARTICLE.get(name, name) for name in named) or "of another type"


_WITH_ARTICLE = {
    "array": "an array",
    "boolean": "true or false",
    "integer": "an integer",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a string",
}
