"""uvicorn's server as one that runs in a thread and stops when told. Imported when something is served, not before."""

import asyncio
import socket
import threading
from contextlib import suppress
from typing import Any

import uvicorn

_TICK = 0.1
"""Seconds between two looks at the clock, for the header `Date`."""


class EmbeddedServer(uvicorn.Server):
    """uvicorn's server, told to stop at once instead of at its next look at a flag, ten times a second."""

    def __init__(self, application: Any) -> None:
        super().__init__(
            uvicorn.Config(
                application,
                http="httptools",
                ws="none",
                loop="asyncio",
                lifespan="off",
                access_log=False,
                log_config=None,
                log_level="critical",
                server_header=False,
                timeout_keep_alive=60,
                timeout_graceful_shutdown=1,
            )
        )
        self.ready = threading.Event()
        self._asked = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and tell whoever waits for it."""
        await super().startup(sockets=sockets)
        self._loop = asyncio.get_running_loop()
        self.ready.set()

    async def main_loop(self) -> None:
        """Keep time until asked to stop."""
        counter = 0
        while not self._asked.is_set() and not await self.on_tick(counter):
            counter = (counter + 1) % 864_000
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), _TICK)

    def stop(self) -> None:
        """Ask the server to stop; from any thread."""
        self.should_exit = True
        if self._loop is not None:
            with suppress(RuntimeError):  # it has stopped already
                self._loop.call_soon_threadsafe(self._asked.set)
