"""What the mock sends back, and its own error bodies. Knows no contract.

Errors of the mock itself are `application/problem+json` (RFC 9457).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import orjson

from watchword.ground import Headers

Json = Any
PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply: status, header pairs without Content-Length, body."""

    status: int
    headers: Headers = ()
    body: bytes = field(default=b"", repr=False)


class Hangup(Exception):
    """A fault closes the connection in the middle of its answer."""


def json_answer(status: int, value: Json, media_type: str = "application/json", headers: Headers = ()) -> Answer:
    """A reply with a JSON body."""
    return Answer(status, (("Content-Type", media_type), *headers), render_json(value))


def problem(status: int, detail: str, extra: Mapping[str, Json] | None = None, headers: Headers = ()) -> Answer:
    """An error of the mock's own (RFC 9457 section 3); `extra` are extension members."""
    members = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail, **(extra or {})}
    return json_answer(status, members, PROBLEM, headers)


def render_json(value: Json) -> bytes:
    """JSON text; halves of surrogate pairs and integers beyond 64 bits, which orjson refuses, are written too."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, separators=(",", ":")).encode()
