"""Where a request holds a text: reads it there, and puts another one in its place. Judges nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from watchword.contract import Operation
from watchword.ground import Request, parse_pointer
from watchword.mock.answer import render_json
from watchword.mock.faults.steps import Change, path_values, with_path_value
from watchword.validation.decode import Undecodable, decode_json

Json = Any


class Absent:
    """Stands for no value at all; `null` is one."""


ABSENT = Absent()


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of one operation's requests, by the location that findings give it (`body#/secret`, `path.id`)."""

    operation: Operation
    location: str

    @property
    def short(self) -> str:
        """The place in a fault's name: the member or parameter."""
        return self.location.partition("#")[2].strip("/").replace("/", ".") or self.location.partition(".")[2] or "body"

    def read(self, request: Request) -> Json:
        """The value there, `ABSENT` where there is none."""
        where, _, name = self.location.partition(".")
        if self.location.startswith("body"):
            return _within(body_of(request), parse_pointer(self.location.partition("#")[2]))
        if where == "path":
            return path_values(self.operation, request.url).get(name, ABSENT)
        if where == "query":
            return dict(_pairs(request)).get(name, ABSENT)
        return next((value for given, value in request.headers if given.lower() == name.lower()), ABSENT)

    def write(self, request: Request, value: Json) -> Request:
        """The request with another value there; `ABSENT` takes it out of a body."""
        where, _, name = self.location.partition(".")
        if self.location.startswith("body"):
            pointer = parse_pointer(self.location.partition("#")[2])
            return replace(request, body=render_json(_planted(body_of(request), pointer, value)))
        text = value if isinstance(value, str) else str(value)
        if where == "path":
            raw = quote(text, safe="", errors="surrogateescape")
            return replace(request, url=with_path_value(self.operation, request.url, name, raw))
        if where == "query":
            pairs = [(given, text if given == name else old) for given, old in _pairs(request)]
            query = urlencode(pairs, errors="surrogateescape")
            return replace(request, url=f"{request.url.partition('?')[0]}?{query}")
        headers = [(given, text if given.lower() == name.lower() else old) for given, old in request.headers]
        return replace(request, headers=tuple(headers))

    def changed(self, change: Callable[[Json], Json]) -> Change:
        """The requests with what stands there changed; requests without it stay as they are."""

        def of_request(request: Request) -> Request:
            value = self.read(request)
            if isinstance(value, Absent):
                return request
            new = change(value)
            return request if new is value or (type(new) is type(value) and new == value) else self.write(request, new)

        return of_request

    def texts_changed(self, change: Callable[[str], str]) -> Change:
        """The same for texts; other values stay as they are."""
        return self.changed(lambda value: change(value) if isinstance(value, str) else value)


def body_of(request: Request) -> Json:
    """The JSON value of a body, `ABSENT` for a body that is none."""
    try:
        return decode_json(request.body)
    except Undecodable:
        return ABSENT


def _pairs(request: Request) -> list[tuple[str, str]]:
    return parse_qsl(request.url.partition("?")[2], keep_blank_values=True, errors="surrogateescape")


def _within(value: Json, pointer: list[str] | tuple[str, ...]) -> Json:
    for token in pointer:
        key = _key(value, token)
        if key is None:
            return ABSENT
        value = value[key]
    return value


def _planted(value: Json, pointer: list[str] | tuple[str, ...], new: Json) -> Json:
    if not pointer:
        return new
    key = _key(value, pointer[0])
    rest = value.copy()
    if isinstance(new, Absent) and len(pointer) == 1:
        del rest[key]
    else:
        rest[key] = _planted(rest[key], pointer[1:], new)
    return rest


def _key(value: Json, token: str) -> str | int | None:
    """How a value is asked for what stands at a token of a pointer; `None` where it has no such thing."""
    if isinstance(value, list) and token.isdecimal() and int(token) < len(value):
        return int(token)
    return token if isinstance(value, dict) and token in value else None
