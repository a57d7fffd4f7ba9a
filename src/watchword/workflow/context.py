"""What expressions can see at one moment of a run, and their values. Judges nothing.

An expression that leads nowhere is `None`, as JSON's null: Arazzo 1.1.0 treats null and undefined alike.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from watchword.ground import Exchange, Headers, header_values
from watchword.validation.decode import Undecodable, decode_json
from watchword.validation.media import parse_media_type
from watchword.workflow.expression import Expression, Template
from watchword.workflow.model import Plain, Selector, Tree, Value
from watchword.workflow.queries import QueryProblem, at_pointer, at_tokens, selected

Json = Any


@dataclass(frozen=True, slots=True)
class Done:
    """A workflow that has been run: what `$workflows.<id>` sees. `steps` are the ids of those that were done."""

    inputs: Mapping[str, Json] = field(repr=False)
    outputs: Mapping[str, Json] = field(repr=False)
    steps: frozenset[str] = frozenset()


@dataclass(slots=True)
class Context:
    """The state of one workflow while it runs; `outputs` are those of a called workflow, for `$outputs`."""

    inputs: Mapping[str, Json] = field(repr=False)
    steps: dict[str, Mapping[str, Json]] = field(default_factory=dict, repr=False)
    workflows: dict[str, Done] = field(default_factory=dict, repr=False)
    outputs: Mapping[str, Json] = field(default_factory=dict, repr=False)
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    self_uri: str | None = None
    exchange: Exchange | None = None
    path: Mapping[str, Json] = field(default_factory=dict, repr=False)

    def value(self, value: Value) -> Json:
        """The JSON value of a literal, expression, template or selector."""
        if isinstance(value, Plain):
            return value.value
        if isinstance(value, Expression):
            return self.evaluate(value)
        if isinstance(value, Template):
            return self.text(value)
        if isinstance(value, Selector):
            return self._selected(value)
        return self._tree(value)

    def text(self, template: str | Template) -> str:
        """A template with its expressions replaced by their texts."""
        if isinstance(template, str):
            return template
        return "".join(piece if isinstance(piece, str) else as_text(self.evaluate(piece)) for piece in template.pieces)

    def _tree(self, tree: Tree) -> Json:
        if tree.is_object:
            return {key: self.value(child) for key, child in tree.members}
        return [self.value(child) for _, child in tree.members]

    def _selected(self, selector: Selector) -> Json:
        """The first node that a JSONPath selects, or what a pointer leads to."""
        context = self.evaluate(selector.context)
        try:
            if selector.type == "jsonpath":
                return next(iter(selected(selector.selector, context)), None)
            return at_pointer(context, selector.selector)
        except (KeyError, QueryProblem):
            return None

    def evaluate(self, expression: Expression) -> Json:
        """The value of an expression."""
        found, trail = self._root(expression), expression.trail
        try:
            if expression.pointer is not None:
                found = at_pointer(found, expression.pointer)
            return at_tokens(found, trail) if trail else found
        except KeyError:
            return None

    def _root(self, expression: Expression) -> Json:
        match expression.root:
            case "url":
                return self.exchange.request.url if self.exchange else None
            case "method":
                return self.exchange.request.method if self.exchange else None
            case "statusCode":
                return self.exchange.response.status if self.exchange and self.exchange.response else None
            case "self":
                return self.self_uri
            case "request" | "response" | "message":
                return self._message(expression)
            case "inputs":
                return _named(self.inputs, expression.path[0])
            case "outputs":
                return _named(self.outputs, expression.path[0])
            case "steps" if len(expression.path) == 3:
                return _named(self.steps.get(expression.path[0], {}), expression.path[2])
            case "workflows" if len(expression.path) == 3 and expression.path[0] in self.workflows:
                done = self.workflows[expression.path[0]]
                return _named(done.inputs if expression.path[1] == "inputs" else done.outputs, expression.path[2])
            case "sourceDescriptions":
                return self.sources.get(expression.path[0], {}).get(expression.path[1])
        return None

    def _message(self, expression: Expression) -> Json:
        exchange = self.exchange
        if exchange is None or expression.root == "message":
            return None
        message = exchange.request if expression.root == "request" else exchange.response
        if message is None:
            return None
        source = expression.path[0]
        if source in ("body", "payload"):
            return parsed_body(message.headers, message.body)
        name = expression.path[1]
        if source == "header":
            values = header_values(message.headers, name)
            return values[0] if values else None
        if source == "path":
            return self.path.get(name) if expression.root == "request" else None
        pairs = parse_qsl(exchange.request.url.partition("?")[2], keep_blank_values=True)
        return next((value for key, value in pairs if key == name), None)


def parsed_body(headers: Headers, body: bytes) -> Json:
    """A JSON body as its value, any other one as its text; `None` for an empty one."""
    if not body:
        return None
    given = header_values(headers, "Content-Type")
    media = parse_media_type(given[0]) if given else None
    if media is None or media.is_json:
        try:
            return decode_json(body)
        except Undecodable:
            pass
    return body.decode("utf-8", "replace")


def as_text(value: Json) -> str:
    """A value embedded in a text: a string as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _named(table: Mapping[str, Json], name: str) -> Json:
    """The entry of that name; names and de-references both have dots, so the longest name comes first."""
    if name in table:
        return table[name]
    parts = name.split(".")
    for count in range(len(parts) - 1, 0, -1):
        key = ".".join(parts[:count])
        if key in table:
            try:
                return at_tokens(table[key], parts[count:])
            except KeyError:
                return None
    return None
