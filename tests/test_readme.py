"""The README's examples do what it says."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from watchword.contract import load_contract
from watchword.mock import app, serve

README = Path(__file__).parents[1] / "README.md"
ROOT = README.parent


def block(language: str) -> str:
    """The first fenced block in a language."""
    found = re.search(rf"```{language}\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert found, f"README.md has no {language} block"
    return found.group(1)


def watchword(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "watchword", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environment},
    )


def test_traffic_example_gives_the_finding_that_is_shown(tmp_path: Path) -> None:
    """The recorded exchange is judged as the README shows, to the letter but for the line number."""
    traffic = tmp_path / "traffic.jsonl"
    traffic.write_text(block("json"), encoding="utf-8")
    done = watchword("audit", str(traffic), "--contract", "kii")
    assert done.returncode == 1
    shown = re.search(r"^    (specs/kii\S+)(.*\n(?:      .*\n)*)", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert shown
    lines = [line.strip() for line in shown.group(2).splitlines()]
    for line in lines:
        assert line in done.stdout
    assert "correct horse" not in done.stdout


def test_library_example_runs() -> None:
    """The Python block runs, and finds what its comment says."""
    done = subprocess.run([sys.executable, "-c", block("python")], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout == "['Password/first']\n", done.stderr


def test_target_example_is_a_plan(tmp_path: Path) -> None:
    """The settings block is accepted, and a dry run of its target sends nothing."""
    settings = tmp_path / "watchword.toml"
    settings.write_text(block("toml"), encoding="utf-8")
    done = watchword("check", "--target", "bench", "--dry-run", "--config", str(settings), **variables())
    assert done.returncode == 0, done.stderr
    assert "enumerated requests, then random and workflows to http://127.0.0.1:9001" in done.stderr
    assert "kii/changeThingPassword/refuse/Password/length" in done.stdout
    assert not any(value in done.stdout + done.stderr for value in variables().values())


def test_target_example_finds_nothing_on_the_mock(tmp_path: Path) -> None:
    """With the variables that are shown, the shown target is the mock: its probe opens, its device comes back."""
    settings = tmp_path / "watchword.toml"
    with serve(app([load_contract("kii")])) as server:
        settings.write_text(block("toml").replace("http://127.0.0.1:9001", server.url), encoding="utf-8")
        given = ["--target", "bench", "--config", str(settings), "--phases", "examples", "--journal"]
        done = watchword("check", *given, str(tmp_path / "journal"), **variables())
        again = watchword("check", *given, str(tmp_path / "journal"), **variables())
    for each in (done, again):
        assert each.returncode == 0, each.stdout + each.stderr
        assert "no findings" in each.stdout
    assert not any(value in done.stdout + done.stderr for value in variables().values())


def variables() -> dict[str, str]:
    """What the README exports."""
    (line,) = [line for line in block("sh").splitlines() if line.startswith("export ")]
    return dict(word.split("=", 1) for word in shlex.split(line)[1:])


@pytest.mark.parametrize(
    "command", re.findall(r"^\| `watchword (\w+)", README.read_text(encoding="utf-8"), re.MULTILINE)
)
def test_command_of_the_table_exists(command: str) -> None:
    """Every command of the README's table has a help page."""
    assert watchword(command, "--help").returncode == 0


def test_readme_is_short() -> None:
    """A README of at most 150 lines."""
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 150
