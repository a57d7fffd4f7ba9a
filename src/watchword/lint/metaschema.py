"""The official meta-schemas, applied: every error at its place, in our words. Knows nothing that they do not say.

The files in `metaschemas` are those that the OpenAPI Initiative publishes (Apache 2.0), byte for byte; Arazzo's is
ours.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson

from watchword.ground import cut, redact

Json = Any
Found = tuple[tuple[str, ...], str]
"""The tokens of the value that is wrong, and what is wrong with it."""

_FOLDER = Path(__file__).parent / "metaschemas"
_MOST = 200
"""Errors told of one document; a file of another format has thousands."""


@cache
def _validator(version: str) -> Any:
    name = "arazzo-1" if version == "arazzo" else f"openapi-{version}"
    schema = orjson.loads((_FOLDER / f"{name}.json").read_bytes())
    build = jsonschema_rs.Draft4Validator if version == "3.0" else jsonschema_rs.Draft202012Validator
    return build(schema)


@cache
def _schema_validator() -> Any:
    return jsonschema_rs.Draft202012Validator({"$ref": "https://json-schema.org/draft/2020-12/schema"})


def structure_errors(value: Json, version: str) -> Iterator[Found]:
    """What the meta-schema of a version (`"3.0"`, `"arazzo"`) finds wrong with a document."""
    yield from _errors(_validator(version), value)


def schema_errors(value: Json) -> Iterator[Found]:
    """What the meta-schema of JSON Schema 2020-12 finds wrong with a schema."""
    yield from _errors(_schema_validator(), value)


def _errors(validator: Any, value: Json) -> Iterator[Found]:
    if validator.is_valid(value):
        return
    seen: set[Found] = set()
    for error in validator.iter_errors(value):
        for found in _told(error, ()):
            if found not in seen:
                seen.add(found)
                yield found
                if len(seen) == _MOST:
                    return


def _told(error: Any, base: tuple[str, ...]) -> Iterator[Found]:
    path = base + tuple(str(token) for token in error.instance_path)
    details = error.kind.as_dict()
    match error.kind.name:
        case "oneOf" | "anyOf" if details.get("context"):
            shared = _same_choice(details["context"])
            if shared is not None:
                yield shared
                return
            for inner in _likeliest(details["context"], error.instance):
                # An inner path starts at the root of the whole document already.
                yield from _told(inner, base)
        case "required":
            yield path, f"`{details['property']}` is missing"
        case "additionalProperties" | "unevaluatedProperties":
            for name in details["unexpected"]:
                yield (*path, str(name)), f"`{cut(str(name))}` has no meaning here"
        case "propertyNames":
            yield path, f"has a name that is not allowed: {_reason(details)}"
        case "type":
            yield path, f"must be {_types(error)}"
        case "enum":
            options = details.get("options", [])
            yield path, f"must be one of {', '.join(redact(option, secret=False) for option in options)}"
        case "const":
            yield path, f"must be {redact(details.get('expected_value'), secret=False)}"
        case "pattern":
            yield path, f"must match `{cut(str(details.get('pattern')))}`"
        case "minItems" | "minProperties":
            yield path, "must not be empty" if details.get("limit") == 1 else f"breaks `{error.kind.name}`"
        case "uniqueItems":
            yield path, "holds the same item twice"
        case "falseSchema":
            yield path, "has no meaning here"
        case name:
            yield path, f"breaks `{name}` of the specification's schema"


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


def _reason(details: dict[str, Json]) -> str:
    inner = details.get("error")
    return next((message for _, message in _told(inner, ())), "see the specification") if inner is not None else ""
