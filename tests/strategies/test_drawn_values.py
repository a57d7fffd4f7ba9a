"""Values of any schema drawn by Hypothesis, judged by an engine that this project did not write."""

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis.errors import InvalidArgument

from watchword.ground import Side
from watchword.strategies import values
from watchword.strategies.formats import SAMPLES

DRAW = settings(max_examples=100, database=None, deadline=None, derandomize=True, phases=[Phase.generate])
NAME = {"type": "string", "maxLength": 2}
TREE = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "children": {"type": "array", "items": {"$ref": "#/$defs/tree"}},
    },
    "required": ["name"],
    "additionalProperties": False,
}
SCHEMAS: list[Any] = [
    True,
    {},
    {"type": "integer", "minimum": 3, "maximum": 9, "multipleOf": 3},
    {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    {"enum": [1, "a", None, [2]]},
    {"type": ["string", "null"], "minLength": 2, "pattern": "^[a-f]+$"},
    {"type": "array", "items": {"type": "string", "pattern": "^x.$"}, "minItems": 1, "maxItems": 3},
    {"type": "array", "items": NAME, "minItems": 2, "uniqueItems": True},
    {"type": "object", "required": ["a"], "properties": {"a": NAME, "b": {"type": "null"}}},
    {"type": "object", "additionalProperties": {"type": "boolean"}, "minProperties": 1, "maxProperties": 2},
    {"allOf": [{"required": ["a"]}, {"properties": {"a": {"const": "x"}}, "type": "object"}]},
    {"anyOf": [{"type": "object", "required": ["x"]}, {"type": "array", "minItems": 2}, NAME]},
    {"oneOf": [{"type": "integer", "minimum": 0}, {"type": "integer", "maximum": 5}]},
    {"type": "object", "properties": {"a": {"type": "integer"}}, "not": {"properties": {"a": {"const": 0}}}},
    {"$ref": "#/$defs/tree", "$defs": {"tree": TREE}},
    *({"type": "string", "format": name} for name in SAMPLES),
    {"type": "string", "format": "date", "pattern": "^2024"},
]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_drawn_value_fits_its_schema(schema: Any) -> None:
    """Every value is valid to jsonschema-rs, and no health check fails."""
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)

    @DRAW
    @given(values(schema))
    def judge(value: Any) -> None:
        assert validator.is_valid(value)

    judge()


def test_string_in_a_nested_value_shrinks_as_it_would_alone() -> None:
    """Strings of members and items come from the language room too."""
    secret = {"type": "string", "allOf": [{"minLength": 4}, {"pattern": "[A-Z]"}, {"pattern": "[!?]"}]}
    schema = {"type": "object", "required": ["secrets"], "properties": {"secrets": {"type": "array", "items": secret}}}
    found = find(values(schema), lambda value: len(value["secrets"]) == 1, settings=settings(database=None))
    assert found == {"secrets": ["00A!"]}


def test_members_of_the_other_side_are_left_out() -> None:
    """A request has no `readOnly` member, a response no `writeOnly` one, required or not."""
    schema = {
        "type": "object",
        "required": ["r", "w"],
        "properties": {"r": {"type": "string", "readOnly": True}, "w": {"type": "string", "writeOnly": True}},
    }

    @settings(DRAW, suppress_health_check=[HealthCheck.nested_given])
    @given(values(schema), values(schema, side=Side.RESPONSE))
    def judge(asked: Any, answered: Any) -> None:
        assert set(asked) == {"w"}
        assert set(answered) == {"r"}

    judge()


@pytest.mark.parametrize(("schema", "message"), [(False, "no value can be made"), (7, "a schema is needed")])
def test_what_has_no_value_is_refused_when_asked_for(schema: Any, message: str) -> None:
    """A schema that accepts nothing, and what is no schema, raise at once."""
    with pytest.raises(InvalidArgument, match=message):
        values(schema)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "pattern": "[z-a]", "maxLength": 3},
        {"type": "string", "pattern": "(?i)abc", "minLength": 2},
        {"type": "object", "patternProperties": {"[": {"type": "integer"}}, "minProperties": 1},
        {"not": {"type": "null"}, "required": True},
        {"type": "array", "items": {"type": "string", "pattern": "^(a|b)\\1$"}},
    ],
    ids=["range", "flag", "names", "required", "back-reference"],
)
def test_schema_that_no_engine_can_apply_is_drawn_without_a_word(schema: dict[str, Any]) -> None:
    """A malformed keyword counts as absent, as in validation; no other library's warning reaches the user."""

    @DRAW
    @given(values(schema))
    def judge(value: Any) -> None:
        assert "maxLength" not in schema or len(value) <= 3
        assert "minLength" not in schema or len(value) >= 2
        assert "items" not in schema or all(item in ("aa", "bb") for item in value)

    judge()


def test_pattern_that_only_ecmascript_knows_and_no_automaton_reads_is_refused() -> None:
    """Where nothing can draw the strings of a pattern, that is said; they are not drawn without it."""
    with pytest.raises(InvalidArgument, match="no value can be made"):
        values({"type": "string", "pattern": r"^.*\p{L}.{40}$"})
