"""Runtime expressions: what is one, and what its parts are."""

import pytest

from watchword.workflow.expression import (
    Expression,
    ExpressionProblem,
    Template,
    parse_expression,
    parse_template,
    parse_text,
)


@pytest.mark.parametrize(
    ("text", "root", "path", "pointer", "trail"),
    [
        ("$url", "url", (), None, ()),
        ("$method", "method", (), None, ()),
        ("$statusCode", "statusCode", (), None, ()),
        ("$self", "self", (), None, ()),
        ("$request.header.X-Auth-Token", "request", ("header", "X-Auth-Token"), None, ()),
        ("$request.query.a.b", "request", ("query", "a.b"), None, ()),
        ("$request.path.id", "request", ("path", "id"), None, ()),
        ("$response.body", "response", ("body",), None, ()),
        ("$response.body#/a.b/0/c~1d", "response", ("body",), "/a.b/0/c~1d", ()),
        ("$response.body.items[0].id", "response", ("body",), None, ("items", 0, "id")),
        ("$message.payload#/status", "message", ("payload",), "/status", ()),
        ("$inputs.user.name", "inputs", ("user.name",), None, ()),
        ("$inputs.customer#/firstName", "inputs", ("customer",), "/firstName", ()),
        ("$outputs.bar", "outputs", ("bar",), None, ()),
        ("$steps.a-b.outputs.pets#/0/id", "steps", ("a-b", "outputs", "pets"), "/0/id", ()),
        ("$workflows.foo.inputs.user", "workflows", ("foo", "inputs", "user"), None, ()),
        ("$sourceDescriptions.pets.url", "sourceDescriptions", ("pets", "url"), None, ()),
        ("$sourceDescriptions.pets.get/pet", "sourceDescriptions", ("pets", "get/pet"), None, ()),
        ("$components.parameters.page", "components", ("parameters", "page"), None, ()),
    ],
)
def test_an_expression_of_each_kind_is_read(
    text: str, root: str, path: tuple[str, ...], pointer: str | None, trail: tuple[str | int, ...]
) -> None:
    """Arazzo 1.1.0, Runtime Expressions: each alternative of the grammar."""
    assert parse_expression(text) == Expression(text, root, path, pointer, trail)


@pytest.mark.parametrize(
    "text",
    [
        "statusCode",
        "$",
        "$input.x",
        "$inputs",
        "$inputs.",
        "$inputs.a b",
        "$statusCode.x",
        "$url#/a",
        "$request.form.x",
        "$request.header.",
        "$request.header.a b",
        "$request.bodyguard",
        "$response.body#a",
        "$response.body#/~2",
        "$response.body[x]",
        "$steps.a",
        "$steps.a.results.b",
        "$workflows.a.outputs",
        "$components.responses.x",
        "$sourceDescriptions.pets",
    ],
)
def test_what_is_no_expression_is_refused_with_a_reason(text: str) -> None:
    """A reason says what was expected; nothing is guessed."""
    with pytest.raises(ExpressionProblem, match=r"."):
        parse_expression(text)


def test_outputs_without_their_word_are_allowed_in_the_looser_grammar() -> None:
    """Arazzo 1.0.1 says only that a name follows `$steps.`; the specification's own example makes use of it."""
    assert parse_expression("$steps.plan.finalized", strict=False).path == ("plan", "finalized")


@pytest.mark.parametrize("text", ["", "plain", "$5", "$", "US$ 5.00", "{curly}", "a{0}b", "$USD"])
def test_a_text_without_expressions_is_itself(text: str) -> None:
    """A dollar sign alone makes no expression."""
    assert parse_text(text) == text


def test_embedded_expressions_are_found_in_a_text() -> None:
    """`{$...}` anywhere in a text is an expression."""
    found = parse_template("a{$inputs.b}c{$statusCode}")
    assert isinstance(found, Template)
    assert found.pieces == ("a", parse_expression("$inputs.b"), "c", parse_expression("$statusCode"))


@pytest.mark.parametrize("text", ["{$input.b}", "$input.b", "x {$steps.a}"])
def test_a_misspelt_expression_in_a_text_is_refused(text: str) -> None:
    """What looks like an expression and is none is a mistake, not a literal."""
    with pytest.raises(ExpressionProblem):
        parse_text(text)


@pytest.mark.parametrize(
    ("text", "location"),
    [
        ("$statusCode", "statusCode"),
        ("$response.body#/a/b", "body#/a/b"),
        ("$response.body.a[0]", "body#/a/0"),
        ("$response.header.Location", "header.Location"),
        ("$inputs.secret", "inputs.secret"),
    ],
)
def test_an_expression_says_where_a_finding_points(text: str, location: str) -> None:
    """Findings speak of places as the rest of Watchword does."""
    assert parse_expression(text).location == location
