"""What findings say: rule, location, message, certainty and source."""

import json

import pytest

JSON = {"Content-Type": "application/json"}
POST = "paths: {{/a: {{post: {{requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}}}}}}}"


@pytest.fixture
def said(validator, judged):
    """`said(schema, value)`: rule, location and message of each finding about a JSON body."""

    def judge(schema: str, value):
        found = judged(validator(POST.format(schema=schema)), "POST /a", JSON, json.dumps(value))
        return [(finding.rule, finding.location, finding.message) for finding in found]

    return judge


@pytest.mark.parametrize(
    ("schema", "value", "rule", "message"),
    [
        ("{type: object}", [], "body/type", "is an array, object required"),
        ("{type: [string, 'null']}", 7, "body/type", "is an integer, null or string required"),
        ("{type: number}", "7", "body/type", "is a string, number required"),
        ("{type: integer}", 7.5, "body/type", "is a number, integer required"),
        ("{type: object, required: [a, b]}", {"a": 1}, "body/required", 'member "b" is missing'),
        (
            "{additionalProperties: false}",
            {"x": 1, "y": 2},
            "body/additionalProperties",
            "has members, none is allowed",
        ),
        ("{dependentRequired: {a: [b]}}", {"a": 1}, "body/dependentRequired", 'member "b" is missing'),
        ("{dependentRequired: {a: [b], c: [d]}}", {"c": 1}, "body/dependentRequired", 'member "d" is missing'),
        ("{minimum: 5}", 3, "body/minimum", "is 3, at least 5 required"),
        ("{exclusiveMaximum: 5}", 5, "body/exclusiveMaximum", "is 5, less than 5 allowed"),
        ("{multipleOf: 5}", 3, "body/multipleOf", "3 does not satisfy `multipleOf`"),
        ("{maxItems: 1}", [1, 2], "body/maxItems", "has 2 items, at most 1 allowed"),
        ("{maxItems: 1, type: array}", [1, 2], "body/maxItems", "has 2 items, at most 1 allowed"),
        ("{minProperties: 1}", {}, "body/minProperties", "has 0 members, at least 1 required"),
        ("{uniqueItems: true}", [1, 1], "body/uniqueItems", "holds the same item twice"),
        ("{not: {type: object}}", {}, "body/not", "<object of 0 members> does not satisfy `not`"),
        ("{contains: {const: 1}}", [2], "body/contains", "<array of 1 item> does not satisfy `contains`"),
        ("{enum: [1, 2]}", 3, "body/enum", "is 3, one of 1, 2 required"),
        ("{const: 1}", 3, "body/const", "is 3, 1 required"),
        ("{type: string, enum: [abc, d]}", "ABC", "body/enum", 'is "ABC", one of "abc", "d" required'),
        ("{type: string, enum: [abc, d]}", "hunter2", "body/enum", "is <7 characters: 6 lower, 1 digit>, one of "),
        ("{type: string, minLength: 3}", "ab", "body/minLength", "has 2 characters, at least 3 required"),
        ("{type: string, maxLength: 1}", "😀😀", "body/maxLength", "has 2 characters, at most 1 allowed"),
        ("{type: string, maxLength: 0}", "a", "body/maxLength", "has 1 character, at most 0 allowed"),
        ("{type: string, pattern: '^a'}", "b", "body/pattern", "<1 character: 1 lower> does not match `^a`"),
        ("{type: string, format: date}", "x", "body/format", "<1 character: 1 lower> is no date"),
        (
            "{oneOf: [{minimum: 1}, {minimum: 2}]}",
            3,
            "body/oneOf",
            "matches more than one alternative, exactly one allowed",
        ),
        (
            "{anyOf: [{type: integer, minimum: 1}, {type: integer, minimum: 2}]}",
            0,
            "body/anyOf",
            "matches none of 2 alternatives",
        ),
        ("{if: {}, then: false}", 1, "body/then", "is there, although nothing is allowed here"),
        ("{items: false}", [1], "body.items/false", "is there, although nothing is allowed here"),
        (
            "{properties: {a: true}, additionalProperties: false}",
            {"a": 1, "x": 1, "y": 2},
            "body/additionalProperties",
            "has 2 members that the contract does not name",
        ),
        (
            "{allOf: [{properties: {a: true}}], unevaluatedProperties: false}",
            {"a": 1, "x": 1},
            "body/unevaluatedProperties",
            "has 1 member that the contract does not name",
        ),
        ("{oneOf: [{minimum: 5}, {minimum: 6}]}", 3, "body/oneOf", "matches none of 2 alternatives"),
        ("{properties: {a: false}}", {"a": 1}, "a/false", "is there, although nothing is allowed here"),
        (
            "{type: integer, format: password, minimum: 5}",
            3,
            "body/minimum",
            "is <integer of 1 digit>, at least 5 required",
        ),
    ],
)
def test_broken_keyword_is_told_with_both_sides_of_the_relation(said, schema, value, rule, message):
    """One finding, which says what was found and what was expected."""
    ((given_rule, _, given_message),) = said(schema, value)
    assert given_rule == rule
    assert given_message.startswith(message)


def test_string_that_breaks_three_rules_gives_three_findings(said):
    """Each part of an `allOf` is a rule under its title; a part of two keywords names both."""
    schema = (
        "{title: Secret, type: string, allOf: [{title: length, minLength: 5, maxLength: 9},"
        " {title: digit, pattern: '[0-9]'}, {title: upper, pattern: '[A-Z]'}, {title: lower, pattern: '[a-z]'}]}"
    )
    assert [rule for rule, _, _ in said(schema, "a")] == ["Secret/length.minLength", "Secret/digit", "Secret/upper"]
    assert [rule for rule, _, _ in said(schema, "A0")] == ["Secret/length.minLength", "Secret/lower"]
    assert said(schema, "Aa000") == []


def test_object_part_with_a_title_gives_its_rule_the_title(said):
    """The title stands for the keyword where the part demands one thing, and before it where it demands more."""
    assert said("{allOf: [{title: complete, required: [a]}]}", {})[0][0] == "body/complete"
    assert said("{allOf: [{title: complete, required: [a], maxProperties: 9}]}", {})[0][0] == "body/complete.required"
    assert said("{allOf: [{required: [a]}]}", {})[0][0] == "body/required"


def test_items_and_members_are_located_by_pointer(said):
    """Pointers are escaped (RFC 6901); items of an array go under the array's name."""
    schema = "{properties: {'a/b~c': {type: array, items: {type: string, maxLength: 1}}}}"
    assert [(rule, where) for rule, where, _ in said(schema, {"a/b~c": ["x", "yy", 7]})] == [
        ("a/b~c.items/maxLength", "body#/a~1b~0c/1"),
        ("a/b~c.items/type", "body#/a~1b~0c/2"),
    ]


def test_wrong_type_is_the_only_thing_told_of_a_value(said):
    """Of a value of the wrong type nothing else is said: `const`, `minLength` and the like are about another type."""
    schema = "{type: string, minLength: 3, pattern: '^a', enum: [abc]}"
    assert [rule for rule, _, _ in said(schema, 7)] == ["body/type"]


def test_only_fitting_alternative_is_looked_into(said):
    """Where one alternative alone has the value's type, what it lacks is told, not that none matches."""
    schema = "{oneOf: [{type: string}, {type: object, required: [a], properties: {a: {type: integer}}}]}"
    assert [(rule, where) for rule, where, _ in said(schema, {"a": "x"})] == [("a/type", "body#/a")]
    assert [(rule, where) for rule, where, _ in said(schema, {})] == [("body/required", "body")]
    assert [(rule, where) for rule, where, _ in said(schema, 7)] == [("body/type", "body")]


TAGGED = """{oneOf: [
    {type: object, required: [kind, code], properties: {kind: {const: otp}, code: {type: string, minLength: 6}}},
    {type: object, required: [kind, text], properties: {kind: {enum: [word]}, text: {type: string, pattern: '^a'}}}]}"""


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"kind": "otp", "code": "1"}, [("code/minLength", "body#/code")]),
        ({"kind": "otp"}, [("body/required", "body")]),
        ({"kind": "word", "text": "b"}, [("text/pattern", "body#/text")]),
        ({"kind": "other", "code": "1"}, [("body/oneOf", "body")]),
        ({"code": "1"}, [("body/oneOf", "body")]),
    ],
)
def test_alternative_whose_tag_is_right_is_looked_into(said, value, told):
    """Where a member tells the alternatives apart by one value each, the rules of the one that is meant are told."""
    assert [(rule, where) for rule, where, _ in said(TAGGED, value)] == told


DISCRIMINATED = """
paths:
  /a:
    post:
      operationId: a
      requestBody:
        content:
          application/json:
            schema:
              oneOf: [{$ref: '#/components/schemas/Otp'}, {$ref: '#/components/schemas/Word'}]
              discriminator: {propertyName: kind, mapping: {pass: '#/components/schemas/Word'}}
      responses: {'204': {description: Taken.}}
components:
  schemas:
    Otp: {type: object, required: [kind], properties: {kind: {type: string}, code: {type: string, minLength: 6}}}
    Word: {type: object, required: [kind], properties: {kind: {type: string}, code: {type: string, pattern: '^a'}}}
"""


@pytest.mark.parametrize(
    ("body", "rules"),
    [
        ({"kind": "pass", "code": "b"}, ["code/pattern"]),
        ({"kind": "Otp", "code": "1"}, ["code/minLength"]),
        ({"kind": "none", "code": "1"}, ["body/oneOf"]),
        ({"kind": 1, "code": "1"}, ["body/oneOf"]),
    ],
)
def test_discriminator_says_which_alternative_is_meant(validator, judged, body, rules):
    """By its mapping, or by the schema's name (3.1.1, Discriminator Object)."""
    assert [finding.rule for finding in judged(validator(DISCRIMINATED), "POST /a", JSON, body)] == rules


def test_certainty_and_source_come_from_the_nearest_part(validator, judged):
    """Each rule is as sure as the part that states it."""
    schema = (
        "{x-source: whole, type: string, allOf: [{title: digit, pattern: '[0-9]', x-source: digits},"
        " {title: alphabet, pattern: '^[0-9]*$', x-certainty: assumed}]}"
    )
    digit, alphabet = judged(validator(POST.format(schema=schema)), "POST /a", JSON, '"x"')
    assert (digit.rule, digit.source, digit.certainty, digit.severity) == (
        "body/digit",
        "digits",
        "documented",
        "error",
    )
    assert (alphabet.rule, alphabet.source) == ("body/alphabet", "whole")
    assert (alphabet.certainty, alphabet.severity) == ("assumed", "observation")


def test_same_input_gives_the_same_findings(bundled, recorded):
    """Findings are the same objects in the same order, time after time and in a new validator."""
    import watchword

    for name, validator in bundled.items():
        again = watchword.load(name)
        for exchange, _ in recorded[name]:
            assert validator.findings(exchange) == validator.findings(exchange) == again.findings(exchange)
