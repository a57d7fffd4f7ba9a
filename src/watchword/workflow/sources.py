"""Source descriptions: the documents that workflows are about, and the operations in them. Fetches nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from watchword.contract import Clause, Contract, Operation, read_contract
from watchword.contract.catalogue import contract_name, load_document
from watchword.document import Node
from watchword.ground import BrokenDocument, UnreadableInput, parse_pointer
from watchword.workflow.expression import ExpressionProblem, parse_expression
from watchword.workflow.model import Source, Workflows
from watchword.workflow.notes import Notes

_TYPES: dict[str, Literal["openapi", "arazzo", "asyncapi"]] = {
    "openapi": "openapi",
    "arazzo": "arazzo",
    "asyncapi": "asyncapi",
}


@dataclass(eq=False, slots=True)
class Shelf:
    """Documents at hand: contracts read before, files for URLs that are not fetched, Arazzo files being read."""

    known: Mapping[Path, Contract]
    files: Mapping[str, Path]
    open: tuple[Path, ...] = ()
    read: dict[Path, Workflows] = field(default_factory=dict)

    @classmethod
    def of(cls, known: Iterable[Contract], files: Mapping[str, Path]) -> "Shelf":
        """The shelf with these contracts, found again by their files."""
        return cls({contract.root.document.path.resolve(): contract for contract in known}, files)

    def path(self, url: str, base: Node) -> Path | None:
        """The file for a URL, or `None` for a remote one without a file."""
        if url in self.files:
            return self.files[url]
        parts = urlsplit(url)
        if parts.scheme not in ("", "file") or parts.netloc:
            return None
        return base.document.path.parent / unquote(parts.path)

    def contract(self, path: Path) -> Contract:
        """The contract in a file; raises as `load` and `read_contract` do."""
        return self.known.get(path.resolve()) or read_contract(load_document(path), contract_name(path))


def source_type(node: Node, notes: Notes) -> Literal["openapi", "arazzo", "asyncapi"]:
    """The `type` of a source description; `openapi` where it is not given."""
    text = notes.text(node, "type")
    if text is not None and text not in _TYPES:
        notes.error("field-type", f"`type` must be one of {', '.join(_TYPES)}", node.child("type"))
    return _TYPES.get(text or "openapi", "openapi")


def openapi_contract(url: str, node: Node, shelf: Shelf, notes: Notes) -> Contract | None:
    """The contract of a source, or `None` with a note about why there is none."""
    path = shelf.path(url, node)
    if path is None:
        notes.warning("source-unavailable", f"`{url}` is remote, and remote documents are not fetched", node)
        return None
    try:
        return shelf.contract(path)
    except UnreadableInput as error:
        notes.warning("source-unavailable", str(error), node)
    except BrokenDocument as error:
        notes.errors.extend(error.findings)
    return None


@dataclass(eq=False, slots=True)
class Operations:
    """The operations that steps can name."""

    sources: tuple[Source, ...]
    notes: Notes

    def by_id(self, text: str, node: Node) -> tuple[Source | None, Operation | None]:
        """What an `operationId` names; where it names nothing, that is noted."""
        if text.startswith("$"):
            return self._qualified(text, node)
        candidates = [source for source in self.sources if source.type != "arazzo"]
        if len(candidates) > 1:
            names = " or ".join(f"`$sourceDescriptions.{source.name}.{text}`" for source in candidates)
            self.notes.dubious("ambiguous-operation", f"there are several source descriptions; say {names}", node)
        for source in candidates:
            operation = _operation(source, text)
            if operation or source.contract is None:
                return source, operation
        self._unknown(text, candidates, node)
        return None, None

    def by_path(self, text: str, node: Node) -> tuple[Source | None, Operation | None]:
        """What an `operationPath` names: `{$sourceDescriptions.<name>.url}#/paths/~1pets/get`."""
        reference, hash_, pointer = text.partition("#")
        inner = reference.removeprefix("{").removesuffix("}")
        if not hash_:
            source, operation = self._qualified(inner, node)
            if source and source.type == "asyncapi":  # as the specification's own example writes it
                return source, operation
        found = self._source_of_url(inner, node)
        if found is None or found.type == "asyncapi":
            return found, None
        if found.contract is None:
            return found, None
        tokens = parse_pointer(pointer)
        for operation in found.contract.operations:
            if tokens == ["paths", operation.path, operation.method.lower()]:
                return found, operation
        only_path = len(tokens) == 2 and any(operation.path == tokens[1] for operation in found.contract.operations)
        reason = "names a path, and a method must follow" if only_path else f"names no operation of `{found.name}`"
        self.notes.error("unknown-operation", f"`{text}` {reason}", node)
        return None, None

    def _source_of_url(self, text: str, node: Node) -> Source | None:
        try:
            expression = parse_expression(text, strict=False)
        except ExpressionProblem as problem:
            self.notes.error("bad-expression", f"`{text}`: {problem}", node)
            return None
        if expression.root != "sourceDescriptions" or expression.path[1] != "url":
            self.notes.error("bad-expression", f"`{text}` must be `{{$sourceDescriptions.<name>.url}}`", node)
            return None
        return self._source(expression.path[0], node)

    def _qualified(self, text: str, node: Node) -> tuple[Source | None, Operation | None]:
        try:
            expression = parse_expression(text, strict=False)
        except ExpressionProblem as problem:
            self.notes.error("bad-expression", f"`{text}`: {problem}", node)
            return None, None
        if expression.root != "sourceDescriptions":
            self.notes.error("bad-expression", f"`{text}` must begin with `$sourceDescriptions.`", node)
            return None, None
        source = self._source(expression.path[0], node)
        if source is None:
            return None, None
        operation = _operation(source, expression.path[1])
        if operation is None and source.contract is not None:
            self._unknown(expression.path[1], [source], node)
            return None, None
        return source, operation

    def _source(self, name: str, node: Node) -> Source | None:
        for source in self.sources:
            if source.name == name:
                return source
        known = ", ".join(f"`{source.name}`" for source in self.sources)
        self.notes.error("unknown-source", f"no source description is called `{name}`; there are {known}", node)
        return None

    def _unknown(self, text: str, sources: list[Source], node: Node) -> None:
        known = [operation.id for source in sources if source.contract for operation in source.contract.operations]
        alike = next((each for each in known if each.lower() == text.lower()), None)
        if alike and not self.notes.strict:  # an example of the specification has it so
            self.notes.obstacle(f"no operation is called `{text}`; case matters, and there is `{alike}`", node)
            return
        listed = ", ".join(f"`{each}`" for each in known[:8]) + (" and more" if len(known) > 8 else "")
        self.notes.error("unknown-operation", f"no operation is called `{text}`; there are {listed or 'none'}", node)


def make_source(
    node: Node, name: str, url: str, shelf: Shelf, notes: Notes, nested: Workflows | None, owner: Clause
) -> Source:
    """The record of a source description of any type."""
    kind = source_type(node, notes)
    contract = openapi_contract(url, node, shelf, notes) if kind == "openapi" else None
    return Source(name, kind, url, contract, nested, owner.within(node))


def _operation(source: Source, operation_id: str) -> Operation | None:
    for operation in source.contract.operations if source.contract else ():
        if operation.id == operation_id:
            return operation
    return None
