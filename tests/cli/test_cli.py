"""The frame of the command line: commands, exit codes, what a bug or a broken pipe looks like."""

import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from watchword import cli
from watchword.cli import COMMANDS, main
from watchword.ground import WatchwordError

HEAVY = {
    "hypothesis",
    "uvicorn",
    "rich",
    "jsonschema_rs",
    "schemathesis",
    "ijson",
    "cryptography",
    "referencing",
    "yaml",
}
FRAME = {"__init__", "bug", "exits", "interruption", "faults", "options"}


def _command(name: str) -> click.Command:
    command: click.Command = __import__(f"watchword.cli.{name.replace('-', '_')}", fromlist=["_"]).command
    return command


def test_folder_and_registry_name_the_same_commands() -> None:
    """Every command file is registered, and every registered command is a file."""
    folder = Path(cli.__file__).parent
    assert {path.stem for path in folder.glob("*.py")} - FRAME == {name.replace("-", "_") for name in COMMANDS}


@pytest.mark.parametrize("name", list(COMMANDS))
def test_line_of_help_is_the_command_s_own(name: str) -> None:
    """`watchword --help` says of a command what `watchword COMMAND --help` begins with."""
    assert (_command(name).help or "").splitlines()[0] == COMMANDS[name]


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], [], ["nonsense"]])
def test_frame_starts_without_anything_heavy(arguments: list[str]) -> None:
    """Version, help and a typing mistake load none of the libraries that commands need."""
    code = f"import sys; from watchword.cli import main; main({arguments}); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY & {module.partition(".")[0] for module in done.stderr.split()}


def test_version_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` prints name and version, and succeeds."""
    assert main(["--version"]) == 0
    assert re.fullmatch(r"watchword \d+\.\d+\.\d+\n", capsys.readouterr().out)


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` names each command with its line."""
    assert main(["-h"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert all(f"{name} {line}" in out for name, line in COMMANDS.items())


def test_unknown_command_suggests_the_closest(capsys: pytest.CaptureFixture[str]) -> None:
    """A mistyped command is a mistake of the call, with a suggestion."""
    assert main(["adit"]) == 2
    assert "No such command 'adit'. Did you mean 'audit'?" in capsys.readouterr().err


def test_unknown_option_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong option ends with 2 and the usage."""
    assert main(["--nonsense"]) == 2
    assert "No such option" in capsys.readouterr().err


def _raising(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    @click.command()
    def command() -> None:
        password = "hunter2-local"  # noqa: F841 (what a traceback with locals would show)
        raise error

    module = type("module", (), {"command": command})
    monkeypatch.setattr(cli, "import_module", lambda _: module)


def test_mistake_of_the_caller_is_one_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A WatchwordError ends with 2: its message, no traceback."""
    _raising(monkeypatch, WatchwordError("no such thing"))
    assert main(["audit"]) == 2
    assert capsys.readouterr().err == "error: no such thing\n"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort()])
def test_interruption_ends_with_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException
) -> None:
    """Ctrl-C ends with 130 and one word."""
    _raising(monkeypatch, error)
    assert main(["audit"]) == 130
    assert capsys.readouterr().err.strip() == "interrupted"


def _bug(kind: str) -> Exception:
    error = (
        ExceptionGroup("hunter2-group", [ValueError("hunter2-text")]) if kind == "group" else KeyError("hunter2-text")
    )
    if kind == "chain":
        error.__cause__ = ValueError("hunter2-cause")
    return error


@pytest.mark.parametrize("kind", ["plain", "chain", "group"])
def test_bug_of_ours_is_written_down_without_values(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, kind: str
) -> None:
    """Any other exception ends with 3: a notice, and a private file with calls and versions but no value at all."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    _raising(monkeypatch, _bug(kind))
    assert main(["audit"]) == 3
    err = capsys.readouterr().err
    (file,) = tmp_path.iterdir()
    assert str(file) in err
    assert "Traceback" not in err
    text = file.read_text()
    assert "hunter2-text" not in text + err
    assert "hunter2-cause" not in text + err
    assert "hunter2-group" not in text + err
    assert re.search(r"^watchword \d", text)
    assert f"Python {sys.version.split()[0]}" in text
    assert "orjson" in text
    assert f"{__file__}:" in text
    assert {"plain": "KeyError", "chain": "builtins.ValueError", "group": "ValueError"}[kind] in text
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_broken_pipe_is_quiet(tmp_path: Path) -> None:
    """When the reader of the output leaves, the run ends with 141 and says nothing."""
    traffic = tmp_path / "traffic.jsonl"
    traffic.write_text('{"request": {"method": "GET", "url": "/"}}\n' * 5_000)
    run: Any = [sys.executable, "-c", "import sys; from watchword.cli import main; sys.exit(main())"]
    run += ["audit", str(traffic), "--contract", "kii", "--format", "jsonl"]
    with subprocess.Popen(run, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(timeout=60) == 141


def test_arrows_on_an_ascii_terminal_do_not_fail(tmp_path: Path) -> None:
    """A terminal that is not UTF-8 gets escapes, not an exception."""
    traffic = tmp_path / "traffic.jsonl"
    traffic.write_text('{"request": {"method": "GET", "url": "/"}}\n')
    run = [sys.executable, "-m", "watchword", "audit", str(traffic), "--contract", "kii"]
    done = subprocess.run(run, capture_output=True, check=False, env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 1, done.stderr
    assert b"unknown-operation" in done.stdout
