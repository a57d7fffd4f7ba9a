"""Where an operation's contract puts secrets: in requests, in replies, and as credentials. Judges nothing."""

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote

from watchword.contract import Media, Operation, Parameter, Reply
from watchword.contract.kinds import Resolve, json_types
from watchword.contract.secrets import is_secret
from watchword.contract.shape import items, others, properties
from watchword.ground import Request, render_token, sounds_secret
from watchword.validation.media import parse_media_type
from watchword.validation.route import split_url
from watchword.validation.sent_bodies import SentBodies

Json = Any

ELLIPSIS = "…"
"""Stands in a location for a member that the contract does not name: its name may be the secret."""


_MASK = "*•· "
"""What stands for a secret that is not told."""


class Kind(Enum):
    """What the contract puts where a text stands: a secret, one of its own values, or whatever somebody chooses."""

    SECRET = "secret"
    LISTED = "listed"
    FREE = "free"


class Text(NamedTuple):
    """One text of a body; `at` is its pointer."""

    at: str
    text: str
    kind: Kind


class Place:
    """What a schema says of secrecy; members and items are looked up when a body first has them.

    A secret is one by the document's word or, where that says nothing, by the member's name; so is what is in one.
    """

    __slots__ = ("_item", "_members", "_named", "_other", "_resolve", "_schema", "kind")

    def __init__(self, schema: Json, resolve: Resolve, name: str = "", *, within: bool = False) -> None:
        self._schema = schema
        self._resolve = resolve
        self._named: dict[str, Json] | None = None
        self._members: dict[str, Place] = {}
        self._item: Place | None = None
        self._other: Place | None = None
        self.kind = Kind.LISTED if _is_listed(schema, resolve) else Kind.FREE
        sounds = self.kind is Kind.FREE and sounds_secret(name) and "string" in json_types(schema, resolve)
        if within or sounds or is_secret(schema, resolve):
            self.kind = Kind.SECRET

    @property
    def secrets(self) -> int:
        """How many of its members are secrets."""
        return sum(place is not None and place.kind is Kind.SECRET for place in map(self.member, self._names()))

    def _names(self) -> dict[str, Json]:
        if self._named is None:
            self._named = properties(self._schema, self._resolve)
        return self._named

    @property
    def names_all(self) -> bool:
        """Whether the contract names its members, and does not describe others in general."""
        return bool(self._names()) and not _is_map(self._schema, self._resolve)

    def member(self, name: str) -> "Place | None":
        """That of a member; `None` where the contract does not name it."""
        if name in self._names() and name not in self._members:
            self._members[name] = Place(self._names()[name], self._resolve, name, within=self._is_around)
        return self._members.get(name)

    def other(self) -> "Place | None":
        """That of the members that the contract describes without a name; `None` where it does not."""
        if self._other is None:
            schema = others(self._schema, self._resolve)
            if schema is not None or self._is_around:
                self._other = Place(True if schema is None else schema, self._resolve, within=self._is_around)
        return self._other

    @property
    def _is_around(self) -> bool:
        return self.kind is Kind.SECRET

    def item(self) -> "Place":
        """That of an array's items."""
        if self._item is None:
            self._item = Place(items(self._schema, self._resolve), self._resolve, within=self._is_around)
        return self._item


def texts(value: Json, place: Place | None) -> list[Text]:
    """All texts of a body, names of members that the contract does not know included.

    An integer counts as a text where a secret belongs: it was most likely meant for one.
    """
    found: list[Text] = []
    _gather(value, place, "", found)
    return found


def _gather(value: Json, place: Place | None, at: str, found: list[Text]) -> None:
    kind = place.kind if place is not None else Kind.FREE
    if isinstance(value, str):
        found.append(Text(at, value, kind))
    elif isinstance(value, dict):
        for name, child in value.items():
            inner = place.member(name) if place is not None else None
            if inner is None:
                found.append(Text(f"{at}/{ELLIPSIS}", name, Kind.FREE))
                _gather(child, place.other() if place is not None else None, f"{at}/{ELLIPSIS}", found)
            else:
                _gather(child, inner, f"{at}/{render_token(name)}", found)
    elif isinstance(value, list):
        inner = place.item() if place is not None else None
        for index, child in enumerate(value):
            _gather(child, inner, f"{at}/{index}", found)
    elif kind is Kind.SECRET and type(value) is int:
        found.append(Text(at, str(value), kind))


def _gather_unnamed(value: Json, place: Place | None, at: str, found: list[str]) -> None:
    if place is None:
        return
    if isinstance(value, dict):
        for name, child in value.items():
            inner = place.member(name)
            if inner is not None:
                _gather_unnamed(child, inner, f"{at}/{render_token(name)}", found)
            elif isinstance(child, str) and child.strip(_MASK) and sounds_secret(name) and place.names_all:
                found.append(f"{at}/{ELLIPSIS}")
    elif isinstance(value, list):
        for index, child in enumerate(value):
            _gather_unnamed(child, place.item(), f"{at}/{index}", found)


class Places:
    """Those of one operation."""

    def __init__(self, operation: Operation, bodies: SentBodies) -> None:
        self.operation = operation
        parts = re.split(r"\{([^{}]*)\}", operation.path)
        pattern = "".join("([^/]+)" if index % 2 else re.escape(part) for index, part in enumerate(parts))
        self._query = {each.name: each for each in operation.parameters if each.where == "query"}
        self._path, self._names = re.compile(f"{pattern}$"), parts[1::2]
        self._schemes = [scheme for alternative in operation.security for scheme in alternative]
        self._bodies = bodies
        self._sent = _json_place(operation.body.content) if operation.body else None
        self._replies = {reply.status: _json_place(reply.content) for reply in operation.replies}
        self._success = next((place for status, place in self._replies.items() if status[:1] == "2"), None)
        self.sets_one_secret = self._sent is not None and self._sent.secrets == 1
        self._echoes = {int(each.status): list(_echoes(each)) for each in operation.replies if each.status.isdecimal()}

    def path_values(self, url: str) -> dict[str, str]:
        """The decoded values of a URL's path parameters, wherever the service is mounted."""
        found = self._path.search(split_url(url)[0])
        values: Sequence[str] = found.groups() if found else ()
        if "%" in url:
            values = [unquote(text) for text in values]
        return dict(zip(self._names, values, strict=False))

    def asked(self, request: Request) -> Json:
        """The value of a request's body, `None` where it has none that can be read."""
        return None if self._sent is None else self._bodies.read(request)

    def sent(self, request: Request) -> list[Text]:
        """The texts of a request's body."""
        return self.texts_of(self.asked(request))

    def texts_of(self, asked: Json) -> list[Text]:
        """The texts of what was asked."""
        return texts(asked, self._sent)

    def shown_in_url(self, request: Request) -> Iterator[tuple[str, str]]:
        """(location, text) of what a URL says, but where the contract itself puts a secret there."""
        for name, text in self.path_values(request.url).items():
            yield f"path.{name}", text
        for name, text in parse_qsl(request.url.partition("?")[2]):
            parameter = self._query.get(name)
            if parameter is None or not _holds_secret(parameter):
                yield f"query.{name if parameter else ELLIPSIS}", text

    def unnamed_secrets(self, value: Json, status: int) -> list[str]:
        """Pointers of a reply's texts whose members the contract does not name, and that are called as secrets are."""
        found: list[str] = []
        _gather_unnamed(value, self._place(status), "", found)
        return list(dict.fromkeys(found))

    def told(self, value: Json, status: int) -> list[Text]:
        """The texts of a reply's body; an undocumented success is read as a documented one."""
        return texts(value, self._place(status))

    def repeats(self, asked: Json, told: Json, status: int, url: str) -> bool:
        """Whether a reply's members that have to repeat something do; false if it takes a closer look."""
        echoes = self._echoes.get(status)
        if not echoes or not isinstance(told, dict):
            return True
        path = self.path_values(url)
        for name, expression in echoes:
            where, _, what = expression.removeprefix("$request.").partition("." if "path." in expression else "#/")
            known = path if where == "path" else asked if isinstance(asked, dict) else {}
            if "/" in what or (told.get(name) is not None and known.get(what, told[name]) not in (told[name], "")):
                return False
        return True

    def credentials(self, request: Request) -> Iterator[str]:
        """What a request proves its caller's right with, without the name of a scheme; of `Basic`, the password too."""
        headers = {name.lower(): value for name, value in request.headers}
        scheme, _, token = headers.get("authorization", "").strip().partition(" ")
        if token or scheme:
            yield token.strip() or scheme
        if scheme.lower() == "basic":
            yield _password(token)
        for each in self._schemes:
            if each.kind != "apiKey":
                continue
            if each.where == "header":
                yield headers.get(each.name.lower(), "")
            elif each.where == "cookie":
                pairs = (pair.strip().partition("=") for pair in headers.get("cookie", "").split(";"))
                yield from (value for name, _, value in pairs if name == each.name)
            else:
                yield from (value for name, value in parse_qsl(request.url.partition("?")[2]) if name == each.name)

    def _place(self, status: int) -> Place | None:
        for name in (str(status), f"{status // 100}XX"):
            if name in self._replies:
                return self._replies[name]
        return self._success if 200 <= status < 300 else self._replies.get("default")


def named_in_url(request: Request) -> list[str]:
    """The segments of a URL's path and the values of its query, decoded."""
    path, _, query = request.url.partition("?")
    segments = path.partition("://")[2].split("/")[1:] or path.split("/")
    if "%" in path:
        segments = [unquote(segment) for segment in segments]
    shown = [segment for segment in segments if segment]
    return [*shown, *(value for _, value in parse_qsl(query))] if query else shown


def _json_place(content: tuple[Media, ...]) -> Place | None:
    """Of the first JSON body, else of the first one: forms have the same members."""
    described = [media for media in content if media.schema is not None]
    described.sort(key=lambda media: not _is_json(media.media_type))
    for media in described[:1]:
        assert media.schema is not None
        return Place(media.schema.value, media.schema.resolve)
    return None


def _holds_secret(parameter: Parameter) -> bool:
    schema = parameter.schema
    return sounds_secret(parameter.name) or (schema is not None and is_secret(schema.value, schema.resolve))


def _is_map(schema: Json, resolve: Resolve, depth: int = 8) -> bool:
    """Whether a schema, itself or through what it uses, describes members that it does not name."""
    if not isinstance(schema, dict) or depth == 0:
        return False
    others = (schema.get("additionalProperties"), schema.get("patternProperties"))
    return any(isinstance(each, dict) and each for each in others) or any(
        _is_map(each, resolve, depth - 1) for each in _used(schema, resolve)
    )


def _used(schema: Json, resolve: Resolve) -> list[Json]:
    """The parts of a schema that hold for the same value."""
    target = schema.get("$ref")
    return [*(schema.get("allOf") or ()), *([resolve(target)[0]] if isinstance(target, str) else ())]


def _is_listed(schema: Json, resolve: Resolve, depth: int = 8) -> bool:
    """Whether a schema lists its values, itself or through what it uses."""
    if not isinstance(schema, dict) or depth == 0:
        return False
    if "enum" in schema or "const" in schema:
        return True
    return any(_is_listed(each, resolve, depth - 1) for each in _used(schema, resolve))


def _is_json(media_type: str) -> bool:
    parsed = parse_media_type(media_type)
    return parsed is not None and parsed.is_json


def _echoes(reply: Reply) -> Iterator[tuple[str, str]]:
    for media in reply.content:
        if media.schema is not None:
            for name, member in properties(media.schema.value, media.schema.resolve).items():
                if isinstance(member, dict) and isinstance(member.get("x-watchword-echo"), str):
                    yield name, member["x-watchword-echo"]


def _password(token: str) -> str:
    """RFC 7617 section 2."""
    try:
        return base64.b64decode(token, validate=True).decode("utf-8", "replace").partition(":")[2]
    except (binascii.Error, ValueError):
        return ""
