"""Requests beside what a contract describes: those it leaves to the service, and those to what it does not name.

The first kind may be accepted or refused (RFC 8259 section 9 lets a parser take more than JSON), but must not make the
service fail. The second kind is about another method or another path than the documented one.
"""

from collections.abc import Iterator
from dataclasses import replace

from watchword.contract import Operation
from watchword.ground import Certainty
from watchword.strategies.body_cases import accepted_bodies
from watchword.strategies.case import Draft
from watchword.strategies.frame import Frame, Sketch
from watchword.strategies.instances import Impossible, Site
from watchword.strategies.shape import types_of
from watchword.strategies.wire import sent_type

_STAND_IN = "watchword-stand-in"


def stray_bodies(frame: Frame, draft: Draft) -> Iterator[Sketch]:
    """Bodies and media types that some parsers take and others refuse; and nothing where there is no JSON body."""
    content = frame.content
    if content is None or content.kind != "json" or not draft.body:
        return
    for variant, about, body in (
        ("byte-order-mark", "a byte order mark before the body", b"\xef\xbb\xbf" + draft.body),
        ("utf-16", "a body in UTF-16", draft.body.decode("utf-8", "replace").encode("utf-16")),
        ("infinite", "a number that is infinite to most parsers, 1e999", _with_huge_number(frame)),
        ("large", "a body of 70,000 bytes, most of them spaces, with a number of 5,000 digits", _large(draft.body)),
    ):
        if body:
            yield Sketch("either", "stray-body", variant, about, replace(draft, body=body), location="body")
    name = sent_type(content.media.media_type)
    about = "a media type with a charset that does not exist"
    changed = replace(draft, content_type=f"{name}; charset=klingon")
    yield Sketch("either", "media-type", "unknown-charset", about, changed, location="header.Content-Type")


def _with_huge_number(frame: Frame) -> bytes:
    """A body in which the first secret, else the first text, is a number beyond every range."""
    texts = [site for site in frame.sites if "string" in types_of(site.node.value, site.node.resolve)]
    site: Site | None = next((each for each in texts if each.node.is_secret), texts[0] if texts else None)
    try:
        body = frame.planted(site, _STAND_IN).body if site else b""
    except Impossible:
        return b""
    return body.replace(f'"{_STAND_IN}"'.encode(), b"1e999")


def _large(body: bytes) -> bytes:
    """A body beyond what is read at once, with a number that some languages read no text of."""
    if body[:1] != b"{" or body[-1:] != b"}":
        return b""
    comma = b", " if body[1:-1].strip() else b""
    return body[:-1] + comma + b" " * 65_000 + b'"x_watchword": ' + b"9" * 5_000 + b"}"


def stray_paths(draft: Draft) -> Iterator[Sketch]:
    """A path with broken escapes (RFC 3986 section 2.1) and bytes that are no UTF-8; one that names no device."""
    device = next((value for value in reversed(draft.values) if value.where == "path" and value.wire is None), None)
    if device is not None:
        for variant, about, changed in (
            ("broken-escape", "a percent sign in the path that starts no escape, and no UTF-8", "{}%zz%FF"),
            ("empty", "nothing where the path names the device", ""),
        ):
            mark = f"{{{device.name}}}"
            path = draft.path.replace(mark, changed.replace("{}", mark))
            values = tuple(value for value in draft.values if changed or value is not device)
            stray = replace(draft, path=path, values=values)
            yield Sketch("either", "stray-path", variant, about, stray, location=f"path.{device.name}")


def stray_credentials(operation: Operation, draft: Draft) -> Iterator[Sketch]:
    """A credential that breaks careless software; whoever accepts it accepts any."""
    if any(operation.security):
        about = "a long credential with signs of formats in it, that nobody handed out"
        changed = replace(draft, credential="odd")
        yield Sketch("refuse", "forged-credential", "odd", about, changed, location="security")


def neighbours(frame: Frame, draft: Draft) -> Iterator[Sketch]:
    """The operation's path with another method, and with its fixed words in another case."""
    operation = frame.operation
    taken = {other.method for other in frame.contract.operations if _may_meet(other.path, operation.path)}
    for method in ("GET", _other(operation.method)):
        if method not in taken:
            hazard = method != "GET"  # it may do something to whatever the path names
            body = b"" if method == "GET" else draft.body
            changed = replace(draft, method=method, body=body, hazard=hazard)
            if method == "GET":
                changed = replace(changed, content_type=None, secrets=_all_secrets(frame, draft))
            about = f"{method}, a method that the contract does not describe for this path"
            yield Sketch("refuse", "unknown-operation", method.lower(), about, changed)
    for variant, path in _detours(operation.path) if any(operation.security) else ():
        if any(_may_meet(other.path, path) for other in frame.contract.operations):
            continue
        about = f"no credential, and a path that is written otherwise ({variant.replace('-', ' ')})"
        changed = replace(draft, path=path, credential="none")
        yield Sketch("refuse", "unknown-operation", variant, about, changed)
    for variant, path in _near_paths(operation.path):
        about = "a path in which a fixed word differs"
        changed = replace(draft, path=path, hazard=True)
        yield Sketch("refuse", "unknown-operation", variant, about, changed, Certainty.DOCUMENTED)


def _may_meet(one: str, other: str) -> bool:
    """Whether a path may be of both templates: `/things/{id}` and `/things/mine` have one in common."""
    pairs = list(zip(one.split("/"), other.split("/"), strict=False))
    return one.count("/") == other.count("/") and all(a == b or "{" in a or "{" in b for a, b in pairs)


def _all_secrets(frame: Frame, draft: Draft) -> tuple[str, ...]:
    """The secrets that the last of the valid requests may have set: none of them is to be told."""
    found = [secret for sketch in accepted_bodies(frame) for secret in sketch.draft.secrets]
    return tuple(dict.fromkeys((*draft.secrets, *found)))


def _other(method: str) -> str:
    return "PUT" if method == "POST" else "POST"


def _detours(path: str) -> Iterator[tuple[str, str]]:
    """Spellings of a path that a router may take for it, and a rule on who may call does not."""
    yield "slash-after", f"{path}/"
    yield "two-slashes", f"/{path}"
    yield "path-parameter", f"{path};x=1"


def _near_paths(path: str) -> Iterator[tuple[str, str]]:
    """A fixed word before a parameter of the same segment, in the other case, and left out."""
    segments = path.split("/")
    for index, segment in enumerate(segments):
        word, mark, rest = segment.partition("{")
        if word and mark:
            for variant, changed in (("other-case", word.swapcase()), ("left-out", "")):
                if changed != word:
                    yield variant, "/".join([*segments[:index], f"{changed}{mark}{rest}", *segments[index + 1 :]])
