"""JSON types of values and of schemas."""

from collections.abc import Callable
from typing import Any

Json = Any


def types_of(schema: Json, version: str) -> frozenset[str] | None:
    """What `type` says, with null where `nullable` adds it; `None` where nothing is said."""
    if not isinstance(schema, dict):
        return None
    declared = schema.get("type")
    names = [declared] if isinstance(declared, str) else declared
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        return None
    nullable = version == "3.0" and schema.get("nullable") is True
    return frozenset([*names, "null"] if nullable else names)


def is_of_type(value: Json, name: str) -> bool:
    """Whether a value has a JSON Schema type; a number without a fraction is an integer."""
    match name:
        case "null":
            return value is None
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return not isinstance(value, bool) and (isinstance(value, int) or _is_whole(value))
        case "number":
            return not isinstance(value, bool) and isinstance(value, int | float)
        case "string":
            return isinstance(value, str)
        case "array":
            return isinstance(value, list)
        case "object":
            return isinstance(value, dict)
        case _:
            return True


def _is_whole(value: Json) -> bool:
    return isinstance(value, float) and value.is_integer()


def is_text_only(schema: Json, resolve: Callable[[str], tuple[Json, str]], depth: int = 20) -> bool:
    """Whether `type` says, in the schema or in a part that always holds, that only texts (and null) meet it."""
    if not isinstance(schema, dict) or depth == 0:
        return False
    declared = schema.get("type")
    names = [declared] if isinstance(declared, str) else declared if isinstance(declared, list) else []
    if "string" in names and set(names) <= {"string", "null"}:
        return True
    parts = schema.get("allOf")
    held = list(parts) if isinstance(parts, list) else []
    if isinstance(schema.get("$ref"), str):
        held.append(resolve(schema["$ref"])[0])
    return any(is_text_only(part, resolve, depth - 1) for part in held)
