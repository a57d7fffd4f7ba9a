"""A service that gives secrets away in every way we can think of, over real HTTP, and remembers all that went by.

Its answers are the mock's, spoilt by one of WAYS in turn. Not a test.
"""

import base64
import html
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

from tests.leak_scan import secret_texts

from watchword.contract import load_contract
from watchword.ground import Request
from watchword.mock import app, load_fixtures
from watchword.mock.answer import Answer

MEMBERS = {"roma-connect": "password", "iotda": "secret", "kii": "newPassword"}
_CREDENTIALS = ("x-auth-token", "authorization")


@dataclass(frozen=True)
class Spoilt:
    """A reply as it goes out; `raw` in place of all else."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    raw: bytes | None = None


@dataclass
class Seen:
    """What the service received and sent."""

    contract: str
    secrets: set[str] = field(default_factory=set)
    exchanges: list[tuple[Request, Spoilt]] = field(default_factory=list)

    def note(self, request: Request, reply: Spoilt) -> None:
        member = MEMBERS[self.contract]
        self.secrets.update(secret_texts(request.body, member), secret_texts(reply.body, member))
        self.secrets.update(_tokens(request))
        self.exchanges.append((request, reply))


def _sound(answer: Answer, *_: str) -> Spoilt:
    return Spoilt(answer.status, "OK", answer.headers, answer.body)


def _told_in_headers(answer: Answer, secret: str, token: str) -> Spoilt:
    headers = (("X-Debug", _quoted(secret)), ("Set-Cookie", f"session={token}"), ("Location", f"/?{_quoted(secret)}"))
    return Spoilt(answer.status, f"because of {_line(secret)}", (*answer.headers, *headers), answer.body)


def _told_in_members(answer: Answer, secret: str, token: str) -> Spoilt:
    body = {"error_code": secret, "error_msg": f"{secret} for {token}", "message": secret, "request_id": secret}
    return Spoilt(400, "Bad", answer.headers, json.dumps(body).encode())


def _told_by_wrong_types(answer: Answer, secret: str, token: str) -> Spoilt:
    held = [{secret: [secret, token]}, None, 17]
    body = dict.fromkeys(("password", "secret", "device_id", "errorCode", "secret_type", secret), held)
    return Spoilt(answer.status if answer.status != 204 else 200, "OK", answer.headers, json.dumps(body).encode())


def _told_by_media_type(answer: Answer, secret: str, token: str) -> Spoilt:
    kind = f"application/{_quoted(secret)}; charset={quote(token, safe='')}"
    return Spoilt(answer.status, "OK", (("Content-Type", kind),), secret.encode("utf-8", "surrogatepass"))


def _crashed(answer: Answer, secret: str, token: str) -> Spoilt:
    raw = secret.encode("utf-8", "surrogatepass")
    forms = [
        repr(secret),
        raw.hex(),
        base64.b64encode(b"u:" + raw).decode(),
        html.escape(secret),
        _quoted(secret),
    ]
    trace = "Traceback (most recent call last):\n" + "\n".join([*forms, f"{token}: Bearer {token}"])
    return Spoilt(
        500, "Internal Server Error", (("Content-Type", "text/html"),), trace.encode("utf-8", "surrogatepass")
    )


def _weak(answer: Answer, *_: str) -> Spoilt:
    """Accepted, with a made-up secret that anybody could guess."""
    _weak.count += 1
    made = f"Weak-Secret-{_weak.count:07}"
    body = {"user_name": "device01", "password": made, "device_id": "another-device", "secret": made}
    return Spoilt(200 if answer.body else answer.status, "OK", answer.headers, json.dumps(body).encode())


_weak.count = 0


def _no_http(_answer: Answer, secret: str, token: str) -> Spoilt:
    return Spoilt(0, "", (), b"", f"HTTP/9.9 {_line(secret)} {token}\r\n\r\n".encode("utf-8", "surrogatepass"))


def _broken_header(_answer: Answer, secret: str, token: str) -> Spoilt:
    text = f"HTTP/1.1 400 Bad\r\n{_line(secret)} {token}\r\nContent-Length: {_line(secret)}\r\n\r\n{secret}"
    return Spoilt(0, "", (), b"", text.encode("utf-8", "surrogatepass"))


def _broken_chunks(_answer: Answer, secret: str, _token: str) -> Spoilt:
    text = f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{_line(secret)}\r\n{secret}"
    return Spoilt(0, "", (), b"", text.encode("utf-8", "surrogatepass"))


def _redirected(_answer: Answer, secret: str, token: str) -> Spoilt:
    return Spoilt(302, "Found", (("Location", f"http://127.0.0.1:9/{quote(token)}?secret={_quoted(secret)}"),), b"")


WAYS: tuple[Callable[[Answer, str, str], Spoilt], ...] = (
    _sound,
    _told_in_headers,
    _told_in_members,
    _no_http,
    _sound,
    _told_by_wrong_types,
    _told_by_media_type,
    _crashed,
    _weak,
    _broken_header,
    _sound,
    _redirected,
    _broken_chunks,
)


def _tokens(request: Request) -> Iterator[str]:
    for name, value in request.headers:
        if name.lower() in _CREDENTIALS and value.strip() and value.strip() not in ("Basic", "Bearer"):
            yield value.split()[-1]


def _quoted(secret: str) -> str:
    return quote(secret.encode("utf-8", "surrogatepass"), safe="")


def _line(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)


@contextmanager
def leaky_service(name: str, ways: tuple[Callable[..., Spoilt], ...] = WAYS) -> Iterator[tuple[str, Seen]]:
    """The URL of a leaky service of a contract, and what it has seen."""
    application = app([load_contract(name)])
    seen = Seen(name)
    fixtures = load_fixtures()[name]
    for device in (*fixtures.existing, *fixtures.profiled):
        seen.secrets.update(device.secrets.values())

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            request = Request(self.command, self.path, tuple(self.headers.items()), body)
            answer, _ = application.answer(request)
            texts = secret_texts(body, MEMBERS[name])
            token = next(_tokens(request), "no token")
            reply = ways[len(seen.exchanges) % len(ways)](answer, texts[0] if texts else "no secret", token)
            seen.note(request, reply)
            self._send(reply)

        do_POST = do_GET = do_PATCH = do_DELETE = do_PUT  # noqa: N815 (the names are http.server's)

        def _send(self, reply: Spoilt) -> None:
            if reply.raw is not None:
                self.wfile.write(reply.raw)
                self.close_connection = True
                return
            reason = reply.reason.encode("latin-1", "replace").decode("latin-1")
            self.send_response(reply.status, reason)
            for key, value in reply.headers:
                self.send_header(key, value)
            if reply.status != 204:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body if reply.status != 204 else b"")

        def log_message(self, *_: object) -> None:
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", seen
        finally:
            server.shutdown()
            thread.join()
