"""Every format, the registry of formats, and the published schema."""

import io
import json
from importlib.metadata import version
from pathlib import Path

import jsonschema_rs
import orjson
import pytest

from watchword import report
from watchword.ground import Certainty, Finding, Place, Severity, Side, Tally, WatchwordError
from watchword.report import FORMATS, format_of_file
from watchword.report.text import write_paragraphs

ROOT = Path(__file__).parents[2]
SHARED = {"__init__", "protocol", "repository", "terminal"}

FULL = Finding(
    "reply-status",
    "`200` is not documented; documented are 204, 400, 401, 404",
    side=Side.RESPONSE,
    location="statusCode",
    source='Kii "Change the password", Responses',
    place=Place("specs/kii.openapi.yaml", 41, 13, "/paths/~1a/put/responses"),
    operation="kii changeThingPassword",
    subject="PUT …/ownership/password → 200",
    case="kii/changeThingPassword/accept/full",
    repeat="watchword check kii --case kii/changeThingPassword/accept/full --seed 7",
)
BARE = Finding("not-an-exchange", "line 3: is no JSON at character 1", Severity.WARNING)
ASSUMED = Finding(
    "Password/alphabet",
    "has 1 character outside",
    Severity.OBSERVATION,
    Certainty.ASSUMED,
    Side.REQUEST,
    "body#/password",
)
FINDINGS = [FULL, BARE, ASSUMED]


def _written(findings: list[Finding], form: str) -> str:
    stream = io.StringIO()
    report.write(findings, form, stream)
    return stream.getvalue()


def test_folder_and_registry_name_the_same_formats() -> None:
    """Every format file is registered, and every registered format is a file."""
    folder = Path(report.__file__).parent
    assert {path.stem for path in folder.glob("*.py")} - SHARED == set(FORMATS)


def test_text_reads_as_the_style_guide_has_it() -> None:
    """A finding is a paragraph whose first line stands alone: place, severity, rule, what happened."""
    assert _written(FINDINGS, "text") == (
        "specs/kii.openapi.yaml:41:13  error  reply-status  PUT …/ownership/password → 200\n"
        "  `200` is not documented; documented are 204, 400, 401, 404\n"
        '  source   Kii "Change the password", Responses\n'
        "  repeat   watchword check kii --case kii/changeThingPassword/accept/full --seed 7\n"
        "\n"
        "warning  not-an-exchange\n"
        "  line 3: is no JSON at character 1\n"
        "\n"
        "observation  Password/alphabet\n"
        "  has 1 character outside\n"
        "  at       request body#/password\n"
        "\n"
        "1 error, 1 warning, 1 observation\n"
    )


def test_text_of_nothing_says_so() -> None:
    """An empty report is one line."""
    assert _written([], "text") == "no findings\n"


def test_piped_text_keeps_long_lines_whole() -> None:
    """A message of 500 characters stays on one line, without escape sequences."""
    long = Finding("a", "x" * 500)
    assert "\n  " + "x" * 500 + "\n" in _written([long], "text")


def test_control_characters_become_visible() -> None:
    """A message or an operation cannot steer the terminal, nor forge a line by a carriage return."""
    text = _written([Finding("a", "b\x1b[2Jc\rd", operation="\x9be", location="f\u202eg")], "text")
    assert "b\\x1b[2Jc" in text
    assert "\\x9be" in text
    assert "f\\u202eg" in text
    assert not set("\x1b\r\x9b\u202e") & set(text)


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({"TERM": "xterm"}, True), ({"TERM": "xterm", "NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_colours_are_for_terminals_that_want_them(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], coloured: bool
) -> None:
    """A terminal gets colours and the same words; NO_COLOR and a dumb terminal get none."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("COLUMNS", "20")
    stream = _Terminal()
    report.write(FINDINGS, "text", stream)
    assert ("\x1b[" in stream.getvalue()) is coloured
    if not coloured:
        assert stream.getvalue() == _written(FINDINGS, "text")
    assert "documented are 204, 400, 401, 404\n" in stream.getvalue()


def _validator(pointer: str = "") -> jsonschema_rs.Draft202012Validator:
    schema = json.loads((ROOT / "docs/report.schema.json").read_text(encoding="utf-8"))
    registry = jsonschema_rs.Registry([(schema["$id"], schema)])
    return jsonschema_rs.Draft202012Validator({"$ref": f"{schema['$id']}#{pointer}"}, registry=registry)


@pytest.mark.parametrize("findings", [[], [FULL], [BARE], FINDINGS, [Finding("a", "lone \udc80 surrogate")]])
def test_json_obeys_its_published_schema(findings: list[Finding]) -> None:
    """What the json format writes validates against docs/report.schema.json, and counts by severity."""
    document = json.loads(_written(findings, "json"))
    _validator().validate(document)
    assert document["watchword"] == version("watchword")
    assert sum(document["totals"].values()) == len(document["findings"]) == len(findings)


def test_json_holds_every_member_of_a_finding() -> None:
    """Nothing of a finding is lost, and what is unknown is left out, except side and location."""
    full, bare, _ = json.loads(_written(FINDINGS, "json"))["findings"]
    place = {"file": "specs/kii.openapi.yaml", "line": 41, "column": 13, "pointer": "/paths/~1a/put/responses"}
    assert full == {
        "rule": FULL.rule, "severity": "error", "certainty": "documented", "side": "response", "location": "statusCode",
        "message": FULL.message, "operation": FULL.operation, "subject": FULL.subject, "source": FULL.source,
        "case": FULL.case, "repeat": FULL.repeat, "place": place,
    }  # fmt: skip
    assert bare == {
        "rule": "not-an-exchange", "severity": "warning", "certainty": "documented", "side": None, "location": None,
        "message": BARE.message,
    }  # fmt: skip


def test_schema_refuses_a_finding_without_its_rule() -> None:
    """The published schema is no rubber stamp."""
    document = json.loads(_written([BARE], "json"))
    del document["findings"][0]["rule"]
    assert not _validator().is_valid(document)


def test_jsonl_is_a_finding_a_line() -> None:
    """Each line of the jsonl format is one finding of the json format."""
    lines = _written(FINDINGS, "jsonl").splitlines()
    assert [orjson.loads(line) for line in lines] == json.loads(_written(FINDINGS, "json"))["findings"]
    assert all(_validator("/$defs/finding").is_valid(orjson.loads(line)) for line in lines)


def test_unknown_format_names_the_known_ones() -> None:
    """A format that does not exist is a mistake of the caller."""
    with pytest.raises(WatchwordError, match="unknown format `yaml`; known are text, json, jsonl"):
        _written([], "yaml")


@pytest.mark.parametrize(
    ("name", "form"), [("a.json", "json"), ("A.JSONL", "jsonl"), ("a.txt", "text"), ("a.out", None)]
)
def test_ending_of_a_file_stands_for_a_format(name: str, form: str | None) -> None:
    """`--output report.json` needs no `--format`."""
    assert format_of_file(name) == form


def test_paragraphs_take_details_of_their_own() -> None:
    """A producer can add lines under a finding, such as where an audit saw it."""
    stream = io.StringIO()
    write_paragraphs([(BARE, [("seen", "3 times")])], stream)
    assert stream.getvalue() == (
        "warning  not-an-exchange\n  line 3: is no JSON at character 1\n  seen     3 times\n\n1 warning\n"
    )


def test_json_of_a_check_has_its_matrix() -> None:
    """Every rule and side that was tried stands there with its verdict, in the published form."""
    tallies = [
        Tally("kii a", "r", "accept", 2, 0, ()),
        Tally("kii a", "r", "refuse", 2, 1, (FULL,)),
        Tally("kii a", "s", "effect", 0, 1, ()),
    ]
    stream = io.StringIO()
    report.write([FULL], "json", stream, tallies)
    document = json.loads(stream.getvalue())
    _validator().validate(document)
    assert [each["verdict"] for each in document["matrix"]] == ["passed", FULL.severity.value, "not-exercised"]
    assert document["matrix"][1] | {"verdict": ""} == {
        "operation": "kii a",
        "rule": "r",
        "side": "refuse",
        "cases": 2,
        "skipped": 1,
        "verdict": "",
    }
