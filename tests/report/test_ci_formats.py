"""The formats that CI systems read: JUnit, SARIF, GitHub, GitLab."""

import io
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import pytest

from watchword import report
from watchword.ground import Certainty, Finding, Place, Severity, Side, Tally, WatchwordError
from watchword.report import format_of_file
from watchword.report.repository import Fingerprints, repository_path

FULL = Finding(
    "reply-status",
    "`200` is not documented; documented are 204, 400",
    side=Side.RESPONSE,
    location="statusCode",
    source='Kii "Change the password", Responses',
    place=Place("specs/kii openapi.yaml", 41, 13, "/paths/~1a/put/responses"),
    operation="kii changeThingPassword",
    subject="PUT …/ownership/password → 200",
    suggestion="204",
)
BARE = Finding("not-an-exchange", "line 3: is no JSON <&> \x00 \ud800\nsecond line, 50%", Severity.WARNING)
ASSUMED = Finding("Password/alphabet", "has | one outside", Severity.OBSERVATION, Certainty.ASSUMED)
FINDINGS = [FULL, BARE, ASSUMED]

# The official schema; tests/fixtures/report/README.md says where it comes from.
SARIF = jsonschema.Draft4Validator(
    json.loads((Path(__file__).parents[1] / "fixtures" / "report" / "sarif-2.1.0.json").read_text("utf-8"))
)


def _written(findings: list[Finding], form: str) -> str:
    stream = io.StringIO()
    report.write(findings, form, stream)
    return stream.getvalue()


@pytest.mark.parametrize("findings", [FINDINGS, []])
def test_sarif_has_the_form_of_version_2_1_0(findings: list[Finding]) -> None:
    """It validates against the official schema, and URIs hold no spaces."""
    document = json.loads(_written(findings, "sarif"))
    assert [error.message for error in SARIF.iter_errors(document)] == []
    assert all(" " not in uri for uri in re.findall(r'"uri": "([^"]*)"', json.dumps(document)))
    run = document["runs"][0]
    assert [result["ruleId"] for result in run["results"]] == [finding.rule for finding in findings]
    assert all(run["tool"]["driver"]["rules"][each["ruleIndex"]]["id"] == each["ruleId"] for each in run["results"])


def test_sarif_places_are_those_of_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a folder below, and by an absolute path, a file has the same URI; outside it stays absolute."""
    (tmp_path / ".git").mkdir()
    below = tmp_path / "api"
    below.mkdir()
    monkeypatch.chdir(below)
    assert repository_path("kii.yaml") == "api/kii.yaml"
    assert repository_path(str(below / "kii.yaml")) == "api/kii.yaml"
    assert repository_path("/elsewhere/kii.yaml") == "/elsewhere/kii.yaml"


def test_fingerprints_outlive_moved_lines_and_tell_findings_apart() -> None:
    """Line, message and severity do not matter; rule, pointer and repetition do."""
    moved = Finding("a", "other words", Severity.WARNING, place=Place("x.yaml", 9, 9, "/p"))
    here = Finding("a", "words", place=Place("x.yaml", 1, 1, "/p"))
    there = Finding("a", "words", place=Place("x.yaml", 1, 1, "/q"))
    assert Fingerprints().of(moved) == Fingerprints().of(here)
    one = Fingerprints()
    assert len({one.of(here), one.of(here), one.of(there), one.of(BARE)}) == 4


def test_junit_has_a_case_per_operation_and_rule() -> None:
    """Errors are failures; warnings and observations are output of a case that passed. Any text stays XML."""
    root = ET.fromstring(_written([FULL, FULL, BARE, ASSUMED], "junit"))
    cases = {(case.get("classname"), case.get("name")): case for case in root.iter("testcase")}
    assert set(cases) == {
        ("kii changeThingPassword", "reply-status"),
        ("watchword", "not-an-exchange"),
        ("watchword", "Password/alphabet"),
    }
    failed = cases["kii changeThingPassword", "reply-status"].find("failure")
    assert failed is not None
    assert "(and 1 more)" in (failed.get("message") or "")
    assert root.get("tests") == "3"
    assert root.get("failures") == "1"
    assert "<&> \\x00 \\ud800" in (cases["watchword", "not-an-exchange"].findtext("system-out") or "")


def test_junit_of_nothing_has_one_case_that_passed() -> None:
    """CI systems take a report without cases for an error."""
    root = ET.fromstring(_written([], "junit"))
    assert [case.get("name") for case in root.iter("testcase")] == ["no findings"]


def test_github_gets_commands_and_a_summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One command per finding on one line, escaped; the table is appended to the step's summary."""
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", "utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    lines = _written(FINDINGS, "github").splitlines()
    assert lines[0].startswith("::error file=specs/kii openapi.yaml,line=41,col=13,title=reply-status::PUT …")
    assert lines[1] == "::warning title=not-an-exchange::line 3: is no JSON <&> \x00 \ud800 second line, 50%25"
    assert lines[2].startswith("::notice title=Password/alphabet::")
    assert lines[3] == "1 error, 1 warning, 1 observation"
    text = summary.read_text("utf-8")
    assert text.startswith("before\n### Watchword\n")
    assert "| observation |  | Password/alphabet | has \\| one outside |" in text


def test_github_summary_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run's caller has to mend that."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    with pytest.raises(WatchwordError, match="cannot write the step summary"):
        _written(FINDINGS, "github")


def test_gitlab_gets_what_code_quality_needs() -> None:
    """Description, name, unique fingerprint, a severity of its list, path and first line."""
    entries = json.loads(_written(FINDINGS, "gitlab"))
    assert [entry["severity"] for entry in entries] == ["major", "minor", "info"]
    assert len({entry["fingerprint"] for entry in entries}) == 3
    assert entries[0]["location"] == {"path": "specs/kii openapi.yaml", "lines": {"begin": 41}}
    assert all(isinstance(entry["location"]["lines"]["begin"], int) for entry in entries)


def test_longest_ending_decides_the_format() -> None:
    """`.sarif.json` is SARIF, `.json` is ours."""
    names = {
        "a.json": "json",
        "a.sarif": "sarif",
        "a.sarif.json": "sarif",
        "a.codequality.json": "gitlab",
        "a.xml": "junit",
    }
    assert {name: format_of_file(name) for name in names} == names
    assert format_of_file("a.md") is None


TALLIES = [
    Tally("kii changeThingPassword", "Password/first", "accept", 3, 0, ()),
    Tally("kii changeThingPassword", "Password/first", "refuse", 2, 0, (FULL, ASSUMED)),
    Tally("kii changeThingPassword", "foreign-device", "refuse", 0, 1, ()),
]


def test_junit_of_a_check_has_a_case_per_rule_and_side() -> None:
    """What was tried and found right passes, what was not tried is skipped, and other findings come after them."""
    stream = io.StringIO()
    report.write([FULL, ASSUMED, BARE], "junit", stream, TALLIES)
    root = ET.fromstring(stream.getvalue())
    cases = [(case.get("name"), [child.tag for child in case]) for case in root.iter("testcase")]
    assert cases == [
        ("Password/first (accept)", []),
        ("Password/first (refuse)", ["failure", "system-out"]),
        ("foreign-device (refuse)", ["skipped"]),
        (BARE.rule, ["system-out"] if BARE.severity is not Severity.ERROR else ["failure"]),
    ]
    assert root.get("tests") == "4"
    assert root.get("skipped") == "1"


def test_other_formats_have_no_place_for_what_was_tried() -> None:
    """A format of findings writes the same with tallies and without."""
    for form in ("jsonl", "sarif", "github", "gitlab"):
        plain, tallied = io.StringIO(), io.StringIO()
        report.write([FULL], form, plain)
        report.write([FULL], form, tallied, TALLIES)
        assert plain.getvalue() == tallied.getvalue()
