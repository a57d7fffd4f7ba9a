"""Examples about which readers differ: warnings, where a plain mismatch is an error."""

from pathlib import Path

import pytest

from watchword.lint import Settings, lint_file

HEAD = 'openapi: %s\ninfo: { title: Things, version: "1" }\n'
BODY = """paths:
  /things:
    post:
      parameters:
        - { name: code, in: header, schema: { type: string }, example: %s }
      requestBody:
        content:
          application/json:
            schema: { type: object, required: [a] }
            example: %s
      responses: { '200': { description: Done. } }
"""


def _severities(folder: Path, text: str) -> list[str]:
    path = folder / "things.yaml"
    path.write_text(text, "utf-8")
    found = lint_file(path, Settings(select=("example-mismatch", "default-mismatch")))
    return [finding.severity.value for finding in found]


@pytest.mark.parametrize(
    ("code", "example", "severities"),
    [
        ("'12'", "{ a: 1 }", []),
        ("12", "{ a: 1 }", ["warning"]),
        ("'12'", "'{\"a\": 1}'", ["warning"]),
        ("'12'", "'{\"b\": 1}'", ["error"]),
        ("'12'", "'{a'", ["error"]),
        ("'12'", "{ b: 1 }", ["error"]),
    ],
)
def test_value_that_fits_when_written_or_read_otherwise_is_a_warning(
    tmp_path: Path, code: str, example: str, severities: list[str]
) -> None:
    """A number in a header is sent as a text; a text that holds the JSON that is meant is what some tools write."""
    assert _severities(tmp_path, HEAD % "3.1.1" + BODY % (code, example)) == severities


@pytest.mark.parametrize(
    ("version", "schema", "severities"),
    [
        ("3.0.4", "{ type: string, nullable: true, default: null }", []),
        ("3.0.4", "{ oneOf: [{ type: string }], nullable: true, default: null }", ["warning"]),
        ("3.1.1", "{ type: string, nullable: true, default: null }", ["warning"]),
        ("3.1.1", "{ type: string, default: null }", ["error"]),
        ("3.1.1", "{ type: string, format: date, default: tomorrow }", ["warning"]),
        ("3.1.1", "{ type: string, format: uri, default: not one }", []),
    ],
)
def test_null_beside_a_nullable_without_effect_and_formats_are_warnings(
    tmp_path: Path, version: str, schema: str, severities: list[str]
) -> None:
    """Null was meant to be allowed; `format` need not be asserted."""
    text = HEAD % version + f"paths: {{}}\ncomponents: {{ schemas: {{ Thing: {schema} }} }}\n"
    assert _severities(tmp_path, text) == severities
