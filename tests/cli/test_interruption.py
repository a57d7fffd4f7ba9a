"""Ctrl-C and SIGTERM at any instant: one line, no traceback, exit code 130."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

# Until the interpreter is up no code of ours runs: a traceback in those 20 ms is Python's own. A dot says that it is.
FIRST = """
import os, sys
import watchword.__main__ as main
on = main._on_signals
main._on_signals = lambda *given: (on(*given), os.write(1, b"."))
sys.exit(main.entry())
"""


def interrupted(after: float, number: signal.Signals, *arguments: str) -> tuple[int, str]:
    """Exit code and standard error of a command that gets a signal so many seconds after its first line of code."""
    run = subprocess.Popen(
        [sys.executable, "-c", FIRST, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ
    )
    assert run.stdout is not None
    run.stdout.read(1)
    end = time.perf_counter() + after
    while time.perf_counter() < end:
        pass
    run.send_signal(number)
    _, told = run.communicate(timeout=30)
    return run.returncode, told.decode().lstrip()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_while_a_command_starts_is_one_line(number: signal.Signals) -> None:
    """At eight instants of the first 0.16 seconds: 130 and one line, or the command was done before."""
    for step in range(8):
        code, told = interrupted(0.02 * step + 0.002, number, "explain", "kii")
        assert (code, told) in {(130, "interrupted\n"), (0, "")}, (step, told)


@pytest.mark.slow
def test_signal_at_a_hundred_instants_is_one_line() -> None:
    """The same a hundred times, from the first instruction to the last."""
    randomness = random.Random(4)
    for _ in range(100):
        number = randomness.choice([signal.SIGINT, signal.SIGTERM])
        code, told = interrupted(randomness.uniform(0.0, 0.4), number, "check", "kii", "--mock", "--output", os.devnull)
        assert code in (130, 0), told
        assert "Traceback" not in told
        assert "Exception" not in told


def test_signal_that_the_caller_ignores_stays_ignored() -> None:
    """A command in the background of a shell that ignores Ctrl-C for it runs to its end."""
    ignoring = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n" + FIRST
    run = subprocess.Popen(
        [sys.executable, "-c", ignoring, "explain", "kii"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert run.stdout is not None
    run.stdout.read(1)
    run.send_signal(signal.SIGINT)
    _, told = run.communicate(timeout=30)
    assert (run.returncode, told) == (0, b"")


MET = """
import os, signal, sys, time
import watchword.cli as cli
from watchword.__main__ import entry

def main():
    try:
        exec("os.kill(os.getpid(), signal.SIGINT); time.sleep(10)")
    except KeyboardInterrupt:
        return 130

cli.main = main
sys.exit(entry())
"""


def test_signal_that_meets_the_making_of_a_record_is_code_130(tmp_path: Path) -> None:
    """Records are made by `exec`, after whose interruption CPython would end a `python -m` by the signal itself."""
    (tmp_path / "met.py").write_text(MET)
    done = subprocess.run([sys.executable, "-m", "met"], cwd=tmp_path, capture_output=True, timeout=30)
    assert (done.returncode, done.stderr) == (130, b"")
