"""Schemas of a document on demand: rewritten to JSON Schema 2020-12, references made absolute, each done once."""

from typing import Any
from urllib.parse import quote

from watchword.contract.model import Clause, Schema
from watchword.contract.schema import DIALECTS, is_reference_alone, rewritten, schema_name
from watchword.document import DanglingReference, Document, Library, Node

Json = Any


class SchemaSource:
    """All schemas of one library under one version's dialect (`"3.0"`, `"3.1"`, `"3.2"`)."""

    __slots__ = ("_has_anchors", "_values", "library", "version")

    def __init__(self, library: Library, version: str) -> None:
        self.library = library
        self.version = version
        self._values: dict[str, Json] = {}
        text = library.root.text
        self._has_anchors = "$anchor" in text or "$dynamicAnchor" in text

    def schema(self, node: Node, name: str, owner: Clause) -> Schema:
        """The schema at a node; one that is only a `$ref` is what it leads to, under that one's name."""
        value = self._value(node)
        if is_reference_alone(value):
            return self.schema(self.library.resolve(value["$ref"], self.library.root), name, owner.within(node))
        clause = owner.within(node)
        return Schema(value, schema_name(value, node.pointer, name), self.address(node), clause, self.resolve)

    def resolve(self, reference: str) -> tuple[Json, str]:
        """What an absolute reference names: the schema and its address. Raises `DanglingReference`."""
        node = self.library.resolve(reference, self.library.root)
        return self._value(node), self.address(node)

    def address(self, node: Node) -> str:
        """The node's pointer within the root document, `file#pointer` in any other."""
        return (
            node.pointer if node.document is self.library.root else f"{self.library.name(node.document)}#{node.pointer}"
        )

    def node(self, address: str) -> Node:
        """The node at an address. Raises `DanglingReference`."""
        if not address or address.startswith("/"):
            return self.library.at("", address)
        file, _, pointer = address.partition("#")
        return self.library.at(file, pointer)

    def _value(self, node: Node) -> Json:
        address = self.address(node)
        if address not in self._values:
            self._values[address] = self._rewritten(node)
        return self._values[address]

    def _rewritten(self, node: Node) -> Json:
        document = node.document
        rewritings = DIALECTS[self.version]
        plain = document is self.library.root and not self._has_anchors
        if not rewritings and plain:
            return node.value

        def rewrite(schema: dict[str, Json]) -> dict[str, Json]:
            for rewriting in rewritings:
                schema = rewriting(schema)
            return schema if plain else self._absolute(schema, document)

        return rewritten(node.value, rewrite)

    def _absolute(self, schema: dict[str, Json], document: Document) -> dict[str, Json]:
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return schema
        try:
            target = self.library.resolve(reference, document)
        except DanglingReference:
            return schema
        return {**schema, "$ref": f"{quote(self.library.name(target.document))}#{quote(target.pointer, safe='/~')}"}
