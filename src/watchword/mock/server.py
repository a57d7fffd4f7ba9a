"""An ASGI application on a socket: uvicorn with httptools, in a thread of its own."""

import errno
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from watchword.ground import WatchwordError

_STARTING = 30.0
_STOPPING = 5.0


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs; `url` has no slash at its end."""

    url: str
    stopped: threading.Event

    def wait(self) -> None:
        """Return when the server has stopped; a signal's exception gets through.

        It waits for an event: in CPython 3.11 a `Thread.join` that a signal interrupts takes the thread for ended.
        """
        self.stopped.wait()


@contextmanager
def serve(application: Any, host: str = "127.0.0.1", port: int = 0) -> Iterator[Served]:
    """The application served over HTTP/1.1 while the block runs; port 0 is any free one.

    Raises `WatchwordError` where the address is taken or not ours.
    """
    listener = _listener(host, port)
    from watchword.mock.embedded import EmbeddedServer  # it takes longer to import than the whole of this room

    server = EmbeddedServer(application)
    stopped = threading.Event()

    def run() -> None:
        try:
            server.run([listener])
        finally:
            stopped.set()

    thread = threading.Thread(target=run, name="watchword-mock", daemon=True)
    thread.start()
    try:
        if not server.ready.wait(_STARTING):
            raise WatchwordError("the mock server did not start")
        yield Served(_url(host, listener.getsockname()[1]), stopped)
    finally:
        server.should_exit = True
        thread.join(_STOPPING)
        listener.close()


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio switches Nagle's algorithm off for sockets that say TCP only: 40 ms a reply.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(512)
    except OSError as error:
        listener.close()
        raise WatchwordError(_refused(host, port, error)) from None
    except OverflowError:
        listener.close()
        raise WatchwordError(f"{port} is no port; those go from 0 to 65535") from None
    return listener


def _refused(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is in use; choose another one with --port, or 0 for any free one"
    return f"cannot listen on {host} port {port}: {error.strerror or error}"


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
