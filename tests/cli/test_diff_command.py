"""`watchword diff` as a user calls it: formats, exit codes, git revisions, bad input."""

import json
import subprocess
from pathlib import Path

import jsonschema
import pytest

from watchword.cli import main

ROOT = Path(__file__).parents[2]
OLD = """openapi: 3.1.0
info: {title: Things, version: '1'}
paths:
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    put:
      operationId: change
      requestBody:
        content:
          application/json:
            schema: {$ref: 'schemas.yaml#/Thing'}
      responses: {'204': {description: done}}
"""
SCHEMAS = """Thing:
  type: object
  properties:
    password: {type: string, minLength: 8, description: a secret}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git repository with two commits; the second asks for longer passwords in the file that is referred to."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "api.yaml").write_text(OLD)
    for number, schemas in enumerate((SCHEMAS, SCHEMAS.replace("8", "12").replace("a secret", "the secret"))):
        (tmp_path / "specs" / "schemas.yaml").write_text(schemas)
        if number == 0:
            git("init", "-q")
        git("add", ".")
        git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m", f"version {number}")
    return tmp_path


def git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True, capture_output=True)


def test_revision_is_compared_with_its_own_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`HEAD~1:path` reads the document and its references as they were, and names places by the revision."""
    assert main(["diff", "HEAD~1:specs/api.yaml", "specs/api.yaml"]) == 1
    assert capsys.readouterr().out == (
        "specs/schemas.yaml:4:30  breaking  string-narrowed  PUT /things/{id}\n"
        '  `"00000000"` was accepted, now refused: at least 12 characters (password/minLength)\n'
        "  at       request body#/password\n"
        "  before   HEAD~1:specs/schemas.yaml:4:30\n"
        "\n"
        "1 breaking\n"
    )


def test_two_revisions_can_be_compared_and_prose_be_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both sides may be revisions; `--all` adds descriptions."""
    assert main(["diff", "HEAD:specs/api.yaml", "HEAD~1:specs/api.yaml", "--all"]) == 0
    out = capsys.readouterr().out
    assert "safe  string-widened" in out
    assert "safe  description-changed" in out
    assert out.endswith("2 safe\n")


def test_fail_on_safe_fails_for_any_change(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The threshold is the user's."""
    arguments = ["diff", "HEAD:specs/api.yaml", "HEAD~1:specs/api.yaml"]
    assert [main([*arguments, "--fail-on", impact]) for impact in ("breaking", "risky", "safe")] == [0, 0, 1]


def test_same_document_gives_no_changes(capsys: pytest.CaptureFixture[str]) -> None:
    """A bundled contract does not differ from itself."""
    assert main(["diff", "kii", "kii"]) == 0
    assert capsys.readouterr().out == "no changes\n"


def test_json_has_both_places_and_the_witness(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The JSON form tells a program all that the text tells a reader."""
    assert main(["diff", "HEAD~1:specs/api.yaml", "specs/api.yaml", "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["totals"] == {"breaking": 1, "risky": 0, "safe": 0}
    (change,) = document["changes"]
    assert change["impact"] == "breaking"
    assert change["rule"] == "string-narrowed"
    assert change["side"] == "request"
    assert change["location"] == "body#/password"
    assert change["old"]["line"] == change["new"]["line"] == 4
    assert change["old"]["pointer"] == "/Thing/properties/password/minLength"
    assert change["witness"] == "00000000"


def test_json_is_what_its_published_schema_says(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Changes with and without a witness, with one place and with both, validate against docs/diff.schema.json."""
    schema = json.loads((ROOT / "docs" / "diff.schema.json").read_text())
    validator = jsonschema.Draft202012Validator(schema)
    for old, new in (("HEAD~1:specs/api.yaml", "specs/api.yaml"), ("kii", "iotda"), ("kii", "kii")):
        main(["diff", old, new, "--format", "json"])
        document = json.loads(capsys.readouterr().out)
        validator.validate(document)
        for change in document["changes"]:
            assert not validator.is_valid({**document, "changes": [{**change, "impact": "fatal"}]})


def test_report_formats_take_changes_as_findings(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A breaking change is an error in every other format, with both places."""
    assert main(["diff", "HEAD~1:specs/api.yaml", "specs/api.yaml", "--format", "jsonl"]) == 1
    record = json.loads(capsys.readouterr().out)
    schema = json.loads((ROOT / "docs" / "report.schema.json").read_text())
    jsonschema.validate(record, {"$ref": "#/$defs/finding", "$defs": schema["$defs"]})
    assert record["severity"] == "error"
    assert "before: HEAD~1:specs/schemas.yaml:4:30" in record["message"]


def test_webhook_is_told_with_line_and_column_in_both_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Text, JSON and SARIF name the webhook and the place of the rule in either document."""
    monkeypatch.chdir(tmp_path)
    head, _, _ = OLD.partition("paths:")
    text = head + "webhooks:\n  told:\n    post:\n" + "".join(f"  {line}\n" for line in OLD.splitlines()[7:])
    for name, schemas in (("old", SCHEMAS), ("new", "# moved\n" + SCHEMAS.replace("8", "4"))):
        (tmp_path / f"{name}.yaml").write_text(text.replace("schemas.yaml", f"{name}-schemas.yaml"))
        (tmp_path / f"{name}-schemas.yaml").write_text(schemas)
    assert main(["diff", "old.yaml", "new.yaml"]) == 1
    shown = capsys.readouterr().out
    assert shown.startswith("new-schemas.yaml:5:30  breaking  string-widened  POST webhook told\n")
    assert '`"0000"` could not be sent before (at least 8 characters (password/minLength)), now it can' in shown
    assert "at       request body#/password" in shown
    assert "before   old-schemas.yaml:4:30" in shown
    assert main(["diff", "old.yaml", "new.yaml", "--format", "json"]) == 1
    change = json.loads(capsys.readouterr().out)["changes"][0]
    assert [(change[side]["line"], change[side]["column"]) for side in ("old", "new")] == [(4, 30), (5, 30)]
    assert main(["diff", "old.yaml", "new.yaml", "--format", "sarif"]) == 1
    result = json.loads(capsys.readouterr().out)["runs"][0]["results"][0]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"]) == (5, 30)
    assert "before: old-schemas.yaml:4:30" in result["message"]["text"]


def test_markdown_is_a_changelog_by_impact_and_operation(folder: Path) -> None:
    """A file that ends in `.md` gets the changelog."""
    assert main(["diff", "HEAD~1:specs/api.yaml", "specs/api.yaml", "--output", "CHANGES.md"]) == 1
    assert (folder / "CHANGES.md").read_text() == (
        "# Things: 1 → 1\n\n1 breaking.\n\n## Breaking\n\n### PUT /things/{id}\n\n"
        '- request `body#/password`: `"00000000"` was accepted, now refused: '
        "at least 12 characters (password/minLength) *string-narrowed*\n"
    )


@pytest.mark.parametrize(
    ("old", "says"),
    [
        ("HEAD~9:specs/api.yaml", "error: git show HEAD~9:specs/api.yaml: fatal: "),
        ("HEAD:specs/none.yaml", "error: git show HEAD:specs/none.yaml: fatal: "),
        ("HEAD:../../etc/passwd", "error: HEAD:../../etc/passwd: not a revision and a path of this repository"),
        ("swagger.yaml", "Swagger 2.0 is not supported; convert it"),
        ("broken.yaml", "not valid YAML"),
        ("nothing.yaml", "nothing.yaml: no such file"),
        ("dangling.yaml", "`#/components/schemas/None`"),
    ],
)
def test_bad_input_is_one_clear_error(folder: Path, capsys: pytest.CaptureFixture[str], old: str, says: str) -> None:
    """What cannot be read ends with exit code 2 and says why, without a traceback."""
    (folder / "swagger.yaml").write_text("swagger: '2.0'\n")
    (folder / "broken.yaml").write_text("openapi: [3.1.0\n")
    (folder / "dangling.yaml").write_text(OLD.replace("schemas.yaml#/Thing", "#/components/schemas/None"))
    assert main(["diff", old, "specs/api.yaml"]) == 2
    problem = capsys.readouterr().err
    assert says in problem
    assert "Traceback" not in problem


def test_dangling_reference_names_the_revision(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The error shows the revision's path, not the folder that stands for it."""
    (folder / "specs" / "api.yaml").write_text(OLD.replace("schemas.yaml#/Thing", "missing.yaml#/Thing"))
    git("add", ".")
    git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m", "broken")
    assert main(["diff", "HEAD:specs/api.yaml", "kii"]) == 2
    assert capsys.readouterr().err.startswith("error: HEAD:specs/api.yaml:11:22: `missing.yaml#/Thing`")
