"""A service of two accounts that knows them by id: who is asked for, and what one account is told of another."""

import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.schemathesis.conftest import Run

from watchword.mock import serve

DOCUMENT = """
openapi: 3.1.0
info: {title: Accounts, version: '1'}
paths:
  /accounts/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string, pattern: '^[a-z]{1,20}$'}}]
    get:
      operationId: show
      responses:
        '200':
          description: Shown.
          content: {application/json: {schema: {type: object, properties: {hint: {type: string}}}}}
        '404': {description: No such account.}
        '400': {description: Not understood.}
    post:
      operationId: issue
      responses:
        '201':
          description: Made.
          content:
            application/json:
              schema: {type: object, required: [token], properties: {token: {type: string, format: password}}}
        '404': {description: No such account.}
        '400': {description: Not understood.}
"""
KNOWN = ("alpha", "beta")


@dataclass
class Accounts:
    """The service, as an ASGI application; a `careless` one tells the last token to whoever asks."""

    careless: bool = False
    asked: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    async def __call__(self, scope: dict[str, Any], _receive: Any, send: Any) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            return
        account = scope["raw_path"].decode("latin-1").removeprefix("/accounts/")
        self.asked.append(account)
        status, body = 404, b""
        if account in KNOWN and scope["method"] == "POST":
            self.tokens.append("Kj" + secrets.token_urlsafe(16))
            status, body = 201, json.dumps({"token": self.tokens[-1]}).encode()
        elif account in KNOWN:
            hint = self.tokens[-1] if self.careless and self.tokens else "none"
            status, body = 200, json.dumps({"hint": hint}).encode()
        headers = [(b"content-type", b"application/json")] if body else []
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@pytest.fixture
def spec(tmp_path: Path) -> str:
    """The document above, and a configuration that fixes the account."""
    (tmp_path / "accounts.yaml").write_text(DOCUMENT)
    (tmp_path / "schemathesis.toml").write_text('[parameters]\n"path.id" = "alpha"\n')
    return str(tmp_path / "accounts.yaml")


OPTIONS = ("--max-examples", "10", "--seed", "1", "--continue-on-failure", "--checks")


def test_fixed_path_parameter_holds_in_every_phase(st: Run, spec: str) -> None:
    """Where nobody listed a device, the configuration says which one there is: a sound service has no failure."""
    service = Accounts()
    with serve(service) as server:
        done = st(spec, "--url", server.url, *OPTIONS, "watchword_decisions", "--phases", "coverage,fuzzing")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "alpha" in service.asked


def test_case_about_an_unknown_device_stays_about_it(st: Run, spec: str, tmp_path: Path) -> None:
    """A fixed path parameter puts no listed account in its place: that would be changed, and called a failure."""
    service = Accounts()
    with serve(service) as server:
        (tmp_path / "watchword.toml").write_text(
            f'[targets.t]\ncontract = "{spec}"\nurl = "{server.url}"\n'
            'devices = [{id = "alpha"}]\nunknown-devices = [{id = "nobody"}]\n'
        )
        done = st(spec, "--url", server.url, *OPTIONS, "watchword_decisions", WATCHWORD_TARGET="t")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nobody" in service.asked


@pytest.mark.parametrize("careless", [False, True])
def test_token_of_an_earlier_reply_is_told_nowhere_else(st: Run, spec: str, careless: bool) -> None:
    """What the run was handed out by one request, the reply to another one must not tell."""
    with serve(Accounts(careless)) as server:
        done = st(spec, "--url", server.url, *OPTIONS, "watchword_leaks", "--phases", "coverage,fuzzing")
    assert done.returncode == int(careless), done.stdout + done.stderr
    assert ("earlier-secret-told" in done.stdout) is careless
