"""Runs of Schemathesis in processes of their own: it keeps hooks and checks for the life of a process."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]


def _environment(folder: Path, more: Mapping[str, str]) -> dict[str, str]:
    places = {name: str(folder / "home") for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    return {**os.environ, **places, "NO_COLOR": "1", "COLUMNS": "120", **more}


@pytest.fixture
def fuzz(tmp_path: Path) -> Run:
    """`watchword fuzz` in an empty folder."""

    def run(*arguments: str, **variables: str) -> Done:
        command = [sys.executable, "-m", "watchword", "fuzz", *arguments]
        environment = _environment(tmp_path, variables)
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)

    return run


@pytest.fixture
def st(tmp_path: Path) -> Run:
    """`st run` in the same folder, with the extension loaded by name."""

    def run(*arguments: str, **variables: str) -> Done:
        command = [str(Path(sys.executable).with_name("st")), "run", *arguments]
        environment = _environment(tmp_path, {"SCHEMATHESIS_HOOKS": "watchword.schemathesis", **variables})
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)

    return run
