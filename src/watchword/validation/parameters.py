"""Parameters and headers of one location each: read by their style, judged by their schema."""

from collections.abc import Callable, Iterator
from typing import Any

from watchword.contract import Media, Parameter
from watchword.contract.kinds import json_types
from watchword.contract.shape import accepts_everything
from watchword.ground import Finding, Side, record, redact
from watchword.validation.broken_rules import broken_rules
from watchword.validation.decode import INTEGER, Readings, Undecodable, decode_json
from watchword.validation.engine import Compiled, Engine
from watchword.validation.forms import form_decoder
from watchword.validation.media import parse_media_type
from watchword.validation.scene import Scene
from watchword.validation.styles import pairs_reader, text_reader, value_decoder

Json = Any

# Formats of OpenAPI that restrict no JSON value which the type admits, as far as the engine is concerned.
_UNASSERTED_FORMATS = frozenset({"binary", "byte", "double", "float", "int32", "int64", "password"})


@record()
class CompiledParameter:
    """One parameter: how to read it from its location, and the schema that judges it, absent where all is allowed."""

    parameter: Parameter
    location: str
    read: Callable[[Any], Readings | None]
    compiled: Compiled | None
    quick: Callable[[str], object] | None
    """Truthy for a valid ASCII text without escapes, where the text alone decides and costs no decoding."""

    def accepts(self, held: Any) -> bool:
        """Whether what the location holds, text or pairs, gives a valid value, or none where none is required."""
        compiled = self.compiled
        try:
            readings = self.read(held)
            if readings is None:
                return not self.parameter.required
            return compiled is None or any(compiled.is_valid(reading) for reading in readings)
        except (Undecodable, UnicodeError):
            return False


def compile_parameter(parameter: Parameter, engine: Engine, side: Side) -> CompiledParameter:
    """The parameter ready for use on one side: response headers are parameters too."""
    schema = parameter.schema or (parameter.media.schema if parameter.media else None)
    types = json_types(schema.value, schema.resolve) if schema else frozenset({"string"})
    compiled = None
    settled = parameter.media is None and len(types) == 1
    if schema is not None and not accepts_everything(schema.value) and not (settled and not _restricts(schema.value)):
        compiled = engine.compiled(schema, side)
    read = parameter_reader(parameter)
    quick: Callable[[str], object] | None = None
    if parameter.media is None and parameter.style in ("simple", "form"):
        if types == {"string"}:
            quick = compiled.is_valid if compiled else accepts_anything
        elif types == {"integer"} and compiled is None:
            quick = INTEGER.fullmatch
    return CompiledParameter(parameter, f"{parameter.where}.{parameter.name}", read, compiled, quick)


def parameter_reader(parameter: Parameter) -> Callable[[Any], Readings | None]:
    """From text for a path or header parameter, from pairs for the others."""
    textual = parameter.where in ("path", "header")
    if parameter.media is None:
        return text_reader(parameter) if textual else pairs_reader(parameter)
    decode = _content_decoder(parameter, parameter.media)
    if textual:
        return decode
    return lambda pairs: decode(pairs[parameter.name][0]) if parameter.name in pairs else None


def _content_decoder(parameter: Parameter, media: Media) -> Callable[[str], Readings]:
    """The reader of a text that a media type describes (3.1.1, Parameter Object, `content`)."""
    given = parse_media_type(media.media_type)
    if given is not None and given.is_form:
        read_form = form_decoder(media)
        return lambda text: read_form(text.encode())
    plain = value_decoder(parameter)
    if given is None or given.is_json:
        return lambda text: [decode_json(plain(text).encode())]
    return lambda text: [plain(text)]


def accepts_anything(_: str) -> bool:
    """The quick check of a parameter that may be any string."""
    return True


def _restricts(schema: Json) -> bool:
    """Whether a schema says more than one type, which reading the text has settled already."""
    rest = {key: value for key, value in schema.items() if key not in ("type", "format")}
    given = schema.get("format")
    return not accepts_everything(rest) or (isinstance(given, str) and given not in _UNASSERTED_FORMATS)


def parameter_findings(scene: Scene, parameter: CompiledParameter, held: Any) -> Iterator[Finding]:
    """What is wrong with a parameter, given the text or the pairs that its location holds."""
    clause = parameter.parameter.clause
    schema = parameter.parameter.schema or (parameter.parameter.media.schema if parameter.parameter.media else None)
    try:
        readings = parameter.read(held)
        if readings is None:
            if parameter.parameter.required:
                yield missing_parameter(scene, parameter)
            return
        compiled = parameter.compiled
        if compiled is None or any(compiled.is_valid(reading) for reading in readings):
            return
    except Undecodable as error:
        given = f"{redact(held)} " if isinstance(held, str) else ""
        yield scene.finding("parameter-format", f"{given}{error}", parameter.location, clause)
        return
    except ValueError:
        yield scene.finding("parameter-format", "is not UTF-8", parameter.location, clause)
        return
    if schema is not None:
        yield from broken_rules(scene, parameter.location, schema, compiled, readings[-1])


def missing_parameter(scene: Scene, parameter: CompiledParameter) -> Finding:
    """The finding for a required parameter that is not there."""
    given = parameter.parameter
    message = f"{given.where} parameter `{given.name}` is missing"
    return scene.finding("missing-parameter", message, parameter.location, given.clause)
