"""uvicorn's server as one that runs in a thread and tells when it listens. Imported when something is served."""

import socket
import threading
from typing import Any

import uvicorn


class EmbeddedServer(uvicorn.Server):
    """uvicorn's server, silent; `ready` is set once it listens. Set `should_exit` to stop it within 0.1 seconds."""

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

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and tell whoever waits for it."""
        await super().startup(sockets=sockets)
        self.ready.set()
