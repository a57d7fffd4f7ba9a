"""One process at a time on the devices of a target. Knows nothing of what is done meanwhile."""

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from watchword.ground import WatchwordError

if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _take(descriptor: int, *, waiting: bool) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_LOCK if waiting else msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(descriptor: int, *, waiting: bool) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if waiting else fcntl.LOCK_NB))


class Lock:
    """A file beside the journal, locked while devices are in use. The system frees it when a process dies."""

    def __init__(self, folder: Path, url: str) -> None:
        self._url = url
        self._path = folder / f"{hashlib.sha256(url.encode()).hexdigest()[:16]}.lock"

    @contextmanager
    def held(self) -> Iterator[bool]:
        """Waits for its turn; gives whether another process had the devices since the last one.

        Raises `WatchwordError` where the file cannot be used.
        """
        with self._taken(waiting=True) as others:
            yield others

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Does not wait. Raises `WatchwordError` while another run has the devices, too."""
        with self._taken(waiting=False):
            yield

    @contextmanager
    def _taken(self, *, waiting: bool) -> Iterator[bool]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise WatchwordError(f"the lock {self._path} cannot be used: {error.strerror}") from None
        try:
            try:
                _take(descriptor, waiting=waiting)
            except BlockingIOError:
                raise WatchwordError(
                    f"another run has the devices of {self._url}; wait for its end: two at once know of no secret"
                ) from None
            ours = str(os.getpid()).encode()
            last = os.read(descriptor, 32).strip()
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, ours, 0)
            yield last not in (ours, b"")
        finally:
            os.close(descriptor)
