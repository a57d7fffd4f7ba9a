"""`$ref` between and within documents. Holds no rule about where a reference may stand.

References that are a file and a JSON Pointer, which is nearly all of them, are followed here; anchors and `$id`s are
found by a search.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from watchword.document.document import Document, Node, load
from watchword.ground import BrokenDocument, Finding, UnreadableInput, WatchwordError, parse_pointer, render_pointer


class DanglingReference(WatchwordError):
    """A `$ref` that leads nowhere; the message says why."""


@dataclass(eq=False, slots=True)
class Library:
    """A root document and every file that it refers to, each read once."""

    root: Document
    _documents: dict[Path, Document]

    @classmethod
    def of(cls, root: Document) -> "Library":
        """The library around one document; other files are read when a reference needs them."""
        return cls(root, {_absolute(root.path): root})

    @property
    def documents(self) -> tuple[Document, ...]:
        """The root and all files read so far, in order of reading."""
        return tuple(self._documents.values())

    def resolve(self, reference: str, base: Document) -> Node:
        """The value that a `$ref` in `base` names, one step.

        Raises `DanglingReference` where the file or the pointer does not exist, or the reference is remote.
        """
        file, _, fragment = reference.partition("#")
        document = self._document(file, base) if file else base
        if not fragment or fragment.startswith("/"):
            return _at(document, unquote(fragment))
        return _anchored(document, fragment)

    def at(self, file: str, pointer: str) -> Node:
        """The value at a pointer of a file, named as `name` does. Raises `DanglingReference`."""
        return _at(self._document(quote(file), self.root) if file else self.root, pointer)

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
        """One finding per `$ref` that leads nowhere, in all files reached, document order."""
        findings = []
        done: set[Path] = set()
        while pending := [document for document in self.documents if document.path not in done]:
            for document in pending:
                done.add(document.path)
                for pointer, reference in _references(document.value):
                    try:
                        self.follow(self.resolve(reference, document))
                    except DanglingReference as error:
                        findings.append(
                            Finding("dangling-reference", f"`{reference}`: {error}", place=document.place(pointer))
                        )
        return findings

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


def _at(document: Document, pointer: str) -> Node:
    value = document.value
    tokens = parse_pointer(pointer)
    for depth, token in enumerate(tokens):
        if isinstance(value, dict) and token in value:
            value = value[token]
        elif isinstance(value, list) and token.isdecimal() and len(token) < 10 and int(token) < len(value):
            value = value[int(token)]
        else:
            parent = render_pointer(tokens[:depth]) or "the document"
            raise DanglingReference(f"`{token}` is not in {parent} of {document.file}")
    return Node(document, render_pointer(tokens), value)


def _anchored(document: Document, anchor: str) -> Node:
    """The subschema with that `$anchor` or `$dynamicAnchor` (JSON Schema 2020-12 core, section 8.2.2)."""
    pending = [document.root]
    while pending:
        node = pending.pop()
        if isinstance(node.value, dict):
            if anchor in (node.value.get("$anchor"), node.value.get("$dynamicAnchor")):
                return node
            pending.extend(child for _, child in node.members())
        else:
            pending.extend(node.items())
    raise DanglingReference(f"no schema of {document.file} has the anchor `{anchor}`")


def _references(value: object) -> list[tuple[str, str]]:
    """Pointer and text of every `$ref` string; examples and other literal values are not looked into."""
    found: list[tuple[str, str]] = []
    pending: list[tuple[object, tuple[str | int, ...]]] = [(value, ())]
    while pending:
        current, tokens = pending.pop()
        if isinstance(current, dict):
            reference = current.get("$ref")
            if isinstance(reference, str):
                found.append((render_pointer((*tokens, "$ref")), reference))
            literal = _LITERAL if not tokens or tokens[-1] != "properties" else frozenset[str]()
            pending.extend((child, (*tokens, key)) for key, child in reversed(current.items()) if key not in literal)
        elif isinstance(current, list):
            pending.extend((child, (*tokens, index)) for index, child in reversed(list(enumerate(current))))
    return found


_LITERAL = frozenset({"example", "default", "const", "enum"})
