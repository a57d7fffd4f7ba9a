"""Every example and default of a document with the schema that it should meet. Judges nothing.

OpenAPI allows them on media types, parameters, headers and schemas (3.1.1: 4.8.12, 4.8.14, 4.8.21, 4.8.24).
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from watchword.document import Document, Node
from watchword.ground import render_pointer
from watchword.lint.hopeless import hopeless
from watchword.lint.instances import Direction, Judge, Wrong, document_uri
from watchword.lint.members import owners
from watchword.lint.subject import Subject
from watchword.lint.types import types_of
from watchword.lint.walk import Spot

Json = Any
Kind = Literal["example", "default"]
Form = Literal["json", "text", "opaque"]


@dataclass(frozen=True, slots=True)
class Given:
    """One value that the author gave.

    A text may be the `text` form of another type (in a parameter), or something `opaque` (XML, a form).
    """

    kind: Kind
    node: Node
    schema: Node
    direction: Direction
    form: Form


def given_values(subject: Subject) -> list[Given]:
    """All of them; those of media types first."""
    return subject.once(_given_values)


def mismatches(subject: Subject, kind: Kind) -> Iterator[tuple[Node, list[Wrong]]]:
    """What breaks its schema in those of a kind: each value within them that is wrong, and how."""
    judge = subject.once(_judge)
    for given in given_values(subject):
        if given.kind != kind:
            continue
        at: dict[str, list[Wrong]] = {}
        for wrong in _errors(subject, judge, given):
            if _is_hopeless(subject, wrong):
                continue  # said where the rules stand
            at.setdefault(render_pointer(wrong.path), []).append(wrong)
        for pointer, errors in at.items():
            yield Node(given.node.document, given.node.pointer + pointer, None), errors


def _errors(subject: Subject, judge: Judge, given: Given) -> list[Wrong]:
    value = given.node.value
    if (
        given.form == "text"
        and isinstance(value, int | float)
        and _types(subject, given.schema) == frozenset({"string"})
    ):
        errors = judge.errors(given.schema, json.dumps(value), given.direction)
        return errors or [Wrong((), "is no text, though sent as one", is_slight=True)]
    if given.kind == "example" and isinstance(value, str) and given.form != "json":
        if given.form == "opaque":
            return []
        types = _types(subject, given.schema)
        if types is None or not types <= _SCALARS:
            return []  # how lists and objects are written is up to `style`
        if "string" not in types:
            value = _read(value, types)
            if value is None:
                return [Wrong((), f"is not of type {' or '.join(sorted(types))}")]
    errors = judge.errors(given.schema, value, given.direction)
    if errors and isinstance(value, str) and not errors[0].path and _fits_when_read(judge, given, value):
        return [Wrong((), "is a text that holds what is meant", is_slight=True)]
    return [replace(wrong, is_slight=True) if _is_idle_null(subject, given, wrong) else wrong for wrong in errors]


def _fits_when_read(judge: Judge, given: Given, text: str) -> bool:
    """Whether the text is JSON that meets the schema: some tools write examples like that."""
    if text.lstrip()[:1] not in ("{", "["):
        return False
    try:
        return not judge.errors(given.schema, json.loads(text), given.direction)
    except ValueError:
        return False


def _is_idle_null(subject: Subject, given: Given, wrong: Wrong) -> bool:
    """Whether it is null beside a `nullable` without effect: in 3.0 for want of a `type`, later at all."""
    if not _is_null(given.node.value, wrong.path):
        return False
    document = _document(subject, wrong.keyword[0])
    if document is None:
        return False
    schema = subject.library.at(subject.library.name(document), wrong.keyword[1].rpartition("/")[0]).value
    return isinstance(schema, dict) and schema.get("nullable") is True


def _is_null(value: Json, path: tuple[str | int, ...]) -> bool:
    for token in path:
        if not isinstance(value, dict | list):
            return False
        value = value[token]  # type: ignore[index]
    return value is None


def _document(subject: Subject, uri: str) -> Document | None:
    return next((each for each in subject.library.documents if document_uri(subject, each) == uri), None)


def _is_hopeless(subject: Subject, wrong: Wrong) -> bool:
    """Whether the schema that is broken can be met by nothing."""
    uri, pointer = wrong.keyword
    document = _document(subject, uri)
    pointer = pointer.rpartition("/")[0]
    return document is not None and any((id(document), each) in hopeless(subject) for each in owners(pointer))


_SCALARS = frozenset({"boolean", "integer", "null", "number", "string"})
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


def _types(subject: Subject, schema: Node) -> frozenset[str] | None:
    target = subject.follow(schema)
    return types_of(target.value, subject.version) if target is not None else None


def _read(text: str, types: frozenset[str]) -> bool | float | None:
    """The value that a text stands for; `None` where it stands for none of the types."""
    if "boolean" in types and text in ("true", "false"):
        return text == "true"
    if types & {"integer", "number"} and _NUMBER.fullmatch(text) and len(text) < 300:
        return int(text) if text.lstrip("-").isdigit() else float(text)
    return None


def _judge(subject: Subject) -> Judge:
    judge = Judge(subject)
    judge.expect((given.schema, given.direction) for given in given_values(subject))
    return judge


def _given_values(subject: Subject) -> list[Given]:
    return list(_given(subject))


def _given(subject: Subject) -> Iterator[Given]:
    for kind in ("media", "parameter", "header"):
        for spot in subject.of(kind):
            schema = spot.node.get("schema")
            if schema is not None:
                direction = _direction(spot)
                form: Form = _form(spot.name) if kind == "media" else "text"
                for node in _examples(subject, spot.node):
                    yield Given("example", node, schema, direction, form)
    parents = _serialised(subject)
    for spot in subject.of("schema"):
        schema_form: Form = "text" if spot.node.pointer in parents else "json"
        for name in ("default", "example"):
            value = spot.node.get(name)
            if value is not None:
                yield Given("default" if name == "default" else "example", value, spot.node, "any", schema_form)
        listed = spot.node.get("examples")
        for node in listed.items() if listed else ():
            yield Given("example", node, spot.node, "any", schema_form)


def _examples(subject: Subject, owner: Node) -> Iterator[Node]:
    single = owner.get("example")
    if single is not None:
        yield single
    for _, example in subject.followed(owner, "examples"):
        for field in ("value", "dataValue"):
            node = example.get(field)
            if node is not None:
                yield node


def _direction(spot: Spot) -> Direction:
    pointer = spot.node.pointer + "/"
    if "/callbacks/" in pointer or "/webhooks/" in pointer:
        return "any"
    if spot.kind == "parameter" or "/requestBody/" in pointer or "/requestBodies/" in pointer:
        return "request"
    return "response" if "/responses/" in pointer else "any"


def _form(media_type: str) -> Form:
    essence = media_type.partition(";")[0].strip().lower()
    if essence == "application/json" or essence.endswith("+json"):
        return "json"
    return "text" if essence == "text/plain" else "opaque"


def _serialised(subject: Subject) -> frozenset[str]:
    """Pointers of the schemas of parameters and headers, whose examples are often written as they are sent."""
    found = set()
    for kind in ("parameter", "header"):
        for spot in subject.of(kind):
            schema = spot.node.get("schema")
            if schema is not None:
                found.add(schema.pointer)
                if isinstance(schema.value, dict) and "items" in schema.value:
                    found.add(f"{schema.pointer}/items")
    return frozenset(found)
