"""`$ref` between and within documents. Holds no rule about where a reference may stand.

References that are a file and a JSON Pointer, which is nearly all of them, are followed here; anchors and `$id`s are
found by a search.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from watchword.document.document import Document, Json, Node, load
from watchword.ground import (
    BrokenDocument,
    Finding,
    UnreadableInput,
    WatchwordError,
    cut,
    parse_pointer,
    render_pointer,
)


class DanglingReference(WatchwordError):
    """A `$ref` that leads nowhere; the message says why."""


class Library:
    """A root document and every file that it refers to, each read once, when a reference needs it."""

    __slots__ = ("_documents", "_resolved", "root")

    def __init__(self, root: Document) -> None:
        self.root = root
        self._documents = {_absolute(root.path): root}
        self._resolved: dict[tuple[str, Document], Node] = {}

    @property
    def documents(self) -> tuple[Document, ...]:
        """The root and all files read so far, in order of reading."""
        return tuple(self._documents.values())

    def resolve(self, reference: str, base: Document) -> Node:
        """The value that a `$ref` in `base` names, one step.

        Raises `DanglingReference` where the file or the pointer does not exist, or the reference is remote.
        """
        key = (reference, base)
        found = self._resolved.get(key)
        if found is None:
            found = self._resolved[key] = self._resolve(reference, base)
        return found

    def _resolve(self, reference: str, base: Document) -> Node:
        file, _, fragment = reference.partition("#")
        start = self._start(file, base) if file else base.root
        fragment = unquote(fragment)
        if not fragment or fragment.startswith("/"):
            return _at(start, fragment)
        return _anchored(start.document, fragment)

    def at(self, file: str, pointer: str) -> Node:
        """The value at a pointer of a file, named as `name` does. Raises `DanglingReference`."""
        return _at((self._document(quote(file), self.root) if file else self.root).root, pointer)

    def name(self, document: Document) -> str:
        """The file's path as a reference from the root document would have it; empty for the root itself."""
        return "" if document is self.root else os.path.relpath(document.path, self.root.path.parent)

    def follow(self, node: Node) -> Node:
        """The node itself, or what its `$ref` leads to in the end.

        Raises `DanglingReference` also where the references form a circle.
        """
        seen: set[tuple[Path, str]] = set()
        while isinstance(node.value, dict) and isinstance(node.value.get("$ref"), str):
            key = (node.document.path, node.pointer)
            if key in seen:
                raise DanglingReference("the reference leads back to itself")
            seen.add(key)
            node = self.resolve(node.value["$ref"], node.document)
        return node

    def dangling(self) -> list[Finding]:
        """One finding per `$ref` that leads nowhere, in all files and places reached, in order of reading."""
        findings = []
        pending = [self.root.root]
        seen: set[tuple[int, bool]] = set()
        while pending:
            start = pending.pop()
            for holder in _holders(start, seen):
                try:
                    target = self.resolve(holder.value["$ref"], holder.document)
                    self.follow(target)
                    pending.append(target.document.root)
                    pending.append(target)  # it may lie where a walk from the root does not look, in an extension
                except DanglingReference as error:
                    message = f"`{cut(holder.value['$ref'])}`: {error}"
                    findings.append(Finding("dangling-reference", message, place=holder.child("$ref").place))
        return findings

    def _start(self, uri: str, base: Document) -> Node:
        """The root of a file, or the schema in `base` that has the URI as its `$id`."""
        try:
            return self._document(uri, base).root
        except DanglingReference:
            found = _first(base.root, lambda value: value.get("$id") == uri)
            if found is None:
                raise
            return found

    def _document(self, file: str, base: Document) -> Document:
        parts = urlsplit(file)
        if parts.scheme not in ("", "file") or parts.netloc:
            raise DanglingReference("remote references are not fetched; save the file beside the document")
        path = base.path.parent / unquote(parts.path)
        key = _absolute(path)
        if key not in self._documents:
            try:
                self._documents[key] = load(path)
            except UnreadableInput as error:
                raise DanglingReference(str(error)) from None
            except BrokenDocument as error:
                raise DanglingReference(str(error).splitlines()[0]) from None
        return self._documents[key]


def _absolute(path: Path) -> Path:
    return path.absolute().resolve()


def _at(start: Node, pointer: str) -> Node:
    value = start.value
    tokens = parse_pointer(pointer)
    for depth, token in enumerate(tokens):
        if isinstance(value, dict) and token in value:
            value = value[token]
        elif isinstance(value, list) and token.isdecimal() and len(token) < 10 and int(token) < len(value):
            value = value[int(token)]
        else:
            parent = start.pointer + render_pointer(tokens[:depth]) or "the document"
            raise DanglingReference(f"`{cut(token)}` is not in {parent} of {start.document.file}")
    return Node(start.document, start.pointer + render_pointer(tokens), value)


def _anchored(document: Document, anchor: str) -> Node:
    """The subschema with that `$anchor` or `$dynamicAnchor` (JSON Schema 2020-12 core, section 8.2.2)."""
    found = _first(document.root, lambda value: anchor in (value.get("$anchor"), value.get("$dynamicAnchor")))
    if found is None:
        raise DanglingReference(f"no schema of {document.file} has the anchor `{cut(anchor)}`")
    return found


def _first(start: Node, wanted: Callable[[dict[str, Json]], bool]) -> Node | None:
    """The first object in document order that is wanted."""
    pending = [start]
    while pending:
        node = pending.pop()
        if isinstance(node.value, dict) and wanted(node.value):
            return node
        pending.extend(reversed([*(child for _, child in node.members()), *node.items()]))
    return None


def _holders(start: Node, seen: set[tuple[int, bool]]) -> Iterator[Node]:
    """Every object with a `$ref` string below a node, document order; examples and other literals are not looked into.

    `seen` are the values that were visited, by identity and by whether their members' names are the author's.
    """
    pending: list[tuple[Json, tuple[str | int, ...], bool]] = [(start.value, (), False)]
    while pending:
        value, tokens, is_map = pending.pop()
        if (id(value), is_map) in seen:
            continue
        seen.add((id(value), is_map))
        if isinstance(value, list):
            pending.extend(
                (value[index], (*tokens, index), False)
                for index in reversed(range(len(value)))
                if isinstance(value[index], dict | list)
            )
        elif isinstance(value, dict):
            if not is_map and isinstance(value.get("$ref"), str):
                yield Node(start.document, start.pointer + render_pointer(tokens), value)
            pending.extend(
                (child, (*tokens, name), not is_map and name in _MAPS)
                for name, child in reversed(value.items())
                if isinstance(child, dict | list) and (is_map or not _is_literal(name, value))
            )


def _is_literal(keyword: str, owner: dict[str, Json]) -> bool:
    if keyword == "examples":
        return isinstance(owner[keyword], list)
    return keyword in _LITERAL or keyword.startswith("x-")


# Keywords whose value is no part of the description, and those whose members have names of the author's choice.
_LITERAL = frozenset({"const", "dataValue", "default", "enum", "example", "value"})
_MAPS = frozenset(
    {"$defs", "additionalOperations", "callbacks", "content", "definitions", "dependentSchemas", "encoding", "examples"}
    | {"headers", "links", "mediaTypes", "parameters", "pathItems", "paths", "patternProperties", "properties"}
    | {"requestBodies", "responses", "schemas", "securitySchemes", "webhooks"}
)
