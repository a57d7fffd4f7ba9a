"""A schema with all that it refers to as one JSON Schema that stands alone, and a check of values against it.

For values of schemas that take a judge (`oneOf`, `not`, `if`); what a schema says plainly needs none.
"""

from collections.abc import Callable
from typing import Any

import jsonschema_rs

from watchword.contract import rewritten
from watchword.ground import PatternError, Side
from watchword.language import rust_pattern
from watchword.strategies.shape import Node, has_flag

Json = Any


def checker(node: Node, side: Side) -> Callable[[Json], bool]:
    """A function that tells whether a value fits.

    A pattern that cannot be translated counts as absent; a schema that the engine refuses all the same judges nothing.
    """
    schemas: dict[str, Json] = {}

    def copied(schema: dict[str, Json]) -> dict[str, Json]:
        result = {name: value for name, value in schema.items() if name not in ("$id", "$schema", "$anchor")}
        reference = result.get("$ref")
        if isinstance(reference, str):
            target, at = node.resolve(reference)
            if at not in schemas:
                schemas[at] = True
                schemas[at] = rewritten(target, copied)
            result["$ref"] = f"#/$defs/{list(schemas).index(at)}"
        if isinstance(result.get("pattern"), str):
            result["pattern"] = translated(result["pattern"]) or ""  # the empty pattern matches everything
        if isinstance(result.get("patternProperties"), dict):
            named = {translated(name): value for name, value in result["patternProperties"].items()}
            result["patternProperties"] = {name: value for name, value in named.items() if name is not None}
        return _shown(result, node, side)

    root = rewritten(node.value, copied)
    if not isinstance(root, dict):
        return lambda _: bool(root)
    schema = {**root, "$defs": {str(number): value for number, value in enumerate(schemas.values())}}
    try:
        is_valid: Callable[[Json], bool] = jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid
    except (ValueError, jsonschema_rs.ReferencingError):  # its ValidationError is a ValueError
        return lambda _: True
    return is_valid


def translated(pattern: str) -> str | None:
    """The pattern as jsonschema-rs reads it; None where it cannot."""
    try:
        return rust_pattern(pattern)
    except PatternError:
        return None


def _shown(schema: dict[str, Json], node: Node, side: Side) -> dict[str, Json]:
    """Without the duty to have members that this side does not show."""
    members = schema.get("properties")
    if isinstance(members, dict) and isinstance(schema.get("required"), list):
        flag = "readOnly" if side is Side.REQUEST else "writeOnly"
        hidden = {name for name, value in members.items() if has_flag(Node(value, node.at, name, node.resolve), flag)}
        schema["required"] = [name for name in schema["required"] if name not in hidden]
    return schema
