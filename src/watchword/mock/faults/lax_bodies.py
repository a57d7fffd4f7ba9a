"""Services that take bodies which are no JSON, or bear another media type; and those that refuse proper ones."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from watchword.ground import Request
from watchword.mock.answer import render_json
from watchword.mock.faults.named import NamedFault, Namer
from watchword.mock.faults.steps import Change, blind, misread, prejudiced
from watchword.strategies.frame import Frame
from watchword.strategies.instances import Impossible
from watchword.strategies.wire import sent_type
from watchword.validation.decode import Undecodable, decode_json

Json = Any


def lax_bodies(namer: Namer, frame: Frame) -> Iterator[NamedFault]:
    """The faults of an operation whose body is JSON."""
    content = frame.content
    if content is None or content.kind != "json":
        return
    optional = _is_empty_valid(frame)
    for name, about, mended in _MENDED:
        if name in _AS_EMPTY and not optional:
            continue  # the empty object lacks a required member, and is refused for that
        if name == "space" and not (frame.operation.body and frame.operation.body.required):
            continue  # where a body may be absent, nothing but white space may pass for none
        yield namer.named("too lax", f"body/{name}", f"body: {about}", misread(_mending(mended)))
    if frame.operation.body is not None and frame.operation.body.required:
        fault = blind(lambda found: found.rule == "missing-body")
        yield namer.named("too lax", "body/not-required", "body: the body may be left out", fault)
    documented = sent_type(content.media.media_type)
    for name, about, takes in _media_types(documented):
        change = _as_documented(documented, takes)
        yield namer.named("too lax", f"media-type/{name}", f"header.Content-Type: {about}", misread(change))
    for name, about, fears in (
        ("parameter-refused", "a media type with a parameter is refused", lambda given: ";" in given),
        ("case-matters", "a media type in capitals is refused", lambda given: given != given.lower()),
    ):
        fault = prejudiced(lambda request, fears=fears: fears(_content_type(request)))  # type: ignore[misc]
        yield namer.named("too strict", f"media-type/{name}", f"header.Content-Type: {about}", fault)


_AS_EMPTY = frozenset({"broken-as-empty", "form", "space"})


def _is_empty_valid(frame: Frame) -> bool:
    try:
        return bool(frame.minimal == {})
    except Impossible:
        return False


def _media_types(documented: str) -> Iterator[tuple[str, str, Callable[[str | None], bool]]]:
    base = documented.partition(";")[0].strip().lower()
    yield "ignored", "the media type is not looked at", lambda given: given is not None
    yield "absent", "none is needed", lambda given: given is None
    yield "prefix", "any type that begins like it is taken", lambda given: (given or "").lower().startswith(base)
    yield "text", "text/plain is taken", lambda given: (given or "").startswith("text/plain")
    yield "form", "a form's type is taken", lambda given: "form" in (given or "")
    yield "octets", "application/octet-stream is taken", lambda given: "octet" in (given or "")
    yield "any-json", "any JSON type is taken", lambda given: "json" in (given or "").lower()
    if base != "application/json":
        yield "plain-json", "application/json is taken", lambda given: (given or "").startswith("application/json")


def _as_documented(documented: str, takes: Callable[[str | None], bool]) -> Change:
    def change(request: Request) -> Request:
        given = next((value for name, value in request.headers if name.lower() == "content-type"), None)
        if not request.body or not takes(given):
            return request
        kept = tuple(pair for pair in request.headers if pair[0].lower() != "content-type")
        return replace(request, headers=(*kept, ("Content-Type", documented)))

    return change


def _content_type(request: Request) -> str:
    return next((value for name, value in request.headers if name.lower() == "content-type"), "")


def _mending(mended: Callable[[bytes], Json]) -> Change:
    """Reads a body that is no JSON as a careless parser does; one that it cannot read either stays."""

    def change(request: Request) -> Request:
        if not request.body or _is_json(request.body):
            return request
        try:
            value = mended(request.body)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            return request
        return replace(request, body=render_json(value))

    return change


def _is_json(body: bytes) -> bool:
    try:
        decode_json(body)
    except Undecodable:
        return False
    return True


def _text(body: bytes) -> str:
    return body.decode("utf-8")


def _closed(body: bytes) -> Json:
    """What is open at the end is closed."""
    text = _text(body)
    for ending in ("}", '"}', "]", "null}"):
        try:
            return json.loads(text.rstrip(", ") + ending)
        except ValueError:
            continue
    return json.loads(text)


def _bare_names(body: bytes) -> Json:
    return json.loads(re.sub(r"([{,]\s*)([A-Za-z_]\w*)\s*:", r'\1"\2":', _text(body)))


def _form(body: bytes) -> Json:
    text = _text(body)
    if "=" not in text or text[:1] in "{[":
        raise ValueError
    return {}


_MENDED: tuple[tuple[str, str, Callable[[bytes], Json]], ...] = (
    ("broken-as-empty", "what is no JSON is taken for `{}`", lambda _: {}),
    (
        "trailing-comma",
        "a comma before the end is taken",
        lambda b: json.loads(re.sub(r",(\s*[}\]])", r"\1", _text(b))),
    ),
    ("unclosed", "what is open at the end is closed", _closed),
    ("single-quotes", "single quotes are taken", lambda b: json.loads(_text(b).replace("'", '"'))),
    ("bare-names", "member names without quotes are taken", _bare_names),
    ("comments", "comments are taken", lambda b: json.loads(re.sub(r"/\*.*?\*/|//[^\n]*", "", _text(b)))),
    ("garbage-after", "what follows the first value is dropped", lambda b: json.JSONDecoder().raw_decode(_text(b))[0]),
    ("not-utf-8", "bytes that are no UTF-8 are replaced", lambda b: json.loads(b.decode("utf-8", "replace"))),
    ("latin-1", "the body is read as Latin-1", lambda b: json.loads(b.decode("latin-1"))),
    ("raw-control", "raw line breaks in texts are taken", lambda b: json.loads(_text(b), strict=False)),
    ("nul-after", "NUL bytes at the end are taken off", lambda b: json.loads(_text(b).rstrip("\0"))),
    ("form", "a form is taken", _form),
    ("space", "a body of white space is taken for none", lambda b: {} if not b.strip() else json.loads(b)),
)
