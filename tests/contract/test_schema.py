"""Schema Objects of every version as JSON Schema 2020-12."""

import pytest

from watchword.contract import is_reference_alone, schema_name, subschemas

BODY = """\
paths: {{/a: {{post: {{requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}}}}}}}
components: {{schemas: {{S: {{type: string}}}}}}
"""


@pytest.fixture
def schema(contract):
    """`schema(text, openapi)`: the value of a request body's schema in a document of that version."""

    def of(text: str, openapi: str):
        (operation,) = contract(BODY.format(schema=text), openapi).operations
        return operation.body.content[0].schema.value

    return of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{type: string, nullable: true}", {"type": ["string", "null"], "nullable": True}),
        ("{type: string, nullable: false}", {"type": "string", "nullable": False}),
        ("{nullable: true, minimum: 1}", {"nullable": True, "minimum": 1}),
        ("{minimum: 1, exclusiveMinimum: true}", {"exclusiveMinimum": 1}),
        ("{maximum: 9, exclusiveMaximum: true, minimum: 1}", {"exclusiveMaximum": 9, "minimum": 1}),
        ("{minimum: 1, exclusiveMinimum: false}", {"minimum": 1}),
        ("{exclusiveMinimum: true}", {}),
        ("{allOf: [{$ref: '#/components/schemas/S', maxLength: 1}]}", {"allOf": [{"$ref": "#/components/schemas/S"}]}),
        (
            "{properties: {nullable: {type: integer, nullable: true}}}",
            {"properties": {"nullable": {"type": ["integer", "null"], "nullable": True}}},
        ),
        ("{items: [{type: string}]}", {"prefixItems": [{"type": "string"}]}),
        ("{enum: [{nullable: true, type: x}]}", {"enum": [{"nullable": True, "type": "x"}]}),
        (
            "{additionalProperties: false, not: {nullable: true, type: object}}",
            {"additionalProperties": False, "not": {"nullable": True, "type": ["object", "null"]}},
        ),
    ],
)
def test_three_zero_schema_is_rewritten(schema, text, value):
    """`nullable`, flags beside bounds, siblings of `$ref` and tuples of OpenAPI 3.0 get their 2020-12 form."""
    assert schema(text, "3.0.3") == value


@pytest.mark.parametrize("openapi", ["3.1.0", "3.2.0"])
@pytest.mark.parametrize(
    "text",
    [
        "{type: string, nullable: true}",
        "{exclusiveMinimum: 1}",
        "{allOf: [{$ref: '#/components/schemas/S', maxLength: 1}]}",
        "{items: [{type: string}]}",
    ],
)
def test_later_schemas_are_json_schema_already(contract, schema, text, openapi):
    """OpenAPI 3.1 and 3.2 schemas are 2020-12; nothing of 3.0 is read into them."""
    assert (
        schema(text, openapi)
        == contract(BODY.format(schema=text), openapi).root.value["paths"]["/a"]["post"]["requestBody"]["content"][
            "application/json"
        ]["schema"]
    )


def test_rewriting_leaves_the_document_as_it_is(contract):
    """Places and other readers see what was written."""
    found = contract(BODY.format(schema="{type: string, nullable: true}"), "3.0.3")
    assert "'type': 'string', 'nullable': True" in str(found.root.value)


def test_subschemas_are_those_of_the_applicators():
    """Only keywords that hold schemas are descended into, document order."""
    schema = {
        "properties": {"a": {}, "b/c": True},
        "enum": [{"not": {}}],
        "items": {"type": "string"},
        "allOf": [{}, {"x": 1}],
        "default": {"items": {}},
        "patternProperties": 3,
        "anyOf": {"items": {}},
    }
    assert list(subschemas(schema)) == [
        (("properties", "a"), {}),
        (("properties", "b/c"), True),
        (("items",), {"type": "string"}),
        (("allOf", "0"), {}),
        (("allOf", "1"), {"x": 1}),
    ]
    assert list(subschemas(True)) == []


@pytest.mark.parametrize(
    ("schema", "alone"),
    [
        ({"$ref": "#/a"}, True),
        ({"$ref": "#/a", "description": "d", "x-b": 1, "deprecated": True}, True),
        ({"$ref": "#/a", "type": "string"}, False),
        ({"$ref": 7}, False),
        ({}, False),
        (True, False),
    ],
)
def test_reference_with_annotations_is_still_a_reference_alone(schema, alone):
    """Keywords that restrict something make a schema more than what it refers to."""
    assert is_reference_alone(schema) is alone


@pytest.mark.parametrize(
    ("schema", "pointer", "name"),
    [
        ({}, "/components/schemas/Password", "Password"),
        ({"title": "T"}, "/components/schemas/Password", "Password"),
        ({"title": "T"}, "/paths/~1a/get", "T"),
        ({"title": ""}, "/paths/~1a/get", "given"),
        ({"title": 7}, "/paths/~1a/get", "given"),
        (True, "/components/schemas/Password/properties/a", "given"),
    ],
)
def test_schema_is_named_by_key_then_title_then_use(schema, pointer, name):
    """The key in the components wins over the title, the title over the member's or parameter's name."""
    assert schema_name(schema, pointer, "given") == name
