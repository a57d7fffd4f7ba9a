"""What a schema says of members and items, seen without a value. Decides nothing about a value itself."""

from typing import Any

from watchword.contract.kinds import Resolve, listed

Json = Any

# Keywords that restrict nothing: a schema that has no other accepts every value.
_ANNOTATIONS = frozenset(
    {"title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly", "externalDocs"}
    | {"xml", "$comment", "$schema", "$id", "$anchor", "$defs", "definitions", "discriminator"}
)


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
        for part in listed(schema, keyword):
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
        for part in listed(schema, keyword):
            found = items(part, resolve, depth - 1)
            if found is not True:
                return found
    return True
