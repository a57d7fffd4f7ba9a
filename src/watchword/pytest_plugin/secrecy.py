"""What one exchange of a test does with secrets: tells them where it must not, repeats them, makes up poor ones.

What the schemas say of a secret is the validator's. Here is what takes both sides of an exchange, or several exchanges,
to see. No finding tells a secret.
"""

import hashlib
import math
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from watchword.check import Device, Planned
from watchword.check.echo import echo_findings
from watchword.check.leaks import MESSAGES, UNSALTED, forms, reply_finding
from watchword.contract import Contract, Operation
from watchword.ground import (
    Certainty,
    Exchange,
    Finding,
    Request,
    Response,
    Severity,
    Side,
    header_values,
    render_subject,
    sounds_secret,
)
from watchword.pytest_plugin.memory import Memory, alphabet_of
from watchword.pytest_plugin.places import ELLIPSIS, Kind, Places, named_in_url
from watchword.strategies import Case, Draft
from watchword.validation.decode import Undecodable, decode_json
from watchword.validation.sent_bodies import Bodies

Json = Any

# A shorter text, or a single word, turns up in any message by chance.
_DISTINCT = 8
_DISTINCT_WORD = 12
_SHORTEST = 3
_LOOKED_AT = 6
_MOST_TEXTS = 200
_FALSE_ALARM = 1e-6

# These say nothing that a service chooses for this one reply.
_DULL = frozenset({"content-type", "content-length", "date", "server", "connection", "vary", "transfer-encoding"})

_COOKIE = "header.set-cookie"

_OPENING = r"(?:^|[\"'`<(\[{=]|: ?)"
_CLOSING = r"(?:$|[\"'`>)\]},])"
_CODED = re.compile(r"[A-Za-z0-9+/=]{12}|[%\\]")
"""What base64, hexadecimal digits and escapes of so long a text have: most replies have nothing like it."""
_PIECE = re.compile(r"[^\s\"'`<>()\[\]{}=:,;&?]+")
_SIGNED = re.compile(r"eyJ[\w-]*\.[\w-]+\.[\w-]*")
"""A JSON Web Token (RFC 7519): signed claims, the same for the same claims."""

_MESSAGES = MESSAGES | {
    "told-secret-repeated": "the reply repeats the secret that it tells",
    "earlier-secret-told": "the reply tells a secret of an earlier exchange",
    "undocumented-secret": "the reply has a member that the contract does not name, and that is called as secrets are",
}
_NAMES = {"told-secret-repeated": "secret-repeated"}


class Secrecy:
    """One contract's secrets, over all tests of a session."""

    def __init__(self, contract: Contract, memory: Memory, bodies: Bodies) -> None:
        self.contract = contract
        self._bodies = bodies
        self._memory = memory
        self._places: dict[str, Places] = {}

    def findings(
        self,
        operation: Operation,
        exchange: Exchange,
        found: list[Finding],
        test: str,
        *,
        remembers: bool = True,
        unread: Collection[Side] = (),
    ) -> list[Finding]:
        """One finding per place of a reply that tells too much, then those on what it repeats and makes up.

        `found` is what the validator has against the exchange, `test` what messages call the test by; `remembers` is
        whether exchanges before this one count. Of an `unread` request nobody knows which secrets it sent.
        """
        response = exchange.response
        if response is None:
            return []
        places = self._known(operation)
        seen = _Seen(places, exchange.request, response)
        told = [
            reply_finding(operation, response, _NAMES.get(rule, rule), where, _MESSAGES[rule])
            for rule, where in seen.leaks()
        ]
        if not places.repeats(seen.asked, seen.said, response.status, exchange.request.url):
            is_refused = any(finding.side is Side.REQUEST for finding in found)
            told.extend(echo_findings(_planned(places, exchange.request, is_refused=is_refused), response))
        if seen.has_unnamed:
            told.extend(seen.unnamed(told))
        if 200 <= response.status < 300 and Side.REQUEST not in unread:
            told.extend(self._remembered(seen, test, remembers=remembers))
        return told

    def shown(self, operation: Operation, request: Request) -> Iterator[Finding]:
        """One finding per place of a URL that shows a secret of the same request's body: URLs end in logs."""
        places = self._known(operation)
        secrets = {each.text for each in places.sent(request) if each.kind is Kind.SECRET}
        for where, text in places.shown_in_url(request) if secrets else ():
            if any(_shows(text, secret) for secret in secrets):
                yield Finding(
                    rule="secret-in-url",
                    message="the URL shows a secret of the request's body",
                    severity=Severity.ERROR,
                    side=Side.REQUEST,
                    location=where,
                    place=operation.clause.place,
                    source=operation.clause.source,
                    operation=operation.label,
                    subject=render_subject(operation.method, operation.path, None),
                )

    def is_all_there_is(self, operation: Operation, request: Request) -> bool:
        """Whether the contract has all that a service may judge a valid request by: one new secret, and nothing else.

        What else a caller chooses may be taken already, and a secret may have to differ from the one before.
        """
        places = self._known(operation)
        sent = places.sent(request)
        if not places.sets_one_secret or any(each.kind is Kind.FREE and each.text for each in sent):
            return False
        return not any(each.kind is Kind.SECRET and self._memory.knows(self.contract.name, each.text) for each in sent)

    def _known(self, operation: Operation) -> Places:
        if operation.id not in self._places:
            self._places[operation.id] = Places(operation, self._bodies.of(self.contract.name, operation))
        return self._places[operation.id]

    def _remembered(self, seen: "_Seen", test: str, *, remembers: bool) -> Iterator[Finding]:
        """What a success shows beside what was asked and what earlier ones showed."""
        memory, contract, operation = self._memory, self.contract.name, seen.places.operation
        if remembers and memory:
            for where in seen.earlier(lambda text: memory.knows(contract, text)):
                message = _MESSAGES["earlier-secret-told"]
                yield reply_finding(operation, seen.response, "earlier-secret-told", where, message)
        for where, secret in seen.made:
            problem = memory.made(contract, secret, test) if remembers else None
            problem = problem or _poor(secret, seen.public, seen.values())
            if problem is not None:
                yield reply_finding(operation, seen.response, problem[0], where, problem[1])
        for secret in {*seen.secrets, *(text for _, text in seen.told)}:
            if is_distinct(secret):
                memory.learn(contract, secret, test)


class _Seen:
    """One exchange, taken apart once: what the request knew, what the reply tells and where."""

    def __init__(self, places: Places, request: Request, response: Response) -> None:
        self.places = places
        self.response = response
        self.asked = places.asked(request)
        self.said = _read(response)
        sent = places.texts_of(self.asked)
        body = places.told(self.said, response.status)
        self.chosen = [each.text for each in sent if each.kind is Kind.FREE and each.text]
        self.public = [*(each.text for each in sent if each.kind is not Kind.SECRET), *named_in_url(request)]
        self.secrets = [each.text for each in sent if each.kind is Kind.SECRET and each.text not in self.public]
        self.told = [(f"body#{each.at}", each.text) for each in body if each.kind is Kind.SECRET and each.text]
        self.has_unnamed = any(ELLIPSIS in each.at for each in body)
        self._open = [
            *((f"header.{name.lower()}", value) for name, value in response.headers if name.lower() not in _DULL),
            *((f"body#{each.at}", each.text) for each in body if each.kind is not Kind.SECRET),
        ]
        self._request = request

    def leaks(self) -> Iterator[tuple[str, str]]:
        """(rule, location) for each text that tells a secret of this exchange where the contract puts none."""
        if not self._open:
            return
        suspects = dict.fromkeys((text for _, text in self.told), "told-secret-repeated")
        suspects |= dict.fromkeys(self.places.credentials(self._request), "credential-repeated")
        suspects |= dict.fromkeys(self.secrets, "secret-repeated")
        everything = "\n".join(text for _, text in self._open)
        for secret, rule in suspects.items():
            telling = self._telling(secret) if _may_tell(everything, secret) else ()
            for where, text in self._open if telling else ():
                told = any(form.search(text) for form in telling)
                if told and not (where == _COOKIE and self._may_be_in_a_cookie(rule)):
                    yield rule, where

    def _telling(self, secret: str) -> list[re.Pattern[str]]:
        """What tells a secret: it, in any usual form, anywhere; a word or a short one where it stands by itself.

        Nothing that the request says in the open, such as a device's id.
        """
        public = "\n".join(self.public).lower()
        if is_distinct(secret):
            found = [form for form in forms(secret) if len(form) >= _DISTINCT and form.lower() not in public]
            return [re.compile(re.escape(form)) for form in found]
        if secret in self.public:
            return []
        return [re.compile(f"{_OPENING}{re.escape(secret)}{_CLOSING}", re.MULTILINE)]

    def _may_be_in_a_cookie(self, rule: str) -> bool:
        """Sessions are renewed by telling their cookie again, and logging in may set one."""
        return rule == "credential-repeated" or (rule == "told-secret-repeated" and any(self.secrets))

    def earlier(self, knows: Callable[[str], bool]) -> Iterator[str]:
        """Where the reply tells what was a secret before, and not one of this exchange."""
        here = {*self.public, *self.secrets, *(text for _, text in self.told)}
        for where, text in self._open[:_MOST_TEXTS]:
            pieces = {text, *_PIECE.findall(text)} if len(text) >= _DISTINCT else ()
            if any(is_distinct(piece) and piece not in here and knows(piece) for piece in pieces):
                yield where

    def unnamed(self, told: list[Finding]) -> Iterator[Finding]:
        """A warning per member of a success that is called as a secret is, and that the contract does not name.

        None where the same place is known to tell one.
        """
        status, known = self.response.status, {finding.location for finding in told}
        for at in self.places.unnamed_secrets(self.said, status) if 200 <= status < 300 else ():
            if f"body#{at}" not in known:
                rule = "undocumented-secret"
                finding = reply_finding(self.places.operation, self.response, rule, f"body#{at}", _MESSAGES[rule])
                yield replace(finding, severity=Severity.WARNING)

    def values(self) -> Iterator[str]:
        """What the reply's body tells in the open, numbers included."""
        secrets = {text for _, text in self.told}
        pending = [self.said]
        for _ in range(_MOST_TEXTS):
            if not pending:
                return
            value = pending.pop()
            if isinstance(value, dict):
                pending.extend(value.values())
            elif isinstance(value, list):
                pending.extend(value)
            elif isinstance(value, str | int) and str(value) not in secrets:
                yield str(value)

    @property
    def made(self) -> list[tuple[str, str]]:
        """(location, secret) of what the service made up for this request.

        A request that sends a secret asks for no other, or logs in. One that sets other things may leave the secret as
        it was; a new resource, which POST makes, has none yet.
        """
        request = self._request
        if any(self.secrets) or request.method in ("GET", "HEAD") or header_values(request.headers, "Idempotency-Key"):
            return []
        if request.method != "POST" and self.chosen:
            return []
        return [(where, text) for where, text in self.told if text not in self.public and not _SIGNED.fullmatch(text)]


def _read(response: Response) -> Json:
    """The value of a reply's body; the text of one that is no JSON."""
    if not response.body:
        return None
    try:
        return decode_json(response.body)
    except Undecodable:
        return response.body.decode("utf-8", "replace")


def is_distinct(secret: str) -> bool:
    """Whether a text is so much a secret's that it turns up nowhere by chance."""
    return len(secret) >= (_DISTINCT_WORD if secret.isalpha() else _DISTINCT)


def _may_tell(text: str, secret: str) -> bool:
    """False where a look is enough to see that a text does not tell a secret."""
    if not is_distinct(secret):
        return len(secret) >= _SHORTEST and secret in text and not sounds_secret(secret)
    lowered, head, tail = text.lower(), secret[:_LOOKED_AT].lower(), secret[-_LOOKED_AT:].lower()
    return head in lowered or tail in lowered or head[::-1] in lowered or _CODED.search(text) is not None


def _shows(text: str, secret: str) -> bool:
    """Whether a text of a URL is a secret, or has one in it that is too distinct to be there by chance."""
    if is_distinct(secret):
        return secret in text
    return text == secret and len(secret) >= _SHORTEST and not sounds_secret(secret)


def _poor(secret: str, public: Iterable[str], told: Iterable[str]) -> tuple[str, str] | None:
    """(rule, message) for a made-up secret that is poor on its own: of few characters, or made from what is known.

    `public` is what the request names, `told` what the reply tells in the open: a key may well begin with its own
    id, but is no hash of it.
    """
    few, size, length = len(set(secret)), alphabet_of(secret), len(secret)
    if few < size and math.comb(size, few) * (few / size) ** length <= _FALSE_ALARM:
        message = f"the service made up a secret of {length} characters, of which {few} are different"
        return "generated-secret/alphabet", message
    public, lowered = list(public), secret.lower()
    if any(_is_made_from(lowered, text) for text in public):
        return "generated-secret/derived", "the service made up a secret that follows from what the request names"
    if any(_is_hash_of(lowered, text) for text in told):
        return "generated-secret/derived", "the service made up a secret that follows from what the reply tells"
    return None


def _is_made_from(lowered: str, text: str) -> bool:
    """Whether a secret, in lower case, is a form of a text, a piece of one, or has one in it."""
    if _is_hash_of(lowered, text):
        return True
    given = [form.lower() for form in forms(text)] if len(text) >= _DISTINCT else []
    return any(form in lowered or (len(lowered) >= _DISTINCT and lowered in form) for form in given)


def _is_hash_of(lowered: str, text: str) -> bool:
    """The same for unsalted hashes: those of any text, however short, turn up nowhere by chance."""
    if len(lowered) < _DISTINCT_WORD:
        return False
    return any(form in lowered or lowered in form for form in _hashes(text))


@lru_cache(maxsize=1024)
def _hashes(text: str) -> tuple[str, ...]:
    """Hexadecimal and Base64, in lower case, without padding."""
    raw = text.encode("utf-8", "surrogatepass")
    digests = [hashlib.new(name, raw).digest() for name in UNSALTED]
    coded = [coder(each).decode().rstrip("=") for each in digests for coder in (b64encode, urlsafe_b64encode)]
    return tuple(dict.fromkeys(form.lower() for form in (*(each.hex() for each in digests), *coded)))


def _planned(places: Places, request: Request, *, is_refused: bool) -> Planned:
    """A test's request as the checker plans its own."""
    operation = places.operation
    draft = Draft(request.method, operation.path, body=request.body)
    about = "a request of this test"
    side = "refuse" if is_refused else "accept"
    case = Case("", operation.label, side, "request", Certainty.DOCUMENTED, about, draft)  # type: ignore[arg-type]
    return Planned(case, operation, request, Device(places.path_values(request.url)))
