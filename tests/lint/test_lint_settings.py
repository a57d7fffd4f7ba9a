"""Which rules look at which document: settings, inline answers, baselines."""

import json
from pathlib import Path

import pytest

from watchword.ground import Severity, UnreadableInput, WatchwordError
from watchword.lint import RULES, Settings, check_names, lint_file, read_baseline, read_lint_settings, unknown
from watchword.lint.baseline import render_baseline

HEAD = 'openapi: 3.1.1\ninfo: { title: Things, version: "1" }\npaths: {}\ncomponents:\n  schemas:\n'
OPEN = "    Code:\n      type: string\n      pattern: '^[a-z]{3,8}'\n"


def _document(folder: Path, text: str, name: str = "things.yaml") -> Path:
    path = folder / name
    path.write_text(HEAD + text, "utf-8")
    return path


def _rules(path: Path, settings: Settings | None = None, *, own: bool = False) -> list[str]:
    return [finding.rule for finding in lint_file(path, settings, own=own)]


def test_house_style_is_on_for_own_documents_only(tmp_path: Path) -> None:
    """A document of somebody else is not judged by our taste, unless the rule is selected."""
    path = _document(tmp_path, OPEN)
    assert _rules(path) == ["open-pattern"]
    assert _rules(path, own=True) == ["missing-description", "open-pattern"]
    assert _rules(path, Settings(select=("house",))) == ["missing-description"]


def test_selection_knows_rules_groups_default_and_all(tmp_path: Path) -> None:
    """`select` replaces the default, `ignore` takes away from whatever is selected."""
    path = _document(tmp_path, "    Code: { type: string, pattern: '^[a-z]+$', x-certainty: assumed }\n")
    assert _rules(path) == []
    assert _rules(path, Settings(select=("default", "assumed-clause"))) == ["assumed-clause"]
    assert _rules(path, Settings(select=("all",), ignore=("house",))) == ["newline-dependent-pattern", "assumed-clause"]
    assert _rules(path, Settings(select=("pedantic",), ignore=("assumed-clause",))) == ["newline-dependent-pattern"]


def test_settings_are_read_with_everything_they_may_say(tmp_path: Path) -> None:
    """Severity, options, files and per-file choices come from `[lint]`."""
    (tmp_path / "watchword.toml").write_text(
        '[lint]\nspecs = ["*.yaml"]\nignore = ["truth"]\n'
        '[lint.severity]\nopen-pattern = "error"\n'
        '[lint.per-file]\n"legacy.yaml" = { ignore = ["open-pattern"] }\n'
        "[lint.options.weak-secret]\nbits = 200\n",
        "utf-8",
    )
    settings = read_lint_settings(tmp_path / "watchword.toml")
    things = _document(tmp_path, OPEN + "    Key: { type: string, format: password, pattern: '^[a-f]{32}$' }\n")
    legacy = _document(tmp_path, OPEN, "legacy.yaml")
    assert settings.spec_files() == [legacy, things]
    assert _rules(legacy, settings) == []
    found = {finding.rule: finding.severity for finding in lint_file(things, settings)}
    assert found == {"open-pattern": Severity.ERROR, "weak-secret": Severity.WARNING}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[lint]\nselects = []\n", "unknown key `selects`"),
        ("[lint]\nselect = 'all'\n", "`select` must be a list of texts"),
        ("[lint.severity]\nopen-pattern = 'fatal'\n", "a severity is one of error, warning, observation"),
        ("[lint.per-file]\n'a.yaml' = { selct = [] }\n", "a `per-file` entry has `select` and `ignore`"),
        ("[lint\n", "not TOML"),
    ],
)
def test_mistake_in_settings_is_said(tmp_path: Path, text: str, reason: str) -> None:
    """A wrong key or value names the file and what is allowed."""
    path = tmp_path / "watchword.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(WatchwordError, match=reason.replace("[", r"\[")):
        read_lint_settings(path)


def test_unknown_rule_names_the_closest() -> None:
    """A misspelt rule is the caller's mistake, not an empty selection."""
    check_names(["open-pattern", "house", "all", "default"], RULES)
    with pytest.raises(WatchwordError, match="did you mean open-pattern"):
        check_names(["opn-pattern"], RULES)


def test_inline_answer_silences_with_a_reason_only(tmp_path: Path) -> None:
    """`x-watchword-ignore` needs a reason, covers what is below it, and is told when nothing needs it."""
    answered = OPEN + "      x-watchword-ignore: { open-pattern: the vendor promises a prefix }\n"
    assert _rules(_document(tmp_path, answered)) == []
    assert _rules(_document(tmp_path, OPEN + "      x-watchword-ignore: { open-pattern: '' }\n")) == [
        "open-pattern",
        "ignore-without-reason",
    ]
    idle = "    Code:\n      type: string\n      x-watchword-ignore: { open-pattern: once it was open }\n"
    assert _rules(_document(tmp_path, idle)) == ["unused-ignore"]
    other = OPEN + "    Other: { type: string, x-watchword-ignore: { open-pattern: not here } }\n"
    assert _rules(_document(tmp_path, other)) == ["open-pattern", "unused-ignore"]


def test_baseline_survives_moved_lines_and_tells_new_findings(tmp_path: Path) -> None:
    """What is in the baseline is not told again though lines moved; one more at another pointer is."""
    baseline = tmp_path / "baseline.json"
    baseline.write_text(render_baseline(lint_file(_document(tmp_path, OPEN))), "utf-8")
    known = read_baseline(baseline)
    moved = "    First: { type: object }\n" + OPEN
    assert unknown(lint_file(_document(tmp_path, moved)), known) == []
    more = moved + OPEN.replace("Code", "Other")
    found = unknown(lint_file(_document(tmp_path, more)), known)
    assert [finding.place.pointer for finding in found if finding.place] == ["/components/schemas/Other/pattern"]


def test_file_that_is_no_baseline_is_refused(tmp_path: Path) -> None:
    """A missing file, text that is no JSON, and JSON of another form are the caller's mistakes."""
    path = tmp_path / "baseline.json"
    with pytest.raises(UnreadableInput):
        read_baseline(path)
    for text in ("{", json.dumps([1]), json.dumps({"findings": [{"rule": "x"}]})):
        path.write_text(text, "utf-8")
        with pytest.raises(WatchwordError, match="no baseline"):
            read_baseline(path)
