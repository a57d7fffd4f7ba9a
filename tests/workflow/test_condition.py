"""Simple conditions: grammar, comparison, and what a failed one tells."""

import json
from typing import Any

import pytest

from watchword.contract import Clause
from watchword.ground import Exchange, Request, Response
from watchword.workflow.condition import ConditionProblem, parse_condition
from watchword.workflow.context import Context
from watchword.workflow.model import Criterion
from watchword.workflow.verdict import evaluated, judged, relation_of, truthy

BODY = {"ok": True, "no": False, "none": None, "count": 3, "text": "Abc", "list": [1, 2], "nine": "9", "empty": ""}


def context(inputs: dict[str, Any] | None = None) -> Context:
    request = Request("PUT", "http://host/pets/7?limit=5&q=a%20b", (("X-Trace", "t-1"),), b'{"name": "Rex"}')
    response = Response(200, (("Content-Type", "application/json"), ("X-Rate", "10")), json.dumps(BODY).encode())
    given = inputs or {"name": "Abc", "a.b": {"c": 5}, "low": "abc"}
    return Context(given, exchange=Exchange(request, response), path={"petId": 7})


def holds(text: str, *, exact: bool = False) -> bool:
    return truthy(evaluated(parse_condition(text), context(), exact=exact))


@pytest.mark.parametrize(
    "text",
    [
        "$statusCode == 200",
        "$statusCode==200",
        "$statusCode >= 200 && $statusCode < 300",
        "$statusCode == 404 || $statusCode == 200",
        "!($statusCode == 404)",
        "!$response.body#/no",
        "$response.body#/ok",
        "$response.body.ok == true",
        "$response.body#/none == null",
        "$response.body#/absent == null",
        "$response.body#/text != null",
        "$response.body#/text == $inputs.name",
        "$response.body#/text == 'abc'",
        "$response.body#/text == $inputs.low",
        "$response.body#/count == 3.0",
        "$response.body#/count > 2 && ($response.body#/count < 2 || $response.body#/count <= 3)",
        "$response.body#/nine > 8",
        "$response.body#/nine == 9",
        "$response.body#/nine < '10'",
        "$response.body.list[1] == 2",
        "$response.body#/list/0 == 1",
        "$response.header.x-rate == 10",
        "$request.header.X-Trace == 't-1'",
        "$request.query.q == 'a b'",
        "$request.path.petId == 7",
        "$request.body#/name == 'REX'",
        "$method == 'put'",
        "$url == 'http://host/pets/7?limit=5&q=a%20b'",
        "$inputs.a.b.c == 5",
        "'it''s' == 'IT''S'",
        "-1.5e1 < 0",
        "true",
    ],
)
def test_a_true_condition_holds(text: str) -> None:
    """Arazzo 1.1.0, Criterion Object: literals, operators and expressions."""
    assert holds(text)


@pytest.mark.parametrize(
    "text",
    [
        "$statusCode == 404",
        "$statusCode != 200",
        "$response.body#/no",
        "$response.body#/none",
        "$response.body#/empty",
        "$response.body#/none == false",
        "$response.body#/absent == 'null'",
        "$response.body#/absent < 5",
        "$response.body#/ok == 'true'",
        "$response.body#/ok == 1",
        "$response.body#/text > 5",
        "$response.body#/list == 1",
        "$statusCode == 200 && $statusCode == 201",
        "!true",
    ],
)
def test_a_false_condition_does_not_hold(text: str) -> None:
    """Null equals itself alone, booleans are no numbers, and what cannot be ordered is not less."""
    assert not holds(text)


@pytest.mark.parametrize(("text", "loosely", "exactly"), [
    ("$response.body#/text == 'abc'", True, False),
    ("$response.body#/text != 'abc'", False, True),
    ("$response.body#/nine == 9", True, False),
    ("'b' < 'C'", True, False),
])  # fmt: skip
def test_strings_are_told_apart_by_case_only_where_the_document_says_so(
    text: str, loosely: bool, exactly: bool
) -> None:
    """The specification compares strings without regard to case, which would hide a secret in capitals."""
    assert holds(text) is loosely
    assert holds(text, exact=True) is exactly


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0),
        ("$statusCode ==", 14),
        ("$statusCode == 200 200", 19),
        ("($statusCode == 200", 19),
        ("$statusCode = 200", 12),
        ('$statusCode == "x"', 15),
        ("$statusCode == 'x", 15),
        ("statusCode == 1", 0),
        ("$input.x == 1", 0),
        ("== 1", 0),
        ("$statusCode == 01", 15),
        ("(" * 60 + "1" + ")" * 60, 50),
    ],
)
def test_a_malformed_condition_is_refused_at_its_position(text: str, position: int) -> None:
    """The position lets a caret point at the culprit."""
    with pytest.raises(ConditionProblem) as problem:
        parse_condition(text)
    assert problem.value.position == position


def criterion(text: str) -> Criterion:
    return Criterion(1, text, "simple", None, parse_condition(text), text, True, Clause.__new__(Clause))


def test_a_failed_criterion_tells_both_sides_by_their_shape() -> None:
    """Lengths and kinds of characters are told, never the characters."""
    verdict = judged(criterion("$response.body#/text == $inputs.name"), context({"name": "secret-Words"}))
    assert not verdict.holds
    assert verdict.reason == (
        "`$response.body#/text` is <3 characters: 2 lower, 1 upper>, "
        "`$inputs.name` is <12 characters: 10 lower, 1 upper, 1 special>"
    )


def test_a_failed_criterion_shows_a_status_as_it_is() -> None:
    """A status code is no secret."""
    assert judged(criterion("$statusCode == 404"), context()).reason == "`$statusCode` is 200"


@pytest.mark.parametrize(
    ("left", "right", "relation"),
    [
        ("abc", "ABC", "they differ in upper and lower case alone"),
        ("abc ", "abc", "they differ in white space at the ends alone"),
        ("abc", "abcdef", "the first is the beginning of the other"),
        ("abcdef", "abc", "the second is the beginning of the other"),
        ("def", "abcdef", "the first is the end of the other"),
        ("abcdef", "abcdxf", "they differ in 1 of 6 characters"),
        ("abcdef", "uvwxyz", ""),
    ],
)
def test_two_strings_that_should_be_equal_are_compared_in_words(left: str, right: str, relation: str) -> None:
    """A truncated, trimmed or upper-cased secret is called so."""
    assert relation_of(left, right) == relation
