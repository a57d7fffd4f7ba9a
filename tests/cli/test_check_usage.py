"""Calls of `watchword check` that contradict themselves are refused in one line, and nothing is sent."""

import pytest

from watchword.cli import main


@pytest.mark.parametrize(
    "more",
    [["--format", "json"], ["--output", "plan.txt"], ["--format", "text", "--output", "-"], ["--format", "junit"]],
)
def test_plan_in_another_format_is_refused(
    more: list[str], capsys: pytest.CaptureFixture[str], tmp_path, monkeypatch
) -> None:  # type: ignore[no-untyped-def]
    """A dry run prints a plan for people; a program that reads it would find no report."""
    monkeypatch.chdir(tmp_path)
    assert main(["check", "kii", "--mock", "--dry-run", *more]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "--dry-run prints the plan as text" in told.err
    assert not list(tmp_path.iterdir())


def test_plan_as_text_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """The format that it has anyway may be named."""
    assert main(["check", "kii", "--mock", "--dry-run", "--format", "text", "--phases", "examples"]) == 0
    assert "kii/changeThingPassword/accept/example/" in capsys.readouterr().out


def test_fuzzing_is_no_phase(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever asks for it is told the command that does it."""
    assert main(["check", "kii", "--mock", "--phases", "cases,fuzz"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "fuzzing is a command of its own, with the options and reports of Schemathesis: watchword fuzz" in told.err
