"""What a reading of an Arazzo document finds wrong, and members read with their types checked. Holds no meaning."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from watchword.document import Node
from watchword.ground import Finding, Severity, redact

Json = Any
_TYPES: dict[str, type | tuple[type, ...]] = {
    "text": str,
    "list": list,
    "object": dict,
    "integer": int,
    "number": (int, float),
}


@dataclass(eq=False, slots=True)
class Notes:
    """Findings so far; `strict` is whether the document follows 1.1, which says more exactly what is wrong.

    `obstacles` are what keeps the workflow that is being read from being run.
    """

    strict: bool = True
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    obstacles: list[Finding] = field(default_factory=list)

    def error(self, rule: str, message: str, node: Node) -> None:
        """The document cannot be used."""
        self.errors.append(Finding(rule, message, place=node.place))

    def warning(self, rule: str, message: str, node: Node) -> None:
        """The document can be used, and somebody should look at this."""
        self.warnings.append(Finding(rule, message, Severity.WARNING, place=node.place))

    def dubious(self, rule: str, message: str, node: Node) -> None:
        """An error in a document of 1.1; of 1.0, whose text allows it, a warning."""
        (self.error if self.strict else self.warning)(rule, message, node)

    def obstacle(self, message: str, node: Node) -> None:
        """The workflow cannot be run here."""
        finding = Finding("not-runnable", message, Severity.WARNING, place=node.place)
        self.warnings.append(finding)
        self.obstacles.append(finding)

    def member(self, node: Node, name: str, kind: str, *, required: bool = False) -> Node | None:
        """A member of this kind (a key of `_TYPES`), or `None`; what is missing or of another type is noted."""
        found = node.get(name)
        if found is None:
            if required:
                self.error("field-missing", f"`{name}` is missing", node)
            return None
        if not isinstance(found.value, _TYPES[kind]) or isinstance(found.value, bool):
            shown = redact(found.value, secret=False) if kind == "text" else type(found.value).__name__
            self.error("field-type", f"`{name}` must be of the type {kind}, not {shown}", found)
            return None
        return found

    def text(self, node: Node, name: str, *, required: bool = False) -> str | None:
        """A member that is a string."""
        found = self.member(node, name, "text", required=required)
        return None if found is None else str(found.value)

    def number(self, node: Node, name: str, kind: str, default: float) -> float:
        """A member that is a number of at least 0."""
        found = self.member(node, name, kind)
        if found is None:
            return default
        if found.value < 0:
            self.error("field-type", f"`{name}` must not be negative", found)
            return default
        return float(found.value)

    def objects(self, node: Node, name: str, *, required: bool = False) -> Iterator[Node]:
        """The items of a list of objects."""
        found = self.member(node, name, "list", required=required)
        if found is None:
            return
        if required and not found.value:
            self.error("field-missing", f"`{name}` must have at least one entry", found)
        for item in found.items():
            if isinstance(item.value, dict):
                yield item
            else:
                self.error("field-type", f"each of `{name}` must be an object", item)

    def texts(self, node: Node, name: str) -> Iterator[tuple[str, Node]]:
        """The items of a list of strings."""
        found = self.member(node, name, "list")
        for item in found.items() if found else ():
            if isinstance(item.value, str):
                yield item.value, item
            else:
                self.error("field-type", f"each of `{name}` must be a string", item)

    def members(self, node: Node, name: str) -> Iterator[tuple[str, Node]]:
        """The members of a map."""
        found = self.member(node, name, "object")
        yield from found.members() if found else ()
