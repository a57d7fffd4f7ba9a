"""Where output cannot go: a full disk, a reader that left, a closed stream. Each ends in a line or in silence."""

import subprocess
import sys
from pathlib import Path

import pytest

from watchword.cli import main

TRAFFIC = str(Path(__file__).parents[1] / "fixtures" / "exchanges" / "kii.jsonl")
FULL = Path("/dev/full")
COMMANDS = [
    ["--version"],
    ["--help"],
    ["explain", "kii"],
    ["lint", "kii"],
    ["mock", "--show-fixtures"],
    ["check", "kii", "--faults-list"],
    ["audit", TRAFFIC, "--contract", "kii"],
    ["audit", TRAFFIC, "--contract", "kii", "--format", "jsonl"],
    ["diff", "kii", "iotda"],
]

needs_full = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")


def _run(arguments: list[str], redirection: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "-c", f'"$0" -m watchword "$@" {redirection}', sys.executable, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
    )


@needs_full
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_full_disk_is_one_line(arguments: list[str]) -> None:
    """A device that takes no more is the caller's to mend: one line, exit code 2, no report of a bug."""
    done = _run(arguments, "> /dev/full")
    assert (done.returncode, done.stderr) == (2, "error: cannot write the output: No space left on device\n")


@needs_full
def test_full_disk_under_a_named_file_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A report written with `--output` meets the same."""
    assert main(["explain", "kii", "--output", str(FULL)]) == 2
    assert capsys.readouterr().err == "error: cannot write the output: No space left on device\n"


@pytest.mark.parametrize("arguments", [["explain", "kii"], ["--help"]], ids=" ".join)
def test_reader_that_leaves_is_silence(arguments: list[str]) -> None:
    """`| head -1` ends the command without a word."""
    done = _run(arguments, "| head -1")
    assert (done.stdout.count("\n"), done.stderr) == (1, "")


@pytest.mark.parametrize("arguments", [["explain", "kii"], ["--version"]], ids=" ".join)
def test_closed_output_is_no_failure(arguments: list[str]) -> None:
    """Whoever closes standard output wants nothing written, and the command works all the same."""
    done = _run(arguments, ">&-")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "command", [["explain", "kii"], ["audit", TRAFFIC, "--contract", "kii"]], ids=["explain", "audit"]
)
@pytest.mark.parametrize("name", ["nowhere/report.txt", "."])
def test_file_that_cannot_be_written_is_named_as_the_user_did(
    command: list[str], name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message knows of no temporary name."""
    given = str(tmp_path / name) if name != "." else str(tmp_path)
    assert main([*command, "--output", given]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"error: cannot write {given}: ")
    assert err.count("\n") == 1
    assert ".part" not in err


@pytest.mark.parametrize("command", [["lint", "kii"], ["diff", "kii", "kii"], ["audit", TRAFFIC, "--contract", "kii"]])
def test_ending_that_stands_for_no_format_is_refused(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A PDF is not silently filled with text; a format that is named, or a name without an ending, is taken."""
    path = tmp_path / "report.pdf"
    assert main([*command, "--output", str(path)]) == 2
    assert "no format is known by the ending .pdf" in capsys.readouterr().err
    assert not path.exists()
    assert main([*command, "--output", str(path), "--format", "text"]) in (0, 1)
    assert main([*command, "--output", str(tmp_path / "report")]) in (0, 1)
    assert path.exists()
    assert (tmp_path / "report").exists()
