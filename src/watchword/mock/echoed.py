"""Replies that repeat what was asked, where their schema says so in `x-watchword-echo`. Makes no other value.

The extension holds an expression of what is repeated, `$request.body#/password` or `$request.path.device_id`.
"""

from dataclasses import replace
from typing import Any

from watchword.contract import Media
from watchword.contract.shape import properties
from watchword.ground import parse_pointer
from watchword.mock.answer import Answer
from watchword.mock.endpoint import Call
from watchword.mock.render import render_body
from watchword.validation.decode import decode_json
from watchword.validation.media import parse_media_type
from watchword.validation.sent_bodies import SentBodies

Json = Any

_BODY = "$request.body#"
_PATH = "$request.path."


def echoed(answer: Answer, media: Media, call: Call) -> Answer:
    """The reply with those members repeated that it has and the request gives; one that is no object as it is."""
    media_type = next((value for name, value in answer.headers if name == "Content-Type"), "")
    given = parse_media_type(media_type)
    if media.schema is None or given is None or not given.is_json:
        return answer
    told = decode_json(answer.body)
    if not isinstance(told, dict):
        return answer
    repeated = {}
    for name, schema in properties(media.schema.value, media.schema.resolve).items():
        expression = schema.get("x-watchword-echo") if isinstance(schema, dict) else None
        asked = _asked(call, expression) if name in told and isinstance(expression, str) else None
        if asked not in (None, ""):
            repeated[name] = asked
    return replace(answer, body=render_body({**told, **repeated}, media_type)) if repeated else answer


def _asked(call: Call, expression: str) -> Json:
    if expression.startswith(_PATH):
        return call.path.get(expression.removeprefix(_PATH))
    if not expression.startswith(_BODY):
        return None
    value = SentBodies(call.operation).read(call.request)
    for token in parse_pointer(expression.removeprefix(_BODY)):
        value = value.get(token) if isinstance(value, dict) else None
    return value
