"""One OpenAPI document with everything that rules ask of it, each part made when first asked for. Judges nothing."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from watchword.contract import Clause, Schema
from watchword.contract.schema import DIALECTS, Rewriting
from watchword.contract.schemas import SchemaSource
from watchword.document import DanglingReference, Document, Library, Node
from watchword.lint.walk import METHODS, Reference, Spot, walk

Json = Any
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation under `paths`, with what its path item adds.

    `parameters` are followed and those of the operation replace the path item's; `id` is empty where it has none.
    """

    method: str
    path: str
    id: str
    node: Node
    item: Node
    parameters: tuple[Node, ...]

    @property
    def label(self) -> str:
        """What findings call it."""
        return self.id or f"{self.method} {self.path}"


@dataclass(eq=False)
class Subject:
    """A document that rules look at. `version` is `"3.0"`, `"3.1"` or `"3.2"`; `options` are those of the settings."""

    document: Document
    version: str
    options: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    _made: dict[Callable[..., Any], Any] = field(default_factory=dict)

    def once(self, make: "Callable[[Subject], _Made]") -> _Made:
        """What `make` makes of this subject, made once however many rules ask."""
        if make not in self._made:
            self._made[make] = make(self)
        made: _Made = self._made[make]
        return made

    def option(self, rule: str, name: str, default: Json) -> Json:
        """What the settings say under `[lint.options.RULE]`, else the default."""
        return self.options.get(rule, {}).get(name, default)

    @cached_property
    def library(self) -> Library:
        """The document and the files that it refers to."""
        return Library(self.document)

    @property
    def rewritings(self) -> tuple[Rewriting, ...]:
        """What makes a schema of this version one of JSON Schema 2020-12."""
        return DIALECTS[self.version]

    @property
    def root(self) -> Node:
        """The root of the document."""
        return self.document.root

    @cached_property
    def schemas(self) -> SchemaSource:
        """Schemas as JSON Schema 2020-12."""
        return SchemaSource(self.library, self.version)

    @cached_property
    def _walked(self) -> tuple[list[Spot], list[Reference]]:
        return walk(self.library)

    @property
    def spots(self) -> list[Spot]:
        """Every object of a known kind, document order."""
        return self._walked[0]

    @property
    def references(self) -> list[Reference]:
        """Every `$ref` of such an object."""
        return self._walked[1]

    @cached_property
    def _by_kind(self) -> dict[str, list[Spot]]:
        found: dict[str, list[Spot]] = {}
        for spot in self.spots:
            found.setdefault(spot.kind, []).append(spot)
        return found

    def of(self, kind: str) -> list[Spot]:
        """The objects of one kind, those that are a `$ref` to another left out (schemas stay: they have siblings)."""
        spots = self._by_kind.get(kind, [])
        return spots if kind == "schema" else [spot for spot in spots if "$ref" not in _members(spot.node)]

    def follow(self, node: Node) -> Node | None:
        """The node or what its `$ref` leads to; `None` where that dangles."""
        try:
            return self.library.follow(node)
        except DanglingReference:
            return None

    def followed(self, node: Node | None, name: str) -> Iterator[tuple[str, Node]]:
        """Name and target of the members of an object's member, those left out that dangle."""
        child = node.get(name) if node else None
        for key, member in child.members() if child else ():
            target = self.follow(member)
            if target is not None and isinstance(target.value, dict):
                yield key, target

    def schema(self, node: Node, name: str) -> Schema | None:
        """The schema at a node, `None` where its references dangle."""
        try:
            return self.schemas.schema(node, name, Clause(node))
        except (DanglingReference, RecursionError):
            return None

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """The operations under `paths`, document order."""
        return tuple(self._operations())

    def _operations(self) -> Iterator[Operation]:
        for path, item in self.followed(self.root, "paths"):
            if not path.startswith("/"):
                continue
            methods = [(key, node) for key, node in item.members() if key in METHODS]
            for key, node in [*methods, *self.followed(item, "additionalOperations")]:
                if isinstance(node.value, dict):
                    given = node.value.get("operationId")
                    named = {self._parameter_key(each): each for owner in (item, node) for each in self._given(owner)}
                    method = key.upper() if key in METHODS else key
                    parameters = tuple(named.values())
                    yield Operation(method, path, given if isinstance(given, str) else "", node, item, parameters)

    def _given(self, owner: Node) -> Iterator[Node]:
        listed = owner.get("parameters")
        for node in listed.items() if listed else ():
            target = self.follow(node)
            if target is not None and isinstance(target.value, dict):
                yield target

    @staticmethod
    def _parameter_key(node: Node) -> tuple[str, str]:
        return str(node.value.get("in")), str(node.value.get("name"))

    @cached_property
    def has_sources(self) -> bool:
        """Whether the document tells where its clauses come from."""
        return "x-source" in self.document.text


def template_names(path: str) -> list[str]:
    """The parameters of a path template, left to right."""
    return re.findall(r"\{([^{}]*)\}", path)


def _members(node: Node) -> Mapping[str, Json]:
    return node.value if isinstance(node.value, dict) else {}
