"""A schema with all that it leads to as one schema for jsonschema-rs, the independent judge of every witness.

`format` and other annotations are set aside there, as they are in the search.
"""

from typing import Any

import jsonschema_rs

from watchword.contract import Schema, rewritten
from watchword.diff.compiled import NUMERIC
from watchword.ground import Side, UnsupportedPattern
from watchword.language import rust_pattern
from watchword.validation.direction import for_side

Json = Any


def judge_of(schema: Schema, side: Side) -> "jsonschema_rs.Draft202012Validator | None":
    """A validator of the schema for one side; None where jsonschema-rs cannot compile it."""
    try:
        bundled = bundle(schema, side)
        return jsonschema_rs.Draft202012Validator(bundled, validate_formats=False)
    except (ValueError, UnsupportedPattern, jsonschema_rs.ReferencingError):  # its ValidationError is a ValueError
        return None


def bundle(schema: Schema, side: Side) -> Json:
    """The schema as one document without outward references. Raises UnsupportedPattern."""
    numbers: dict[str, int] = {schema.at: 0}
    pending, definitions = [(schema.at, schema.value)], {}
    while pending:
        address, value = pending.pop()

        def settled(each: dict[str, Json]) -> dict[str, Json]:
            result = _for_engine(each, side, schema)
            if isinstance(result.get("$ref"), str):
                target, at = schema.resolve(result["$ref"])
                if at not in numbers:
                    numbers[at] = len(numbers)
                    pending.append((at, target))
                result["$ref"] = f"#/$defs/{numbers[at]}"
            return result

        definitions[str(numbers[address])] = rewritten(value, settled)
    return {"$ref": "#/$defs/0", "$defs": definitions}


_SETTLED = ("$schema", "$id", "$anchor", "$vocabulary", "$comment", "$defs", "definitions", "discriminator", "xml")
# JSON Schema 2019-09 has them as booleans; 2020-12's meta-schema refuses them so, and no validator of it reads them.
_FORMER = ("$recursiveAnchor", "$recursiveRef")
_PROSE = ("description", "example", "examples", "default", "externalDocs")


def _for_engine(each: dict[str, Json], side: Side, schema: Schema) -> dict[str, Json]:
    sided = for_side(each, side, schema.resolve)
    left_out = {
        *_SETTLED,
        *_FORMER,
        *_PROSE,
        *(name for name in NUMERIC & sided.keys() if isinstance(sided[name], bool)),
    }
    result = {name: value for name, value in sided.items() if name not in left_out}
    if isinstance(result.get("pattern"), str):
        result["pattern"] = rust_pattern(result["pattern"])
    if isinstance(result.get("required"), list):
        result["required"] = list(dict.fromkeys(result["required"]))
    if isinstance(result.get("patternProperties"), dict):
        result["patternProperties"] = {rust_pattern(name): child for name, child in result["patternProperties"].items()}
    return result
