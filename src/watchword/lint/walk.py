"""Every object of an OpenAPI document by its kind, in document order. Judges nothing.

What a kind holds is data (`FIELDS`). A `$ref` is followed once, so that objects in other files are met too, and each
object is met where it stands, not where it is used.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Literal

from watchword.contract import subschemas
from watchword.document import DanglingReference, Library, Node
from watchword.ground import parse_pointer, render_pointer

Shape = Literal["one", "list", "map"]
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")

_PARAMETER: Mapping[str, tuple[Shape, str]] = {
    "schema": ("one", "schema"),
    "content": ("map", "media"),
    "examples": ("map", "example"),
}

FIELDS: Mapping[str, Mapping[str, tuple[Shape, str]]] = {
    "document": {
        "info": ("one", "info"),
        "servers": ("list", "server"),
        "tags": ("list", "tag"),
        "paths": ("map", "path-item"),
        "webhooks": ("map", "path-item"),
        "components": ("one", "components"),
    },
    "components": {
        "schemas": ("map", "schema"),
        "responses": ("map", "response"),
        "parameters": ("map", "parameter"),
        "examples": ("map", "example"),
        "requestBodies": ("map", "body"),
        "headers": ("map", "header"),
        "securitySchemes": ("map", "security-scheme"),
        "links": ("map", "link"),
        "callbacks": ("map", "callback"),
        "pathItems": ("map", "path-item"),
        "mediaTypes": ("map", "media"),
    },
    "path-item": {
        "parameters": ("list", "parameter"),
        "servers": ("list", "server"),
        "additionalOperations": ("map", "operation"),
        **dict.fromkeys(METHODS, ("one", "operation")),
    },
    "operation": {
        "parameters": ("list", "parameter"),
        "requestBody": ("one", "body"),
        "responses": ("map", "response"),
        "callbacks": ("map", "callback"),
        "servers": ("list", "server"),
    },
    "parameter": _PARAMETER,
    "header": _PARAMETER,
    "body": {"content": ("map", "media")},
    "response": {"headers": ("map", "header"), "content": ("map", "media"), "links": ("map", "link")},
    "media": {
        "schema": ("one", "schema"),
        "itemSchema": ("one", "schema"),
        "examples": ("map", "example"),
        "encoding": ("map", "encoding"),
        "itemEncoding": ("one", "encoding"),
        "prefixEncoding": ("list", "encoding"),
    },
    "encoding": {"headers": ("map", "header")},
    "link": {"server": ("one", "server")},
}
"""Kind -> field -> how many, and of which kind."""
_NAMED = frozenset({"properties", "$defs", "definitions"})
_HOLDERS = frozenset({*FIELDS, "schema", "callback"})


@dataclass(frozen=True, slots=True)
class Spot:
    """One object of a known kind.

    `via` is the field of its owner that holds it (`properties`, `responses`), `name` its key there or the name that a
    parameter gives it; both are empty for the root.
    """

    kind: str
    node: Node
    via: str
    name: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A `$ref`: who holds it, and what it leads to in the end, if anything."""

    holder: Spot
    target: Node | None


def walk(library: Library) -> tuple[list[Spot], list[Reference]]:
    """All spots and all references, those of the root document first."""
    spots: list[Spot] = []
    references: list[Reference] = []
    seen: set[tuple[int, str]] = set()
    pending = [Spot("document", library.root.root, "", "")]
    elsewhere: list[Spot] = []
    while pending or elsewhere:
        spot = pending.pop() if pending else elsewhere.pop(0)
        key = (id(spot.node.document), spot.node.pointer)
        if key in seen:
            continue
        seen.add(key)
        spots.append(spot)
        value = spot.node.value
        if isinstance(value, dict) and isinstance(value.get("$ref"), str):
            target = _target(library, spot.node)
            references.append(Reference(spot, target))
            if target is not None and isinstance(target.value, dict | bool if spot.kind == "schema" else dict):
                elsewhere.append(Spot(spot.kind, target, spot.via, _target_name(spot, target)))
        if spot.kind in _HOLDERS:
            pending.extend(reversed(list(_below(spot))))
    return spots, references


def _target(library: Library, node: Node) -> Node | None:
    try:
        return library.resolve(node.value["$ref"], node.document)
    except DanglingReference:
        return None


def _target_name(spot: Spot, target: Node) -> str:
    owner, _, name = target.pointer.rpartition("/")
    return parse_pointer(f"/{name}")[0] if owner.endswith(("/schemas", "/parameters", "/$defs")) else spot.name


def _below(spot: Spot) -> Iterator[Spot]:
    if spot.kind == "schema":
        yield from _subschemas(spot)
    elif spot.kind == "callback":
        for name, child in spot.node.members():
            if not name.startswith("x-") and name != "$ref" and isinstance(child.value, dict):
                yield Spot("path-item", child, "callback", name)
    else:
        fields = FIELDS.get(spot.kind, {})
        value = spot.node.value
        for field in value if isinstance(value, dict) else ():
            if field in fields:
                yield from _held(spot, field, *fields[field])


def _held(spot: Spot, field: str, shape: Shape, kind: str) -> Iterator[Spot]:
    child = spot.node.child(field)
    types: type | UnionType = dict | bool if kind == "schema" else dict
    if shape == "one":
        name = field
        if kind == "schema" and spot.kind in ("parameter", "header"):
            given = spot.node.value.get("name")
            name = given if isinstance(given, str) else spot.name
        if isinstance(child.value, types):
            yield Spot(kind, child, field, name)
    elif shape == "list":
        for index, item in enumerate(child.items()):
            if isinstance(item.value, dict):
                yield Spot(kind, item, field, str(index))
    else:
        for name, member in child.members():
            is_named = field in ("responses", "paths") and name.startswith("x-")
            if isinstance(member.value, types) and not is_named:
                yield Spot(kind, member, field, name)


def _subschemas(spot: Spot) -> Iterator[Spot]:
    node = spot.node
    for tokens, value in subschemas(node.value):
        if isinstance(value, dict | bool):
            name = tokens[1] if tokens[0] in _NAMED else spot.name
            yield Spot("schema", Node(node.document, node.pointer + render_pointer(tokens), value), tokens[0], name)
