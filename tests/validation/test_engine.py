"""Schemas as the engine gets them: what is compiled, rewritten for a side, or left out and said so."""

import json
import random

import jsonschema_rs
import pytest

from watchword.language import Rules, rust_pattern
from watchword.validation import engine

POST = """\
paths: {{/a: {{post: {{requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}}}}}}}
components:
  schemas: {{S: {{type: object, properties: {{n: {{$ref: '#/components/schemas/S'}}, v: {{type: integer}}}}}}}}
"""
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def body(validator, broken):
    """`body(schema, value)`: what a JSON body breaks; the validator stays for questions about it."""

    def judge(schema: str, value, openapi: str = "3.1.1"):
        judge.validator = validator(POST.format(schema=schema), openapi)
        return broken(judge.validator, "POST /a", JSON, value if isinstance(value, bytes) else json.dumps(value))

    return judge


def test_recursive_schema_is_judged_at_every_depth(body):
    """A schema that refers to itself is compiled once and holds all the way down."""
    schema = "{$ref: '#/components/schemas/S'}"
    assert body(schema, {"n": {"n": {"n": {"v": 1}}}}) == []
    assert body(schema, {"n": {"n": {"n": {"v": "1"}}}}) == ["v/type at body#/n/n/n/v"]


@pytest.mark.parametrize(
    ("schema", "left_out"),
    [
        ("{properties: {s: {type: string, pattern: '('}}}", "/properties/s/pattern"),
        ("{properties: {s: {type: string, pattern: 'a**'}}}", "/properties/s/pattern"),
        ("{properties: {s: {type: string, pattern: '^.{0,262144}$'}}}", "/properties/s/pattern"),
        ("{patternProperties: {'[': {type: string}}}", "/patternProperties/["),
        ("{required: true, properties: {s: {type: string}}}", "/required"),
        ("{properties: {s: {type: string, required: false}}}", "/properties/s/required"),
        ("{properties: {s: {minimum: low}}}", "/properties/s/minimum"),
        ("{properties: {s: {type: str}}}", "/properties/s/type"),
        ("{properties: {s: {enum: text}}}", "/properties/s/enum"),
        ("{properties: {'a/b': {minLength: -1}}}", "/properties/a~1b/minLength"),
        ("{allOf: [{items: {maximum: []}}, true]}", "/allOf/0/items/maximum"),
    ],
)
def test_keyword_that_cannot_be_applied_is_left_out_and_told(body, schema, left_out):
    """The rest of the schema still holds; `left_out` has the address of the keyword itself and the reason."""
    assert body(f"{{type: object, minProperties: 1, allOf: [{schema}]}}", {}) == ["body/minProperties at body"]
    base = "/paths/~1a/post/requestBody/content/application~1json/schema/allOf/0"
    assert list(body.validator.left_out()) == [base + left_out]
    assert all(body.validator.left_out().values())


def test_nothing_is_left_out_of_a_sound_schema(body):
    """A validator that could apply everything says so."""
    assert body("{type: object, patternProperties: {'^x': {type: string, pattern: '^.+$'}}}", {"x": "y"}) == []
    assert body.validator.left_out() == {}


@pytest.mark.parametrize("pattern", ["^.+$", "^.*$", "a.b", "[^\\n]", "(?=.*a).", "\\S.\\S", "^.{1,200}$"])
def test_pattern_with_a_dot_is_one_the_engine_takes(pattern):
    """Any character is spelled without surrogates, which jsonschema-rs refuses."""
    engine = jsonschema_rs.Draft202012Validator({"pattern": rust_pattern(pattern)})
    rules = Rules.of({"pattern": pattern}, name="x")
    for text in ("", "a", "a\rb", "a\nb", "axb", "a😀b", "\u2028", " a "):
        assert engine.is_valid(text) == rules.accepts(text), (pattern, text)


@pytest.mark.parametrize(
    "pattern",
    [
        "^[ -~]",
        "^[A-Za-z0-9_-]*$",
        "[0-9]",
        "^a{3}b?$",
        "^[^a-z]+$",
        "",
        "a-b",
        "^[ -~]{1,200}$",
        "#:@",
        "[%*+?.]",
        "a{2,}",
    ],
)
def test_plain_pattern_is_handed_on_as_it_is(pattern):
    """What the shortcut takes for alike is what the language room leaves unchanged."""
    assert engine._ALIKE.fullmatch(pattern)
    assert rust_pattern(pattern) == pattern


@pytest.mark.parametrize(
    "pattern", [".", "\\d", "[&&a]", "[~~]", "[a--z]", "(a)", "a|b", "[]", "[^]", "{", "a{1001}", "é", "x^", "a**"]
)
def test_any_other_pattern_is_read(pattern):
    """Whatever might mean something else to the engine goes through the parser."""
    assert not engine._ALIKE.fullmatch(pattern)


def test_dollar_does_not_match_before_a_newline(body):
    """ECMA-262: `$` is the end of the input."""
    assert body("{type: string, pattern: '^[a-z]+$'}", "abc") == []
    assert body("{type: string, pattern: '^[a-z]+$'}", "abc\n") == ["body/pattern at body"]


@pytest.mark.parametrize("value", [True, False, 1.5, "1", None, [], {}])
def test_only_numbers_without_fraction_are_integers(body, value):
    """Neither a boolean nor a numeric string is an integer; `1.0` is (JSON Schema 2020-12, 6.1.1)."""
    assert body("{type: integer}", value) == ["body/type at body"]
    assert body("{type: integer}", 1.0) == []


@pytest.mark.parametrize("value", [0, 1, "true", None])
def test_only_true_and_false_are_booleans(body, value):
    """Numbers and words are no booleans."""
    assert body("{type: boolean}", value) == ["body/type at body"]
    assert body("{const: true}", 1) == ["body/type at body"]


FORMATS = [
    ("date", "2026-02-28", "2026-02-30"),
    ("date-time", "2026-01-31T00:00:00Z", "2026-01-31"),
    ("uuid", "6f9619ff-8b86-4011-b42d-00c04fc964ff", "6f9619ff"),
    ("email", "a@example.com", "a"),
    ("ipv4", "127.0.0.1", "127.0.0.256"),
    ("uri", "https://example.com/a", "a b"),
]


@pytest.mark.parametrize(("name", "good", "bad"), FORMATS)
def test_format_is_judged(body, name, good, bad):
    """Formats of JSON Schema are assertions; those that nobody defined are not."""
    schema = f"{{type: string, format: {name}}}"
    assert body(schema, good) == []
    assert body(schema, bad) == ["body/format at body"]
    assert body("{type: string, format: house-number}", bad) == []


SIDES = """\
paths:
  /a:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
      responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}
components:
  schemas:
    Read: {readOnly: true, type: string}
    A:
      required: [read, write, far, deep]
      properties: {read: {type: string, readOnly: true}, write: {type: string, writeOnly: true}}
      allOf:
        - properties: {far: {$ref: '#/components/schemas/Read'}}
        - {properties: {deep: {type: integer}}}
"""


def test_required_holds_for_the_side_that_has_the_member(validator, broken):
    """OpenAPI 3.0.3, Schema Object: `readOnly` members are required in replies alone, `writeOnly` ones in requests."""
    api = validator(SIDES, "3.0.3")
    assert (
        broken(api, "POST /a", JSON, {"write": "x", "deep": 1}, (200, JSON, {"read": "x", "far": "y", "deep": 1})) == []
    )
    assert broken(api, "POST /a", JSON, {"deep": 1}) == ["A/required at body"]
    assert broken(api, "POST /a", JSON, {"write": "x", "deep": 1, "read": "given back"}) == []
    assert broken(api, "POST /a", {}, None, (200, JSON, {"read": "x", "deep": 1})) == ["A/required at body"]


def test_write_only_member_in_a_reply_is_told(validator, judged):
    """A password has no business in a reply that does not document it."""
    api = validator(SIDES, "3.0.3")
    reply = {"read": "x", "far": "y", "deep": 1, "write": "hunter22"}
    (finding,) = judged(api, "POST /a", {}, None, (200, JSON, reply))
    assert (finding.rule, finding.location) == ("write/writeOnly", "body#/write")
    assert finding.message == "is there, although it is for requests alone"


def test_nullable_of_three_zero_admits_null(body):
    """`nullable: true` adds null to the type, also behind a reference; without a type it says nothing."""
    assert body("{type: string, nullable: true}", None, "3.0.3") == []
    assert body("{type: string}", None, "3.0.3") == ["body/type at body"]
    assert body("{type: string, nullable: true}", None, "3.1.0") == ["body/type at body"]


def test_bounds_of_three_zero_may_be_exclusive(body):
    """`exclusiveMinimum: true` makes the minimum itself invalid."""
    assert body("{type: number, minimum: 1, exclusiveMinimum: true}", 1, "3.0.3") == ["body/exclusiveMinimum at body"]
    assert body("{type: number, minimum: 1, exclusiveMinimum: false}", 1, "3.0.3") == []


def test_siblings_of_a_reference_hold_from_three_one_on(body):
    """OpenAPI 3.0 ignores what stands beside `$ref`, 3.1 does not."""
    schema = "{$ref: '#/components/schemas/S', required: [v]}"
    assert body(schema, {}, "3.0.3") == []
    assert body(schema, {}, "3.1.1") == ["body/required at body"]


def test_discriminator_does_not_change_what_is_valid(body):
    """OpenAPI 3.1.1, Discriminator Object: it must not change the validation outcome."""
    schema = "{oneOf: [{required: [a]}, {required: [b]}], discriminator: {propertyName: kind}}"
    assert body(schema, {"a": 1, "kind": "nothing"}) == []
    assert body(schema, {"a": 1, "b": 1}) == ["body/oneOf at body"]


def test_schema_in_another_file_is_judged_and_placed_there(tmp_path, judged):
    """Findings point into the file that states the rule, JSON or YAML, through any number of references."""
    import watchword

    (tmp_path / "api.yaml").write_text(
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    post:\n"
        "      requestBody:\n        content:\n          application/json: {schema: {$ref: 'parts/one.yaml#/One'}}\n"
    )
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "one.yaml").write_text(
        "One:\n  type: object\n  properties:\n    s:\n      $ref: 'two words.json#/Two'\n    t:\n      minLength: 2\n"
    )
    (tmp_path / "parts" / "two words.json").write_text('{"Two": {"type": "string",\n  "pattern": "^a"}}')
    validator = watchword.load(tmp_path / "api.yaml")
    found = judged(validator, "POST /a", JSON, {"s": "b", "t": "x"})
    shown = {(finding.rule, str(finding.place).replace(f"{tmp_path}/", ""), finding.place.pointer) for finding in found}
    assert shown == {
        ("s/pattern", "parts/two words.json:2:3", "/Two/pattern"),
        ("t/minLength", "parts/one.yaml:7:7", "/One/properties/t/minLength"),
    }


def test_reference_into_what_is_no_schema_keyword_keeps_both_apart(validator, broken):
    """A `$ref` may lead into an extension of another schema; compiling one leaves the other and the document alone."""
    text = """\
paths:
  /a: {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}
  /b: {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/B'}}}}}}
components:
  schemas:
    A: {x-parts: {p: {$ref: '#/components/schemas/C'}}, properties: {a: {$ref: '#/components/schemas/A/x-parts/p'}}}
    B: {properties: {b: {$ref: '#/components/schemas/A/x-parts/p'}, a: {$ref: '#/components/schemas/A'}}}
    C: {type: integer}
"""
    api = validator(text)
    before = str(api.contract.root.value)
    assert broken(api, "POST /a", JSON, {"a": "x"}) == ["C/type at body#/a"]
    assert broken(api, "POST /b", JSON, {"b": "x", "a": {"a": "y"}}) == ["C/type at body#/b", "C/type at body#/a/a"]
    assert str(api.contract.root.value) == before


def test_deeply_nested_body_against_a_recursive_schema_is_judged(body):
    """Nesting that the decoder takes crashes no engine."""
    for depth in (50, 300, 900):
        text = b'{"n":' * depth + b"{}" + b"}" * depth
        assert body("{$ref: '#/components/schemas/S'}", text) == []


def test_look_ahead_on_a_long_text_ends(body):
    """A pattern with look-aheads is decided for a text of a million characters."""
    draw = random.Random(3)
    text = "".join(draw.choices("abc", k=1_000_000))
    assert body("{type: string, pattern: '^(?=.*[0-9])(?=.*[a-z]).{16,}$'}", text) == ["body/pattern.1 at body"]
