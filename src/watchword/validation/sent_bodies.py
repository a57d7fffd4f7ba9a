"""The values of an operation's request bodies: JSON, forms and multipart forms, read as their media types say."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from watchword.contract import Media, Operation
from watchword.ground import Request, header_values
from watchword.validation.decode import Readings, Undecodable, decode_json
from watchword.validation.forms import form_decoder, multipart_decoder
from watchword.validation.media import MediaType, best_match, parse_media_type

Json = Any
Decoder = Callable[[bytes], Readings]

_MOST_KNOWN = 256
"""Content types of one operation; a multipart form has a new one each time."""


class SentBodies:
    """The readers of one operation, by content type."""

    def __init__(self, operation: Operation) -> None:
        self._content = operation.body.content if operation.body else ()
        self._known: dict[str, Decoder] = {}
        self._last: tuple[Request | None, Json] = (None, None)

    def read(self, request: Request) -> Json:
        """The value of a request's body, `None` where it has none that can be read.

        One of an undocumented type is read as what it says it is. The last one is remembered: all that judge an
        exchange ask for it.
        """
        last, value = self._last
        if last is not request:
            try:
                value = self.value(request) if request.body else None
            except Undecodable:
                value = None
            self._last = (request, value)
        return value

    def value(self, request: Request) -> Json:
        """The value of a request's body. Raises `Undecodable` where it has none that can be read."""
        content_type = next(iter(header_values(request.headers, "Content-Type")), "")
        decode = self._known.get(content_type)
        if decode is None:
            decode = self._decoder(content_type)
            if len(self._known) < _MOST_KNOWN:
                self._known[content_type] = decode
        return decode(request.body)[-1]

    def _decoder(self, content_type: str) -> Decoder:
        given = parse_media_type(content_type) or MediaType("", "")
        media = self._documented(given)
        if given.is_form:
            return form_decoder(media) if media else _plain_form
        if given.is_multipart_form and media is not None:
            return multipart_decoder(media, given)
        return _text if given.is_text and media is not None and not given.is_json else _json

    def _documented(self, given: MediaType) -> Media | None:
        types = [parse_media_type(media.media_type) or MediaType("", "") for media in self._content]
        index = best_match(given, types)
        return None if index is None else self._content[index]


def _json(body: bytes) -> Readings:
    return [decode_json(body)]


def _text(body: bytes) -> Readings:
    return [body.decode("utf-8", "replace")]


def _plain_form(body: bytes) -> Readings:
    return [dict(parse_qsl(body.decode("utf-8", "replace")))]


class Bodies:
    """The readers of a session, by contract name and operation."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], SentBodies] = {}

    def of(self, contract: str, operation: Operation) -> SentBodies:
        """Those of one operation, made when first asked for."""
        key = (contract, operation.id)
        if key not in self._known:
            self._known[key] = SentBodies(operation)
        return self._known[key]
