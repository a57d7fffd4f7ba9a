"""What a schema says of members and items, seen without a value. Decides nothing about a value itself."""

from collections.abc import Sequence
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


_OPEN = ("patternProperties", "additionalProperties", "unevaluatedProperties", "if", "not")


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


def others(schema: Json, resolve: Resolve, depth: int = 20) -> Json | None:
    """The schema of the members that an object's schema does not name; `None` where it says nothing of them."""
    if not isinstance(schema, dict) or depth == 0:
        return None
    if isinstance(schema.get("additionalProperties"), dict):
        return schema["additionalProperties"]
    parts = [part for keyword in ("allOf", "anyOf", "oneOf") for part in listed(schema, keyword)]
    if isinstance(schema.get("$ref"), str):
        parts.append(resolve(schema["$ref"])[0])
    return next((found for part in parts if (found := others(part, resolve, depth - 1)) is not None), None)


def may_have(schema: Json, resolve: Resolve, tokens: Sequence[str], depth: int = 20) -> bool:
    """Whether there may be a value at a pointer; a member that a schema does not name is there only if it says so."""
    if not tokens or not isinstance(schema, dict) or not depth:
        return True
    token, *rest = tokens
    named = properties(schema, resolve)
    inner = items(schema, resolve)
    if token in named:
        return may_have(named[token], resolve, rest, depth - 1)
    if inner is not True and (token.isdecimal() or token == "-"):
        return may_have(inner, resolve, rest, depth - 1)
    return (not named and inner is True) or _is_open(schema, resolve)


def _is_open(schema: Json, resolve: Resolve, depth: int = 20) -> bool:
    if not isinstance(schema, dict) or not depth:
        return True
    if any(schema.get(keyword, False) is not False for keyword in _OPEN):
        return True
    reference = schema.get("$ref")
    parts = [part for keyword in ("allOf", "anyOf", "oneOf") for part in listed(schema, keyword)]
    if isinstance(reference, str):
        parts.append(resolve(reference)[0])
    return any(_is_open(part, resolve, depth - 1) for part in parts)
