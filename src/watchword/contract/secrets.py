"""Where a schema says that a secret stands, and the texts of a value that stand there. Judges nothing."""

from collections.abc import Iterator
from typing import Any

from watchword.contract.kinds import Resolve, listed
from watchword.contract.shape import items, others, properties

Json = Any


def is_secret(schema: Json, resolve: Resolve, depth: int = 8) -> bool:
    """Whether a schema says that its value is secret: `format: password` or `writeOnly`, also through what it uses."""
    if not isinstance(schema, dict) or depth == 0:
        return False
    if schema.get("format") == "password" or schema.get("writeOnly") is True:
        return True
    reference = schema.get("$ref")
    if isinstance(reference, str) and is_secret(resolve(reference)[0], resolve, depth - 1):
        return True
    parts = [part for keyword in ("allOf", "anyOf", "oneOf") for part in listed(schema, keyword)]
    return any(is_secret(part, resolve, depth - 1) for part in parts)


def marked(value: Json, schema: Json, resolve: Resolve, *, within: bool = False) -> Iterator[tuple[str, bool]]:
    """Each text of a value that the schema describes, and whether it marks it, or what it stands `within`, as secret.

    Members that the schema says nothing of are left out, but for those of a secret.
    """
    secret = within or is_secret(schema, resolve)
    if isinstance(value, str) and value:
        yield value, secret
    elif isinstance(value, dict):
        named, other = properties(schema, resolve), others(schema, resolve)
        for name, child in value.items():
            inner = named.get(name, other)
            if secret or inner is not None:
                yield from marked(child, True if inner is None else inner, resolve, within=secret)
    elif isinstance(value, list):
        for child in value:
            yield from marked(child, items(schema, resolve), resolve, within=secret)


def texts_of(value: Json) -> Iterator[str]:
    """Every text in a value, names of members apart."""
    if isinstance(value, dict | list):
        for child in value.values() if isinstance(value, dict) else value:
            yield from texts_of(child)
    elif isinstance(value, str):
        yield value
