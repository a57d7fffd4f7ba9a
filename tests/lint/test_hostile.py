"""Documents that are broken, foreign, endless, huge or hostile: findings or one clear error, in bounded time."""

import time
from pathlib import Path

import orjson
import pytest

from watchword.ground import UnreadableInput
from watchword.lint import lint_file

HEAD = 'openapi: 3.1.1\ninfo: { title: Things, version: "1" }\npaths: {}\n'


def _found(folder: Path, text: str | bytes, name: str = "things.yaml") -> list[tuple[str, str]]:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return [(finding.rule, finding.message) for finding in lint_file(path)]


@pytest.mark.parametrize(
    ("text", "rule", "reason"),
    [
        ("a: [1\nb: 2\n", "yaml-syntax", "not valid YAML"),
        ("- 1\n", "not-openapi", "the root of an OpenAPI document is an object"),
        ("", "not-openapi", "the root of an OpenAPI document is an object"),
        ("title: A JSON Schema\n", "not-openapi", "neither an `openapi` nor an `arazzo` field"),
        ("swagger: '2.0'\n", "not-openapi", "convert it first, for example with `npx swagger2openapi`"),
        ("openapi: 4.0.0\n", "not-openapi", 'version "4.0.0" is not looked at'),
        ("openapi: 3.1\n", "not-openapi", "version 3.1 is not looked at"),
    ],
)
def test_other_document_gives_one_clear_error(tmp_path: Path, text: str, rule: str, reason: str) -> None:
    """Whatever the file is, one finding says what it is not and what to do."""
    found = _found(tmp_path, text)
    assert [name for name, _ in found] == [rule]
    assert reason in found[0][1]


def test_broken_json_gives_one_clear_error(tmp_path: Path) -> None:
    """A slip in a JSON file is told as one of JSON."""
    assert [name for name, _ in _found(tmp_path, '{"openapi": "3.1.1",}', "things.json")] == ["json-syntax"]


def test_file_that_is_not_there_is_the_callers_mistake(tmp_path: Path) -> None:
    """A missing file raises; it is no finding about a document."""
    with pytest.raises(UnreadableInput):
        lint_file(tmp_path / "none.yaml")


@pytest.mark.parametrize("value", ["null", "3", "[]", "text", "{ a: 1 }", "[[{}]]", "true"])
@pytest.mark.parametrize(
    "place",
    [
        "info: %s\npaths: {}",
        "paths: %s",
        "paths: { /a: %s }",
        "paths: { /a: { get: %s } }",
        "paths: { '/a/{b}': { get: { parameters: %s, responses: %s, security: %s, tags: %s, requestBody: %s } } }",
        "paths: {}\nsecurity: %s\nservers: %s\ntags: %s\nwebhooks: %s",
        "components: %s",
        "components: { schemas: %s, securitySchemes: %s, parameters: %s, links: %s, headers: %s }",
        "components: { schemas: { A: %s, B: { $ref: %s, pattern: %s, enum: %s, required: %s, properties: %s } } }",
        "components: { schemas: { A: { type: %s, format: %s, allOf: %s, anyOf: %s, not: %s, minLength: %s } } }",
        "components: { schemas: { A: { type: string, format: password, minLength: %s, maxLength: %s, const: %s } } }",
        "components: { schemas: { A: { discriminator: %s, patternProperties: %s, items: %s, examples: %s } } }",
        "components: { schemas: { A: { type: array, minItems: %s, maxItems: 1, readOnly: %s, x-certainty: %s } } }",
        "components: { responses: { A: { content: %s, headers: %s, links: %s } }, examples: { A: %s } }",
        "components: { parameters: { A: { name: %s, in: %s, schema: %s, examples: %s } }, securitySchemes: { A: %s } }",
        "x-watchword-ignore: %s",
    ],
)
def test_value_of_any_type_anywhere_never_raises(tmp_path: Path, place: str, value: str) -> None:
    """However wrong a value is, lint yields findings."""
    for version in ("3.0.4", "3.1.1", "3.2.0"):
        _found(tmp_path, f"openapi: {version}\n" + place.replace("%s", value))
    _found(tmp_path, f"arazzo: 1.0.1\nsourceDescriptions: {value}\nworkflows: [{{ steps: {value} }}, {value}]\n")


def test_schemas_that_refer_to_themselves_end(tmp_path: Path) -> None:
    """Circles of every kind are followed once."""
    text = HEAD + (
        "components:\n  schemas:\n    A: { $ref: '#/components/schemas/B' }\n"
        "    B: { $ref: '#/components/schemas/A' }\n"
        "    C: { allOf: [{ $ref: '#/components/schemas/C' }], type: string, minLength: 1 }\n"
        "    D: { properties: { d: { $ref: '#/components/schemas/D' } }, example: { d: { d: {} } } }\n"
    )
    assert {name for name, _ in _found(tmp_path, text)} >= {"dangling-reference"}


def _many(count: int) -> dict[str, object]:
    """Different patterns, each of some thousand states."""
    pattern = "^.*[a-{}].{{{}}}x{}$"
    return {
        f"P{number}": {"type": "string", "pattern": pattern.format("bcdef"[number % 5], 12 + number % 9, number)}
        for number in range(count)
    }


@pytest.mark.parametrize(
    "schemas",
    [
        {"A": {"type": "string", "pattern": "^(a{1000}){1000}$"}},
        {"A": {"type": "string", "pattern": "^" + "(" * 500 + ")" * 500}},
        {"A": {"type": "string", "pattern": "^.*a.{24}$", "minLength": 5}},
        {"A": {"type": "string", "allOf": [{"pattern": f"^(?=.*{c}.{{9}})"} for c in "abcdefghijklmnopqrst"]}},
        {"A": {"type": "string", "pattern": "|".join(["(a+)+$"] * 200)}},
        {"A": {"type": "string", "enum": [f"value-{number}" for number in range(20_000)]}},
        {
            **{f"N{n}": {"allOf": [{"$ref": f"#/components/schemas/N{n + 1}"}] * 2} for n in range(40)},
            "N40": {"type": "string", "minLength": 1},
        },
        _many(40),
    ],
)
def test_hostile_patterns_end_soon(tmp_path: Path, schemas: dict[str, object]) -> None:
    """Patterns and schemas made to explode are refused by limits, not by patience."""
    document = {
        "openapi": "3.1.1",
        "info": {"title": "t", "version": "1"},
        "paths": {},
        "components": {"schemas": schemas},
    }
    start = time.process_time()
    _found(tmp_path, orjson.dumps(document), "things.json")
    assert time.process_time() - start < 25


def test_schemas_that_aliases_multiply_are_one_clear_error(tmp_path: Path) -> None:
    """A kilobyte of YAML that stands for a million schemas is refused where it becomes large."""
    levels = ["    A0: &a0 { type: string, maxLength: 3, example: abcd }\n"]
    for level in range(1, 6):
        members = ", ".join(f"m{number}: *a{level - 1}" for number in range(10))
        levels.append(f"    A{level}: &a{level} {{ type: object, properties: {{ {members} }} }}\n")
    found = _found(tmp_path, HEAD + "components:\n  schemas:\n" + "".join(levels))
    assert [rule for rule, _ in found] == ["yaml-syntax"]
    assert "aliases expand" in found[0][1]


@pytest.mark.slow
def test_thousands_of_hostile_patterns_end_in_bounded_time(tmp_path: Path) -> None:
    """Past a number of refusals no more languages are made."""
    info = {"title": "t", "version": "1"}
    document = {"openapi": "3.1.1", "info": info, "paths": {}, "components": {"schemas": _many(5_000)}}
    start = time.process_time()
    _found(tmp_path, orjson.dumps(document), "things.json")
    assert time.process_time() - start < 90


@pytest.mark.slow
def test_document_of_ten_megabytes_ends_in_bounded_time(tmp_path: Path) -> None:
    """Two thousand operations with schemas of their own, 10 MB in all."""
    schema = {"type": "object", "properties": {f"m{n}": {"type": "string", "maxLength": n + 1} for n in range(100)}}
    replies = {"200": {"description": "x", "content": {"application/json": {"schema": schema}}}}
    operations = {f"/things/{n}": {"get": {"operationId": f"o{n}", "responses": replies}} for n in range(2_600)}
    document = orjson.dumps({"openapi": "3.1.1", "info": {"title": "t", "version": "1"}, "paths": operations})
    assert len(document) > 10_000_000
    start = time.process_time()
    assert _found(tmp_path, document, "things.json") == []
    assert time.process_time() - start < 120
