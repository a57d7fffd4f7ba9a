"""Schema Objects of any OpenAPI version as JSON Schema 2020-12. Says nothing about instances.

Differences between versions are data: the table `DIALECTS` names the rewritings of each. A rewriting never moves a
keyword, so that a JSON Pointer into the rewritten schema is one into the document too.
"""

from collections.abc import Callable, Iterator
from typing import Any

from watchword.ground import parse_pointer

Json = Any
Rewriting = Callable[[dict[str, Json]], dict[str, Json]]

# Applicators of JSON Schema 2020-12 (core, section 10; validation vocabulary has none), by what their value holds.
ONE = frozenset(
    {
        "additionalProperties",
        "contains",
        "contentSchema",
        "else",
        "if",
        "items",
        "not",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    }
)
LIST = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
MAP = frozenset({"$defs", "definitions", "dependentSchemas", "patternProperties", "properties"})


def subschemas(schema: Json) -> Iterator[tuple[tuple[str, ...], Json]]:
    """The tokens and value of each direct subschema, document order."""
    if not isinstance(schema, dict):
        return
    for keyword, value in schema.items():
        if keyword in ONE and isinstance(value, dict | bool):
            yield (keyword,), value
        elif keyword in LIST and isinstance(value, list):
            for index, child in enumerate(value):
                yield (keyword, str(index)), child
        elif keyword in MAP and isinstance(value, dict):
            for name, child in value.items():
                yield (keyword, name), child


def rewritten(schema: Json, rewriting: Rewriting) -> Json:
    """A copy in which every schema object, this one and those below it, went through the rewriting, outermost first."""
    if not isinstance(schema, dict):
        return schema
    result = dict(rewriting(schema))
    for keyword, value in result.items():
        if keyword in ONE and isinstance(value, dict):
            result[keyword] = rewritten(value, rewriting)
        elif keyword in LIST and isinstance(value, list):
            result[keyword] = [rewritten(child, rewriting) for child in value]
        elif keyword in MAP and isinstance(value, dict):
            result[keyword] = {name: rewritten(child, rewriting) for name, child in value.items()}
    return result


def is_reference_alone(schema: Json) -> bool:
    """Whether a schema is nothing but a `$ref`, annotations aside: it is then what it leads to, name and all."""
    if not isinstance(schema, dict) or not isinstance(schema.get("$ref"), str):
        return False
    return all(key in _BESIDE_A_REFERENCE or key.startswith("x-") for key in schema)


def schema_name(schema: Json, pointer: str, name: str) -> str:
    """The schema's key in the components, else its title, else the given name."""
    if pointer.startswith("/components/schemas/") and pointer.count("/") == 3:
        return parse_pointer(pointer)[2]
    title = schema.get("title") if isinstance(schema, dict) else None
    return title if isinstance(title, str) and title else name


_BESIDE_A_REFERENCE = frozenset({"$ref", "description", "summary", "deprecated"})


def _reference_alone(schema: dict[str, Json]) -> dict[str, Json]:
    """OpenAPI 3.0.3, Reference Object: siblings of `$ref` are ignored."""
    return {"$ref": schema["$ref"]} if "$ref" in schema else schema


def _nullable(schema: dict[str, Json]) -> dict[str, Json]:
    """OpenAPI 3.0.3, Schema Object: `nullable` adds null to an explicit `type`."""
    if schema.get("nullable") is True and isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    return schema


def _boolean_exclusive(schema: dict[str, Json]) -> dict[str, Json]:
    """JSON Schema draft 5, on which OpenAPI 3.0 is built: `exclusiveMinimum` is a flag on `minimum`."""
    for keyword, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        flag = schema.get(keyword)
        if isinstance(flag, bool):
            schema = {name: value for name, value in schema.items() if name != keyword}
            if flag and bound in schema:
                schema = {keyword if name == bound else name: value for name, value in schema.items()}
    return schema


def _single_item_schema(schema: dict[str, Json]) -> dict[str, Json]:
    """A list under `items` is a tuple in the drafts before 2020-12."""
    if isinstance(schema.get("items"), list):
        return {("prefixItems" if name == "items" else name): value for name, value in schema.items()}
    return schema


DIALECTS: dict[str, tuple[Rewriting, ...]] = {
    "3.0": (_reference_alone, _nullable, _boolean_exclusive, _single_item_schema),
    "3.1": (),
    "3.2": (),
}
