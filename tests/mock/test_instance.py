"""Values made for schemas are valid, small and always the same; what cannot be made is said."""

import jsonschema_rs
import pytest

from watchword.contract import Schema, load_contract
from watchword.ground import Side
from watchword.mock.instance import NoInstance, instance
from watchword.validation.engine import Engine


def made(schema, side=Side.RESPONSE, components=None):
    """A value for the schema, put at /s of a document."""
    clause = load_contract("kii").operations[0].clause

    def resolve(reference):
        name = reference.rpartition("/")[2]
        return components[name], f"/c/{name}"

    return instance(Schema(schema, "Thing", "/s", clause, resolve), Engine(), side)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, "string"),
        ({"type": "string", "maxLength": 3}, ""),
        ({"type": "string", "format": "date"}, "2000-01-01"),
        ({"type": "string", "pattern": "^[a-c]{2}$"}, "aa"),
        ({"type": "integer"}, 0),
        ({"type": "integer", "minimum": 3}, 3),
        ({"type": "integer", "exclusiveMinimum": 3}, 4),
        ({"type": "integer", "maximum": -3}, -3),
        ({"type": "integer", "exclusiveMaximum": -3}, -4),
        ({"type": "integer", "minimum": 4, "multipleOf": 3}, 6),
        ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.1}, 0.05),
        ({"type": "number", "minimum": 0.3, "multipleOf": 0.25}, 0.5),
        ({"type": "boolean"}, True),
        ({"type": "null"}, None),
        ({"type": ["null", "string"]}, "string"),
        ({"const": 7}, 7),
        ({"enum": ["b", "a"]}, "b"),
        ({"type": "array"}, []),
        ({"type": "array", "minItems": 2, "items": {"type": "integer"}}, [0, 0]),
        ({"type": "array", "minItems": 3, "uniqueItems": True, "items": {"type": "integer"}}, [0, 1, 2]),
        ({"type": "array", "minItems": 2, "uniqueItems": True, "items": {"enum": ["x", "y"]}}, ["x", "y"]),
        ({"type": "array", "contains": {"const": 5}}, [5]),
        ({"prefixItems": [{"const": 1}, {"const": 2}], "items": {"const": 3}, "minItems": 3}, [1, 2, 3]),
        ({"type": "object", "properties": {"a": {"type": "string"}}}, {}),
        ({"type": "object", "properties": {"a": {"type": "string", "default": "x"}}}, {"a": "x"}),
        ({"type": "object", "properties": {"a": {"type": "string", "example": 5}}, "required": ["a"]}, {"a": "string"}),
        (
            {"type": "object", "minProperties": 2, "additionalProperties": {"type": "integer"}},
            {"member1": 0, "member2": 0},
        ),
        (
            {"required": ["a"], "dependentRequired": {"a": ["b"]}, "additionalProperties": {"const": 1}},
            {"a": 1, "b": 1},
        ),
        ({"required": ["ab"], "patternProperties": {"^a": {"const": 1}}}, {"ab": 1}),
        ({"allOf": [{"required": ["a"]}, {"properties": {"a": {"type": "integer"}}}]}, {"a": 0}),
        ({"anyOf": [{"type": "string", "pattern": "^(?!)$"}, {"type": "integer"}]}, 0),
        ({"oneOf": [{"type": "number"}, {"type": "integer"}, {"type": "string"}]}, "string"),
        ({"type": "object", "if": {"required": ["a"]}, "then": {"required": ["b"]}}, {"a": {}, "b": {}}),
        ({"type": "integer", "not": {"const": 0}}, 1),
        (True, {}),
        ({}, {}),
    ],
)
def test_value_is_the_simplest_valid_one(schema, expected):
    """And so it is on every call."""
    value = made(schema)
    assert value == expected
    assert type(value) is type(expected)
    assert made(schema) == value
    assert jsonschema_rs.is_valid(schema, value)


def test_hidden_members_are_left_out():
    """A password that is for requests alone has no business in a reply, and an id of the server's none in a request."""
    schema = {
        "type": "object",
        "required": ["password", "id"],
        "properties": {
            "password": {"allOf": [{"$ref": "#/c/Secret"}], "writeOnly": True},
            "id": {"type": "integer", "readOnly": True},
        },
    }
    components = {"Secret": {"type": "string", "minLength": 2}}
    assert made(schema, Side.RESPONSE, components) == {"id": 0}
    assert made(schema, Side.REQUEST, components) == {"password": "string"}


def test_recursion_ends_where_it_may():
    """A tree is a leaf if it can be."""
    node = {
        "type": "object",
        "required": ["next"],
        "properties": {"next": {"anyOf": [{"$ref": "#/c/Node"}, {"type": "null"}]}},
    }
    value = made({"$ref": "#/c/Node"}, components={"Node": node})
    depth = 0
    while value is not None:
        value = value["next"]
        depth += 1
    assert depth < 30


@pytest.mark.parametrize(
    "schema",
    [
        False,
        {"type": "string", "enum": [1]},
        {"type": "integer", "minimum": 2, "maximum": 1},
        {"type": "object", "required": ["a"], "properties": {"a": False}},
        {"$ref": "#/c/Endless"},
        {"type": "array", "minItems": 10**9},
        {"allOf": [{"$ref": "#/c/Endless"}] * 20},
    ],
)
def test_what_cannot_be_made_is_said(schema):
    """In bounded time, whether it is impossible or only too much for so simple a generator."""
    endless = {"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#/c/Endless"}}}
    with pytest.raises(NoInstance):
        made(schema, components={"Endless": endless})
