"""Which JSON types a schema lets a value have, seen without a value; how a schema is flagged. Judges nothing."""

from collections.abc import Callable
from typing import Any

Json = Any
Resolve = Callable[[str], tuple[Json, str]]
"""What a `$ref` names, as (schema, address)."""

ALL_TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})

_PYTHON_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}


def json_type(value: Json) -> str:
    """The JSON Schema type of a value; `integer` for a number without a fraction."""
    if isinstance(value, float) and value.is_integer():
        return "integer"
    return _PYTHON_TYPES.get(type(value), "null")


def json_types(schema: Json, resolve: Resolve, depth: int = 24) -> frozenset[str]:
    """The types that a value may have; too many rather than too few where keywords interact."""
    if schema is False:
        return frozenset()
    if not isinstance(schema, dict) or depth <= 0:
        return ALL_TYPES
    found = _own_types(schema)
    reference = schema.get("$ref")
    if isinstance(reference, str):
        found &= json_types(resolve(reference)[0], resolve, depth - 1)
    for part in listed(schema, "allOf"):
        found &= json_types(part, resolve, depth - 1)
    for keyword in ("anyOf", "oneOf"):
        choices = listed(schema, keyword)
        if choices:
            found &= frozenset().union(*(json_types(choice, resolve, depth - 1) for choice in choices))
    return found


def has_flag(schema: Json, flag: str, resolve: Resolve) -> bool:
    """Whether a schema, or what it refers to, carries `readOnly` or `writeOnly`."""
    for _ in range(10):
        if not isinstance(schema, dict):
            return False
        if schema.get(flag) is True:
            return True
        if not isinstance(schema.get("$ref"), str):
            return False
        schema = resolve(schema["$ref"])[0]
    return False


def listed(schema: dict[str, Json], keyword: str) -> list[Json]:
    """The schemas that an `allOf`, `anyOf` or `oneOf` lists; none where it is no list."""
    value = schema.get(keyword)
    return value if isinstance(value, list) else []


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
