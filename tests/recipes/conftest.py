"""The files of docs/recipes.md in a folder of their own, and commands run there. Holds no test."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

RECIPES = Path(__file__).parents[2] / "docs" / "recipes.md"
PORT = "8123"
FILES = dict(re.findall(r'```\w+ title="([^"]+)"\n(.*?)```', RECIPES.read_text("utf-8"), re.DOTALL))
"""Name -> content of each file that the page shows."""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def port() -> str:
    """A free port, which stands for the one on the page: tests run side by side."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.fixture
def folder(tmp_path: Path, port: str) -> Path:
    """A folder with every file of the page."""
    place = tmp_path / "door"
    for name, content in FILES.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content.replace(PORT, port), "utf-8")
    return place


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Of a process that finds this installation's programs first, and keeps its journal in a scratch folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "WATCHWORD_", "COV_"))}
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    home = tmp_path / "home"
    home.mkdir()
    return {**kept, "PATH": programs, "HOME": str(home), "XDG_STATE_HOME": str(home), "NO_COLOR": "1"}


@pytest.fixture
def run(folder: Path, environment: dict[str, str]) -> Run:
    """Runs a script as CI systems do: in bash, ended by the first command that fails. What it started ends with it."""
    bash = shutil.which("bash")
    if bash is None or shutil.which("curl") is None:
        pytest.skip("no bash or no curl here")

    def script(text: str, **variables: str) -> subprocess.CompletedProcess[str]:
        log = folder.parent / "output.txt"
        with log.open("w") as output:
            process = subprocess.Popen(
                [bash, "--noprofile", "--norc", "-eo", "pipefail", "-c", text],
                cwd=folder,
                env={**environment, **variables},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                code = process.wait(timeout=300)
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
        return subprocess.CompletedProcess(text, code, log.read_text("utf-8"), "")

    return script
