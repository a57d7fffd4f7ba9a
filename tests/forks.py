"""Processes that begin with modules already loaded, for tests that start many of a kind. Not a test.

One process imports the modules and does nothing else; each run is a fork of it with arguments, folder, environment and
output of its own, and ends as an interpreter does. What looks around while it is imported is not for this.
"""

import importlib
import os
import runpy
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

_START = "import sys; sys.path[0] = sys.argv[1]; from tests.forks import serve; serve(int(sys.argv[2]), sys.argv[3:])"


class Forks:
    """A process that imports the modules when the first run is asked for, and each run a fork of it."""

    def __init__(self, *modules: str) -> None:
        self._modules = modules
        self._process: subprocess.Popen[bytes] | None = None
        self._line, self._other = Pipe()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._line.close()
        self._other.close()
        if self._process is not None:
            self._process.wait()

    def run(
        self, arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str], timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """As `subprocess.run` of this interpreter with its output captured; `-m module` or a script's path come first.

        Raises `subprocess.TimeoutExpired` when the process had to be killed.
        """
        self._start()
        with TemporaryDirectory() as folder:
            files = [Path(folder) / name for name in ("out", "err")]
            self._line.send(([*arguments], str(cwd), {**env}, [str(file) for file in files]))
            number = self._line.recv()
            is_over = self._line.poll(timeout)
            if not is_over:
                os.kill(number, signal.SIGKILL)
            code = self._line.recv()
            if not is_over:
                raise subprocess.TimeoutExpired([*arguments], timeout)
            out, err = (file.read_text() for file in files)
        return subprocess.CompletedProcess([*arguments], code, out, err)

    def _start(self) -> None:
        if self._process is None:
            root, end = str(Path(__file__).parents[1]), self._other.fileno()
            command = [sys.executable, "-c", _START, root, str(end), *self._modules]
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[end])
            self._other.close()


def serve(descriptor: int, modules: Sequence[str]) -> None:
    """Import the modules and fork for each request, in a process of its own; a fork returns, as the process's end."""
    for name in modules:
        importlib.import_module(name)
    del sys.path[0]
    assert threading.active_count() == 1, "a fork has but one thread"
    with Connection(descriptor) as line, suppress(EOFError):
        while True:
            arguments, folder, environment, files = line.recv()
            number = os.fork()
            if number == 0:
                break
            line.send(number)
            line.send(os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]))
    if number == 0:
        _become(arguments, folder, environment, files)


def _become(arguments: list[str], folder: str, environment: dict[str, str], files: list[str]) -> None:
    """Run the module or the script as the interpreter would that has got these arguments."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    if "hypothesis.configuration" in sys.modules:  # its folder is where it was imported, if no variable says another
        vars(sys.modules["hypothesis.configuration"])["__hypothesis_home_directory_default"] = (
            Path.cwd() / ".hypothesis"
        )
    for number, file in enumerate(files, 1):
        opened = os.open(file, os.O_WRONLY | os.O_CREAT)
        os.dup2(opened, number)
        os.close(opened)
    if arguments[0] == "-m":
        sys.path.insert(0, folder)
        sys.argv = arguments[1:]
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.path.insert(0, str(Path(arguments[0]).parent))
        sys.argv = arguments
        runpy.run_path(arguments[0], run_name="__main__")
