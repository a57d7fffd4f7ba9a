"""Secrets that a service makes up by itself, judged over a whole run of Schemathesis."""

import secrets
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import orjson
import pytest
from tests.schemathesis.conftest import Run

from watchword.mock import serve

_NUMBERS = count(1_760_000_000)

_MAKERS: dict[str, tuple[Callable[[], str], str | None]] = {
    "random": (lambda: secrets.token_hex(12), None),
    "constant": (lambda: "5e3b1d0c9a8f7e6d5c4b3a29", "repeated"),
    "counted": (lambda: f"{next(_NUMBERS):024d}", "ordered"),
}


def _document(folder: Path) -> str:
    secret = {"type": "string", "format": "password", "pattern": "^[0-9a-f]{24}$"}
    reply = {"type": "object", "required": ["token"], "properties": {"token": secret}}
    body = {"type": "object", "properties": {"days": {"type": "integer", "minimum": 1, "maximum": 9}}}
    replies = {
        "201": {"description": "Made.", "content": {"application/json": {"schema": reply}}},
        **{status: {"description": "Refused."} for status in ("400", "415")},
    }
    operation = {
        "operationId": "makeToken",
        "requestBody": {"content": {"application/json": {"schema": body}}},
        "responses": replies,
    }
    path = folder / "tokens.json"
    info = {"title": "Tokens", "version": "1"}
    path.write_bytes(orjson.dumps({"openapi": "3.1.0", "info": info, "paths": {"/tokens": {"post": operation}}}))
    return str(path)


@pytest.mark.parametrize(
    "kind", ["constant", *(pytest.param(kind, marks=pytest.mark.slow) for kind in ("random", "counted"))]
)
def test_members_that_only_a_reply_has_are_judged_over_the_run(fuzz: Run, tmp_path: Path, kind: str) -> None:
    """A token told twice, or counted up, fails the run at its end, whatever the request said; random ones pass."""
    make, rule = _MAKERS[kind]

    async def service(scope: dict[str, Any], _receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        fields = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 201, "headers": fields})
        await send({"type": "http.response.body", "body": orjson.dumps({"token": make()})})

    options = ("--phases", "coverage,fuzzing", "--mode", "positive", "--max-examples", "20", "--seed", "1")
    only = ("--checks", "watchword_generated_secrets,watchword_replies")
    with serve(service) as server:
        done = fuzz(_document(tmp_path), "--url", server.url, *options, *only)
    assert done.returncode == (1 if rule else 0), done.stdout + done.stderr
    assert ("generated-secret/" in done.stdout) is (rule is not None)
    assert rule is None or f"generated-secret/{rule}" in done.stdout
