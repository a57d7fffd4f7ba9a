"""Secrets that come back where the contract does not put them. Tells where, never what."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import pairwise
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

from watchword.check.known import Known, marked_texts
from watchword.check.plan import Planned
from watchword.check.request_value import told_alone
from watchword.check.target import Target
from watchword.contract import Operation, Reply
from watchword.contract.secrets import is_secret
from watchword.contract.shape import items, others, properties
from watchword.ground import Finding, Request, Response, Severity, Side, render_pointer, render_subject
from watchword.strategies import ELSEWHERE
from watchword.validation.decode import Undecodable, decode_json

Json = Any

UNSALTED = ("md5", "sha1", "sha256", "sha512")
"""Whoever sees one of these finds out a secret of people by trying, and can tell that two secrets are the same."""

# A shorter text turns up in any message by chance.
_SHORTEST = 8
_FEWEST = 3
_PART = 6
"""As much of a secret's beginning or end, if it has more than twice that, helps to guess the rest."""
MESSAGES = {
    "secret-repeated": "the reply repeats the secret of the request",
    "earlier-secret-told": "the reply tells a secret that a device had before the check, not one of this request",
    "credential-repeated": "the reply repeats the caller's credential",
}
_SINCE = "the reply tells a secret that was set or told earlier in this check, not one of this request"
LEAKS = frozenset(MESSAGES)
"""The rules of all findings made here."""

_HALF = 10
"""The least that half of a secret has to have: so much, and all of the rest is easily tried."""
_MOSTLY = 0.7
_RUN = re.compile(r"[A-Za-z0-9+/_-]{16,}")
"""What may be a text in base64, of either alphabet, or in hexadecimal digits."""
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]{16,}")
_MOST_DECODED = 65_536
_MOST_SPELT = 40
"""Secrets that are looked for in every form, newest first; the others as they are."""

_UNKNOWN = "…"
"""Stands in a pointer for a member that the contract does not name: its name may be the secret."""


def leaks(planned: Planned, response: Response, target: Target, known: Known | None = None) -> Iterator[Finding]:
    """One finding per place of a reply that tells a secret of the request or of a device, or repeats a credential.

    `known` are the secrets of earlier requests, and what was said in the open: that gives nothing away.
    """
    documented = planned.operation.reply(response.status)
    if response.status < 300 and documented is None and planned.case.rule not in ELSEWHERE:
        return  # nobody knows where an undocumented success may put a secret; that it is undocumented is told elsewhere
    secrets = _secrets(planned, response, target, known)
    said = "\n".join(_said(planned.request, response))  # nearly always innocent, and asked once instead of once a text
    said += "\n" + "\n".join(_decoded(said))
    asked = unquote(planned.request.url)  # a part of a secret in the device's own id tells nothing where that is said
    suspects: dict[str, list[str]] = {}
    for number, (secret, (rule, message)) in enumerate(secrets.items()):
        given = [form for form in (_forms(secret) if number < _MOST_SPELT else (secret,)) if form in said]
        public = [asked, *(planned.case.draft.secrets if rule == "earlier-secret-told" else ())]
        given = [
            form
            for form in given
            if (form == secret and message != _SINCE)
            or not ((known is not None and known.is_said(form)) or any(form in text for text in public))
        ]
        if given:
            suspects[secret] = given
    for where, text, allowed in _texts(planned, response) if suspects else ():
        whole = "\n".join([text, *_decoded(text)])
        for secret, given in suspects.items():
            rule, message = secrets[secret]
            if any(_occurs(form, whole) for form in given) and not (allowed and rule != "credential-repeated"):
                yield reply_finding(planned.operation, response, rule, where, message)


def _secrets(planned: Planned, response: Response, target: Target, known: Known | None) -> dict[str, tuple[str, str]]:
    """The secrets that a reply must not tell, each with rule and message, those of this exchange first."""
    tokens = [principal.token for principal in (target.principal, *target.refused) if principal]
    held = [text for device in target.devices for text in device.secrets.values()]
    found: dict[str, tuple[str, str]] = {}
    for rule, texts in (
        ("credential-repeated", tokens),
        ("secret-repeated", told_alone(planned.operation, planned.request, planned.case.draft.secrets)),
        ("earlier-secret-told", held),
    ):
        for text in texts:
            if len(text) >= _SHORTEST:
                found.setdefault(text, (rule, MESSAGES[rule]))
    if known is not None:
        here = marked_texts(planned.operation, response)
        for text in known.secrets():
            if text not in here and _is_distinct(text):
                found.setdefault(text, ("earlier-secret-told", _SINCE))
    return found


def forms(secret: str) -> tuple[str, ...]:
    """What gives a secret away: itself, its encodings, most of it. A short one of few characters may be chance."""
    if len(set(secret)) < _FEWEST and len(secret) < 2 * _SHORTEST - 4:
        return ()
    raw = secret.encode("utf-8", "surrogatepass")
    found = [secret, base64.b64encode(raw).decode(), quote(raw, safe=""), json.dumps(secret)[1:-1], repr(secret)[1:-1]]
    digests = [hashlib.new(name, raw).digest() for name in UNSALTED]
    found += [raw.hex(), *(digest.hex() for digest in digests), *(base64.b64encode(each).decode() for each in digests)]
    found += [form for form in (secret[::-1], secret.upper()) if len(set(form)) >= _SHORTEST]
    found += [part for part in (secret[:_PART], secret[-_PART:]) if len(secret) >= 2 * _PART and _is_telling(part)]
    half = max(_HALF, (len(secret) + 1) // 2)
    found += [part for part in (secret[:half], secret[-half:]) if len(secret) > half and _is_distinct(part)]
    most = secret[: max(_SHORTEST, len(secret) - 4)]
    if len(set(most)) >= _SHORTEST and not _is_listing(most):
        found.append(most)
    return tuple(dict.fromkeys(found))


_forms = lru_cache(maxsize=1024)(forms)


@lru_cache(maxsize=2048)
def _is_distinct(text: str) -> bool:
    """Whether a text is so much a secret's that it turns up nowhere by chance, as words, numbers and lists do."""
    is_word = text.isdigit() or (text.isalpha() and text in (text.lower(), text.capitalize(), text.upper()))
    long = len(text) >= _SHORTEST and len(set(text)) >= _PART
    return long and not is_word and not any(map(str.isspace, text)) and not _is_listing(text)


def _is_listing(part: str) -> bool:
    """Whether characters follow one another as in any list of them: `cdefghij`."""
    steps = [ord(after) - ord(before) for before, after in pairwise(part)]
    return sum(step in (0, 1) for step in steps) >= len(steps) * _MOSTLY


def _is_telling(part: str) -> bool:
    """Whether a piece of a secret is none that turns up in words, numbers and repetitions."""
    mixed = any(character.isdigit() for character in part) and any(character.isalpha() for character in part)
    return mixed and len(set(part)) >= _PART - 1


def _occurs(form: str, text: str) -> bool:
    """Whether a text holds a secret, and not as a piece of a longer run of its own first or last character."""
    start = text.find(form)
    while start >= 0:
        end = start + len(form)
        if not (start and text[start - 1] == form[0]) and not (end < len(text) and text[end] == form[-1]):
            return True
        start = text.find(form, start + 1)
    return len(set(form)) >= _FEWEST and form in text


def _decoded(text: str) -> Iterator[str]:
    """What longer runs of base64 or hexadecimal digits say, wherever in a longer text a run begins."""
    for run in _RUN.findall(text[:_MOST_DECODED]):
        plain = run.replace("-", "+").replace("_", "/")
        for start in range(4):
            part = plain[start:]
            with suppress(ValueError):
                yield base64.b64decode(part[: len(part) // 4 * 4] + _last(part)).decode("utf-8", "replace")
        for start in range(2):
            for part in _HEXADECIMAL.findall(run[start:]):
                yield bytes.fromhex(part[: len(part) // 2 * 2]).decode("utf-8", "replace")


def _last(part: str) -> str:
    """The last, incomplete group of base64, filled up; nothing where there is none."""
    rest = part[len(part) // 4 * 4 :]
    return rest + "=" * (4 - len(rest)) if len(rest) > 1 else ""


def _header(request: Request, status: int, name: str, value: str) -> str:
    """A header as far as it says something of its own: a redirection within a service may repeat the own query."""
    if name.lower() != "location" or not 300 <= status < 400:
        return value
    asked = urlsplit(request.url)
    try:
        led = urlsplit(urljoin(request.url, value))
    except ValueError:
        return value
    is_own = (led.scheme, led.netloc, led.query) == (asked.scheme, asked.netloc, asked.query)
    return value.replace(f"?{asked.query}", "", 1) if is_own and asked.query else value


def _said(request: Request, response: Response) -> Iterator[str]:
    """All texts of a reply, wherever they stand."""
    yield from (_header(request, response.status, name, value) for name, value in response.headers)
    try:
        pending = [decode_json(response.body)] if response.body else []
    except Undecodable:
        yield response.body.decode("utf-8", "replace")
        return
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from value
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)


def _texts(planned: Planned, response: Response) -> Iterator[tuple[str, str, bool]]:
    """Location and text of all that a reply says, and whether the contract puts a secret there."""
    for name, value in response.headers:
        yield f"header.{name}", _header(planned.request, response.status, name, value), False
    try:
        body = decode_json(response.body)
    except Undecodable:
        yield "body", response.body.decode("utf-8", "replace"), False
        return
    yield from _strings(body, _schema(planned.operation.reply(response.status)), ())


def _strings(
    value: Json, schema: tuple[Json, Any] | None, path: tuple[str | int, ...], *, within: bool = False
) -> Iterator[tuple[str, str, bool]]:
    secret = within or (schema is not None and is_secret(*schema))
    if isinstance(value, str):
        yield f"body#{render_pointer(path)}", value, secret
    elif isinstance(value, dict):
        named, other = (properties(*schema), others(*schema)) if schema else ({}, None)
        for name, child in value.items():
            step, inner = (name, named[name]) if name in named else (_UNKNOWN, other)
            yield f"body#{render_pointer((*path, step))}", name, False
            below = (inner, schema[1]) if schema and inner is not None else None
            yield from _strings(child, below, (*path, step), within=secret)
    elif isinstance(value, list):
        below = (items(*schema), schema[1]) if schema else None
        for index, child in enumerate(value):
            yield from _strings(child, below, (*path, index), within=secret)


def _schema(reply: Reply | None) -> tuple[Json, Any] | None:
    for media in reply.content if reply else ():
        if media.schema is not None:
            return media.schema.value, media.schema.resolve
    return None


def reply_finding(operation: Operation, response: Response, rule: str, where: str, message: str) -> Finding:
    """An error at one place of a reply, told to stand against its operation."""
    return Finding(
        rule=rule,
        message=message,
        severity=Severity.ERROR,
        side=Side.RESPONSE,
        location=where,
        place=operation.clause.place,
        source=operation.clause.source,
        operation=operation.label,
        subject=render_subject(operation.method, operation.path, response.status),
    )
