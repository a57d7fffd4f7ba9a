"""Services that take values of wrong types: coerced, taken for something else, or not looked at."""

from collections.abc import Callable, Iterator
from typing import Any

from watchword.mock.faults.named import NamedFault, Namer
from watchword.mock.faults.spots import ABSENT, Spot
from watchword.mock.faults.steps import blind, misread
from watchword.strategies.frame import Frame
from watchword.strategies.instances import Impossible, Site, literals
from watchword.strategies.shape import type_rules, types_of

Json = Any
Reading = Callable[[Json], Json]


def lax_values(namer: Namer, frame: Frame) -> Iterator[NamedFault]:
    """The faults of the members of a body, and of the parameters that are no texts."""
    if frame.content is not None:
        root = Site((), frame.content.node, sure=True)
        for site in (root, *frame.sites):
            if frame.content.kind == "json":
                yield from _member(namer, frame, site)
            else:
                yield from _required(namer, frame, site, site.location)
    for parameter in frame.parameters:
        yield from _parameter(namer, frame, parameter)


def _member(namer: Namer, frame: Frame, site: Site) -> Iterator[NamedFault]:
    location = site.location
    spot = Spot(namer.operation, location)
    kinds = types_of(site.node.value, site.node.resolve)
    rules = type_rules(site.node)
    if rules and site.path:
        fault = blind(lambda found: found.rule in rules and found.location == location)
        yield namer.named("too lax", f"{spot.short}/any-type", f"{location}: any type is taken", fault)
    for kind in sorted(kinds):
        for name, about, reads, needs in _COERCED.get(kind, ()):
            if needs not in kinds and _may_pass(frame, site, name):
                fault = misread(spot.changed(reads))
                yield namer.named("too lax", f"{spot.short}/{name}", f"{location}: {about}", fault)
    if site.path and "null" not in kinds and _minimal(frame) == {}:
        fault = misread(spot.changed(lambda value: ABSENT if value is None else value))
        yield namer.named("too lax", f"{spot.short}/null-as-absent", f"{location}: null is taken for nothing", fault)
    listed = literals(frame.instances.view(site.node, "string")) if kinds == {"string"} else None
    if listed and len(listed) > 1:
        default = str(listed[0])
        fault = misread(spot.texts_changed(lambda text: text if text in listed else default))
        about = f"{location}: a value that is not listed is taken for the default"
        yield namer.named("too lax", f"{spot.short}/unknown-as-default", about, fault)
    yield from _required(namer, frame, site, location)


def _minimal(frame: Frame) -> Json:
    try:
        return frame.minimal
    except Impossible:
        return None


def _may_pass(frame: Frame, site: Site, name: str) -> bool:
    """Whether some value that is read so then keeps the other rules."""
    if name.endswith("-as-object"):
        return name == "item-as-object" or _minimal(frame) == {}
    if not name.endswith("-as-text") or name == "list-as-text":
        return True
    rules = frame.instances.texts(site.node).rules
    digits = next((length for length in range(1, 40) if rules.accepts("12345678901234567890"[:length])), None)
    return digits is not None if name == "number-as-text" else rules.accepts("true-0-True")


def _required(namer: Namer, frame: Frame, site: Site, location: str) -> Iterator[NamedFault]:
    if "object" not in types_of(site.node.value, site.node.resolve):
        return
    for name, keyword in frame.instances.view(site.node, "object").required().items():
        rule = keyword.rule
        fault = blind(lambda found, rule=rule: found.rule == rule and found.location == location)  # type: ignore[misc]
        about = f"{location}: the member {name} may be left out"
        yield namer.named("too lax", f"{name}/not-required", about, fault)


def _parameter(namer: Namer, frame: Frame, parameter: Any) -> Iterator[NamedFault]:
    location = f"{parameter.where}.{parameter.name}"
    spot = Spot(namer.operation, location)
    if parameter.required and parameter.where != "path":
        fault = blind(lambda found: found.location == location and found.rule == "missing-parameter")
        about = f"{location}: a required parameter may be left out"
        yield namer.named("too lax", f"{parameter.name}/not-required", about, fault)
    try:
        kinds = types_of(frame.parameter_node(parameter).value, frame.parameter_node(parameter).resolve)
    except Impossible:
        return
    if kinds and kinds <= {"integer", "number"}:
        for name, about, reads in _NUMBERS:
            fault = misread(spot.texts_changed(reads))
            yield namer.named("too lax", f"{parameter.name}/{name}", f"{location}: {about}", fault)


def _as_text(value: Json) -> Json:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _as_item(value: Json) -> Json:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _as_object(kind: type | tuple[type, ...]) -> Reading:
    return lambda value: {} if isinstance(value, kind) and not isinstance(value, dict) else value


def _from_text(known: dict[Json, Json]) -> Reading:
    def read(value: Json) -> Json:
        return next((new for old, new in known.items() if type(old) is type(value) and old == value), value)

    return read


# By the type that is asked for: name, what happens, how, and the type whose presence makes it no fault.
_COERCED: dict[str, tuple[tuple[str, str, Reading, str], ...]] = {
    "string": (
        ("number-as-text", "a number is taken for its digits", _as_text, "number"),
        (
            "true-as-text",
            "true is taken for a text",
            _from_text({True: "true-0-True", False: "false-0-False"}),
            "boolean",
        ),
        ("list-as-text", "a list of one text is taken for it", _as_item, "array"),
    ),
    "boolean": (
        ("text-as-boolean", 'the text "true" is taken for true', _from_text({"true": True, "false": False}), "string"),
        ("number-as-boolean", "1 is taken for true", _from_text({1: True, 0: False}), "integer"),
        ("empty-as-boolean", "an empty text is taken for false", _from_text({"": False}), "string"),
    ),
    "integer": (("text-as-integer", "digits in quotes are taken for a number", _from_text({"1": 1}), "string"),),
    "object": (
        ("list-as-object", "a list is taken for an empty object", _as_object(list), "array"),
        ("item-as-object", "a list of one object is taken for it", _as_item, "array"),
        ("text-as-object", "a text is taken for an empty object", _as_object(str), "string"),
        ("null-as-object", "null is taken for an empty object", _as_object(type(None)), "null"),
        ("number-as-object", "a number is taken for an empty object", _as_object((int, float)), "number"),
    ),
}


def _python_integer(text: str) -> str:
    try:
        return str(int(text))
    except ValueError:
        return text


def _whole(text: str) -> str:
    try:
        number = float(text)
        return str(int(number)) if number.is_integer() else text
    except (ValueError, OverflowError):
        return text


def _leading(text: str) -> str:
    digits = ""
    for character in text:
        if not ("0" <= character <= "9"):
            break
        digits += character
    return digits or text


def _translated(text: str) -> str:
    return "".join(str(int(c)) if c.isdecimal() else c for c in text)


def _wrapped(text: str) -> str:
    return str(int(text) % 2**64) if text.isascii() and text.isdecimal() and len(text) < 60 else text


_NUMBERS: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("as-python-reads-it", "what Python's `int` takes is an integer", _python_integer),
    ("whole-fraction", "`1.0` is taken for an integer", _whole),
    ("plus", "a plus sign is taken", lambda text: text.removeprefix("+")),
    ("leading-digits", "whatever follows the digits is dropped", _leading),
    ("digits-of-any-script", "digits of every script are taken", _translated),
    ("trimmed", "white space around the number is taken", str.strip),
    ("newline-after", "a newline after the number is taken", lambda text: text.removesuffix("\n")),
    ("underscores", "underscores between digits are taken", lambda text: text.replace("_", "")),
    ("hexadecimal", "a hexadecimal number is taken", lambda t: str(int(t, 16)) if t[:2] == "0x" and len(t) < 30 else t),
    ("modulo-2-64", "a number beyond 64 bits is cut", _wrapped),
)
