"""An Arazzo document (1.0.x or 1.1.x) to `Workflows`. What it gets wrong becomes findings, all at once.

Differences between the versions: 1.1 has `$self`, AsyncAPI sources, Selector Objects, steps that depend on steps, and
a grammar that makes undeclared names errors; in 1.0 they are warnings.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from watchword.contract import BUNDLED, Clause, Contract, Schema, bundled_folder
from watchword.contract.catalogue import load_document
from watchword.contract.schemas import SchemaSource
from watchword.document import DanglingReference, Library, Node
from watchword.ground import BrokenDocument, Finding, Place, UnreadableInput, redact
from watchword.workflow.links import check_links
from watchword.workflow.model import Generated, Source, Workflow, Workflows
from watchword.workflow.notes import Notes
from watchword.workflow.sources import Operations, Shelf, make_source
from watchword.workflow.steps import StepReader
from watchword.workflow.values import read_criteria, read_outputs

_SUPPORTED = re.compile(r"1\.[01]\.\d+(?:-.*)?")


def load_workflows(
    name_or_path: str | Path, *, contracts: Iterable[Contract] = (), files: Mapping[str, Path] | None = None
) -> Workflows:
    """The workflows of a bundled contract, or those in an Arazzo document.

    `contracts` that were read before serve as sources without being read again. `files` names local copies of sources
    by their URL: nothing is fetched. Raises `UnreadableInput`, or `BrokenDocument` with every error of the document.
    """
    path = Path(name_or_path)
    if str(name_or_path) in BUNDLED:
        path = bundled_folder() / f"{name_or_path}.arazzo.yaml"
    return _load(path, Shelf.of(contracts, files or {}))


def _load(path: Path, shelf: Shelf) -> Workflows:
    key = path.resolve()
    if key not in shelf.read:
        inner = Shelf(shelf.known, shelf.files, (*shelf.open, key), shelf.read)
        shelf.read[key] = _Reader.of(load_document(path).root, inner).workflows()
    return shelf.read[key]


@dataclass(eq=False, slots=True)
class _Reader:
    root: Node
    shelf: Shelf
    notes: Notes
    library: Library
    schemas: SchemaSource

    @classmethod
    def of(cls, root: Node, shelf: Shelf) -> "_Reader":
        version = _version(root)
        library = Library(root.document)
        notes = Notes(strict=not version.startswith("1.0"))
        return cls(root, shelf, notes, library, SchemaSource(library, "3.1"))

    def workflows(self) -> Workflows:
        notes, root = self.notes, self.root
        owner = Clause(root).within(root)
        info = notes.member(root, "info", "object", required=True)
        title = notes.text(info, "title", required=True) if info else None
        notes.errors.extend(self.library.dangling())
        sources = tuple(self._sources(owner))
        found = tuple(self._workflows(sources, owner))
        _note_duplicates(found, notes)
        result = Workflows(
            file=root.document.file,
            version=root.value["arazzo"],
            title=title or "",
            self_uri=notes.text(root, "$self"),
            sources=sources,
            workflows=found,
            findings=(),
        )
        check_links(result, notes)
        if notes.errors:
            raise BrokenDocument(root.document.file, sorted(notes.errors, key=_reading_order))
        return replace(result, findings=tuple(sorted(notes.warnings, key=_reading_order)))

    def _sources(self, owner: Clause) -> Iterator[Source]:
        seen: set[str] = set()
        for node in self.notes.objects(self.root, "sourceDescriptions", required=True):
            name = self.notes.text(node, "name", required=True)
            url = self.notes.text(node, "url", required=True)
            if name is None or url is None:
                continue
            if name in seen:
                self.notes.error("duplicate-id", f"the source description `{name}` is there already", node)
            seen.add(name)
            nested = self._nested(node, url) if node.value.get("type") == "arazzo" else None
            yield make_source(node, name, url, self.shelf, self.notes, nested, owner)

    def _nested(self, node: Node, url: str) -> Workflows | None:
        path = self.shelf.path(url, node)
        if path is None:
            self.notes.warning("source-unavailable", f"`{url}` is remote, and remote documents are not fetched", node)
            return None
        if path.resolve() in self.shelf.open:
            self.notes.error("workflow-cycle", f"`{url}` is the document itself, or one that has it as a source", node)
            return None
        try:
            return _load(path, self.shelf)
        except UnreadableInput as error:
            self.notes.warning("source-unavailable", str(error), node)
        except BrokenDocument as error:
            self.notes.errors.extend(error.findings)
        return None

    def _workflows(self, sources: tuple[Source, ...], owner: Clause) -> Iterator[Workflow]:
        operations = Operations(sources, self.notes)
        for node in self.notes.objects(self.root, "workflows", required=True):
            workflow_id = self.notes.text(node, "workflowId", required=True)
            if workflow_id is None:
                continue
            self.notes.obstacles = []
            clause = owner.within(node)
            reader = StepReader(self.root, operations, self.notes, clause)
            steps = reader.steps(node)
            yield Workflow(
                id=workflow_id,
                summary=self.notes.text(node, "summary") or "",
                inputs=self._inputs(node, clause),
                steps=steps,
                outputs=read_outputs(node, clause, self.notes),
                depends_on=tuple(text for text, _ in self.notes.texts(node, "dependsOn")),
                assume=read_criteria(node, "x-watchword-assume", clause, self.notes),
                generated=self._generated(node, clause),
                obstacles=tuple(self.notes.obstacles),
                clause=clause,
            )

    def _inputs(self, node: Node, clause: Clause) -> Schema | None:
        inputs = self.notes.member(node, "inputs", "object")
        return None if inputs is None else self._schema(inputs, "inputs", clause)

    def _schema(self, node: Node, name: str, clause: Clause) -> Schema | None:
        try:
            return self.schemas.schema(node, name, clause)
        except DanglingReference:  # noted already, with all the others
            return None

    def _generated(self, node: Node, clause: Clause) -> Generated | None:
        found = self.notes.member(node, "x-watchword-generated", "object")
        if found is None:
            return None
        output, schema = self.notes.text(found, "output", required=True), found.get("schema")
        if output is None or schema is None:
            self.notes.error("field-missing", "`x-watchword-generated` has an `output` and a `schema`", found)
            return None
        if output not in node.value.get("outputs", {}):
            self.notes.error("unknown-output", f"the workflow has no output `{output}`", found.child("output"))
        obeyed = self._schema(schema, output, clause)
        return None if obeyed is None else Generated(output, obeyed)


def _version(root: Node) -> str:
    """The `arazzo` field; raises `BrokenDocument` where the document is something else."""
    value = root.value
    if not isinstance(value, dict) or "arazzo" not in value:
        pointer, reason = "", "not an Arazzo document: it has no `arazzo` field"
    elif not isinstance(value["arazzo"], str) or not _SUPPORTED.fullmatch(value["arazzo"]):
        pointer = "/arazzo"
        shown = redact(value["arazzo"], secret=False)
        reason = f"Arazzo version {shown} is not supported; 1.0.x and 1.1.x are"
    else:
        return str(value["arazzo"])
    raise BrokenDocument(root.document.file, [Finding("not-arazzo", reason, place=root.document.place(pointer))])


def _note_duplicates(workflows: tuple[Workflow, ...], notes: Notes) -> None:
    seen: set[str] = set()
    for workflow in workflows:
        if workflow.id in seen:
            notes.error("duplicate-id", f"the workflow `{workflow.id}` is there already", workflow.clause.node)
        seen.add(workflow.id)
        steps: set[str] = set()
        for step in workflow.steps:
            if step.id in steps:
                notes.error("duplicate-id", f"the step `{step.id}` is there already", step.clause.node)
            steps.add(step.id)


def _reading_order(finding: Finding) -> tuple[str, int, int]:
    place = finding.place or Place("", 0, 0)
    return place.file, place.line, place.column
