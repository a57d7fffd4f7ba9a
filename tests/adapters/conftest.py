"""A real loopback server whose replies show what adapters must keep. Holds no test."""

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

REPLY = b'{"accessToken":"not so secret","caf\xc3\xa9":1}'


class _Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.path.startswith("/moved"):
            self._reply(308, b"", [("Location", "/things/a%2Fb?x=1&x=2")])
        else:
            coded = gzip.compress(REPLY)
            repeated = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Seen", f"{self.path} {len(body)}")]
            self._reply(200, coded, [("Content-Type", "application/json"), ("Content-Encoding", "gzip"), *repeated])

    do_GET = do_PUT  # noqa: N815

    def _reply(self, status: int, body: bytes, headers: list[tuple[str, str]]) -> None:
        self.send_response(status)
        for name, value in [*headers, ("Content-Length", str(len(body)))]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: a test's output stays readable."""


@pytest.fixture(scope="session")
def echo() -> Iterator[str]:
    """The base URL of a server that answers gzip'd JSON, two cookies, and 308 under `/moved`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def reply() -> bytes:
    """The body that a client of `echo` sees."""
    return REPLY
