"""What is known of a contract's schemas once somebody has asked: rules, types, secrecy, clauses. Judges nothing.

Findings on the same clause come by the thousand in a traffic log; each question about a schema is answered once.
"""

from collections.abc import Iterable
from typing import Any

from watchword import language
from watchword.contract import Clause, Contract, Schema, is_reference_alone, schema_name
from watchword.contract.kinds import Resolve, json_types
from watchword.contract.secrets import is_secret
from watchword.ground import Certainty, RuleTooLarge, UnsupportedPattern, parse_pointer, record, render_pointer
from watchword.validation.engine import Engine
from watchword.validation.sparse import split_address

Json = Any

_DESCENDING_MAPS = frozenset({"properties", "patternProperties"})
_DESCENDING = frozenset({"items", "additionalProperties", "contains", "unevaluatedItems", "unevaluatedProperties"})
_STAYING = frozenset({"if", "then", "else", "not", "propertyNames"})


@record()
class Owner:
    """A schema with its address and the name under which its rules go."""

    value: Json
    at: str
    name: str


@record()
class StringRules:
    """The rules of a string schema; `rules` is absent where the language room cannot tell them."""

    rules: "language.Rules | None"
    parts: "dict[str, language.Part]"

    def broken(self, text: str) -> "list[language.Part]":
        """The rules that a text breaks, document order."""
        return [self.parts[rule] for rule in self.rules.broken(text)] if self.rules else []


class Book:
    """The answers about one contract, with its compiled schemas."""

    __slots__ = ("_addresses", "_clauses", "_rules", "_secret", "_types", "_walks", "contract", "engine")

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.engine = Engine()
        self._walks: dict[tuple[str, str, tuple[str | int, ...]], tuple[Owner, Owner]] = {}
        self._rules: dict[tuple[str, str], StringRules] = {}
        self._types: dict[str, frozenset[str]] = {}
        self._secret: dict[str, bool] = {}
        self._addresses: dict[str, str] = {}
        self._clauses: dict[tuple[str, str | None, Certainty], Clause] = {}

    def owners(self, path: Iterable[str | int], schema: Schema) -> tuple[Owner, Owner]:
        """(schema that speaks about the whole value, innermost named schema) at the end of an evaluation path."""
        key = (schema.at, schema.name, tuple(path))
        if key not in self._walks:
            self._walks[key] = _walk(key[2], schema)
        return self._walks[key]

    def string_rules(self, owner: Owner, resolve: Resolve) -> StringRules:
        """The rules for strings of a schema."""
        key = (owner.at, owner.name)
        if key not in self._rules:
            self._rules[key] = _string_rules(owner, resolve)
        return self._rules[key]

    def types(self, owner: Owner, resolve: Resolve) -> frozenset[str]:
        """The JSON types that a schema admits."""
        if owner.at not in self._types:
            self._types[owner.at] = json_types(owner.value, resolve)
        return self._types[owner.at]

    def is_secret(self, owner: Owner, resolve: Resolve) -> bool:
        """Whether a schema says that its value is secret."""
        if owner.at not in self._secret:
            self._secret[owner.at] = is_secret(owner.value, resolve)
        return self._secret[owner.at]

    def known_address(self, address: str) -> str:
        """As much of an address as the document has: engines say of some keywords more than there is."""
        if address not in self._addresses:
            self._addresses[address] = self._existing(address)
        return self._addresses[address]

    def _existing(self, address: str) -> str:
        file, pointer = split_address(address)
        node = self.contract.node(f"{file}#" if file else "")
        known: list[str] = []
        for token in parse_pointer(pointer):
            try:
                node = node.child(int(token) if isinstance(node.value, list) else token)
            except (LookupError, TypeError, ValueError):
                break
            known.append(token)
        return f"{file}#{render_pointer(known)}" if file else render_pointer(known)

    def clause_at(self, address: str, led: Clause) -> Clause:
        """The clause at an address: its nearest `x-source` and `x-certainty`, else those of whatever led there."""
        key = (address, led.source, led.certainty)
        if key not in self._clauses:
            self._clauses[key] = self._clause(address, led)
        return self._clauses[key]

    def _clause(self, address: str, led: Clause) -> Clause:
        file, pointer = split_address(address)
        node = self.contract.node(f"{file}#" if file else "")
        clause = led
        for depth, token in enumerate(parse_pointer(pointer)):
            node = node.child(int(token) if isinstance(node.value, list) else token)
            if depth >= 2:  # `/components/schemas` and `/paths` say nothing of a schema
                clause = clause.within(node)
        return Clause(node, clause.source, clause.certainty)


def _string_rules(owner: Owner, resolve: Resolve) -> StringRules:
    try:
        rules = language.Rules.of(owner.value, name=owner.name, at=owner.at, resolve=resolve)
        rules.broken("")
        return StringRules(rules, {part.rule: part for part in rules.parts})
    except (UnsupportedPattern, RuleTooLarge):
        return StringRules(None, {})


def _walk(path: tuple[str | int, ...], schema: Schema) -> tuple[Owner, Owner]:
    """The path starts with the `$ref` by which the schema itself was handed to the engine."""
    tokens = path[1:]
    current = inner = owner = _settled(Owner(schema.value, schema.at, schema.name), schema.resolve)
    position = 0
    while position < len(tokens) and isinstance(current.value, dict):
        keyword = str(tokens[position])
        if keyword == "$ref":
            if "$ref" in current.value:
                value, at = schema.resolve(current.value["$ref"])
                inner = current = Owner(value, at, _named(value, at, inner.name))
            position += 1
            continue
        width = 1 if keyword in _DESCENDING or keyword in _STAYING else 2
        steps = [str(token) for token in tokens[position : position + width]]
        child = current.value.get(keyword)
        if width > 1:
            child = _at(child, steps[1]) if len(steps) == width else None
        if child is None:
            break
        at = current.at + render_pointer(steps)
        if keyword in _DESCENDING_MAPS or keyword in _DESCENDING or keyword == "prefixItems":
            name = steps[-1] if keyword in _DESCENDING_MAPS else f"{inner.name}.items"
            current = Owner(child, at, _named(child, at, name))
            owner = inner = _settled(current, schema.resolve)
        else:
            current = Owner(child, at, inner.name)
        position += width
    return owner, inner


def _settled(owner: Owner, resolve: Resolve) -> Owner:
    """What a schema that is only a reference leads to, under that one's name."""
    while is_reference_alone(owner.value):
        target, at = resolve(owner.value["$ref"])
        owner = Owner(target, at, _named(target, at, owner.name))
    return owner


def _named(value: Json, at: str, name: str) -> str:
    return schema_name(value, split_address(at)[1], name)


def _at(value: Json, token: str) -> Json:
    if isinstance(value, dict):
        return value.get(token)
    if isinstance(value, list) and token.isdecimal() and int(token) < len(value):
        return value[int(token)]
    return None
