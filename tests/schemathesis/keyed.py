"""A strict service with one operation behind a credential of any scheme, and its document. Keeps what it was asked."""

import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import orjson

from watchword.ground import Request

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

TOKEN = "qk-3b1d-account+key="
USER, PASSWORD = "ops", "Gr8-operator"

SCHEMES: dict[str, dict[str, str]] = {
    "query": {"type": "apiKey", "in": "query", "name": "api_key"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "sid"},
    "header": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "basic": {"type": "http", "scheme": "basic"},
    "bearer": {"type": "http", "scheme": "bearer"},
}

_LABELS = ("one", "two")


def document(folder: Path, *schemes: str) -> Path:
    """The service's document, whose operation asks for a credential of one of these schemes."""
    refused = {"description": "Refused.", "content": {"application/json": {"schema": {"type": "object"}}}}
    body = {
        "type": "object",
        "required": ["pin"],
        "properties": {"pin": {"type": "string", "format": "password", "pattern": "^[0-9]{4,6}$"}},
        "additionalProperties": False,
    }
    operation = {
        "operationId": "setPin",
        "security": [{f"by-{scheme}": []} for scheme in schemes],
        "parameters": [
            {"name": "card", "in": "path", "required": True, "schema": {"type": "string", "enum": ["c1"]}},
            {"name": "label", "in": "query", "schema": {"type": "string", "enum": list(_LABELS)}},
            {"name": "theme", "in": "cookie", "schema": {"type": "string", "enum": list(_LABELS)}},
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"204": {"description": "Set."}, **dict.fromkeys(("400", "401", "404", "415"), refused)},
    }
    written = {
        "openapi": "3.1.0",
        "info": {"title": "Cards", "version": "1"},
        "paths": {"/cards/{card}/pin": {"put": operation}},
        "components": {"securitySchemes": {f"by-{scheme}": SCHEMES[scheme] for scheme in schemes}},
    }
    path = folder / "cards.json"
    path.write_bytes(orjson.dumps(written))
    return path


@dataclass
class Keyed:
    """The service, as an ASGI application; `scheme` is how it wants its credential."""

    scheme: str
    seen: list[tuple[Request, int]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
        url = scope["raw_path"].decode("latin-1") + "?" + scope["query_string"].decode("latin-1")
        request = Request(scope["method"], url, headers, body)
        status = self._status(request)
        self.seen.append((request, status))
        content = b"" if status == HTTPStatus.NO_CONTENT else b'{"message": "refused"}'
        fields = [(b"content-type", b"application/json")] if content else []
        await send({"type": "http.response.start", "status": status, "headers": fields})
        await send({"type": "http.response.body", "body": content})

    def credentials(self, request: Request) -> list[str]:
        """What a request bears at the place of the scheme."""
        headers = [(name.lower(), value) for name, value in request.headers]
        if self.scheme == "query":
            pairs = parse_qsl(request.url.partition("?")[2], keep_blank_values=True)
            return [value for name, value in pairs if name == "api_key"]
        if self.scheme == "cookie":
            return self._cookies(headers, "sid")
        own = "x-key" if self.scheme == "header" else "authorization"
        return [value for name, value in headers if name == own]

    @property
    def valid(self) -> str:
        """The credential as it stands in a request."""
        if self.scheme == "basic":
            return "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        return f"Bearer {TOKEN}" if self.scheme == "bearer" else TOKEN

    @staticmethod
    def _cookies(headers: list[tuple[str, str]], wanted: str) -> list[str]:
        pairs = [pair.strip() for name, value in headers if name == "cookie" for pair in value.split(";")]
        return [pair.partition("=")[2] for pair in pairs if pair.partition("=")[0] == wanted]

    def _status(self, request: Request) -> int:
        if not request.url.startswith("/cards/"):
            return 404
        if self.credentials(request) != [self.valid]:
            return 401
        path, _, query = request.url.partition("?")
        headers = [(name.lower(), value) for name, value in request.headers]
        given = parse_qsl(query, keep_blank_values=True)
        labels = [value for name, value in given if name == "label"] + self._cookies(headers, "theme")
        if path != "/cards/c1/pin":
            return 404
        if [value.partition(";")[0].strip().lower() for name, value in headers if name == "content-type"] != [
            "application/json"
        ]:
            return 415
        return 204 if self._is_valid(request.body) and set(labels) <= set(_LABELS) else 400

    @staticmethod
    def _is_valid(body: bytes) -> bool:
        try:
            value = orjson.loads(body)
        except orjson.JSONDecodeError:
            return False
        pin = value.get("pin") if isinstance(value, dict) and set(value) == {"pin"} else None
        return isinstance(pin, str) and pin.isascii() and pin.isdecimal() and 4 <= len(pin) <= 6
