"""A file as a tree whose every value knows its file, line and column. Knows nothing of `$ref` or OpenAPI."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from watchword.document.json_reader import JsonProblem, offsets, parse
from watchword.document.yaml_reader import YamlProblem, compose, construct, mark_of
from watchword.ground import (
    BrokenDocument,
    Finding,
    Place,
    UnreadableInput,
    parse_pointer,
    record,
    render_pointer,
    render_token,
)

# What PyYAML and every editor count as the end of a line; `str.splitlines` has more.
_LINE_END = r"\r\n|[\r\n\x85\u2028\u2029]"
Json = Any
"""dict, list, str, int, float, bool or None."""


class Document:
    """One file. `file` is its name as shown in messages, `path` where its relative references start from.

    `graph` holds the marks of a YAML text; those of a JSON text are looked for when first asked for.
    """

    __slots__ = ("_graph", "_lines", "_offsets", "_places", "file", "path", "text", "value")

    def __init__(self, file: str, path: Path, text: str, value: Json, graph: yaml.Node | None = None) -> None:
        self.file = file
        self.path = path
        self.text = text
        self.value = value
        self._graph = graph
        self._offsets: dict[str, int] | None = None
        self._lines: list[int] | None = None
        self._places: dict[str, Place] = {}

    def __repr__(self) -> str:
        return f"Document(file={self.file!r}, path={self.path!r})"

    def with_value(self, value: Json) -> "Document":
        """The same file with another tree of the same shape, whose values stand where the original ones do."""
        return Document(self.file, self.path, self.text, value, self._graph)

    @property
    def root(self) -> "Node":
        """The whole document as a node."""
        return Node(self, "", self.value)

    def place(self, pointer: str) -> Place:
        """Where the value at a pointer stands; that of its deepest existing ancestor where it does not exist."""
        if pointer not in self._places:
            self._places[pointer] = self._find_place(pointer)
        return self._places[pointer]

    def _find_place(self, pointer: str) -> Place:
        if self._graph is not None:
            line, column = mark_of(self._graph, pointer)
            return Place(self.file, line, column, pointer)
        if self._offsets is None:
            self._offsets = offsets(self.text)
        tokens = parse_pointer(pointer)
        while tokens and render_pointer(tokens) not in self._offsets:
            tokens.pop()
        offset = self._offsets.get(render_pointer(tokens), 0)
        if self._lines is None:
            self._lines = [0, *(match.end() for match in re.finditer("\n", self.text))]
        line = bisect_right(self._lines, offset)
        return Place(self.file, line, offset - self._lines[line - 1] + 1, pointer)


@record()
class Node:
    """A value of a document with its address there (an RFC 6901 JSON Pointer)."""

    document: Document
    pointer: str
    value: Json

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.document.place(self.pointer)

    def child(self, token: str | int) -> "Node":
        """The member or item; raises `KeyError` or `IndexError` where there is none."""
        return Node(self.document, f"{self.pointer}/{render_token(token)}", self.value[token])

    def get(self, token: str) -> "Node | None":
        """The member of an object, or `None` where this is no object or has no such member."""
        return self.child(token) if isinstance(self.value, dict) and token in self.value else None

    def members(self) -> "Iterator[tuple[str, Node]]":
        """The members of an object in document order; nothing for any other value."""
        if isinstance(self.value, dict):
            for key in self.value:
                yield key, self.child(key)

    def items(self) -> "Iterator[Node]":
        """The items of an array in order; nothing for any other value."""
        if isinstance(self.value, list):
            for index in range(len(self.value)):
                yield self.child(index)


def load(path: str | Path, *, shown: str | None = None) -> Document:
    """The document in a file, which messages call `shown`, or else by its path as given.

    Raises `UnreadableInput` where the file cannot be opened or decoded, `BrokenDocument` (with line, column and a
    caret) where it is neither YAML 1.2 nor JSON.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableInput(f"{shown or path}: {error.strerror or error}") from None
    return read(content, file=shown or str(path), path=path)


def read(content: bytes, *, file: str, path: Path) -> Document:
    """The document in these bytes; raises as `load` does."""
    text = _decoded(content, file)
    if path.suffix.lower() == ".json" or text.lstrip()[:1] in ("{", "["):
        try:
            return Document(file, path, text, parse(text))
        except JsonProblem as problem:
            if path.suffix.lower() == ".json":
                raise _broken(file, text, "JSON", problem.reason, *_line_and_column(text, problem.offset)) from None
    try:
        graph = compose(text)
        return Document(file, path, text, construct(graph), graph)
    except YamlProblem as problem:
        raise _broken(file, text, "YAML", problem.reason, problem.line, problem.column) from None


def _decoded(content: bytes, file: str) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        raise UnreadableInput(
            f"{file}:{line}:{column}: byte 0x{content[error.start]:02X} is not valid {encoding.upper()[:6].strip('-')}"
        ) from None


def _broken(file: str, text: str, language: str, reason: str, line: int, column: int) -> BrokenDocument:
    lines = re.split(_LINE_END, text)
    shown = lines[line - 1] if line <= len(lines) else ""
    start = max(0, min(column - 40, len(shown) - 72))
    excerpt = "".join(_visible(character) for character in shown[start : start + 72])
    message = f"not valid {language}: {reason}\n  {excerpt}\n  {' ' * (column - 1 - start)}^"
    return BrokenDocument(file, [Finding(f"{language.lower()}-syntax", message, place=Place(file, line, column))])


def _visible(character: str) -> str:
    return " " if character == "\t" else character if character.isprintable() else "\N{REPLACEMENT CHARACTER}"


def _line_and_column(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
