"""What kind of value a schema can accept, seen without a value. Decides nothing about a value itself."""

from collections.abc import Callable
from typing import Any

Json = Any
ALL_TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
Resolve = Callable[[str], tuple[Json, str]]

_PYTHON_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
# Keywords that restrict nothing: a schema that has no other accepts every value.
_ANNOTATIONS = frozenset(
    {"title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly", "externalDocs"}
    | {"xml", "$comment", "$schema", "$id", "$anchor", "$defs", "definitions", "discriminator"}
)


def json_type(value: Json) -> str:
    """The JSON Schema type of a value; `integer` for a number without a fraction."""
    if isinstance(value, float) and value.is_integer():
        return "integer"
    return _PYTHON_TYPES.get(type(value), "null")


def json_types(schema: Json, resolve: Resolve, depth: int = 20) -> frozenset[str]:
    """The types that a value may have; too many rather than too few where keywords interact."""
    if schema is False:
        return frozenset()
    if not isinstance(schema, dict) or depth == 0:
        return ALL_TYPES
    found = _own_types(schema)
    reference = schema.get("$ref")
    if isinstance(reference, str):
        found &= json_types(resolve(reference)[0], resolve, depth - 1)
    for part in _schemas(schema, "allOf"):
        found &= json_types(part, resolve, depth - 1)
    for keyword in ("anyOf", "oneOf"):
        choices = _schemas(schema, keyword)
        if choices:
            found &= frozenset().union(*(json_types(choice, resolve, depth - 1) for choice in choices))
    return found


def accepts_everything(schema: Json) -> bool:
    """Whether the schema restricts nothing at all; false where that takes more than a look."""
    if not isinstance(schema, dict):
        return schema is True
    return all(key in _ANNOTATIONS or key.startswith("x-") for key in schema)


def properties(schema: Json, resolve: Resolve, depth: int = 20) -> dict[str, Json]:
    """The schemas of the members that a schema names, through `$ref` and the in-place applicators."""
    if not isinstance(schema, dict) or depth == 0:
        return {}
    found: dict[str, Json] = {}
    reference = schema.get("$ref")
    if isinstance(reference, str):
        found.update(properties(resolve(reference)[0], resolve, depth - 1))
    for keyword in ("allOf", "anyOf", "oneOf"):
        for part in _schemas(schema, keyword):
            found.update(properties(part, resolve, depth - 1))
    own = schema.get("properties")
    return {**found, **own} if isinstance(own, dict) else found


def items(schema: Json, resolve: Resolve, depth: int = 20) -> Json:
    """The schema of an array's items, or `True` where nothing is said."""
    if not isinstance(schema, dict) or depth == 0:
        return True
    if "items" in schema:
        return schema["items"]
    reference = schema.get("$ref")
    if isinstance(reference, str):
        return items(resolve(reference)[0], resolve, depth - 1)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for part in _schemas(schema, keyword):
            found = items(part, resolve, depth - 1)
            if found is not True:
                return found
    return True


def _own_types(schema: dict[str, Json]) -> frozenset[str]:
    found = ALL_TYPES
    declared = schema.get("type")
    if isinstance(declared, str):
        declared = [declared]
    if isinstance(declared, list):
        found = frozenset(name for name in declared if isinstance(name, str))
        if "number" in found:
            found |= {"integer"}
    literals = [schema["const"]] if "const" in schema else schema.get("enum")
    if isinstance(literals, list):
        found &= frozenset(json_type(value) for value in literals)
    return found


def _schemas(schema: dict[str, Json], keyword: str) -> list[Json]:
    value = schema.get(keyword)
    return value if isinstance(value, list) else []
