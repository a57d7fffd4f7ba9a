"""HTTP for the catalogue's services: a request, an answer and a small HTTP/1.1 server.

Knows nothing of the three services and nothing of watchword: the catalogue must not share a mistake with what it
judges.
"""

from __future__ import annotations

import asyncio
import json
import threading
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

REASONS = {200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 400: "Bad Request", 401: "Unauthorized"}
REASONS |= {403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 422: "Unprocessable Entity"}
MAX_HEAD = 64 * 1024


@dataclass(frozen=True, slots=True)
class Ask:
    """One request as a back end sees it: header names in lower case, the target undecoded."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """What follows the first question mark, undecoded."""
        return self.target.partition("?")[2]

    def header(self, name: str) -> str | None:
        """The first header of this name, which is given in lower case."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = field(default=())


class Service(Protocol):
    """A back end that answers one request at a time."""

    def answer(self, ask: Ask) -> Answer:
        """The reply to one request."""
        ...


def reply(status: int, content: Any, media_type: str = "application/json", **headers: str) -> Answer:
    """A reply whose body is `content` as JSON; a keyword argument is one more header (`x_debug` is `X-Debug`)."""
    more = tuple((name.replace("_", "-").title(), value) for name, value in headers.items())
    body = json.dumps(content, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return Answer(status, body, (("Content-Type", media_type), *more))


def with_header(ask: Ask, name: str, value: str) -> Ask:
    """The request with this one header, whatever it had under the name."""
    return replace(ask, headers=(*(pair for pair in ask.headers if pair[0] != name), (name, value)))


def members(body: bytes) -> dict[str, Any]:
    """The JSON object of a body; an empty one when it holds something else."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def edited(answer: Answer, **members: Any) -> Answer:
    """The answer with other members in its JSON object; `...` takes a member away."""
    content = json.loads(answer.body) | members
    body = json.dumps({name: value for name, value in content.items() if value is not ...}, ensure_ascii=False)
    return replace(answer, body=body.encode())


def answered(service: Service, ask: Ask) -> Answer:
    """The service's answer; an exception becomes the page that a web framework would show."""
    try:
        return service.answer(ask)
    except Exception:  # noqa: BLE001 - the outermost layer of a server swallows everything
        return Answer(500, b"Internal Server Error", (("Content-Type", "text/plain"),))


class Bench:
    """A server on loopback whose service may be exchanged between two runs."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        started.wait()

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0, limit=MAX_HEAD))
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    @property
    def url(self) -> str:
        """Where the server listens."""
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        """End the server and its thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._exchange(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, ValueError, asyncio.CancelledError):
            pass
        except asyncio.LimitOverrunError:
            writer.write(
                b"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
        finally:
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.removesuffix("\r\n\r\n").split("\r\n")
        method, target, _version = first.split(" ", 2)
        pairs = tuple((name.strip().lower(), value.strip()) for name, _, value in (x.partition(":") for x in lines))
        fields = dict(pairs)
        if fields.get("transfer-encoding", "").lower() == "chunked":
            body = await _chunks(reader)
        else:
            body = await reader.readexactly(int(fields.get("content-length", "0")))
        answer = answered(self.service, Ask(method, target, pairs, body))
        writer.write(_rendered(answer))
        await writer.drain()
        return fields.get("connection", "").lower() != "close"


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readline()).split(b";")[0], 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body


def _rendered(answer: Answer) -> bytes:
    headers = list(answer.headers)
    if answer.body or answer.status != 204:
        headers.append(("Content-Length", str(len(answer.body))))
    head = f"HTTP/1.1 {answer.status} {REASONS.get(answer.status, 'Unknown')}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers)
    return head.encode("utf-8", "replace") + b"\r\n" + answer.body
