"""What the transport sends byte for byte, and how it takes servers that misbehave."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from watchword.check import HttpTransport
from watchword.ground import Request, Unreachable

Script = Callable[[socket.socket], None]


@contextmanager
def server(*scripts: Script) -> Iterator[str]:
    """A loopback server that plays one script per connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(5)

    def play() -> None:
        for script in scripts:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                script(connection)

    thread = threading.Thread(target=play)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()
        thread.join()


def received(connection: socket.socket) -> bytes:
    """One request, head and body by Content-Length."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def answering(reply: bytes, seen: list[bytes] | None = None) -> Script:
    def script(connection: socket.socket) -> None:
        request = received(connection)
        if seen is not None:
            seen.append(request)
        connection.sendall(reply)

    return script


def sent(url: str, request: Request | None = None, timeout: float = 2.0) -> object:
    transport = HttpTransport(url, timeout)
    try:
        return transport.send(request or Request("GET", url + "/"))
    finally:
        transport.close()


def test_path_and_headers_arrive_as_planned() -> None:
    """Nothing is normalised on the way: not the path, not the query, not a missing Content-Type."""
    seen: list[bytes] = []
    with server(answering(b"HTTP/1.1 204 No Content\r\n\r\n", seen)) as url:
        sent(url, Request("PUT", url + "/a%2Fb/../c%25?x=%20y", (("X-Odd", "1"),), b"{"))
    head = seen[0].split(b"\r\n")
    assert head[0] == b"PUT /a%2Fb/../c%25?x=%20y HTTP/1.1"
    assert b"X-Odd: 1" in head
    assert b"Content-Length: 1" in head
    assert not any(line.lower().startswith((b"content-type", b"accept-encoding")) for line in head)


def test_content_after_a_204_is_seen() -> None:
    """A reply that must be empty and is not shows its content, although HTTP clients drop it."""
    with server(answering(b"HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\noops")) as url:
        response = sent(url)
    assert response.status == 204
    assert response.body == b"oops"


def test_connection_closed_between_requests_is_opened_again() -> None:
    """A server that closes a kept-alive connection costs nothing: the request is sent once more, on a new one."""
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    with server(answering(reply), answering(reply)) as url:
        transport = HttpTransport(url, 2.0)
        assert transport.send(Request("GET", url + "/")).body == b"ok"
        assert transport.send(Request("GET", url + "/")).body == b"ok"
        transport.close()


def test_refused_connection_is_one_clear_line() -> None:
    """A closed port is `Unreachable` with the URL and what to look at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unreachable, match=rf"http://127.0.0.1:{port}: connection refused; is the service running"):
        sent(f"http://127.0.0.1:{port}")


def test_silence_ends_at_the_timeout() -> None:
    """A server that accepts and says nothing is given up after the timeout."""
    done = threading.Event()
    with server(lambda connection: (received(connection), done.wait(5))[0]) as url:
        with pytest.raises(Unreachable, match=r"no answer within 0\.2 s"):
            sent(url, timeout=0.2)
        done.set()


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "no HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "no HTTP"),
        (b"", "closed the connection without an answer"),
    ],
    ids=["garbage", "cut-short", "closed"],
)
def test_answer_that_is_no_http_is_said_so(reply: bytes, reason: str) -> None:
    """Garbage, a reply cut short and a closed connection each give one line, never a traceback of the library."""
    with server(answering(reply)) as url, pytest.raises(Unreachable, match=reason):
        sent(url)


def test_plain_http_behind_an_https_url_is_a_tls_error() -> None:
    """Speaking TLS to a port that has none is named as what it is."""

    def script(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    with server(script) as url, pytest.raises(Unreachable, match="TLS failed"):
        sent(url.replace("http:", "https:"))
    assert ssl.HAS_TLSv1_3


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "127.0.0.1:80", "http://127.0.0.1:99999", "http://"])
def test_url_that_cannot_be_connected_to_is_refused(url: str) -> None:
    """An unusable base URL is the caller's mistake, told before anything is sent."""
    with pytest.raises(Unreachable):
        sent(url)
