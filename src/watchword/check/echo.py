"""Members of replies that must repeat what was asked: those whose schema says so in `x-watchword-echo`.

The extension holds an expression of what is repeated, `$request.body#/password` or `$request.path.device_id`. What the
request leaves out or empty, and what the reply leaves out, is not compared.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from watchword.check.distortions import difference
from watchword.check.plan import Planned
from watchword.check.request_value import request_value
from watchword.contract import Reply
from watchword.contract.kinds import json_type
from watchword.contract.shape import properties
from watchword.ground import Finding, Response, Severity, Side, parse_pointer, render_pointer, render_subject
from watchword.strategies import Value
from watchword.strategies.spelling import PLAIN
from watchword.validation.decode import Undecodable, decode_json

Json = Any

_BODY = "$request.body#"
_PATH = "$request.path."


def echo_findings(planned: Planned, response: Response) -> Iterator[Finding]:
    """One finding per member of a reply's object that repeats something else than what was asked."""
    reply = planned.operation.reply(response.status)
    try:
        told = decode_json(response.body) if response.body else None
    except Undecodable:
        return
    if reply is None or not isinstance(told, dict):
        return
    for name, expression in _echoes(reply):
        asked = _asked(planned, expression)
        if asked is not None and asked != "" and told.get(name) is not None and told[name] != asked:
            yield _finding(planned, response, name, expression, asked, told[name])


def _echoes(reply: Reply) -> Iterator[tuple[str, str]]:
    for media in reply.content:
        if media.schema is not None:
            for name, schema in properties(media.schema.value, media.schema.resolve).items():
                expression = schema.get("x-watchword-echo") if isinstance(schema, dict) else None
                if isinstance(expression, str):
                    yield name, expression


def _asked(planned: Planned, expression: str) -> Json:
    draft = planned.case.draft
    if draft.path != planned.operation.path:
        return None
    if expression.startswith(_PATH):
        name = expression.removeprefix(_PATH)
        plain = all(_is_plain(value) for value in draft.values if value.where == "path")
        return planned.device.path.get(name) if plain else None
    if not expression.startswith(_BODY) or planned.case.side == "refuse":
        return None  # what a service makes of a request that it must refuse is another matter
    try:
        value = request_value(planned.operation, draft.body) if draft.body else None
    except Undecodable:
        return None
    for token in parse_pointer(expression.removeprefix(_BODY)):
        value = value.get(token) if isinstance(value, dict) else None
    return value


def _is_plain(value: Value) -> bool:
    return not value.fixed and replace(value.spelling, percent=False) == PLAIN


def _finding(planned: Planned, response: Response, name: str, expression: str, asked: Json, told: Json) -> Finding:
    operation = planned.operation
    both = isinstance(asked, str) and isinstance(told, str)
    how = difference(asked, told) if both else f"is of the type {json_type(told)}"
    return Finding(
        rule="echo",
        message=f'member "{name}" must repeat `{expression.removeprefix("$")}`, and {how}: {planned.case.about}',
        severity=Severity.ERROR,
        side=Side.RESPONSE,
        location=f"body#{render_pointer([name])}",
        place=operation.clause.place,
        source=operation.clause.source,
        operation=operation.label,
        subject=render_subject(operation.method, operation.path, response.status),
    )
