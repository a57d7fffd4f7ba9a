"""What `readOnly` and `writeOnly` make of a schema on either side. Compiles nothing."""

from collections.abc import Iterable
from typing import Any

from watchword.contract.kinds import Resolve, has_flag
from watchword.ground import Side

Json = Any


def for_side(schema: dict[str, Json], side: Side, resolve: Resolve) -> dict[str, Json]:
    """The schema as one side has it (OpenAPI 3.0.3, Schema Object, `readOnly` and `writeOnly`).

    `required` holds for a `readOnly` member in replies alone, for a `writeOnly` one in requests alone; and a
    `writeOnly` member, a password, has no business in a reply.
    """
    flag = "readOnly" if side is Side.REQUEST else "writeOnly"
    required = schema.get("required")
    properties = schema.get("properties")
    if isinstance(required, list) and (hidden := _flagged(schema, flag, resolve, set())):
        schema = {**schema, "required": [name for name in required if not isinstance(name, str) or name not in hidden]}
    if side is Side.RESPONSE and isinstance(properties, dict):
        shown = {name: False if has_flag(child, flag, resolve) else child for name, child in properties.items()}
        schema = {**schema, "properties": shown}
    return schema


def _flagged(schema: Json, flag: str, resolve: Resolve, seen: set[str]) -> set[str]:
    """Names of the members that carry the flag, also through `$ref` and `allOf`."""
    if not isinstance(schema, dict):
        return set()
    found = {name for name, child in _mapping(schema, "properties") if has_flag(child, flag, resolve)}
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference not in seen:
        seen.add(reference)
        found |= _flagged(resolve(reference)[0], flag, resolve, seen)
    for part in schema.get("allOf") or ():
        found |= _flagged(part, flag, resolve, seen)
    return found


def _mapping(schema: dict[str, Json], name: str) -> Iterable[tuple[str, Json]]:
    value = schema.get(name)
    return value.items() if isinstance(value, dict) else ()
