"""What the transport sends byte for byte, and how it takes servers that misbehave."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from watchword.check import HttpTransport
from watchword.ground import Headers, Request, Unreachable

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


@pytest.mark.parametrize(
    ("reply", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", b"ok"),
        (
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
            b"ok",
        ),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", b"until the end"),
        (b"HTTP/1.0 200 OK\r\n\r\nold", b"old"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b""),
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 1\r\n\r\nx", b"x"),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", b""),
    ],
    ids=["chunked", "interim", "until-closed", "http-1.0", "empty", "redirect", "upgrade"],
)
def test_every_framing_of_a_reply_is_read(reply: bytes, body: bytes) -> None:
    """However a reply says where it ends (RFC 9112 section 6.3), its content is all of it; no redirect is followed."""
    with server(answering(reply)) as url:
        assert sent(url).body == body


def test_reply_to_head_ends_with_its_head() -> None:
    """The length that it declares is that of what GET would bring (RFC 9110 section 9.3.2)."""
    with server(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nX-Odd: \xe9\r\n\r\n")) as url:
        response = sent(url, Request("HEAD", url + "/"))
    assert (response.status, response.body, dict(response.headers)["X-Odd"]) == (200, b"", "\xe9")


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nok\r\n", "no HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok", "no HTTP"),
        (b"HTTP/1.1 200 OK\r\nX: 1", "no HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n" + bytes(20 << 20), "goes on after 16 MiB"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * (20 << 20), "goes on after 16 MiB"),
    ],
    ids=["odd-chunk", "two-lengths", "half-a-head", "endless-content", "endless-head"],
)
def test_reply_that_cannot_be_framed_is_said_so(reply: bytes, reason: str) -> None:
    """Broken framing and replies without an end are one line each, in bounded memory."""

    def script(connection: socket.socket) -> None:
        received(connection)
        with suppress(OSError):  # the client has enough before the end
            connection.sendall(reply)

    with server(script) as url, pytest.raises(Unreachable, match=reason):
        sent(url)


def test_slow_drip_ends_at_the_timeout() -> None:
    """A server that sends a byte at a time, never fast enough, is given up when the timeout has passed in all."""
    done = threading.Event()

    def script(connection: socket.socket) -> None:
        received(connection)
        with suppress(OSError):
            for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + b"x" * 99:
                connection.sendall(bytes((byte,)))
                if done.wait(0.02):
                    return

    with server(script) as url:
        with pytest.raises(Unreachable, match=r"no answer within 0\.2 s"):
            sent(url, timeout=0.2)
        done.set()


def test_connection_reset_before_the_answer_is_not_sent_again() -> None:
    """On a new connection a lost reply is told: what the request did, nobody knows."""
    seen: list[bytes] = []
    with server(answering(b"", seen), answering(b"HTTP/1.1 204 No Content\r\n\r\n", seen)) as url:
        with pytest.raises(Unreachable, match="without an answer") as caught:
            sent(url)
        assert caught.value.sent
        sent(url)
    assert len(seen) == 2


@pytest.mark.parametrize(
    "request_parts",
    [("/a b", ()), ("/a\r\nX: 1", ()), ("/\xe9", ()), ("/", (("X", "a\r\nY: b"),)), ("/", (("X", "\0"),))],
)
def test_head_that_would_be_another_request_is_not_sent(request_parts: tuple[str, Headers]) -> None:
    """Nothing can slip a second header or request into the first one."""
    path, headers = request_parts
    with pytest.raises(Unreachable, match="no head") as caught:
        sent("http://127.0.0.1:1", Request("GET", "http://127.0.0.1:1" + path, headers))
    assert not caught.value.sent


def test_each_thread_has_a_connection_of_its_own() -> None:
    """Two threads are answered at once by one transport, and replies never change places."""
    both = threading.Barrier(2, timeout=5)

    def script(connection: socket.socket) -> None:
        with connection:
            path = received(connection).split(b" ")[1]
            both.wait()
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + path)

    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    servers = [threading.Thread(target=lambda: script(listener.accept()[0])) for _ in range(2)]
    transport = HttpTransport(url, 5.0)
    answers: dict[str, bytes] = {}

    def ask(path: str) -> None:
        answers[path] = transport.send(Request("GET", url + path)).body

    clients = [threading.Thread(target=ask, args=(path,)) for path in ("/a", "/b")]
    for thread in (*servers, *clients):
        thread.start()
    for thread in (*servers, *clients):
        thread.join()
    transport.close()
    listener.close()
    assert answers == {"/a": b"/a", "/b": b"/b"}
