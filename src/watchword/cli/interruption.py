"""What a signal that ends the process does: at once, or when the devices' secrets are back. Holds no exit codes.

Signals belong to the whole process, and so does what is noted here.
"""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
_seen = threading.Event()


def raise_at_signals() -> None:
    """From now on a signal raises `KeyboardInterrupt`; one that the caller had ignored stays ignored."""
    for each in _SIGNALS:
        if signal.getsignal(each) is not signal.SIG_IGN:
            signal.signal(each, _raise)


def was_interrupted() -> bool:
    """Whether a signal raised `KeyboardInterrupt`: libraries turn it into other exceptions, even fatal ones."""
    return _seen.is_set()


@contextmanager
def stopping(stop: threading.Event) -> Iterator[None]:
    """While the block runs a signal sets `stop`; only the third one raises `KeyboardInterrupt`.

    For a block that ends soon after `stop` is set, and has something to put right. Elsewhere than in the main thread,
    and in a program that has not called `raise_at_signals`, nothing is changed.
    """
    count = 0

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal count
        count += 1
        stop.set()
        if count == 1:
            _tell("interrupted: the last reply is awaited, then changed secrets are put back")
        elif count == 2:
            _tell("once more to leave; `watchword recover` then knows what may have changed")
        else:
            _raise(number, frame)

    ours = [each for each in _SIGNALS if signal.getsignal(each) is _raise]
    for each in ours:
        signal.signal(each, note)
    try:
        yield
    finally:
        for each in ours:
            signal.signal(each, _raise)


def _raise(_number: int, _frame: FrameType | None) -> None:
    _seen.set()
    raise KeyboardInterrupt


def _tell(line: str) -> None:
    """Past the stream's buffer, which the signal may have found half written."""
    os.write(2, f"{line}\n".encode())
