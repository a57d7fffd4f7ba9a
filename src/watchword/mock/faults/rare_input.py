"""Services that break on input that is rare: a failure, or no answer at all."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from watchword.contract.secrets import texts_of
from watchword.ground import Request
from watchword.mock.answer import Answer, Hangup
from watchword.mock.faults.lax_strings import language_of
from watchword.mock.faults.named import NamedFault, Namer
from watchword.mock.faults.spots import Spot, body_of
from watchword.mock.faults.steps import answering, path_values
from watchword.mock.faults.strict_strings import occurs
from watchword.strategies.frame import Frame
from watchword.strategies.string_cases import string_sites

Json = Any


def rare_input(namer: Namer, frame: Frame) -> Iterator[NamedFault]:
    """The faults of an operation: each failure with its own kind of input."""
    kind = frame.content.kind if frame.content else None
    has_ids = any(parameter.where == "path" for parameter in namer.operation.parameters)
    for name, about, has in _RARE:
        in_path = name.startswith("path")
        if (has_ids and in_path) or (not in_path and (kind == "json" or (kind is not None and name not in _OF_JSON))):
            yield namer.named("rare input", f"{name}/failure", f"500 for {about}", answering(_failing(namer, has)))
            yield namer.named(
                "rare input", f"{name}/hang-up", f"no answer for {about}", answering(_hanging(namer, has))
            )
    for site in string_sites(frame):
        valid = language_of(site.texts)
        if site.acts or valid is None or not site.texts.rules.names:
            continue
        spot = Spot(namer.operation, site.location)
        for name, about, pattern in _VALUES:
            if occurs(valid, pattern):
                has = _holding(spot, pattern)
                about_ = f"500 for {about} in {site.location}"
                yield namer.named("rare input", f"{spot.short}/{name}", about_, answering(_failing(namer, has)))


Has = Callable[[Namer, Request], bool]


def _failing(namer: Namer, has: Has) -> Callable[[Request], Answer | None]:
    return lambda request: (
        Answer(500, (("Content-Type", "text/html"),), b"<h1>Internal error</h1>") if has(namer, request) else None
    )


def _hanging(namer: Namer, has: Has) -> Callable[[Request], Answer | None]:
    def answer(request: Request) -> Answer | None:
        if has(namer, request):
            raise Hangup
        return None

    return answer


def _holding(spot: Spot, pattern: str) -> Has:
    known = re.compile(pattern)

    def has(_: Namer, request: Request) -> bool:
        value = spot.read(request)
        return isinstance(value, str) and known.search(value) is not None

    return has


def _in_body(pattern: str) -> Has:
    known = re.compile(pattern)
    return lambda namer, request: any(known.search(text) for text in texts_of(body_of(namer.operation, request)))


def _in_path(pattern: str) -> Has:
    known = re.compile(pattern)
    return lambda namer, request: any(map(known.search, path_values(namer.operation, request.url).values()))


def _in_bytes(pattern: bytes) -> Has:
    known = re.compile(pattern)
    return lambda _, request: known.search(request.body) is not None


_RARE: tuple[tuple[str, str, Has], ...] = (
    ("nul", "a NUL in a text", _in_body("\0")),
    ("emoji", "a character beyond the basic plane", _in_body("[\U00010000-\U0010ffff]")),
    ("accent", "a letter that is not ASCII", _in_body("[À-ɏ]")),
    ("lone-surrogate", "half a surrogate pair", _in_bytes(rb"\\u[dD][89aAbBcCdDeEfF]..(?!\\u[dD][c-fC-F])")),
    ("nested", "a body nested 60 levels deep", _in_bytes(rb"(?:[\[{](?:\"a\":)?\s*){60}")),
    ("huge-number", "a number of 100 digits", _in_bytes(rb"[0-9]{100}")),
    ("no-body", "a request without a body", lambda _, request: not request.body),
    ("list-body", "a list as body", lambda namer, request: isinstance(body_of(namer.operation, request), list)),
    ("text-body", "a text as body", lambda namer, request: isinstance(body_of(namer.operation, request), str)),
    ("null-body", "null as body", lambda _, request: request.body.strip() == b"null"),
    ("not-utf-8", "bytes that are no UTF-8", _in_bytes(rb"[\xfe\xff]")),
    ("cut-body", "a body that breaks off", lambda _, request: request.body[:1] == b"{" and request.body[-1:] != b"}"),
    ("long-text", "a text of 1,000 characters", _in_body(r"^[\s\S]{1000}")),
    ("null-member", "a member that is null", _in_bytes(rb":\s*null")),
    ("list-member", "a member that is a list", _in_bytes(rb":\s*\[")),
    ("object-member", "a member that is an object", _in_bytes(rb":\s*\{")),
    ("number-member", "a member that is a number", _in_bytes(rb":\s*[0-9]")),
    (
        "no-media-type",
        "a body without a media type",
        lambda _, r: bool(r.body) and not any(n.lower() == "content-type" for n, _ in r.headers),
    ),
    ("path-nul", "a NUL in the path", _in_path("\0")),
    ("path-accent", "a character of the path that is not ASCII", _in_path("[^\0-\x7f]")),
    ("path-space", "a space in the path", _in_path(" ")),
)

_OF_JSON = frozenset(
    {"lone-surrogate", "nested", "huge-number", "list-body", "text-body", "null-body", "cut-body", "null-member"}
    | {"list-member", "object-member", "number-member"}
)
"""What no form and no text can hold."""

_VALUES = (
    ("percent", "`%`", "%"),
    ("format", "`%` before a letter or digit", "%[a-z0-9]"),
    ("brace", "`{`", r"\{"),
    ("unclosed-brace", "`{` without `}`", r"\{[^}]*$"),
    ("backslash", "a backslash", r"\\"),
    ("apostrophe", "an apostrophe", "'"),
    ("quote", "a quotation mark", '"'),
    ("dollar", "`$` before `&`, `{` or a digit", r"\$[&{0-9]"),
    ("angle", "`<`", "<"),
    ("ampersand", "`&`", "&"),
    ("semicolon", "`;`", ";"),
    ("parenthesis", "`(`", r"\("),
    ("bracket", "`[`", r"\["),
    ("star", "`*`", r"\*"),
    ("plus", "`+`", r"\+"),
    ("hyphen-first", "a hyphen at the start", "^-"),
    ("equals", "`=`", "="),
    ("slash", "`/`", "/"),
)
