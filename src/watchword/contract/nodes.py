"""A document's nodes as a reader wants them: references followed, types checked. What is wrong is noted, not raised.

Knows no field of OpenAPI. After a finding the reader goes on with an empty object, so that it finds all the rest.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from watchword.document import DanglingReference, Library, Node
from watchword.ground import Finding


class Nodes:
    """The nodes of one library, and the findings about them so far."""

    __slots__ = ("findings", "library")

    def __init__(self, library: Library, findings: Iterable[Finding] = ()) -> None:
        self.library = library
        self.findings = list(findings)

    def follow(self, node: Node) -> Node:
        """The node itself, or what its `$ref` leads to in the end."""
        try:
            return self.library.follow(node)
        except DanglingReference as error:
            self.findings.append(Finding("dangling-reference", str(error), place=node.place))
            return Node(node.document, node.pointer, {})

    def object(self, node: Node) -> Node:
        """As `follow`, for what must be an object; nothing at all (`text/plain:` in YAML) counts as an empty one."""
        target = self.follow(node)
        if isinstance(target.value, dict):
            return target
        if target.value is not None:
            self._wrong_type(target, "an object")
        return Node(target.document, target.pointer, {})

    def members(self, node: Node, name: str) -> Iterator[tuple[str, Node]]:
        """The members of the object under this name, document order."""
        child = node.get(name)
        if child is not None:
            yield from self.object(child).members()

    def items(self, node: Node, name: str) -> Iterator[Node]:
        """The items of the array under this name, in order."""
        child = node.get(name)
        if child is not None and child.value is not None:
            if not isinstance(child.value, list):
                self._wrong_type(child, "an array")
            yield from child.items()

    def _wrong_type(self, node: Node, wanted: str) -> None:
        self.findings.append(Finding("wrong-type", f"must be {wanted}", place=node.place))


def text(node: Node | None, name: str) -> str | None:
    """The string under this name, or `None` where there is none."""
    value: Any = node.value.get(name) if node and isinstance(node.value, dict) else None
    return value if isinstance(value, str) else None
