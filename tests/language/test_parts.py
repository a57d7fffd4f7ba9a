"""Rules of a schema: their names, places, certainty and conditions."""

import pytest

from watchword.ground import Certainty, UnreadableInput
from watchword.language import Rules, parts_of


def _names(schema, **options):
    return [part.rule for part in parts_of(schema, name="Code", **options)]


@pytest.mark.parametrize(
    ("schema", "names"),
    [
        (True, []),
        ({}, []),
        (False, ["Code/false"]),
        ({"type": "string"}, []),
        ({"type": ["string", "null"], "maxLength": 3}, ["Code/maxLength"]),
        ({"type": "integer"}, ["Code/type"]),
        ({"pattern": "a", "minLength": 1}, ["Code/pattern", "Code/minLength"]),
        ({"title": "ignored", "pattern": "a"}, ["Code/pattern"]),
        ({"allOf": [{"title": "digit", "pattern": "[0-9]"}]}, ["Code/digit"]),
        (
            {"allOf": [{"title": "length", "minLength": 1, "maxLength": 9}]},
            ["Code/length.minLength", "Code/length.maxLength"],
        ),
        (
            {"allOf": [{"pattern": "a"}, {"pattern": "b"}, {"pattern": "c"}]},
            ["Code/pattern", "Code/pattern.2", "Code/pattern.3"],
        ),
        ({"pattern": "^(?=.*a)(?=.*b)c"}, ["Code/pattern.1", "Code/pattern.2", "Code/pattern.3"]),
        ({"pattern": "^(?=.*a)(?=.*b)"}, ["Code/pattern.1", "Code/pattern.2"]),
        ({"pattern": "^(?=.*a)(?=.*b).*"}, ["Code/pattern.1", "Code/pattern.2"]),
        ({"pattern": "^(?=.*a)"}, ["Code/pattern"]),
        ({"pattern": "(?=.*a)b"}, ["Code/pattern"]),
        ({"allOf": [{"title": "mixed", "pattern": "^(?!.*a)b"}]}, ["Code/mixed.1", "Code/mixed.2"]),
        ({"not": {"const": "a"}}, ["Code/not"]),
        ({"anyOf": [{"pattern": "a"}, {"pattern": "b"}]}, ["Code/anyOf"]),
        ({"anyOf": [{"const": ""}, {"title": "long", "minLength": 8}]}, ["Code/long"]),
        ({"anyOf": [{"const": ""}, {"enum": ["a", 1]}]}, ["Code/anyOf"]),
        ({"anyOf": [{"type": "null"}, {"type": "string", "pattern": "a"}]}, ["Code/pattern"]),
        ({"anyOf": [{"pattern": "a"}, {}]}, []),
        ({"oneOf": [{"type": "null"}, {"type": "string", "pattern": "a"}]}, ["Code/pattern"]),
        ({"oneOf": [{"const": ""}, {"minLength": 8}]}, ["Code/oneOf"]),
        (
            {"if": {"maxLength": 3}, "then": {"pattern": "a"}, "else": {"title": "b", "pattern": "b"}},
            ["Code/pattern", "Code/b"],
        ),
        ({"then": {"pattern": "a"}}, []),
        ({"$ref": "#/$defs/Digits", "$defs": {"Digits": {"title": "other", "pattern": "[0-9]"}}}, ["Digits/pattern"]),
        (
            {"allOf": [{"$ref": "#/$defs/A"}, {"title": "x", "pattern": "b"}], "$defs": {"A": {"minLength": 1}}},
            ["A/minLength", "Code/x"],
        ),
        ({"allOf": [{"title": "t", "$ref": "#/$defs/A"}], "$defs": {"A": {"minLength": 1}}}, ["Code/t"]),
        ({"$ref": "#/other", "other": {"title": "Named", "minLength": 1}}, ["Named/minLength"]),
        ({"$ref": "#thing", "x": {"$anchor": "thing", "minLength": 1}}, ["Code/minLength"]),
        ({"allOf": [{"$ref": "#"}, {"minLength": 1}]}, ["Code/minLength"]),
        ({"properties": {"a": {"pattern": "a"}}, "minimum": 3, "format": "email"}, []),
    ],
)
def test_rules_are_named_after_schema_part_and_keyword(schema, names):
    """A titled part names its rule, a part with several keywords adds the keyword, a `$ref` its component."""
    assert _names(schema) == names


def test_component_gives_its_name_and_its_place():
    """Following a `$ref` leads to the component's name and the absolute pointer of the keyword."""
    document = {"components": {"schemas": {"Password": {"allOf": [{"title": "digit", "pattern": "[0-9]"}]}}}}
    [part] = parts_of(
        {"$ref": "#/components/schemas/Password"},
        name="password",
        at="/paths/x",
        resolve=lambda ref: (document["components"]["schemas"]["Password"], ref.removeprefix("#")),
    )
    assert part.rule == "Password/digit"
    assert part.at == "/components/schemas/Password/allOf/0/pattern"
    assert (part.keyword, part.value, part.pattern) == ("pattern", "[0-9]", "[0-9]")


def test_nearest_certainty_and_source_win():
    """`x-certainty` and `x-source` hold for what they enclose, until something inside says otherwise."""
    schema = {
        "x-source": "outer",
        "x-certainty": "assumed",
        "minLength": 1,
        "allOf": [{"pattern": "a"}, {"x-certainty": "documented", "x-source": "inner", "pattern": "b"}],
    }
    assert [(part.certainty, part.source) for part in parts_of(schema, name="Code")] == [
        (Certainty.ASSUMED, "outer"),
        (Certainty.ASSUMED, "outer"),
        (Certainty.DOCUMENTED, "inner"),
    ]


def test_pieces_of_a_pattern_tell_their_own_text():
    """Each top-level look-ahead is a rule with its own pattern, anchored where the whole was."""
    parts = parts_of({"pattern": r"^(?=.*\d)(?!.*x)[a-z\d]{2,}$"}, name="Code")
    assert [part.pattern for part in parts] == [r"^(?=.*\d)", "^(?!.*x)", r"^[a-z\d]{2,}$"]


def test_notes_tell_what_the_flag_u_forbids():
    """A linter learns from the part that a pattern is valid without `u` only."""
    first, second = parts_of({"allOf": [{"pattern": r"^a\-b$"}, {"pattern": "^a-b$"}]}, name="Code")
    assert first.notes == ("needless escape `\\-` at position 2",)
    assert second.notes == ()


def test_conditional_rule_is_broken_only_under_its_condition():
    """A rule under `then` keeps its name and is silent where `if` does not hold."""
    rules = Rules.of({"if": {"pattern": "^k"}, "then": {"minLength": 4}, "else": {"maxLength": 2}}, name="Code")
    assert rules.broken("kab") == ("Code/minLength",)
    assert rules.broken("abc") == ("Code/maxLength",)
    assert rules.broken("kabc") == ()
    assert rules.breaking("Code/minLength").witness() == "k"


def test_unreadable_pattern_leaves_a_part_with_a_problem():
    """A back-reference does not hide the other rules of its schema."""
    parts = parts_of({"allOf": [{"pattern": r"(a)\1"}, {"minLength": 2}, {"not": {"pattern": "("}}]}, name="Code")
    assert [part.problem is None for part in parts] == [False, True, False]
    assert "back-reference" in str(parts[0].problem)


@pytest.mark.parametrize("ref", ["#/nowhere", "#anchor", "other.json#/x"])
def test_reference_that_leads_nowhere_is_the_callers_mistake(ref):
    """A dangling `$ref` is named."""
    with pytest.raises(UnreadableInput, match=ref.replace("#", "\\#")):
        parts_of({"$ref": ref}, name="Code")
