"""The three twins, asked without a socket, and a client that names devices and callers by their fixtures."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from watchword.contract import BUNDLED, load_contract
from watchword.ground import Exchange, Finding, Request, Response
from watchword.mock import Answer, Application, Fixtures, app, load_fixtures
from watchword.validation import Validator

CONTRACTS = {name: load_contract(name) for name in BUNDLED}
VALIDATORS = {name: Validator(contract) for name, contract in CONTRACTS.items()}


@dataclass
class Client:
    """Sends requests of one contract's operation to an application; `judged` has the reply's findings."""

    contract: str
    application: Application
    fixtures: Fixtures
    query: str = ""
    judged: list[Finding] = field(default_factory=list)

    def send(
        self,
        body: Any = ...,
        *,
        device: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        more: dict[str, str] | None = None,
        query: str | None = None,
        raw: bytes | None = None,
    ) -> Answer:
        """Reset with this JSON body. By default the first device is named, with the credential to use."""
        operation = CONTRACTS[self.contract].operations[0]
        path = operation.path
        for name, value in (device or dict(self.fixtures.devices[0].path)).items():
            path = path.replace("{" + name + "}", value)
        given = dict(self.fixtures.credential.headers if headers is None else headers) | (more or {})
        content = raw if raw is not None else b"" if body is ... else json.dumps(body).encode()
        if content and "Content-Type" not in given and operation.body:
            given["Content-Type"] = operation.body.content[0].media_type
        query = self.query if query is None else query
        request = Request(operation.method, path + query, tuple(given.items()), content)
        answer, _ = self.application.answer(request)
        self.judged = self.reply_findings(request, answer)
        assert self.judged == [], (answer, self.judged)
        return answer

    def reply_findings(self, request: Request, answer: Answer) -> list[Finding]:
        response = Response(answer.status, answer.headers, answer.body)
        findings = VALIDATORS[self.contract].findings(Exchange(request, response))
        return [finding for finding in findings if finding.side == "response"]

    def login(self, device_id: str, secret: object, **more: object) -> bool:
        body = json.dumps({"id": device_id, "secret": secret, **more}).encode()
        answer, _ = self.application.answer(Request("POST", f"/_twin/{self.contract}/login", (), body))
        assert answer.status == 200
        return bool(json.loads(answer.body)["ok"])


def told(answer: Answer) -> dict[str, Any]:
    value = json.loads(answer.body)
    assert isinstance(value, dict)
    return value


@pytest.fixture(scope="session")
def all_contracts():
    return list(CONTRACTS.values())


@pytest.fixture(scope="session")
def shared_application(all_contracts):
    return app(all_contracts)


@pytest.fixture
def application(shared_application):
    shared_application.reset()
    return shared_application


@pytest.fixture
def roma(application):
    return Client("roma-connect", application, load_fixtures()["roma-connect"])


@pytest.fixture
def iotda(application):
    return Client("iotda", application, load_fixtures()["iotda"], "?action_id=resetSecret")


@pytest.fixture
def kii(application):
    return Client("kii", application, load_fixtures()["kii"])


@pytest.fixture(scope="session")
def reading():
    """The JSON object that an answer holds."""
    return told
