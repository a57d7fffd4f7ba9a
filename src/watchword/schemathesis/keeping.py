"""The journal and the restoring of a run whose requests come from Schemathesis' threads. Decides no request."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

from watchword.check import Device, HttpTransport, Journal, Target
from watchword.check.custody import Custody
from watchword.check.lock import Lock
from watchword.contract import Contract, Operation
from watchword.ground import Finding, Request, Response

_T = TypeVar("_T")


class Keeper:
    """The custody of one service, begun when it is first needed; one thread at a time has it.

    `journal` is the file's path, `None` for the usual one; `journaled` is false for twins.
    """

    def __init__(self, contract: Contract, target: Target, *, journaled: bool, journal: Path | None = None) -> None:
        self._contract = contract
        self._target = target
        self._journaled = journaled
        self._path = journal
        self._lock = threading.Lock()
        self._opened = ExitStack()
        self._journal: Journal | None = None
        self._custody: Custody | None = None

    def sending(self, operation: Operation, device: Device, request: Request, secrets: tuple[str, ...]) -> list[int]:
        """The journal's entries for a request, on disk before this returns. Raises `WatchwordError`."""
        return self._do(lambda custody: custody.sending(operation, device, request, secrets))

    def answered(self, operation: Operation, entries: list[int], response: Response) -> None:
        """After its reply."""
        self._do(lambda custody: custody.answered(operation, entries, response))

    def unsent(self, entries: list[int]) -> None:
        """Where no connection came about: nothing can have changed."""
        self._do(lambda custody: custody.unsent(entries))

    def finish(self) -> tuple[list[Finding], list[str]]:
        """Puts the configured secrets back; what could not be, and the devices that stay changed. Once only."""
        if self._custody is None:
            self._opened.close()
            return [], []

        def restored(custody: Custody) -> tuple[list[Finding], list[str]]:
            transport = HttpTransport(self._target.url)
            try:
                return custody.restore(transport), custody.changed()
            finally:
                transport.close()
                self._opened.close()

        found = self._do(restored)
        self._custody = None
        return found

    def open(self) -> None:
        """Opens the journal, before anything is sent.

        Raises `WatchwordError` where it cannot be used, or another run has the devices.
        """
        self._do(lambda _: None)

    def _do(self, act: Callable[[Custody], _T]) -> _T:
        with self._lock:
            return act(self._begun())

    def _begun(self) -> Custody:
        if self._custody is None:
            if self._journaled:
                self._journal = self._opened.enter_context(Journal(self._path))
                self._opened.enter_context(Lock(self._journal.path.parent, self._target.url).alone())
            self._custody = Custody(self._contract, self._target, self._journal)
            self._custody.begin()
        return self._custody
