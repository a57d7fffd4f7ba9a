"""What of a request and a reply a report may show: names and public words as they are, everything else as its shape.

Fail-closed: a string is public where the contract lists it (names of members, members of an enum, constants), where it
is the value of a header that is known to be harmless, or the id of a listed device.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import orjson

from watchword.contract import Contract, Schema
from watchword.ground import redact
from watchword.schemathesis.service import Service
from watchword.validation.decode import Undecodable, decode_json
from watchword.validation.media import MediaType, parse_media_type

Json = Any

_SAFE_HEADERS = frozenset(
    {"accept", "accept-encoding", "accept-ranges", "allow", "cache-control", "connection", "content-encoding"}
    | {"content-length", "date", "expires", "pragma", "server", "transfer-encoding", "user-agent", "vary"}
    | {"x-schemathesis-testcaseid"}
)
_MOST_MEDIA_TYPE = 120
_PART_NAME = re.compile(rb'[; ]name="([^"\r\n]*)"', re.IGNORECASE)
"""The name that a part of a multipart form gives itself (RFC 7578 section 4.2)."""


@dataclass(eq=False)
class Hider:
    """Makes what belongs to one service fit to be shown."""

    service: Service
    _words: frozenset[str] = field(init=False)
    _names: frozenset[str] = field(init=False)
    _media: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        contract = self.service.contract
        words, names = set[str](), set[str]()
        for schema in _schemas(contract):
            for each in _everything(schema):
                names.update(str(name) for name in each.get("properties", {}) or {})
                listed = [*(each.get("enum") or []), each.get("const")]
                words.update(word for word in listed if isinstance(word, str))
        names.update(each.name for operation in contract.operations for each in operation.parameters)
        self._words, self._names = frozenset(words), frozenset(names)
        self._media = frozenset(_media_types(contract))

    def value(self, given: Json) -> Json:
        """A JSON value with its strings and numbers as shapes; objects and lists keep their form."""
        if isinstance(given, str):
            return given if given in self._words else redact(given)
        if isinstance(given, Mapping):
            return {
                str(name) if name in self._names else redact(str(name)): self.value(item)
                for name, item in given.items()
            }
        if isinstance(given, list | tuple):
            return [self.value(item) for item in given]
        return given if given is None or isinstance(given, bool) else redact(given)

    def content(self, body: bytes | None, media_type: str | None = None) -> bytes | None:
        """A body: JSON and forms with shapes for their values, anything else as its size."""
        if not body:
            return body
        try:
            return orjson.dumps(self.value(decode_json(body)))
        except (Undecodable, orjson.JSONEncodeError, RecursionError):
            pairs = _form(body, parse_media_type(media_type or ""))
            return ("&".join(map(self._pair, pairs)) if pairs else redact(body)).encode()

    def _pair(self, pair: tuple[str, str | bytes]) -> str:
        name, value = pair
        shown = value if isinstance(value, str) and value in self._words else redact(value)
        return f"{name if name in self._names else redact(name)}={shown}"

    def header(self, name: str, value: str) -> str:
        """The value of one header."""
        lowered = name.lower()
        if lowered in _SAFE_HEADERS or value in self._words:
            return value
        if lowered == "content-type" and value.lower() in self._media and len(value) <= _MOST_MEDIA_TYPE:
            return value
        kind, is_longer, _ = value.partition(";")
        if lowered == "content-type" and is_longer and kind.strip().lower() in self._media:
            return f"{kind.strip()}; {redact(value.partition(';')[2].strip())}"
        return redact(value)

    def url(self, given: str) -> str:
        """A URL whose path keeps what the template and listed devices say, and whose query keeps public words."""
        parts = urlsplit(given)
        segments = [self._segment(segment) for segment in parts.path.split("/")]
        pairs = [self._pair(pair) for pair in parse_qsl(parts.query, keep_blank_values=True)]
        host = parts.netloc.rpartition("@")[2]
        origin = f"{parts.scheme}://{host}" if host else ""
        return origin + "/".join(segments) + (f"?{'&'.join(pairs)}" if pairs else "")

    def path_value(self, value: object) -> str:
        """The value of a path parameter."""
        text = str(value)
        return text if unquote(text) in self._ids else redact(text)

    @cached_property
    def _ids(self) -> frozenset[str]:
        """The path values of all devices that the target lists."""
        target = self.service.target
        devices = (*target.devices, *target.unknown, *target.foreign)
        return frozenset(value for device in devices for value in device.path.values())

    def _segment(self, segment: str) -> str:
        if not segment or segment in self._segments or unquote(segment) in self._ids:
            return segment
        for prefix in self._prefixes:
            if segment.startswith(prefix):
                rest = segment.removeprefix(prefix)
                return segment if unquote(rest) in self._ids else prefix + redact(rest)
        return redact(segment)

    @cached_property
    def _segments(self) -> set[str]:
        base = urlsplit(self.service.target.url).path
        paths = [base, *(operation.path for operation in self.service.contract.operations)]
        return {segment for path in paths for segment in path.split("/") if "{" not in segment}

    @cached_property
    def _prefixes(self) -> set[str]:
        segments = [s for operation in self.service.contract.operations for s in operation.path.split("/") if "{" in s]
        return {segment.partition("{")[0] for segment in segments} - {""}


def _form(body: bytes, given: MediaType | None) -> Sequence[tuple[str, str | bytes]]:
    """Names and values of the members of a form; none where it is no form, or nobody could read it as one."""
    if given is None:
        return ()
    if given.is_form:
        try:
            return parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict")
        except ValueError:
            return ()
    boundary = given.parameter("boundary") if given.is_multipart_form else None
    if not boundary:
        return ()
    parts = [part.partition(b"\r\n\r\n") for part in body.split(b"--" + boundary.encode("latin-1", "replace"))[1:-1]]
    named = [(_PART_NAME.search(head), content.removesuffix(b"\r\n")) for head, _, content in parts]
    return [(found[1].decode("utf-8", "replace"), content) for found, content in named if found]


def _schemas(contract: Contract) -> Iterator[Schema]:
    for operation in contract.operations:
        bodies = operation.body.content if operation.body else ()
        contents = [*bodies, *(media for reply in operation.replies for media in reply.content)]
        yield from (media.schema for media in contents if media.schema is not None)
        yield from (each.schema for each in operation.parameters if each.schema is not None)


def _media_types(contract: Contract) -> Iterator[str]:
    for operation in contract.operations:
        bodies = operation.body.content if operation.body else ()
        for media in (*bodies, *(media for reply in operation.replies for media in reply.content)):
            yield media.media_type.lower()
            yield f"{media.media_type.lower()}; charset=utf-8"
    yield from ("application/json", "application/json; charset=utf-8", "text/plain", "text/plain; charset=utf-8")


def _everything(schema: Schema) -> Iterator[Mapping[str, Json]]:
    """A schema and all below it, references followed once."""
    seen: set[int] = set()
    waiting: list[Json] = [schema.value]
    while waiting:
        value = waiting.pop()
        if not isinstance(value, dict) or id(value) in seen:
            continue
        seen.add(id(value))
        yield value
        if isinstance(value.get("$ref"), str):
            waiting.append(schema.resolve(value["$ref"])[0])
        waiting.extend(_below(value))


def _below(value: Mapping[str, Json]) -> Iterator[Json]:
    for child in value.values():
        if isinstance(child, dict):
            yield child
            yield from (each for each in child.values() if isinstance(each, dict))
        elif isinstance(child, list):
            yield from (each for each in child if isinstance(each, dict))
