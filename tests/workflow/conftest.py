"""The twins over real HTTP, whole or with one thing wrong, and small documents for the parts of a workflow."""

import http.client
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from watchword.contract import BUNDLED, Contract, Scheme, load_contract
from watchword.ground import Request, Response
from watchword.mock import Answer, Application, Fixtures, app, load_fixtures
from watchword.mock.asgi import read_request, send_answer
from watchword.mock.server import serve
from watchword.workflow import Device, Environment, Workflows, load_workflows

CONTRACTS: dict[str, Contract] = {name: load_contract(name) for name in BUNDLED}
FIXTURES: dict[str, Fixtures] = load_fixtures()

Before = Callable[[Request], Request]
After = Callable[[Request, Answer, Application], Answer]


def unchanged(request: Request) -> Request:
    return request


def as_answered(_request: Request, answer: Answer, _application: Application) -> Answer:
    return answer


@dataclass
class Faulty:
    """An ASGI application around a twin that changes what goes in or what comes out."""

    application: Application
    before: Before = unchanged
    after: After = as_answered

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = await read_request(scope, receive, 1 << 20)
        answer, _ = self.application.answer(request if "/_twin" in request.url else self.before(request))
        if "/_twin" not in request.url:
            answer = self.after(request, answer, self.application)
        await send_answer(send, answer, with_body=True)


@dataclass
class Client:
    """A connection kept alive; the callable that workflows send through."""

    url: str
    requests: list[Request] = field(default_factory=list)
    _connection: http.client.HTTPConnection | None = None

    def __call__(self, request: Request) -> Response:
        self.requests.append(request)
        parts = urlsplit(request.url)
        if self._connection is None:
            self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        self._connection.request(request.method, path, request.body, dict(request.headers))
        reply = self._connection.getresponse()
        return Response(reply.status, tuple(reply.getheaders()), reply.read())

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()


@dataclass
class Bench:
    """One service with everything that a workflow needs to be run against it."""

    name: str
    workflows: Workflows
    send: Client
    environment: Environment


def environment_of(name: str, client: Client, *, with_probe: bool = True) -> Environment:
    fixtures = FIXTURES[name]

    def token(scheme: Scheme, index: int = 0) -> str:
        header = scheme.name if scheme.kind == "apiKey" else "Authorization"
        return fixtures.credentials[index].headers[header].removeprefix("Bearer ")

    def probe(path: Mapping[str, str], secret: str, slot: str | None) -> bool:
        devices = (*fixtures.devices, *fixtures.profiled, *fixtures.foreign)
        device = next(device for device in devices if dict(device.path) == dict(path))
        given = {"id": device.id, "secret": secret} | ({} if slot is None else {"slot": slot})
        url = f"{client.url}/_twin/{name}/login"
        reply = client(Request("POST", url, (("Content-Type", "application/json"),), json.dumps(given).encode()))
        return bool(json.loads(reply.body)["ok"])

    def devices(entries: Any) -> tuple[Device, ...]:
        return tuple(Device(entry.path, entry.profile) for entry in entries)

    return Environment(
        base_url=client.url,
        token=token,
        other_token=lambda scheme: token(scheme, 1),
        devices=devices((*fixtures.devices, *fixtures.profiled)),
        unknown=devices(fixtures.unknown),
        foreign=devices(fixtures.foreign[:1]),
        probe=probe if with_probe else None,
    )


@pytest.fixture
def bench() -> Any:
    """Opens a twin over HTTP, with something wrong before or after it."""
    return _bench


@cache
def _workflows(name: str) -> Workflows:
    return load_workflows(name, contracts=[CONTRACTS[name]])


@contextmanager
def _bench(
    name: str, before: Before = unchanged, after: After = as_answered, *, with_probe: bool = True
) -> Iterator[Bench]:
    contract = CONTRACTS[name]
    with serve(Faulty(app([contract]), before, after)) as served:
        client = Client(served.url)
        yield Bench(name, _workflows(name), client, environment_of(name, client, with_probe=with_probe))
        client.close()


PETS = """
openapi: 3.1.0
info: {title: pets, version: '1'}
paths:
  /pets/{petId}:
    get:
      operationId: readPet
      parameters:
        - {name: petId, in: path, required: true, schema: {type: integer}}
        - {name: fields, in: query, schema: {type: array, items: {type: string}}}
      responses: {'200': {description: a pet, content: {application/json: {schema: {type: object}}}},
                  '404': {description: none}, '503': {description: later}}
    put:
      operationId: writePet
      parameters:
        - {name: petId, in: path, required: true, schema: {type: integer}}
      requestBody: {content: {application/json: {schema: {type: object}},
                              application/x-www-form-urlencoded: {schema: {type: object}}}}
      responses: {'200': {description: a pet, content: {application/json: {schema: {type: object}}}}}
components:
  schemas:
    Name: {type: string, minLength: 2, maxLength: 5, pattern: '^[a-z]*$'}
"""

HEAD = """
arazzo: {version}
info: {{title: test, version: '1'}}
sourceDescriptions:
  - {{name: pets, url: pets.openapi.yaml, type: openapi}}
"""


@pytest.fixture
def document(tmp_path: Path) -> Callable[..., Path]:
    """Writes an Arazzo document about pets: the text of its workflows and whatever follows, as version 1.1.0."""
    (tmp_path / "pets.openapi.yaml").write_text(PETS)

    def write(text: str, *, version: str = "1.1.0", name: str = "test.arazzo.yaml", head: str | None = None) -> Path:
        path = tmp_path / name
        path.write_text((HEAD.format(version=version) if head is None else head).lstrip() + text)
        return path

    return write


@pytest.fixture
def answering() -> Any:
    """Makes transports without a server."""
    return _answering


def _answering(*replies: Response | int | dict[str, Any]) -> tuple[Callable[[Request], Response], list[Request]]:
    """A transport that gives these replies in turn, the last one for ever; and the requests that it was sent."""
    sent: list[Request] = []

    def send(request: Request) -> Response:
        sent.append(request)
        reply = replies[min(len(sent), len(replies)) - 1]
        if isinstance(reply, Response):
            return reply
        status, body = (reply, b"") if isinstance(reply, int) else (200, json.dumps(reply).encode())
        return Response(status, (("Content-Type", "application/json"),) if body else (), body)

    return send, sent
