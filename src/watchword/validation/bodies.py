"""Bodies: the documented media type that a Content-Type selects, and the body decoded and judged by its schema."""

from collections.abc import Callable, Iterator
from typing import Any

from watchword.contract import Media
from watchword.contract.shape import accepts_everything
from watchword.ground import Finding, Side, record
from watchword.validation.broken_rules import broken_rules
from watchword.validation.decode import Readings, Undecodable, decode_json
from watchword.validation.engine import Compiled, Engine
from watchword.validation.forms import form_decoder, multipart_decoder
from watchword.validation.media import MediaType, best_match, parse_media_type
from watchword.validation.scene import Scene

Json = Any
Decoder = Callable[[bytes], Readings]

# Distinct Content-Type texts remembered per body; more than this is somebody's noise.
_MOST_REMEMBERED = 256


@record()
class CompiledMedia:
    """One documented media type. No `decode`: the body is bytes to us; no `compiled`: all is allowed."""

    media: Media
    is_json: bool
    decode: Decoder | None
    compiled: Compiled | None


class Content:
    """The media types of one body or reply."""

    __slots__ = ("_engine", "_side", "_types", "documented", "known")

    def __init__(self, content: tuple[Media, ...], engine: Engine, side: Side) -> None:
        self.documented = content
        self._types = [parse_media_type(media.media_type) or MediaType("", "") for media in content]
        self._engine = engine
        self._side = side
        self.known: dict[str, CompiledMedia] = {}

    def find(self, content_type: str) -> CompiledMedia | None:
        """The documented media type that a Content-Type falls under, or `None`."""
        known = self.known.get(content_type)
        if known is not None:
            return known
        given = parse_media_type(content_type)
        index = best_match(given, self._types) if given else None
        if given is None or index is None:
            return None
        compiled = self._compile(self.documented[index], given)
        if len(self.known) < _MOST_REMEMBERED:
            self.known[content_type] = compiled
        return compiled

    def _compile(self, media: Media, given: MediaType) -> CompiledMedia:
        decode = _decoder(media, given)
        schema = media.schema
        needed = decode is not None and schema is not None and not accepts_everything(schema.value)
        compiled = self._engine.compiled(schema, self._side) if needed and schema is not None else None
        return CompiledMedia(media, given.is_json, decode, compiled)


def body_findings(scene: Scene, content: Content, body: bytes, content_type: str | None) -> Iterator[Finding]:
    """What is wrong with a body that is there: its media type, its syntax, or the rules of its schema."""
    media = content.find(content_type or "")
    if media is None:
        documented = ", ".join(f"`{media.media_type}`" for media in content.documented) or "none"
        given = "no Content-Type is given" if content_type is None else f"{_shown_type(content_type)} is not documented"
        clause = content.documented[0].clause if content.documented else scene.operation.clause
        yield scene.finding("media-type", f"{given}; documented are {documented}", "header.Content-Type", clause)
        return
    if media.decode is None:
        return
    try:
        readings = media.decode(body)
        if media.compiled is None or any(media.compiled.is_valid(reading) for reading in readings):
            return
    except Undecodable as error:
        yield scene.finding("broken-body", str(error), "body", media.media.clause)
        return
    if media.media.schema is not None:
        yield from broken_rules(scene, "body", media.media.schema, media.compiled, readings[-1])


def decoded_conforms(body: bytes, compiled: Compiled | None) -> bool:
    """Whether a body that orjson refuses is JSON all the same, and valid."""
    try:
        value = decode_json(body)
    except Undecodable:
        return False
    return compiled is None or compiled.is_valid(value)


def _shown_type(content_type: str) -> str:
    """A media type that everybody knows, without parameters; any other text may hold a secret."""
    given = parse_media_type(content_type)
    name = f"{given.type}/{given.subtype}" if given else ""
    return f"`{name}`" if name in _KNOWN_TYPES else "the given Content-Type"


_KNOWN_TYPES = frozenset(
    {"application/json", "application/octet-stream", "application/problem+json", "application/x-www-form-urlencoded"}
    | {"application/xml", "application/yaml", "multipart/form-data", "text/csv", "text/html", "text/plain", "text/xml"}
)


def _decoder(media: Media, given: MediaType) -> Decoder | None:
    if given.is_json:
        return lambda body: [decode_json(body)]
    if given.is_form:
        return form_decoder(media)
    if given.is_multipart_form:
        return multipart_decoder(media, given)
    return _text_decoder(given) if given.is_text else None


def _text_decoder(given: MediaType) -> Decoder:
    charset = given.parameter("charset") or "utf-8"

    def decode(body: bytes) -> Readings:
        try:
            return [body.decode(charset)]
        except (UnicodeDecodeError, LookupError):
            raise Undecodable(f"not {'UTF-8' if charset.lower() == 'utf-8' else 'in the declared charset'}") from None

    return decode
