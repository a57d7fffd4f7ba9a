"""Validators and exchanges from a line of text. Holds no test."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

import watchword
from watchword.contract import BUNDLED, read_contract
from watchword.document import read
from watchword.ground import Exchange, Finding, Request, Response
from watchword.validation import Validator

FIXTURES = Path(__file__).parents[1] / "fixtures"
Headers = Mapping[str, str] | Sequence[tuple[str, str]]


def _pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    return tuple(headers.items() if isinstance(headers, Mapping) else headers)


def _bytes(body: Any) -> bytes:
    """Bytes and texts as they are, anything else as JSON; `None` for no body."""
    if body is None or isinstance(body, bytes):
        return body or b""
    return (body if isinstance(body, str) else json.dumps(body)).encode()


@pytest.fixture(scope="session")
def exchange() -> Callable[..., Exchange]:
    """`exchange("GET /a?b=c", {"X": "1"}, body, (200, headers, body))`; other bodies than text and bytes go as JSON."""

    def build(line: str, headers: Headers = (), body: Any = None, reply: tuple[Any, ...] | None = None) -> Exchange:
        method, _, url = line.partition(" ")
        response = None
        if reply is not None:
            status, *rest = reply
            response = Response(status, _pairs(rest[0] if rest else ()), _bytes(rest[1] if rest[1:] else None))
        return Exchange(Request(method, url, _pairs(headers), _bytes(body)), response)

    return build


@pytest.fixture(scope="session")
def judged(exchange) -> Callable[..., list[Finding]]:
    """`judged(validator, ...)`: the findings about `exchange(...)`, after both paths agreed on it."""

    def judge(validator: Validator, *given: Any) -> list[Finding]:
        one = given[0] if isinstance(given[0], Exchange) else exchange(*given)
        findings = validator.findings(one)
        assert validator.conforms(one) == (not findings)
        return findings

    return judge


@pytest.fixture(scope="session")
def broken(judged) -> Callable[..., list[str]]:
    """`broken(validator, ...)`: each finding as `rule at location`."""

    def judge(validator: Validator, *given: Any) -> list[str]:
        return [f"{finding.rule} at {finding.location}" for finding in judged(validator, *given)]

    return judge


@pytest.fixture(scope="session")
def validator() -> Callable[..., Validator]:
    """`validator(text, openapi="3.1.1")`: that of the contract `api` in a YAML text without its first fields."""

    def of(text: str, openapi: str = "3.1.1") -> Validator:
        content = f"openapi: {openapi}\ninfo: {{title: An API, version: '1'}}\n{text}".encode()
        return Validator(read_contract(read(content, file="api.yaml", path=Path("/nowhere/api.yaml")), "api"))

    return of


@pytest.fixture(scope="session")
def styles() -> Validator:
    """The validator of tests/fixtures/documents/styles.openapi.yaml."""
    return watchword.load(FIXTURES / "documents" / "styles.openapi.yaml")


@pytest.fixture(scope="session")
def bundled() -> dict[str, Validator]:
    """The three validators by name."""
    return {name: watchword.load(name) for name in BUNDLED}


def _message(record: dict[str, Any]) -> tuple[tuple[tuple[str, str], ...], bytes]:
    if "body_base64" in record:
        return _pairs(record.get("headers", ())), base64.b64decode(record["body_base64"])
    return _pairs(record.get("headers", ())), _bytes(record["body"])


def _recorded(record: dict[str, Any]) -> Exchange:
    request = record["request"]
    response = None
    if "response" in record:
        response = Response(record["response"]["status"], *_message(record["response"]))
    return Exchange(Request(request["method"], request["url"], *_message(request)), response, record["id"])


@pytest.fixture(scope="session")
def recorded() -> dict[str, list[tuple[Exchange, dict[str, Any]]]]:
    """Contract name -> the judged exchanges of tests/fixtures/exchanges with what is expected of each."""
    found = {}
    for name in BUNDLED:
        lines = (FIXTURES / "exchanges" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        records = [json.loads(line) for line in lines]
        found[name] = [(_recorded(record), record["expect"]) for record in records]
    return found
