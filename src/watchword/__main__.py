"""The `watchword` command, also as `python -m watchword`. Holds what happens before and after a command runs."""

from __future__ import annotations

import os
import signal
import sys

TYPE_CHECKING = False  # nothing is loaded here that takes time: before `entry` runs, Ctrl-C is a traceback
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

_INTERRUPTED = 130


def entry() -> int:
    """Run the process's command line and return its exit code; a signal at any instant is one line and 130.

    A signal that the caller had ignored stays ignored. What Hypothesis computes once for all (tables of Unicode) goes
    where caches go, and not into a folder `.hypothesis` where the command happens to be called.
    """
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", f"{_cache_folder()}/watchword/hypothesis")
    _on_signals(_leave)  # while modules load there is nothing to put right, and some take an exception for a crash
    from watchword.cli import COMMANDS, load, main
    from watchword.cli.interruption import raise_at_signals

    if sys.argv[1:] and sys.argv[1] in COMMANDS:
        load(sys.argv[1])
    raise_at_signals()
    try:
        return main()
    except KeyboardInterrupt:  # between two lines of `main` that catch it
        return _INTERRUPTED
    finally:
        _on_signals(signal.SIG_IGN)  # all is done and said
        # Where a signal met an `exec` of text, as records are made by, CPython would end the process by that signal
        # however the exception was caught; the next `exec` takes that back.
        exec("")  # noqa: S102


def _cache_folder() -> str:
    """Where caches lie (XDG Base Directory Specification, `XDG_CACHE_HOME`)."""
    return os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111 (pathlib is not loaded yet)


def _on_signals(action: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, action)


def _leave(_number: int, _frame: FrameType | None) -> None:
    os.write(2, b"interrupted\n")
    os._exit(_INTERRUPTED)


if __name__ == "__main__":
    sys.exit(entry())
