"""Where a request holds a text: reads it there, and puts another one in its place. Judges nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, unquote, unquote_plus

from watchword.contract import Operation, Parameter
from watchword.contract.kinds import json_types
from watchword.ground import Request, header_values, parse_pointer
from watchword.mock.answer import render_json
from watchword.mock.faults.steps import Change, raw_path_values, with_path_value
from watchword.strategies.instances import Impossible
from watchword.strategies.wire import body_bytes, parameter_wire, sent_type
from watchword.validation.decode import Undecodable
from watchword.validation.media import MediaType, best_match, parse_media_type
from watchword.validation.parameters import parameter_reader
from watchword.validation.sent_bodies import SentBodies
from watchword.validation.styles import parse_pairs

Json = Any


class Absent:
    """Stands for no value at all; `null` is one."""


ABSENT = Absent()


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of one operation's requests, by its location in findings: `body#/a/0`, `path.id`, `query.a#/b`.

    A parameter that is one text is read as it stands, decoded; any other by its style.
    """

    operation: Operation
    location: str

    @property
    def short(self) -> str:
        """The place in a fault's name: the member or parameter, and what is in it."""
        whole, _, pointer = self.location.partition("#")
        return ".".join(filter(None, (whole.partition(".")[2], pointer.strip("/").replace("/", ".")))) or "body"

    def read(self, request: Request) -> Json:
        """The value there, `ABSENT` where there is none."""
        return _within(self._whole(request), self._pointer)

    def write(self, request: Request, value: Json) -> Request:
        """The request with another value there; `ABSENT` takes it out of a body."""
        whole = _planted(self._whole(request), self._pointer, value)
        if self.location.startswith("body"):
            return with_body(self.operation, request, whole)
        return self._with_parameter(request, whole)

    @property
    def _pointer(self) -> tuple[str, ...]:
        return tuple(parse_pointer(self.location.partition("#")[2]))

    @property
    def _parameter(self) -> Parameter:
        where, _, name = self.location.partition("#")[0].partition(".")
        return next(each for each in self.operation.parameters if (each.where, each.name) == (where, name))

    def _whole(self, request: Request) -> Json:
        if self.location.startswith("body"):
            return body_of(self.operation, request)
        parameter = self._parameter
        held = _held(self.operation, parameter, request)
        if held is None or (isinstance(held, dict) and _is_text(parameter) and parameter.name not in held):
            return ABSENT
        if _is_text(parameter):
            text = held if isinstance(held, str) else held[parameter.name][0]
            return _DECODERS.get(parameter.where, unquote)(text).removeprefix(parameter.lead)
        try:
            readings = parameter_reader(parameter)(held)
        except (Undecodable, UnicodeError):
            return ABSENT
        return readings[-1] if readings else ABSENT

    def _with_parameter(self, request: Request, value: Json) -> Request:
        parameter = self._parameter
        if _is_text(parameter):
            text = value if isinstance(value, str) else str(value)
            raw = text if parameter.where == "header" else quote(text, safe="", errors="surrogateescape")
            wire = raw if parameter.where in ("header", "path") else f"{quote(parameter.name, safe='')}={raw}"
            return _put(self.operation, parameter, request, parameter.lead + wire)
        try:
            return _put(self.operation, parameter, request, parameter_wire(parameter, value))
        except Impossible:
            return request

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


def body_of(operation: Operation, request: Request) -> Json:
    """The value of a body, of a form too; `ABSENT` for a body that nobody can read."""
    try:
        return SentBodies(operation).value(request)
    except Undecodable:
        return ABSENT


def with_body(operation: Operation, request: Request, value: Json) -> Request:
    """The request with another value as its body, written as the one before; as it is where that cannot be."""
    given = parse_media_type(next(iter(header_values(request.headers, "Content-Type")), ""))
    if given is None or not (given.is_form or given.is_multipart_form or (given.is_text and not given.is_json)):
        return replace(request, body=render_json(value))
    documented = operation.body.content if operation.body else ()
    index = best_match(given, [parse_media_type(media.media_type) or MediaType("", "") for media in documented])
    if index is None:
        return request
    media = documented[index]
    kind = "form" if given.is_form else "multipart" if given.is_multipart_form else "text"
    try:
        body = body_bytes(media, kind, value)
    except Impossible:
        return request
    headers = tuple((name, text) for name, text in request.headers if name.lower() != "content-type")
    return replace(request, headers=(*headers, ("Content-Type", sent_type(media.media_type))), body=body)


def _is_text(parameter: Parameter) -> bool:
    """Whether a parameter is no list, no object and no JSON: what stands there is its value, whatever its type."""
    schema = parameter.schema
    kinds = json_types(schema.value, schema.resolve) if schema else frozenset({"string"})
    return parameter.media is None and not kinds & {"array", "object"}


def _held(operation: Operation, parameter: Parameter, request: Request) -> str | dict[str, list[str]] | None:
    """What the location of a parameter holds, as it stands in the request: a text, or pairs."""
    if parameter.where == "path":
        return raw_path_values(operation, request.url).get(parameter.name)
    if parameter.where == "header":
        return next(iter(header_values(request.headers, parameter.name)), None)
    if parameter.where == "cookie":
        return parse_pairs("; ".join(header_values(request.headers, "Cookie")).replace("; ", ";"), ";")
    return parse_pairs(request.url.partition("?")[2])


def _put(operation: Operation, parameter: Parameter, request: Request, wire: str) -> Request:
    """The request with what a parameter's location holds replaced."""
    if parameter.where == "path":
        return replace(request, url=with_path_value(operation, request.url, parameter.name, wire))
    if parameter.where == "header":
        own = parameter.name.lower()
        headers = tuple((name, wire if name.lower() == own else text) for name, text in request.headers)
        return replace(request, headers=headers)
    if parameter.where == "cookie":
        old = ";".join(header_values(request.headers, "Cookie")).split(";")
        kept = [pair.strip() for pair in old if not _is_of(parameter, pair.strip())]
        others = tuple((name, text) for name, text in request.headers if name.lower() != "cookie")
        return replace(request, headers=(*others, ("Cookie", "; ".join([*kept, wire]))))
    path, _, query = request.url.partition("?")
    kept = [pair for pair in query.split("&") if pair and not _is_of(parameter, pair)]
    return replace(request, url=f"{path}?{'&'.join([*kept, wire])}")


def _is_of(parameter: Parameter, pair: str) -> bool:
    name = unquote_plus(pair.partition("=")[0])
    return name == parameter.name or (parameter.style == "deepObject" and name.startswith(f"{parameter.name}["))


_DECODERS: dict[str, Callable[[str], str]] = {"header": str, "query": unquote_plus}


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
