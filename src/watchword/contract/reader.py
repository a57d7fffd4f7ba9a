"""A document to a `Contract`. Reads OpenAPI 3.0, 3.1 and 3.2; what a document gets wrong becomes findings."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import cast

from watchword.contract.model import (
    Body,
    Call,
    Clause,
    Contract,
    Encoding,
    Example,
    Media,
    Operation,
    Parameter,
    Reply,
    Schema,
    Scheme,
    Where,
)
from watchword.contract.nodes import Nodes, text
from watchword.contract.schemas import SchemaSource
from watchword.contract.servers import base_paths
from watchword.document import Document, Library, Node
from watchword.ground import BrokenDocument, Finding, Place, redact

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_WHERE = ("path", "query", "querystring", "header", "cookie")
_STYLES = {"path": "simple", "header": "simple", "query": "form", "cookie": "form", "querystring": "form"}
# OpenAPI 3.1.1, Parameter Object: header parameters of these names are ignored.
_RESERVED_HEADERS = frozenset({"accept", "authorization", "content-type"})
_SUPPORTED = re.compile(r"3\.[012]\.\d+(?:-.*)?")


def read_contract(document: Document, name: str) -> Contract:
    """The contract in a document.

    Raises `BrokenDocument` with every finding where it is no OpenAPI 3.x document, a `$ref` dangles, two operations
    share a route, or a parameter has no name or place.
    """
    version = _version(document)
    library = Library(document)
    nodes = Nodes(library, library.dangling())
    reader = _Reader(name, nodes, SchemaSource(library, version[:3]))
    operations: tuple[Operation, ...] = ()
    if not nodes.findings:
        operations = reader.operations
        nodes.findings.extend(_duplicate_routes(operations))
    if nodes.findings:
        raise BrokenDocument(document.file, sorted(dict.fromkeys(nodes.findings), key=_reading_order))
    info = document.root.get("info")
    return Contract(
        name=name,
        title=text(info, "title") or name,
        version=text(info, "version") or "",
        root=document.root,
        operations=operations,
        server_urls=tuple(url for node in nodes.items(document.root, "servers") if (url := text(node, "url"))),
        node=reader.schemas.node,
        calls=reader.calls,
    )


def _version(document: Document) -> str:
    """The `openapi` field; raises `BrokenDocument` where the document is something else."""
    value = document.value
    pointer = ""
    if not isinstance(value, dict):
        reason = "not an OpenAPI document: the root must be an object"
    elif "swagger" in value:
        pointer = "/swagger"
        reason = "Swagger 2.0 is not supported; convert it to OpenAPI 3 first, for example with `npx swagger2openapi`"
    elif "openapi" not in value:
        reason = "not an OpenAPI document: it has no `openapi` field"
    elif not isinstance(value["openapi"], str) or not _SUPPORTED.fullmatch(value["openapi"]):
        pointer = "/openapi"
        shown = redact(value["openapi"], secret=False)
        reason = f"OpenAPI version {shown} is not supported; 3.0.x, 3.1.x and 3.2.x are"
    elif not isinstance(value.get("paths", {}), dict):
        pointer = "/paths"
        reason = "`paths` must be an object"
    else:
        return str(value["openapi"])
    raise BrokenDocument(document.file, [Finding("not-openapi", reason, place=document.place(pointer))])


class _Reader:
    def __init__(self, name: str, nodes: Nodes, schemas: SchemaSource) -> None:
        self.name = name
        self.nodes = nodes
        self.schemas = schemas
        self._calls: tuple[Call, ...] | None = None

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        return tuple(self._operations())

    def calls(self) -> tuple[Call, ...]:
        """What is wrong in them is not told: it stops nobody who calls the service."""
        if self._calls is None:
            self._calls = (*self._webhooks(), *(call for caller in self.operations for call in self._callbacks(caller)))
        return self._calls

    @property
    def _root(self) -> Clause:
        return Clause(self.nodes.library.root.root).within(self.nodes.library.root.root)

    def _webhooks(self) -> Iterator[Call]:
        for name, item in self.nodes.members(self._root.node, "webhooks"):
            yield from self._called(name, "", self._root.within(self.nodes.object(item)), None)

    def _callbacks(self, caller: Operation) -> Iterator[Call]:
        for name, node in self.nodes.members(caller.clause.node, "callbacks"):
            clause = caller.clause.within(self.nodes.object(node))
            for expression, item in () if name.startswith("x-") else clause.node.members():
                if not expression.startswith("x-"):
                    yield from self._called(name, expression, clause.within(self.nodes.object(item)), caller)

    def _called(self, name: str, expression: str, item: Clause, caller: Operation | None) -> Iterator[Call]:
        for method, node in self._methods(item.node):
            operation_id = text(node, "operationId") or f"{method.lower()} {name}"
            yield Call(name, self._read(method, expression, item.within(node), item, operation_id, None), caller)

    def _operations(self) -> Iterator[Operation]:
        root = self._root
        for path, item in self.nodes.members(root.node, "paths"):
            if not path.startswith("/"):
                continue
            item_clause = root.within(self.nodes.object(item))
            for method, node in self._methods(item_clause.node):
                operation_id = text(node, "operationId") or f"{method.lower()}{path}"
                security = root.node.get("security")
                yield self._read(method, path, item_clause.within(node), item_clause, operation_id, security)

    def _methods(self, item: Node) -> Iterator[tuple[str, Node]]:
        """Method and operation; those of OpenAPI 3.2's `additionalOperations` have their method as given."""
        for key, node in item.members():
            if key in METHODS:
                yield key.upper(), self.nodes.object(node)
        for key, node in self.nodes.members(item, "additionalOperations"):
            yield key, self.nodes.object(node)

    def _read(
        self, method: str, path: str, clause: Clause, item: Clause, operation_id: str, security: Node | None
    ) -> Operation:
        """One operation; `security` holds where it says nothing of its own."""
        parameters = {
            (parameter.where, parameter.name): parameter
            for owner in (item, clause)
            for parameter in self._parameters(owner)
        }
        servers = next((node for owner in (clause, item) if (node := owner.node.get("servers"))), None)
        bases = base_paths(servers or self.nodes.library.root.root.get("servers"))
        return Operation(
            id=operation_id,
            method=method,
            path=path,
            paths=tuple(dict.fromkeys(base + path for base in bases)),
            parameters=tuple(parameters.values()),
            body=self._body(clause),
            replies=tuple(
                self._reply(status, clause.within(node).within(self.nodes.object(node)))
                for status, node in self.nodes.members(clause.node, "responses")
                if not status.startswith("x-")
            ),
            security=self._security(clause.node.get("security") or security),
            clause=clause,
            label=f"{self.name} {operation_id}",
        )

    def _parameters(self, owner: Clause) -> Iterator[Parameter]:
        for node in self.nodes.items(owner.node, "parameters"):
            target = self.nodes.object(node)
            name, where = text(target, "name"), text(target, "in")
            if not name or where not in _WHERE:
                message = f"a parameter needs a `name` and an `in` of {', '.join(_WHERE)}"
                self.nodes.findings.append(Finding("parameter-shape", message, place=target.place))
            elif where != "header" or name.lower() not in _RESERVED_HEADERS:
                yield self._parameter(name, cast("Where", where), owner.within(node).within(target))

    def _parameter(self, name: str, where: Where, clause: Clause) -> Parameter:
        node = clause.node
        style = text(node, "style") or _STYLES[where]
        explode = node.value.get("explode")
        media = next(iter(self._content(clause, name)), None)
        return Parameter(
            name=name,
            where=where,
            required=where == "path" or node.value.get("required") is True,
            style=style,
            explode=explode if isinstance(explode, bool) else style in ("form", "cookie"),
            schema=self._schema(clause, name),
            media=media,
            examples=media.examples if media else self._examples(clause),
            clause=clause,
            allow_empty=node.value.get("allowEmptyValue") is True,
        )

    def _body(self, owner: Clause) -> Body | None:
        node = owner.node.get("requestBody")
        if node is None:
            return None
        clause = owner.within(node).within(self.nodes.object(node))
        return Body(clause.node.value.get("required") is True, self._content(clause, "body"), clause)

    def _reply(self, status: str, clause: Clause) -> Reply:
        headers = []
        for name, node in self.nodes.members(clause.node, "headers"):
            if name.lower() != "content-type":
                target = clause.within(node).within(self.nodes.object(node))
                headers.append(self._parameter(name, "header", target))
        return Reply(
            status.upper() if status != "default" else status, self._content(clause, "body"), tuple(headers), clause
        )

    def _content(self, owner: Clause, name: str) -> tuple[Media, ...]:
        found = []
        for media_type, node in self.nodes.members(owner.node, "content"):
            clause = owner.within(self.nodes.object(node))
            encodings = tuple(self._encoding(key, child) for key, child in self.nodes.members(clause.node, "encoding"))
            schema = self._schema(clause, name)
            found.append(Media(media_type, schema, self._examples(clause), encodings, clause))
        return tuple(found)

    @staticmethod
    def _encoding(name: str, node: Node) -> Encoding:
        style = text(node, "style") or "form"
        explode = node.get("explode")
        return Encoding(name, text(node, "contentType"), style, explode.value is True if explode else style == "form")

    def _schema(self, owner: Clause, name: str) -> Schema | None:
        node = owner.node.get("schema")
        return None if node is None else self.schemas.schema(node, name, owner)

    def _examples(self, owner: Clause) -> tuple[Example, ...]:
        """The author's examples of a parameter or media type, or where there is none those of its schema."""
        found = []
        single = owner.node.get("example")
        if single is not None:
            found.append(Example("example", single.value, owner.within(single)))
        for name, node in self.nodes.members(owner.node, "examples"):
            target = self.nodes.object(node)
            value = target.get("value") or target.get("dataValue")
            if value is not None:
                found.append(Example(name, value.value, owner.within(target)))
        schema = owner.node.get("schema")
        if not found and schema is not None:
            target = self.nodes.follow(schema)
            clause = owner.within(target)
            listed = target.get("examples")
            single = target.get("example")
            for number, node in enumerate([*(listed.items() if listed else ()), *([single] if single else ())], 1):
                found.append(Example(f"schema-{number}", node.value, clause.within(node)))
        return tuple(found)

    def _security(self, node: Node | None) -> tuple[tuple[Scheme, ...], ...]:
        alternatives = []
        for requirement in node.items() if node else ():
            schemes = [self._scheme(key, requirement) for key, _ in requirement.members()]
            alternatives.append(tuple(scheme for scheme in schemes if scheme))
        return tuple(alternatives)

    def _scheme(self, key: str, requirement: Node) -> Scheme | None:
        root = self.nodes.library.root.root
        for name, node in self.nodes.members(root.get("components") or root, "securitySchemes"):
            if name == key:
                clause = Clause(root).within(root).within(self.nodes.object(node))
                return Scheme(
                    key=key,
                    kind=text(clause.node, "type") or "",
                    name=text(clause.node, "name") or "",
                    where=text(clause.node, "in") or "",
                    scheme=(text(clause.node, "scheme") or "").lower(),
                    clause=clause,
                )
        message = f"security scheme `{key}` is not declared in components"
        self.nodes.findings.append(Finding("unknown-security-scheme", message, place=requirement.child(key).place))
        return None


def _duplicate_routes(operations: tuple[Operation, ...]) -> Iterator[Finding]:
    """OpenAPI 3.1.1, Paths Object: templated paths that differ in parameter names alone are identical."""
    first: dict[tuple[str, str], Operation] = {}
    for operation in operations:
        key = (operation.method, re.sub(r"\{[^{}]*\}", "{}", operation.path))
        other = first.setdefault(key, operation)
        if other is not operation:
            place = other.clause.place
            message = f"{operation.method} {operation.path} is the route of {other.path} at line {place.line} already"
            yield Finding("duplicate-route", message, place=operation.clause.place)


def _reading_order(finding: Finding) -> tuple[str, int, int]:
    place = finding.place or Place("", 0, 0)
    return place.file, place.line, place.column
