"""`watchword lint` from the command line."""

import json
from pathlib import Path

import pytest

from watchword.cli import main

OPEN = (
    'openapi: 3.1.1\ninfo: { title: Things, version: "1" }\npaths: {}\ncomponents:\n  schemas:\n'
    "    Code: { type: string, pattern: '^[a-z]{3,8}' }\n"
)
BROKEN = "openapi: 3.1.1\npaths: {}\n"


@pytest.fixture
def things(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "things.yaml"
    path.write_text(OPEN, "utf-8")
    return path


def test_without_arguments_the_bundled_contracts_are_judged(things: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They are clean."""
    assert main(["lint"]) == 0
    assert capsys.readouterr().out == "no findings\n"


def test_finding_has_place_severity_rule_and_witness(things: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A warning is told and does not fail the run, unless asked to."""
    assert main(["lint", "things.yaml"]) == 0
    assert capsys.readouterr().out == (
        "things.yaml:6:27  warning  open-pattern\n"
        '  `^[a-z]{3,8}` is open at an end: "000aaa" is accepted\n\n1 warning\n'
    ).replace("000aaa", _witness(things))
    assert main(["lint", "things.yaml", "--fail-on", "warning"]) == 1
    assert main(["lint", "things.yaml", "--ignore", "open-pattern,truth", "--fail-on", "observation"]) == 0
    assert main(["lint", "things.yaml", "--select", "structure", "--fail-on", "observation"]) == 0


def _witness(path: Path) -> str:
    from watchword.lint import lint_file

    return str(json.loads(lint_file(path)[0].message.split("end: ")[1].removesuffix(" is accepted")))


def test_configured_documents_are_judged_with_house_style(things: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`[lint] specs` is what is looked at without arguments, and counts as our own."""
    (things.parent / "watchword.toml").write_text('[lint]\nspecs = ["*.yaml"]\nignore = ["language"]\n', "utf-8")
    assert main(["lint"]) == 0
    assert "missing-description" in capsys.readouterr().out


def test_baseline_is_written_and_read(things: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the baseline holds is not told."""
    things.write_text(BROKEN, "utf-8")
    assert main(["lint", "things.yaml", "--write-baseline", "known.json"]) == 1
    assert main(["lint", "things.yaml", "--baseline", "known.json"]) == 0
    assert capsys.readouterr().out.endswith("no findings\n")


def test_several_reports_in_one_run(things: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Formats follow the files' endings."""
    outputs = ["r.sarif", "r.junit.xml", "r.codequality.json", "r.json"]
    assert main(["lint", "things.yaml", *(f"--output={name}" for name in outputs)]) == 0
    assert json.loads((things.parent / "r.sarif").read_text())["version"] == "2.1.0"
    assert (things.parent / "r.junit.xml").read_text().startswith("<?xml")
    assert json.loads((things.parent / "r.codequality.json").read_text())[0]["check_name"] == "open-pattern"
    assert json.loads((things.parent / "r.json").read_text())["totals"]["warning"] == 1


def test_rules_are_explained_and_listed(things: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A page, a group, a list."""
    assert main(["lint", "--explain", "open-pattern"]) == 0
    assert "Bad:" in capsys.readouterr().out
    assert main(["lint", "--list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) > 60


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["none.yaml"], "none.yaml: no such file; bundled"),
        (["things.yaml", "--select", "opn-pattern"], "did you mean open-pattern"),
        (["--explain", "nothing-like-it"], "no lint rule"),
        (["things.yaml", "--baseline", "things.yaml"], "is no baseline"),
        (["things.yaml", "--ruleset", "things.yaml"], "a ruleset has `rules`"),
    ],
)
def test_mistake_of_the_caller_is_exit_two(
    things: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str
) -> None:
    """One line says what is wrong with the call."""
    assert main(["lint", *arguments]) == 2
    assert reason in capsys.readouterr().err


def test_ruleset_is_applied(things: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Rules of a ruleset run beside ours when selected."""
    rules = (
        "rules:\n  contact:\n    given: $.info\n    severity: error\n    then: { field: contact, function: truthy }\n"
    )
    (things.parent / "rules.yaml").write_text(rules, "utf-8")
    assert main(["lint", "things.yaml", "--ruleset", "rules.yaml", "--select", "contact"]) == 1
    assert "things.yaml:2:1  error  contact" in capsys.readouterr().out
