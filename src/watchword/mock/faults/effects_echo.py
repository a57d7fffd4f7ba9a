"""Services that tell another value than they set. Written by hand."""

import html
from collections.abc import Callable, Iterator
from dataclasses import replace

import orjson

from watchword.mock.answer import Answer
from watchword.mock.endpoint import Call, Endpoint, Fault
from watchword.mock.faults.effect_form import (
    Entry,
    Json,
    told_with,
)

SPOILT: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("cut-30", "up to its 30th character", lambda text: text[:30]),
    ("cut-16", "up to its 16th character", lambda text: text[:16]),
    ("trimmed", "without white space at its ends", str.strip),
    ("upper", "in capitals", str.upper),
    ("lower", "in small letters", str.lower),
    ("escaped", "with HTML entities", html.escape),
    ("percent-decoded", "with plus signs as spaces", lambda text: text.replace("+", " ")),
    ("without-backslashes", "without backslashes", lambda text: text.replace("\\", "")),
)
"""Name, how a text comes out, and the spoiling itself: what careless services do to texts."""


def echoed(member: str, prefix: str, sample: str) -> Iterator[Entry]:
    """The reply tells a given value otherwise."""
    for name, about, change in (
        *SPOILT,
        ("empty", "as an empty text", lambda _: ""),
        ("masked", "masked", lambda text: text[:2] + "****" + text[-2:]),
        ("stars", "as stars", lambda text: "*" * len(text)),
        ("cut-by-one", "without its last character", lambda text: text[:-1]),
        ("reversed", "from its end", lambda text: text[::-1]),
    ):
        if change(sample) != sample:
            yield f"{prefix}-{name}", f"the reply tells {member} {about}", _echoing(member, change)
    yield f"{prefix}-stale", f"the reply tells the {member} before", _stale(member)
    yield f"{prefix}-null", f"the reply tells null as {member}", _echoing(member, lambda _: None)
    yield (
        f"{prefix}-constant",
        f"the reply always tells the same {member}",
        _echoing(member, lambda _: "Constant-Value-0001"),
    )


def _echoing(member: str, change: Callable[[str], Json]) -> Fault:
    def fault(endpoint: Endpoint) -> Endpoint:
        def act(call: Call) -> Answer:
            given = call.members().get(member)
            answer = endpoint.act(call)
            return told_with(answer, member, change(given)) if isinstance(given, str) and given else answer

        return replace(endpoint, act=act)

    return fault


def _stale(member: str) -> Fault:
    def fault(endpoint: Endpoint) -> Endpoint:
        before: dict[str, Json] = {}

        def act(call: Call) -> Answer:
            answer = endpoint.act(call)
            if answer.status >= 300:
                return answer
            key = call.request.url
            now = orjson.loads(answer.body).get(member)
            old, before[key] = before.get(key, now), now
            return told_with(answer, member, old)

        return replace(endpoint, act=act)

    return fault
