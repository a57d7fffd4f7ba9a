"""Forms to JSON objects: `a=b&c=d`, and multipart. Judges no schema.

OpenAPI 3.1.1, Encoding Object: what a schema says of a member decides how its text is read.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from watchword.contract import Media
from watchword.contract.kinds import ALL_TYPES, json_types
from watchword.contract.shape import items, properties
from watchword.validation.decode import Readings, Undecodable, combined_members, decode_json, scalar, unquoted
from watchword.validation.media import MediaType
from watchword.validation.styles import member_reader, parse_pairs

if TYPE_CHECKING:
    from email.message import Message

Json = Any
Decoder = Callable[[bytes], Readings]


def form_decoder(media: Media) -> Decoder:
    """The reader of an `application/x-www-form-urlencoded` text; each member as its types and encoding want it."""
    encodings = {encoding.name: encoding for encoding in media.encodings}
    schema = media.schema
    resolve = schema.resolve if schema else _nowhere
    named = properties(schema.value, resolve) if schema else {}
    readers = {name: member_reader(name, child, resolve, encodings.get(name)) for name, child in named.items()}

    def decode(body: bytes) -> Readings:
        try:
            pairs = parse_pairs(body.decode())
        except UnicodeDecodeError as error:
            raise Undecodable(f"not UTF-8 at byte {error.start}") from None
        found: dict[str, Readings] = {}
        for name, read in readers.items():
            try:
                readings = read(pairs)
            except Undecodable:
                readings = _as_texts(pairs.get(name), "array" in json_types(named[name], resolve))
            if readings is not None:
                found[name] = readings
        for name in pairs:
            if name not in found:
                found[name] = member_reader(name, True, resolve, None)(pairs) or [""]
        return combined_members(found)

    return decode


def _as_texts(values: list[str] | None, is_list: bool) -> Readings:
    """A member whose text is none of its types: as it stands, so that its schema says what is wrong with it."""
    if values is None:
        raise Undecodable("not a form of the documented members")
    texts = [unquoted(value, plus=True) for value in values]
    return [texts if is_list or len(texts) > 1 else texts[0]]


def multipart_decoder(media: Media, given: MediaType) -> Decoder:
    """The reader of a multipart form (RFC 7578); each part as its member wants it, files as one character per byte."""
    schema = media.schema
    resolve = schema.resolve if schema else _nowhere
    named = properties(schema.value, resolve) if schema else {}

    def decode(body: bytes) -> Readings:
        parts: dict[str, list[Readings]] = {}
        for part in _parts(body, given):
            name = part.get_param("name", header="content-disposition")
            if not isinstance(name, str):
                raise Undecodable("a part of the form has no name")
            child = named.get(name, True)
            parts.setdefault(name, []).append(_part_readings(part, child, resolve))
        found = {}
        for name, readings in parts.items():
            is_list = "array" in json_types(named.get(name, True), resolve) and name in named
            found[name] = [[each[0] for each in readings]] if is_list else readings[0]
        return combined_members(found)

    return decode


def _part_readings(part: "Message", schema: Json, resolve: Callable[[str], tuple[Json, str]]) -> Readings:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    types = json_types(schema, resolve)
    if "array" in types and types != ALL_TYPES:
        types = json_types(items(schema, resolve), resolve)
    if part.get_content_subtype().endswith("json") or ("object" in types and types != ALL_TYPES):
        return [decode_json(content)]
    text = content.decode("utf-8") if _is_utf8(content) else content.decode("latin-1")
    try:
        return scalar(text, types)
    except Undecodable:
        return [text]  # its schema says what is wrong with it


def _parts(body: bytes, given: MediaType) -> "list[Message]":
    from email.message import Message  # forms with files are rare; the parser takes 20 ms to import
    from email.parser import BytesParser

    boundary = given.parameter("boundary")
    if not boundary:
        raise Undecodable("not a multipart form: the Content-Type names no boundary")
    header = f'Content-Type: multipart/form-data; boundary="{boundary}"\r\n\r\n'.encode("latin-1", "replace")
    message = BytesParser().parsebytes(header + body)
    payload = message.get_payload()
    if not message.is_multipart() or not isinstance(payload, list):
        raise Undecodable("not a multipart form: its boundary does not occur")
    return [part for part in payload if isinstance(part, Message)]


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _nowhere(reference: str) -> tuple[Json, str]:
    raise LookupError(reference)
