"""Cases a second over real HTTP on loopback, and client CPU a case, beside Schemathesis on the same server.

The server is a bare ASGI application in a process of its own, which decides as the contract of Kii does. What both
clients could reach at most is measured as well: one request again and again, over a socket and over `http.client`.
"""

import http.client
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import orjson

from benchmarks.table import bar, show
from watchword.check import HttpTransport, Plan, Target, guarded, make_plan
from watchword.check import run as run_check
from watchword.contract import load_contract
from watchword.ground import Exchange, Request, Response
from watchword.mock import load_fixtures, serve
from watchword.service import twin
from watchword.validation import Validator

_CONTRACT = "kii"
_ROUNDS = 30
_EXAMPLES = (20, 220)
"""Schemathesis runs twice, so that its start can be taken away."""

_LEAST_A_SECOND = 1000
_LEAST_RATIO = 25


@dataclass(frozen=True)
class Pace:
    """What a client came to; `cpu` is its own, user and system."""

    cases: int
    seconds: float
    cpu: float

    @property
    def row(self) -> list[str]:
        """Cases, cases a second, microseconds of CPU a case."""
        return [str(self.cases), f"{self.cases / self.seconds:,.0f}", f"{self.cpu / self.cases * 1e6:,.0f}"]


def run() -> bool:
    """Prints the tables; false where a bar is missed."""
    with _service() as url, twin(_CONTRACT, load_contract(_CONTRACT)) as target:
        contract = load_contract(_CONTRACT)
        plan = make_plan(contract, guarded(_at(target, url), contract))
        sample = plan.planned[0].request
        ours = _paced(lambda: sum(_checked(plan) for _ in range(_ROUNDS)))
        judging = _judging(plan, url)
        planning = _paced(lambda: len(make_plan(contract, plan.target).planned))
        transport = _paced(lambda: _sent(url, sample, len(plan.planned) * _ROUNDS))
        bare = _paced(lambda: _over_socket(sample, len(plan.planned) * _ROUNDS))
        library = _paced(lambda: _over_library(sample, len(plan.planned) * _ROUNDS))
        theirs = _schemathesis(url)
    heads = ["client", "cases", "cases/s", "CPU us/case"]
    clients = {"watchword check": ours, "schemathesis": theirs, "bare socket (limit)": bare, "http.client": library}
    show(f"{_CONTRACT}, one connection", heads, [[name, *pace.row] for name, pace in clients.items()])
    parts = {
        "plan the cases (once a run)": planning,
        "send and receive": transport,
        "all else: choose, judge, count": judging,
    }
    show("where the client's time goes", heads, [[name, *pace.row] for name, pace in parts.items()])
    speed, ratio = ours.cases / ours.seconds, (ours.cases / ours.seconds) / (theirs.cases / theirs.seconds)
    less = theirs.cpu / theirs.cases / (ours.cpu / ours.cases)
    print(f"  {ratio:.0f} times as many cases a second as schemathesis, a {less:.0f}th of its CPU a case")
    claim = f"{_LEAST_A_SECOND:,} cases a second, or {_LEAST_RATIO} times Schemathesis"
    return bar(claim, holds=speed >= _LEAST_A_SECOND or ratio >= _LEAST_RATIO)


def _judging(plan: Plan, url: str) -> Pace:
    canned = _Canned(url)
    run_check(plan, canned)
    pace = _paced(lambda: sum(run_check(plan, canned).requests for _ in range(_ROUNDS)))
    canned.close()
    return pace


def _at(target: Target, url: str) -> Target:
    return replace(target, url=url + "".join(f"/{part}" for part in urlsplit(target.url).path.split("/") if part))


def _paced(work: Callable[[], int]) -> Pace:
    started, cpu = time.perf_counter(), time.process_time()
    cases = work()
    return Pace(cases, time.perf_counter() - started, time.process_time() - cpu)


def _checked(plan: Plan) -> int:
    transport = HttpTransport(plan.target.url)
    outcome = run_check(plan, transport)
    transport.close()
    if outcome.findings:
        raise AssertionError(f"the service is not sound: {outcome.findings[0]}")
    return outcome.requests


class _Canned:
    """Answers from memory what the service has said once."""

    def __init__(self, url: str) -> None:
        self._transport = HttpTransport(url)
        self._seen: dict[int, Response] = {}

    def send(self, request: Request) -> Response:
        """The service's answer, asked for once."""
        if id(request) not in self._seen:
            self._seen[id(request)] = self._transport.send(request)
        return self._seen[id(request)]

    def close(self) -> None:
        """Closes the connection."""
        self._transport.close()


def _sent(url: str, request: Request, count: int) -> int:
    transport = HttpTransport(url)
    for _ in range(count):
        transport.send(request)
    transport.close()
    return count


def _over_socket(request: Request, count: int) -> int:
    parts = urlsplit(request.url)
    lines = [f"{request.method} {parts.path} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(request.body)}"]
    lines += [f"{name}: {value}" for name, value in request.headers]
    message = "\r\n".join([*lines, "", ""]).encode() + request.body
    with socket.create_connection((str(parts.hostname), int(parts.port or 80))) as connection:
        for _ in range(count):
            connection.sendall(message)
            connection.recv(65536)
    return count


def _over_library(request: Request, count: int) -> int:
    parts = urlsplit(request.url)
    connection = http.client.HTTPConnection(parts.netloc)
    for _ in range(count):
        connection.request(request.method, parts.path, request.body, dict(request.headers))
        connection.getresponse().read()
    connection.close()
    return count


def _schemathesis(url: str) -> Pace:
    paces = []
    for examples in _EXAMPLES:
        before, spent = _count(url), resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.perf_counter()
        _st(url, examples)
        seconds = time.perf_counter() - started
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = used.ru_utime + used.ru_stime - spent.ru_utime - spent.ru_stime
        paces.append(Pace(_count(url) - before - 1, seconds, cpu))
    few, many = paces
    return Pace(many.cases - few.cases, many.seconds - few.seconds, many.cpu - few.cpu)


def _st(url: str, examples: int) -> None:
    fixtures = load_fixtures()[_CONTRACT]
    name, value = next(iter(fixtures.credential.headers.items()))
    with tempfile.TemporaryDirectory() as folder:
        parameters = "\n".join(f'"path.{key}" = "{text}"' for key, text in fixtures.devices[0].path.items())
        (Path(folder) / "schemathesis.toml").write_text(f"[parameters]\n{parameters}\n")
        document = load_contract(_CONTRACT).root.document.path.resolve()
        command = [
            str(Path(sys.executable).with_name("st")), "run", str(document),
            "--url", url + fixtures.base_path, "-H", f"{name}: {value}", "--seed", "7",
            "--continue-on-failure", "--max-examples", str(examples),
        ]  # fmt: skip
        subprocess.run(command, cwd=folder, capture_output=True, check=False)


def _count(url: str) -> int:
    return int(HttpTransport(url).send(Request("GET", f"{url}/_count")).body)


@contextmanager
def _service() -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.check"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": "."})
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


class _Service:
    """Decides by the contract, the credential and the device, and answers with the document's own examples."""

    def __init__(self) -> None:
        contract, fixtures = load_contract(_CONTRACT), load_fixtures()[_CONTRACT]
        operation = contract.operations[0]
        self._validator = Validator(contract, base_paths=[fixtures.base_path])
        self._tokens = {value.encode() for value in fixtures.credential.headers.values()}
        self._devices = {
            (device.path["appID"], "things", f"VENDOR_THING_ID:{device.path['vendorThingID']}")
            for device in fixtures.devices
        }
        self._replies: dict[int, tuple[bytes, bytes]] = {204: (b"", b"")}
        for reply in operation.replies:
            for media in reply.content:
                self._replies[int(reply.status)] = media.media_type.encode(), orjson.dumps(media.examples[0].value)
        self._count = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One request."""
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message["body"], message["more_body"]
        self._count += 1
        status, kind, content = 200, b"text/plain", str(self._count).encode()
        if scope["path"] != "/_count":
            status = self._status(scope, body)
            kind, content = self._replies[status]
            if status == 404:
                content = _naming(content, scope["raw_path"].decode("latin-1"))
        headers = [(b"content-length", str(len(content)).encode())] if content else []
        headers += [(b"content-type", kind)] if content else []
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _status(self, scope: Any, body: bytes) -> int:
        if not any(name == b"authorization" and value in self._tokens for name, value in scope["headers"]):
            return 401
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
        path = scope["raw_path"].decode("latin-1")
        if not self._validator.conforms(Exchange(Request(scope["method"], path, headers, body))):
            return 400
        segments = tuple(map(unquote, path.split("/")))
        return 204 if segments[-5:-2] in self._devices else 404


def _naming(content: bytes, path: str) -> bytes:
    """The example's error body, about the thing of this path."""
    app, _, thing = unquote(path).partition("/apps/")[2].partition("/things/VENDOR_THING_ID:")
    return orjson.dumps(orjson.loads(content) | {"value": thing.split("/")[0], "appID": app})


if __name__ == "__main__":
    with serve(_Service()) as server:
        print(server.url, flush=True)
        server.wait()
