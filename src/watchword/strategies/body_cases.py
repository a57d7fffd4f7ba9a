"""Cases about the body as a whole: examples, the smallest and the fullest one, its media type, its bytes."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace

from watchword.contract import Body, Media
from watchword.ground import Certainty
from watchword.strategies.case import Draft
from watchword.strategies.fitting import Unfit, fits
from watchword.strategies.frame import Content, Frame, Sketch
from watchword.strategies.instances import Impossible
from watchword.strategies.shape import node_of, type_rules, types_of
from watchword.strategies.wire import body_bytes, media_kind, sent_type

_WRONG_TYPES = (
    ("text-plain", "text/plain"),
    ("text-json", "text/json"),
    ("no-slash", "json"),
    ("form", "application/x-www-form-urlencoded"),
    ("json", "application/json"),
    ("other-json", "application/vnd.watchword.other+json"),
    ("longer", "{}x"),
)


def accepted_bodies(frame: Frame) -> Iterator[Sketch]:
    """Every example of the document, then the smallest request, then the fullest."""
    if not frame.chosen:  # an example may be of any
        yield from _examples(frame)
    try:
        yield Sketch("accept", "request", "minimal", "the smallest request", frame.draft())
    except Impossible:
        return
    try:
        full = replace(frame.draft(*frame.every))
        if frame.content is not None:
            value = frame.instances.full(frame.content.node)
            full = frame.with_value(full, {**value, **frame.companions} if frame.companions else value)
        yield Sketch("accept", "request", "full", "a request with everything in it", full)
    except Impossible:
        return
    body = frame.operation.body
    if body is not None and not body.required and frame.content is not None:
        certainty = certainty_of_absence(body)
        yield Sketch("accept", "request", "no-body", "a request without a body", frame.bodiless(), certainty)


def certainty_of_absence(body: Body) -> Certainty:
    """How sure it is that a body may be left out: `x-assumed` lists keywords that the contract's author decided."""
    node = body.clause.node.get("x-assumed")
    return Certainty.ASSUMED if node is not None and "required" in node.value else Certainty.DOCUMENTED


def _examples(frame: Frame) -> Iterator[Sketch]:
    for media in frame.operation.body.content if frame.operation.body else ():
        kind = media_kind(sent_type(media.media_type))
        if kind is None or media.schema is None:
            continue
        for example in media.examples:
            try:
                certainty = fits(frame.instances, node_of(media.schema), example.value)
                draft = _with_body(frame, media, kind, example.value)
            except (Unfit, Impossible):
                continue
            about = f"the contract's example {example.name}"
            yield Sketch("accept", "example", example.name, about, draft, certainty, "body")
    for parameter in frame.parameters:
        for example in parameter.examples if parameter.where in ("query", "header") else ():
            try:
                fits(frame.instances, frame.parameter_node(parameter), example.value)
                draft = frame.draft(frame.given(parameter, example.value, fixed=False))
            except (Unfit, Impossible):
                continue
            location = f"{parameter.where}.{parameter.name}"
            yield Sketch(
                "accept", "example", f"{parameter.name}-{example.name}", "an example", draft, location=location
            )


def _with_body(frame: Frame, media: Media, kind: str, value: object) -> Draft:
    draft = Draft(frame.operation.method, frame.operation.path, frame.required)
    body = body_bytes(media, kind, value)
    return replace(draft, body=body, content_type=sent_type(media.media_type), secrets=tuple(frame.secrets(value)))


def accepted_media_types(frame: Frame) -> Iterator[Sketch]:
    """The documented media type with a charset, and in another case (RFC 9110 section 8.3.1)."""
    content = frame.content
    if content is None or content.kind == "multipart":
        return
    try:
        draft = frame.with_value(frame.draft(), _telling(frame))
    except Impossible:
        return
    sent = sent_type(content.media.media_type)
    variants = [("odd-case", "a media type in odd case", sent.swapcase())]
    if ";" not in sent:
        variants.insert(0, ("charset", "a media type with a charset", f"{sent}; charset=UTF-8"))
    for variant, about, content_type in variants:
        changed = replace(draft, content_type=content_type)
        yield Sketch("accept", "media-type", variant, about, changed, location="header.Content-Type")


def accepted_spellings(frame: Frame) -> Iterator[Sketch]:
    """The same JSON as others write it: over several lines, with escapes (RFC 8259 sections 2 and 7)."""
    content = frame.content
    if content is None or content.kind != "json":
        return
    try:
        draft = frame.with_value(frame.draft(), _telling(frame))
    except Impossible:
        return
    spaced = json.dumps(json.loads(draft.body), indent="\t").replace("\n", "\r\n")
    escaped = _TEXT.sub(lambda text: _LETTER.sub(_escaped, text[0]), spaced)
    about = "the body over several lines, with its letters escaped"
    changed = replace(draft, body=f"\r\n{escaped}\r\n".encode())
    yield Sketch("accept", "request", "spelt-otherwise", about, changed, location="body")


_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_LETTER = re.compile(r"\\u[0-9A-Fa-f]{4}|\\.|[A-Za-z]")


def _escaped(found: re.Match[str]) -> str:
    return found[0] if found[0][0] == "\\" else f"\\u{ord(found[0]):04x}"


def _telling(frame: Frame) -> object:
    """A body with something in it: the fullest one, else the smallest."""
    if frame.content is None:
        raise Impossible("no body that can be written")
    try:
        return frame.instances.full(frame.content.node)
    except Impossible:
        return frame.minimal


def refused_media_types(frame: Frame) -> Iterator[Sketch]:
    """A valid body under a media type that is not documented, under none, or under what is no media type."""
    content = frame.content
    if content is None or frame.operation.body is None:
        return
    documented = [media.media_type.partition(";")[0].strip().lower() for media in frame.operation.body.content]
    if any(name == "*/*" for name in documented):
        return
    try:
        draft = frame.with_value(frame.draft(), _telling(frame))
    except Impossible:
        return
    certainty = frame.operation.body.content[0].clause.certainty
    own = sent_type(content.media.media_type).partition(";")[0]
    for variant, template in _WRONG_TYPES:
        name = template.format(own)
        if not any(_falls_under(name, entry) for entry in documented):
            about = f"a media type that is not documented ({variant})"
            changed = replace(draft, content_type=name)
            yield Sketch("refuse", "media-type", variant, about, changed, certainty, "header.Content-Type")
    changed = replace(draft, content_type=None)
    yield Sketch(
        "refuse", "media-type", "none", "a body without a media type", changed, certainty, "header.Content-Type"
    )


def _falls_under(name: str, documented: str) -> bool:
    pattern = re.escape(documented).replace(r"\*", ".*")
    return re.fullmatch(pattern, name) is not None


def refused_bodies(frame: Frame) -> Iterator[Sketch]:
    """No body where one is required; bytes that are no JSON; JSON that is no object."""
    body, content = frame.operation.body, frame.content
    if body is None:
        return
    if body.required:
        yield from _absent(frame)
    if content is None or content.kind != "json":
        return
    try:
        value = _telling(frame)
        draft = frame.with_value(frame.draft(), value)
    except Impossible:
        return
    certainty = content.media.clause.certainty
    for variant, about, raw in _broken(draft.body, may_be_absent=not body.required):
        changed = replace(draft, body=raw)
        yield Sketch("refuse", "broken-body", variant, about, changed, certainty, "body")
    yield from _no_objects(frame, content, draft)


def _absent(frame: Frame) -> Iterator[Sketch]:
    try:
        draft = frame.draft()
    except Impossible:
        return
    body = frame.operation.body
    certainty = body.clause.certainty if body else Certainty.DOCUMENTED
    for variant, about, content_type in (
        ("empty", "an empty body", draft.content_type),
        ("none", "no body, and no media type", None),
    ):
        changed = replace(draft, body=b"", content_type=content_type, secrets=())
        yield Sketch("refuse", "missing-body", variant, about, changed, certainty, "body")


def _broken(body: bytes, *, may_be_absent: bool) -> Iterator[tuple[str, str, bytes]]:
    """Bytes that are no JSON text (RFC 8259), made from one that is."""
    yield "unclosed", "a body without its last byte", body[:-1] if body[:1] in b'{["' else body + b","
    yield "trailing-comma", "a comma before the end", body[:-1] + b",}" if body[:1] == b"{" else body + b","
    yield "not-utf-8", "a body with bytes that are no UTF-8", _not_utf8(body)
    yield "single-quotes", "a body in single quotes", _single_quoted(body)
    yield "garbage-after", "a letter after the body", body + b" x"
    yield "form", "a form where JSON is expected", b"a=b&c=d"
    yield "raw-control", "a raw line break in a string", _with_member(body, b'"x_watchword": "\n"')
    yield "comment", "a comment in the body", b"/* x */ " + body
    if not may_be_absent:
        yield "space-only", "a body of one space", b" "
    yield "deep", "a list nested 10,000 levels deep", b"[" * 10_000 + b"]" * 10_000


def _not_utf8(body: bytes) -> bytes:
    return _with_member(body, b'"x_watchword": "\xff\xfe"') if body[:1] == b"{" else body + b"\xff"


def _with_member(body: bytes, member: bytes) -> bytes:
    """The body with one more member, so that nothing but that member is wrong; not an object: that alone."""
    if body[:1] != b"{" or body[-1:] != b"}":
        return b"{" + member + b"}"
    return body[:-1] + (b"" if body[1:-1].strip() == b"" else b", ") + member + b"}"


def _single_quoted(body: bytes) -> bytes:
    return body.replace(b'"', b"'") if b'"' in body and b"'" not in body and b"\\" not in body else b"{'x': 1}"


def _no_objects(frame: Frame, content: Content, draft: Draft) -> Iterator[Sketch]:
    kinds = types_of(content.node.value, content.node.resolve)
    rules = type_rules(content.node)
    if kinds != {"object"} or len(rules) != 1:
        return
    for variant, about, raw in (
        ("body-in-list", "the body in a list", b"[" + draft.body + b"]"),
        ("body-as-text", "the body as a JSON string", b'"' + draft.body.replace(b'"', b'\\"') + b'"'),
    ):
        changed = replace(draft, body=raw)
        if variant != "body-as-text" or b"\\" not in draft.body:
            certainty = frame.certainty(content.node.at)
            yield Sketch("refuse", min(rules), variant, about, changed, certainty, "body")
