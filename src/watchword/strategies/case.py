"""One enumerated request with its expectation, as a draft that a transport finishes. Holds no choice of values.

A draft leaves open what only a target knows: base URL, credentials, and the ids in the path. `Draft.request` fills
them in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote

from watchword.contract import Operation, Parameter, Scheme
from watchword.ground import Certainty, Request
from watchword.strategies.spelling import PLAIN, Spelling, percent_encoded

Expectation = Literal["accept", "refuse", "either"]
Credential = Literal[
    "valid",
    "none",
    "empty",
    "forged",
    "truncated",
    "lengthened",
    "listed",
    "other-case",
    "escaped",
    "odd",
    "other",
    "wrong-scheme",
    "bare",
    "elsewhere",
]
Device = Literal["touchable", "unknown", "foreign", "foreign-here", "own-there"]


@dataclass(frozen=True, slots=True)
class Value:
    """What one parameter is given.

    `text` is the plain value of a path parameter and a fallback: the target's value of that name comes first, unless
    the value is `fixed`. `spelling` then changes it, and `lead` comes before it. Elsewhere `wire` is the finished
    piece: `a=1&a=2` of a query, `a=1` of a cookie, the value of a header; a target's value replaces it too, unless it
    is `fixed`.
    """

    where: str
    name: str
    text: str = field(default="", repr=False)
    wire: str | None = field(default=None, repr=False)
    fixed: bool = False
    spelling: Spelling = PLAIN
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A request but for what the target knows.

    `path` is the template without a server's base path. `device` says which of the target's devices the path names;
    `foreign-here` is a foreign one's id beneath whatever else the path of our own device says, `own-there` the reverse.
    `hazard` marks a request that may reach other devices if the service is careless: for loopback targets only.
    `secrets` are the values in it that no output may show.
    """

    method: str
    path: str
    values: tuple[Value, ...] = ()
    content_type: str | None = None
    body: bytes = field(default=b"", repr=False)
    credential: Credential = "valid"
    device: Device = "touchable"
    hazard: bool = False
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def request(
        self,
        operation: Operation,
        *,
        base_url: str,
        values: Mapping[str, str],
        token: Callable[[Scheme], str],
    ) -> Request:
        """The finished request: `values` are the target's by parameter name, `token(scheme)` its credential as text.

        The token is what `credential` stands for already where that is `valid` or `other`; forging and cutting are done
        here. That of an `http` scheme comes without the scheme's name.
        """
        path, pairs, headers, cookies = self.path, list[str](), list[tuple[str, str]](), list[str]()
        for value in self.values:
            given = None if value.fixed else values.get(value.name)
            if value.where == "path":
                wire = _path_text(value, given)
                path = path.replace("{" + value.name + "}", wire)
            elif value.where in ("query", "querystring"):
                pairs.append(_piece(value, given))
            elif value.where == "cookie":
                cookies.append(_piece(value, given))
            else:
                headers.append((value.name, value.wire if given is None and value.wire is not None else given or ""))
        headers += [(each.name, str(len(self.body))) for each in operation.parameters if _is_length(each)]
        for scheme in _schemes(operation):
            _add_credential(scheme, self.credential, token(scheme), headers, pairs, cookies)
        if cookies:
            headers.append(("Cookie", "; ".join(cookies)))
        if self.content_type is not None:
            headers.append(("Content-Type", self.content_type))
        query = "&".join(pair for pair in pairs if pair)
        url = base_url.rstrip("/") + path + (f"?{query}" if query else "")
        return Request(self.method, url, tuple(headers), self.body)


@dataclass(frozen=True, slots=True)
class Case:
    """One request with its expectation.

    `id` reads `kii/changeThingPassword/refuse/Password/length/201`: contract, operation, side, rule or clause,
    variant; it is unique in its operation and safe in file names and shells.
    A refuse case breaks `rule` and nothing else that is documented; `also` lists assumed rules that it breaks besides.
    Where `certainty` is `assumed`, the contract does not promise the expectation: either answer is allowed. On the side
    `either` nobody expects one: the service may do as it likes, if only it does not fail.
    `location` is that of a `Finding`. `about` is one plain phrase that tells no value.
    """

    id: str
    operation: str
    side: Expectation
    rule: str
    certainty: Certainty
    about: str
    draft: Draft
    location: str | None = None
    also: tuple[str, ...] = ()


def is_framing(parameter: Parameter) -> bool:
    """Whether a header is the transport's: with another value, a request would end or go elsewhere (RFC 9112)."""
    return parameter.where == "header" and parameter.name.lower() in _FRAMING


def _is_length(parameter: Parameter) -> bool:
    return parameter.where == "header" and parameter.name.lower() == "content-length"


def _path_text(value: Value, given: str | None) -> str:
    if given is None and value.wire is not None:
        return value.wire
    text = value.spelling.of(value.text if given is None else given)
    told = percent_encoded(text) if value.spelling.percent else quote(text, safe="", errors="surrogatepass")
    return value.lead + told


def _piece(value: Value, given: str | None) -> str:
    if given is None:
        return value.wire or ""
    return f"{quote(value.name, safe='')}={quote(given, safe='')}"


def _schemes(operation: Operation) -> Sequence[Scheme]:
    """The schemes of the first alternative that asks for any."""
    return next((alternative for alternative in operation.security if alternative), ())


def _add_credential(
    scheme: Scheme,
    credential: Credential,
    token: str,
    headers: list[tuple[str, str]],
    pairs: list[str],
    cookies: list[str],
) -> None:
    if credential == "none":
        return
    if credential == "elsewhere":
        _add_elsewhere(scheme, token, headers, pairs, cookies)
        return
    text = _CHANGED.get(credential, str)(token)
    if scheme.kind == "apiKey":
        if scheme.where == "header":
            headers.append((scheme.name, text))
        else:
            pair = f"{quote(scheme.name, safe='')}={quote(text, safe='')}"
            (pairs if scheme.where == "query" else cookies).append(pair)
    elif scheme.kind in ("http", "oauth2", "openIdConnect"):
        expected = scheme.scheme if scheme.kind == "http" else "bearer"
        word = expected.capitalize()
        if credential == "wrong-scheme":
            word = "Digest" if expected != "digest" else "Bearer"  # as long as that which is cut off unread
        headers.append(("Authorization", text if credential == "bare" else f"{word} {text}"))


def _add_elsewhere(
    scheme: Scheme, token: str, headers: list[tuple[str, str]], pairs: list[str], cookies: list[str]
) -> None:
    """The credential wherever services look for one, but for the place that the scheme names."""
    own = scheme.name.lower() if scheme.kind == "apiKey" and scheme.where == "header" else "authorization"
    named = (("Authorization", f"Bearer {token}"), ("X-Auth-Token", token), ("X-Subject-Token", token))
    headers += [(name, text) for name, text in named if name.lower() != own]
    text = quote(token, safe="")
    for name in ("access_token", "token"):
        if (scheme.kind, scheme.where, scheme.name) != ("apiKey", "query", name):
            pairs.append(f"{name}={text}")
        if (scheme.kind, scheme.where, scheme.name) != ("apiKey", "cookie", name):
            cookies.append(f"{name}={text}")


def forged(token: str) -> str:
    """A token of the same length and kind of characters that is another one."""
    turned = "".join(_TURNED.get(character, character) for character in token)
    return turned if turned != token else token + "0"


def _odd(token: str) -> str:
    """A token that no service ever saw, with what breaks careless software: long, not ASCII, signs of formats."""
    return f"{forged(token)}. \xe9%s{{0}}%00" + "x" * _LONG_TOKEN


_FRAMING = frozenset(
    {"connection", "content-length", "expect", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"}
)

_LONG_TOKEN = 4_200
"""Longer than a column of a database; most servers take header fields of 8 KiB."""

_CHANGED: dict[Credential, Callable[[str], str]] = {
    "empty": lambda _: "",
    "forged": forged,
    "truncated": lambda token: token[:-1],
    "lengthened": lambda token: token + "x",
    "listed": lambda token: f"x, {token}",
    "escaped": lambda token: f"%{ord(token[:1] or 'a') % 256:02X}{token[1:]}",
    "other-case": lambda token: token.swapcase() if token.swapcase() != token else token + "x",
    "odd": _odd,
}

_TURNED = {
    **dict(zip("0123456789", "5678901234", strict=True)),
    **{chr(low + i): chr(low + (i + 13) % 26) for low in (65, 97) for i in range(26)},
}
