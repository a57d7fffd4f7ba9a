"""Every example and default of a document with the schema that it should meet. Judges nothing.

OpenAPI allows them on media types, parameters, headers and schemas (3.1.1: 4.8.12, 4.8.14, 4.8.21, 4.8.24).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from watchword.document import Node
from watchword.lint.instances import Direction, Judge
from watchword.lint.subject import Subject
from watchword.lint.walk import Spot

Kind = Literal["example", "default"]


@dataclass(frozen=True, slots=True)
class Given:
    """One value that the author gave. `is_text` says that it may be the text form of another type."""

    kind: Kind
    node: Node
    schema: Node
    direction: Direction
    is_text: bool


def given_values(subject: Subject) -> list[Given]:
    """All of them; those of media types first."""
    return subject.once(_given_values)


def mismatches(subject: Subject, kind: Kind) -> Iterator[tuple[Given, list[str]]]:
    """Those of a kind that break their schema, with at most three things that are wrong.

    The text of an example that may be the form in which another type is sent is not judged.
    """
    judge = subject.once(_judge)
    for given in given_values(subject):
        is_form = kind == "example" and given.is_text and isinstance(given.node.value, str)
        if given.kind == kind and not is_form:
            errors = judge.errors(given.schema, given.node.value, given.direction)
            if errors:
                yield given, errors


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
                is_text = kind != "media" or not _is_json(spot.name)
                for node in _examples(subject, spot.node):
                    yield Given("example", node, schema, direction, is_text)
    parents = _serialised(subject)
    for spot in subject.of("schema"):
        is_text = spot.node.pointer in parents
        for name in ("default", "example"):
            value = spot.node.get(name)
            if value is not None:
                yield Given("default" if name == "default" else "example", value, spot.node, "any", is_text)
        listed = spot.node.get("examples")
        for node in listed.items() if listed else ():
            yield Given("example", node, spot.node, "any", is_text)


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


def _is_json(media_type: str) -> bool:
    essence = media_type.partition(";")[0].strip().lower()
    return essence == "application/json" or essence.endswith("+json")


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
