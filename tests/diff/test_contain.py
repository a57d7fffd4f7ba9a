"""Containment of schemas: verdicts against an independent judge, on random schemas and their mutations."""

from pathlib import Path
from random import Random
from typing import Any

import jsonschema_rs
import pytest
from schema_mutations import mutated, random_schema, random_value

from watchword.contract import Schema
from watchword.contract.model import Clause
from watchword.diff import Containment, Not, Unknown, Yes, contains
from watchword.document import read


def schema(value: Any) -> Schema:
    """A schema whose references lead into itself."""

    def resolve(reference: str) -> tuple[Any, str]:
        found = value
        for token in reference.removeprefix("#").split("/")[1:]:
            found = found[int(token)] if isinstance(found, list) else found[token]
        return found, reference.removeprefix("#")

    root = read(b"{}", file="schema.json", path=Path("schema.json")).root
    return Schema(value, "Value", "", Clause(root), resolve)


def verdict(old: Any, new: Any) -> Containment:
    return contains(schema(old), schema(new))


CONTAINED = [
    ({"type": "integer"}, {"type": "number"}),
    ({"multipleOf": 12}, {"multipleOf": 4}),
    ({"type": "integer", "minimum": 1, "maximum": 3}, {"enum": [1, 2, 3]}),
    ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1, "multipleOf": 0.5}, {"const": 0.5}),
    ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, {"type": ["string", "integer"]}),
    ({"type": ["string", "integer"]}, {"oneOf": [{"type": "string"}, {"type": "number"}]}),
    ({"type": "boolean"}, {"enum": [True, False]}),
    ({"type": "object", "properties": {"a": {}}, "additionalProperties": False}, {"maxProperties": 1}),
    ({"patternProperties": {"^x": {"type": "integer"}}}, {"patternProperties": {"^xy": {"type": "number"}}}),
    ({"type": "array", "items": {"enum": [1, 2]}, "uniqueItems": True}, {"maxItems": 4}),
    ({"type": "array", "items": {"const": 0}, "minItems": 1}, {"contains": {"type": "integer"}}),
    (
        {"type": "object", "patternProperties": {"^x": {"type": "integer"}}, "additionalProperties": False},
        {"patternProperties": {"^x": {"type": "integer"}}, "additionalProperties": {"type": "string"}},
    ),
    ({"not": {"required": ["a"]}}, {"properties": {"a": False}}),
    ({"if": {"type": "string"}, "then": {"maxLength": 2}}, {"maxLength": 3}),
    ({"type": "object", "propertyNames": {"maxLength": 0}}, {"maxProperties": 1}),
    (
        {"type": "object", "properties": {"next": {"$ref": "#"}, "v": {"type": "integer", "minimum": 3}}},
        {"type": "object", "properties": {"next": {"$ref": "#"}, "v": {"type": "integer"}}},
    ),
    ({"required": ["a"], "properties": {"a": {"$ref": "#"}}, "type": "object"}, {"type": "string"}),
    (False, {"type": "string"}),
    ({"type": "string"}, True),
]  # fmt: skip
LOST = [
    ({"type": "number"}, {"type": "integer"}, 0.5),
    ({"multipleOf": 6}, {"multipleOf": 4}, 6),
    ({"enum": ["a", 1, None]}, {"enum": ["a", None]}, 1),
    ({"type": "string", "minLength": 8}, {"type": "string", "minLength": 12}, "00000000"),
    ({"type": "array"}, {"type": "array", "uniqueItems": True}, ["", ""]),
    ({"type": "array"}, {"type": "array", "unevaluatedItems": False}, [""]),
    ({"type": "object", "maxProperties": 1}, {"properties": {"a": {}}, "additionalProperties": False}, {"": ""}),
    (
        {"type": "object", "properties": {"next": {"$ref": "#"}, "v": {"type": "integer"}}, "required": ["v"]},
        {"type": "object", "properties": {"next": {"$ref": "#"}, "v": {"type": "integer", "minimum": 3}}},
        {"v": 0},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), CONTAINED, ids=str)
def test_contained_schema_is_proved_so(old: Any, new: Any) -> None:
    """The new schema accepts everything that the old one does, and the search finds the proof."""
    assert verdict(old, new) == Yes()


@pytest.mark.parametrize(("old", "new", "witness"), LOST, ids=str)
def test_lost_value_is_the_simplest_one(old: Any, new: Any, witness: Any) -> None:
    """A schema that refuses something new is shown by a small value."""
    assert verdict(old, new) == Not(witness)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ({"type": "string"}, {"type": "string", "pattern": r"^(.)\1$"}, "pattern"),
        ({"type": "array"}, {"allOf": [{"prefixItems": [True]}], "unevaluatedItems": False}, "unevaluatedItems"),
        ({"contains": {"type": "integer"}, "maxContains": 1}, {"contains": {"type": "integer"}}, "maxContains"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_not_understood_is_named(old: Any, new: Any, named: str) -> None:
    """Where a keyword is beyond the search, the answer is neither yes nor no, and says which keyword."""
    answer = verdict(old, new)
    assert isinstance(answer, Unknown)
    assert any(named in reason for reason in answer.differs)


def check(seed: int, count: int) -> tuple[int, int]:
    """Judges mutations by samples; returns how many were decided, and how many in all."""
    decided = total = 0
    for number in range(count):
        random = Random(seed * 1_000_003 + number)
        old = random_schema(random)
        new = mutated(random, old)
        judges = [jsonschema_rs.Draft202012Validator(each) for each in (old, new)]
        values = [random_value(random) for _ in range(120)]
        for one, other, (first, second) in ((old, new, judges), (new, old, judges[::-1])):
            answer = verdict(one, other)
            total += 1
            decided += not isinstance(answer, Unknown)
            if isinstance(answer, Not):
                assert first.is_valid(answer.witness)
                assert not second.is_valid(answer.witness)
            if isinstance(answer, Yes):
                lost = [value for value in values if first.is_valid(value) and not second.is_valid(value)]
                assert not lost, (one, other, lost[0])
    return decided, total


def test_verdict_on_mutated_schemas_agrees_with_samples() -> None:
    """No sampled value contradicts a proof, and each witness is one, in both directions of 250 random mutations."""
    decided, total = check(1, 250)
    assert decided >= 0.97 * total


@pytest.mark.slow
def test_verdict_on_many_mutated_schemas_agrees_with_samples() -> None:
    """The same for 4,000 mutations."""
    decided, total = check(2, 4_000)
    assert decided >= 0.97 * total


def test_same_schema_written_otherwise_is_contained_both_ways() -> None:
    """Every random schema contains itself behind an allOf, a one-armed anyOf, or two negations."""
    for number in range(60):
        one = random_schema(Random(number))
        for other in ({"allOf": [one]}, {"anyOf": [one]}, {"not": {"not": one}}, {"oneOf": [one, False]}):
            for answer in (verdict(one, other), verdict(other, one)):
                assert not isinstance(answer, Not), (one, other)


@pytest.mark.parametrize("idle", [{"exclusiveMinimum": True}, {"$recursiveAnchor": True}, {"minLength": False}])
def test_keyword_of_another_draft_leaves_the_rest_decided(idle: dict[str, Any]) -> None:
    """A flag that only older drafts know says nothing, and does not keep the independent engine from judging."""
    old = {"type": "object", "properties": {"a": {"type": "integer", "minimum": 1, **idle}}}
    new = {"type": "object", "properties": {"a": {"type": "integer", "minimum": 2, **idle}}}
    assert verdict(old, new) == Not({"a": 1})
    assert verdict(new, old) == Yes()


def test_many_members_that_differ_together_are_decided() -> None:
    """Twelve closed alternatives of fifteen members each: what one member excludes is not tried with all the others."""

    def thing(number: int, least: int) -> dict[str, Any]:
        members = {f"m{each}": {"type": "integer", "minimum": least} for each in range(15)}
        kind = {"kind": {"const": f"k{number}"}}
        return {"type": "object", "required": ["kind", *members], "properties": {**kind, **members}}

    old = {"anyOf": [thing(number, 0) for number in range(12)]}
    new = {"anyOf": [thing(number, 1 if number == 11 else 0) for number in range(12)]}
    assert isinstance(verdict(old, new), Not)
    assert verdict(new, old) == Yes()
