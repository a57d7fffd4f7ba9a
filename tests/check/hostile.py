"""A service that misbehaves on chosen requests, byte for byte; the others it answers as the mock does. Not a test."""

import contextlib
import gzip
import socket
import struct
import threading
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from watchword.contract import load_contract
from watchword.ground import Request
from watchword.mock import app
from watchword.mock.answer import Answer
from watchword.mock.application import Application

Way = Callable[[socket.socket, threading.Event], None]
"""Gets the connection after a whole request; the event is set when the service ends."""


@dataclass
class Service:
    """`count` is the number of requests so far."""

    url: str
    application: Application
    count: int = 0


@contextmanager
def hostile_service(name: str, way: Way, on: Container[int], *, acts: bool = True) -> Iterator[Service]:
    """The service of a contract; `way` answers the requests whose number, from 1, is in `on`.

    `acts` says whether those requests take effect all the same.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()
    service = Service(f"http://127.0.0.1:{listener.getsockname()[1]}", app([load_contract(name)]))
    threads: list[threading.Thread] = []

    def talk(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            stream = connection.makefile("rb")
            while request := _request(stream):
                service.count += 1
                chosen = service.count in on
                answer = None
                if acts or not chosen:
                    answer, _ = service.application.answer(request)
                if chosen:
                    way(connection, over)
                    return
                assert answer is not None
                connection.sendall(_rendered(answer))

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connection.settimeout(20)
                threads.append(threading.Thread(target=talk, args=(connection,)))
                threads[-1].start()

    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield service
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join()
        for thread in threads:
            thread.join()


def _request(stream: object) -> Request | None:
    line = stream.readline().decode("latin-1")  # type: ignore[attr-defined]
    if not line:
        return None
    method, url, _ = line.split(" ", 2)
    headers = []
    while (header := stream.readline().decode("latin-1").strip()) != "":  # type: ignore[attr-defined]
        headers.append(tuple(header.split(": ", 1)) if ": " in header else (header.rstrip(":"), ""))
    length = next((int(value) for key, value in headers if key.lower() == "content-length"), 0)
    return Request(method, url, tuple(headers), stream.read(length))  # type: ignore[attr-defined]


def _rendered(answer: Answer) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} Said", *(f"{key}: {value}" for key, value in answer.headers)]
    if answer.status != 204:
        lines.append(f"Content-Length: {len(answer.body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (b"" if answer.status == 204 else answer.body)


def says(text: bytes) -> Way:
    """Sends this and closes."""
    return lambda connection, _: connection.sendall(text)


def redirection(url: str) -> Way:
    """Says that the answer is at another host."""
    return says(f"HTTP/1.1 307 Moved\r\nLocation: {url}\r\nContent-Length: 0\r\n\r\n".encode())


def _stalls(_connection: socket.socket, over: threading.Event) -> None:
    over.wait(20)


def _stalls_after(text: bytes) -> Way:
    def way(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(text)
        over.wait(20)

    return way


def _forever(start: bytes, part: bytes, pause: float = 0.0) -> Way:
    """Goes on until the client or the test has had enough."""

    def way(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(start)
        while not over.wait(pause) if pause else not over.is_set():
            connection.sendall(part)

    return way


def _resets(connection: socket.socket, _over: threading.Event) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_CHUNKED = _OK + b"Transfer-Encoding: chunked\r\n\r\n"
_MIB = bytes(1 << 20)
_BOMB = gzip.compress(bytes(64 << 20), 1)

SILENT: Mapping[str, Way] = {
    "closes": says(b""),
    "resets": _resets,
    "stalls": _stalls,
    "stalls-in-head": _stalls_after(b"HTTP/1.1 200 OK\r\nContent-"),
    "stalls-in-body": _stalls_after(_OK + b"Content-Length: 100\r\n\r\n{"),
    "speaks-ssh": says(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "speaks-tls": says(b"\x15\x03\x01\x00\x02\x02\x46"),
    "speaks-http2": says(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + bytes(18)),
    "random-bytes": says(bytes(range(256)) * 16),
    "half-a-head": says(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "half-a-body": says(_OK + b"Content-Length: 100\r\n\r\n{"),
    "status-of-four-digits": says(b"HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n"),
    "negative-length": says(_OK + b"Content-Length: -5\r\n\r\n{}"),
    "length-of-a-word": says(_OK + b"Content-Length: many\r\n\r\n{}"),
    "two-lengths": says(_OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} "),
    "header-without-colon": says(_OK + b"nonsense\r\n\r\n{}"),
    "broken-chunks": says(_CHUNKED + b"zz\r\n{}\r\n"),
    "cut-chunks": says(_CHUNKED + b"5\r\n{}"),
    "hundred-megabytes": _forever(_OK + b"Content-Length: 104857600\r\n\r\n", _MIB),
    "endless-body": _forever(_OK + b"\r\n", _MIB),
    "endless-chunks": _forever(_CHUNKED, b"100000\r\n" + _MIB + b"\r\n"),
    "chunk-of-exabytes": _forever(_CHUNKED + b"FFFFFFFFFFFFFF\r\n", _MIB),
    "endless-chunk-extension": _forever(_CHUNKED + b"2;", b"x" * 65536),
    "endless-trailers": _forever(_CHUNKED + b"2\r\n{}\r\n0\r\n", b"X-Trailer: 1\r\n" * 1000),
    "endless-head": _forever(_OK, b"X-More: 1\r\n" * 1000),
    "endless-header": _forever(_OK + b"X-More: ", b"x" * 65536),
    "endless-status-line": _forever(b"HTTP/1.1 200 ", b"O" * 65536),
    "endless-continue": _forever(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "dripping-continue": _forever(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.02),
    "dripping-head": _forever(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x", 0.02),
    "dripping-headers": _forever(b"HTTP/1.1 200 OK\r\n", b"X-Slow: x\r\n", 0.02),
    "dripping-body": _forever(_OK + b"Content-Length: 100000\r\n\r\n", b"x", 0.02),
    "dripping-chunks": _forever(_CHUNKED, b"1\r\nx\r\n", 0.02),
}
"""Ways that give no answer that could be judged."""

ANSWERED: Mapping[str, tuple[Way, str]] = {
    "gzip-bomb": (
        says(_OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(_BOMB) + _BOMB),
        "broken-body",
    ),
    "switches-protocols": (says(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n"), "reply-status"),
    "not-json": (says(_OK + b"Content-Length: 9\r\n\r\n<html></>"), "broken-body"),
    "deep-json": (says(_OK + b"Content-Length: 200000\r\n\r\n" + b"[" * 100_000 + b"]" * 100_000), "broken-body"),
    "redirects": (redirection("http://127.0.0.1:9/"), "reply-status"),
}
"""Ways that are answers, and the rule of the finding on each."""
