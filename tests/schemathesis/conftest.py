"""Runs of Schemathesis in processes of their own: it keeps hooks and checks for the life of a process."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest
from tests.forks import Forks

Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """Processes that have Schemathesis loaded, which takes longer than most runs of it, but not the extension."""
    with Forks("tests.schemathesis.loaded") as forks:
        yield forks


def _environment(folder: Path, more: Mapping[str, str]) -> dict[str, str]:
    places = {name: str(folder / "home") for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    return {**os.environ, **places, "NO_COLOR": "1", "COLUMNS": "120", **more}


def _run(forks: Forks, folder: Path, command: list[str], *arguments: str, apart: bool = False, **more: str) -> Done:
    """A command in a folder; with `apart` in a new process that has loaded nothing yet."""
    environment = _environment(folder, more)
    if apart or not hasattr(os, "fork"):
        whole = [sys.executable, *command, *arguments]
        return subprocess.run(whole, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    return forks.run([*command, *arguments], cwd=folder, env=environment, timeout=120)


@pytest.fixture
def fuzz(forks: Forks, tmp_path: Path) -> Run:
    """`watchword fuzz` in an empty folder."""
    return partial(_run, forks, tmp_path, ["-m", "watchword", "fuzz"])


@pytest.fixture
def st(forks: Forks, tmp_path: Path) -> Run:
    """`st run` in the same folder, with the extension loaded by name."""
    command = [str(Path(sys.executable).with_name("st")), "run"]

    def run(*arguments: str, apart: bool = False, **variables: str) -> Done:
        return _run(
            forks,
            tmp_path,
            command,
            *arguments,
            apart=apart,
            **{"SCHEMATHESIS_HOOKS": "watchword.schemathesis", **variables},
        )

    return run
