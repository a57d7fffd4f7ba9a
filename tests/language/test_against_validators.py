"""Random string schemas: judged as jsonschema and jsonschema-rs judge them, deviations named."""

import random

import jsonschema
import jsonschema_rs
import pytest

from watchword.language import Rules, rust_pattern

_PATTERNS = ["^a", "b$", "^[ab]*$", "a.b", "^(?=.*a)b*", "(?!ab)a", "^[^b]{1,3}$", "aa|bb", "^$", "c"]
_PIECES = ["a", "b", "c", "ab", "", "\n", "é", "\U0001f600"]

DEVIATIONS = {
    "jsonschema": "Python's `$` also matches before a final newline, its `.` takes a carriage return and U+2028: texts "
    "that end in a newline are not compared",
    "jsonschema-rs": "patterns go through `rust_pattern`; a lone surrogate cannot be handed over",
}
"""What the other engines decide otherwise, and how the comparison accounts for it."""


def _schema(draw, depth=3):
    kind = draw.choice(
        ["minLength", "maxLength", "pattern", "enum", "const", "type", "allOf", "anyOf", "oneOf", "not", "if", "both"]
    )
    if depth == 0 and kind in ("allOf", "anyOf", "oneOf", "not", "if", "both"):
        kind = "pattern"
    below = [_schema(draw, depth - 1) for _ in range(draw.randint(1, 3))] if depth else []
    match kind:
        case "minLength" | "maxLength":
            return {kind: draw.randint(0, 4)}
        case "pattern":
            return {"pattern": draw.choice(_PATTERNS)}
        case "enum":
            return {"enum": draw.sample([*_PIECES, 1, None], k=3)}
        case "const":
            return {"const": draw.choice(_PIECES)}
        case "type":
            return draw.choice([{"type": "string"}, {"type": ["string", "null"]}, {"type": "integer"}, True, False])
        case "allOf" | "anyOf" | "oneOf":
            return {kind: below}
        case "not":
            return {"not": below[0]}
        case "if":
            return {"if": below[0], "then": _schema(draw, depth - 1), "else": _schema(draw, depth - 1)}
        case _:
            return {"minLength": draw.randint(0, 2), "pattern": draw.choice(_PATTERNS), "anyOf": below}


def _spelled(schema):
    if isinstance(schema, dict):
        return {
            k: rust_pattern(v) if k == "pattern" else v if k in ("enum", "const") else _spelled(v)
            for k, v in schema.items()
        }
    return [_spelled(inner) for inner in schema] if isinstance(schema, list) else schema


def _compare(seed, count):
    draw = random.Random(seed)
    texts = sorted({"".join(draw.choices(_PIECES, k=draw.randint(0, 5))) for _ in range(90)})
    for _ in range(count):
        schema = _schema(draw)
        rules = Rules.of(schema)
        python = jsonschema.Draft202012Validator(schema)
        rust = jsonschema_rs.Draft202012Validator(_spelled(schema))
        valid = rules.valid
        for text in draw.sample(texts, k=30):
            verdict = rules.accepts(text)
            assert verdict == (text in valid), (schema, text)
            assert verdict == rust.is_valid(text), (schema, text)
            if not text.endswith("\n"):
                assert verdict == python.is_valid(text), (schema, text)
        assert rules.accepts("a\ud800") == ("a\ud800" in valid)


def test_random_schemas_are_judged_as_two_validators_judge_them():
    """200 schemas of every string keyword, nested, on 30 texts each."""
    _compare(31, 200)


@pytest.mark.slow
def test_thousands_of_random_schemas_are_judged_as_two_validators_judge_them():
    """The same for 2,000 schemas: 60,000 verdicts."""
    _compare(32, 2000)


def test_every_broken_rule_of_a_random_schema_is_alone_where_it_says_so():
    """A witness for breaking one rule breaks just that one; an implied rule has none."""
    draw = random.Random(33)
    for _ in range(150):
        rules = Rules.of({"allOf": [_schema(draw, 1) for _ in range(3)]})
        for rule in rules.names:
            witness = rules.breaking(rule).witness()
            assert (witness is None) == (rule in rules.implied)
            assert witness is None or rules.broken(witness) == (rule,)
            loose = rules.failing(rule).witness()
            assert loose is None or rule in rules.broken(loose)
