"""A schema seen from one type of value: the keywords that then hold, each with the rule that findings call it.

Follows references, `allOf`, and a choice that leaves this type one branch. Where it takes more to tell what a schema
means (`not`, `if`, several branches for one type), the view says that it is not sure. Strings are left to the language
room. Judges no value.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from watchword.contract import Clause, Contract, Schema, is_reference_alone, kinds, schema_name
from watchword.contract.kinds import Resolve
from watchword.contract.secrets import is_secret
from watchword.ground import Certainty, parse_pointer, render_pointer

Json = Any
types_of = kinds.json_types

TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")
_UNSURE = {
    "object": {"dependentSchemas", "dependentRequired", "dependencies", "patternProperties", "propertyNames"}
    | {"unevaluatedProperties"},
    "array": {"prefixItems", "contains", "minContains", "maxContains", "unevaluatedItems"},
}
_APPLICATORS = frozenset({"not", "if", "then", "else", "$dynamicRef"})
_DEEPEST = 24


@dataclass(frozen=True, slots=True)
class Keyword:
    """One assertion: its address, and the rule that breaking it is called."""

    name: str
    value: Json
    rule: str
    at: str
    owner: str


@dataclass(frozen=True, slots=True)
class Node:
    """A schema at its address, under the name that it has for whoever got there by `name`."""

    value: Json
    at: str
    name: str
    resolve: Resolve = field(repr=False, compare=False)

    @property
    def is_secret(self) -> bool:
        """Whether it says that its value is secret."""
        return is_secret(self.value, self.resolve)

    def child(self, value: Json, tokens: tuple[str, ...], name: str) -> "Node":
        """A schema below this one that speaks about another value."""
        at = self.at + render_pointer(tokens)
        return settled(Node(value, at, schema_name(value, _pointer(at), name), self.resolve))


@dataclass(slots=True)
class View:
    """What holds for values of one type.

    `sure` is false where that may not be all, or too much; `direct` where an alternative says some of it, so that a
    finding may name the choice and not the keyword. `choices` are the addresses of the alternatives met, each with the
    numbers of those that admit the type, where that are several; of them `chosen` names the one to follow.
    """

    node: Node
    type: str
    keywords: list[Keyword] = field(default_factory=list)
    sure: bool = True
    direct: bool = True
    chosen: Mapping[str, int] = field(default_factory=dict)
    choices: dict[str, list[int]] = field(default_factory=dict)
    conditions: list[Keyword] = field(default_factory=list)
    """The keywords that make it unsure."""

    def all(self, name: str) -> list[Keyword]:
        """The keywords of that name, in the order in which the schema reaches them."""
        return [keyword for keyword in self.keywords if keyword.name == name]

    def members(self) -> dict[str, list[Node]]:
        """Name -> schemas of each member that the schema names."""
        found: dict[str, list[Node]] = {}
        for keyword in self.all("properties"):
            if isinstance(keyword.value, dict):
                for name, value in keyword.value.items():
                    node = Node(value, keyword.at + render_pointer([name]), name, self.node.resolve)
                    node = Node(value, node.at, schema_name(value, _pointer(node.at), name), node.resolve)
                    found.setdefault(name, []).append(settled(node))
        return found

    def items(self) -> list[Node]:
        """The schemas of an array's items."""
        return [self._inner(keyword) for keyword in self.all("items")]

    def others(self) -> list[Node]:
        """The schemas of an object's members that it does not name, where it says anything of them."""
        return [self._inner(each) for each in self.all("additionalProperties") if isinstance(each.value, dict)]

    def names(self) -> Node | None:
        """The schema of the names of an object's members, where it has one."""
        found = next((each for each in self.conditions if each.name == "propertyNames"), None)
        return settled(Node(found.value, found.at, f"{found.owner}.names", self.node.resolve)) if found else None

    def dependents(self, name: str) -> list[str]:
        """The members that have to be there besides one of that name."""
        found: list[str] = []
        for each in self.conditions:
            needs = each.value.get(name) if isinstance(each.value, dict) else None
            if each.name in ("dependentSchemas", "dependencies") and isinstance(needs, dict):
                needs = needs.get("required")
            if each.name in ("dependentRequired", "dependentSchemas", "dependencies") and isinstance(needs, list):
                found += [need for need in needs if isinstance(need, str)]
        return found

    def _inner(self, keyword: Keyword) -> Node:
        name = schema_name(keyword.value, _pointer(keyword.at), f"{keyword.owner}.items")
        return settled(Node(keyword.value, keyword.at, name, self.node.resolve))

    def required(self) -> dict[str, Keyword]:
        """Required member -> the first keyword that says so."""
        found: dict[str, Keyword] = {}
        for keyword in self.all("required"):
            for name in keyword.value if isinstance(keyword.value, list) else ():
                found.setdefault(name, keyword)
        return found


def node_of(schema: Schema) -> Node:
    """A schema of the contract."""
    return settled(Node(schema.value, schema.at, schema.name, schema.resolve))


def settled(node: Node) -> Node:
    """What a schema that is only a reference leads to, under that one's name."""
    for _ in range(_DEEPEST):
        if not is_reference_alone(node.value):
            return node
        value, at = node.resolve(node.value["$ref"])
        node = Node(value, at, schema_name(value, _pointer(at), node.name), node.resolve)
    return Node(True, node.at, node.name, node.resolve)


def view(node: Node, kind: str, chosen: Mapping[str, int] | None = None) -> View:
    """The keywords that hold for values of one JSON type.

    Of several alternatives it follows the first, or the one that is `chosen`: its number by the address of their list.
    """
    found = View(node, kind, chosen=chosen or {})
    _collect(found, node.value, node.at, node.name, None, _DEEPEST)
    return found


def _collect(found: View, value: Json, at: str, owner: str, part: Json, depth: int) -> None:
    """Adds what one schema says; `part` is the schema itself where it is a member of an `allOf`."""
    if value is False or depth == 0:
        found.sure = False
    if not isinstance(value, dict):
        return
    resolve = found.node.resolve
    for name, content in value.items():
        here = at + render_pointer([name])
        if name == "$ref" and isinstance(content, str):
            target, address = resolve(content)
            _collect(found, target, address, schema_name(target, _pointer(address), owner), None, depth - 1)
        elif name == "allOf" and isinstance(content, list):
            for index, member in enumerate(content):
                _collect(found, member, f"{here}/{index}", owner, member, depth - 1)
        elif name in ("anyOf", "oneOf") and isinstance(content, list):
            _choose(found, name, content, here, owner, depth)
        elif name in _APPLICATORS or name in _UNSURE.get(found.type, ()):
            found.sure = False
            found.conditions.append(Keyword(name, content, _rule(name, owner, part), here, owner))
        else:
            found.keywords.append(Keyword(name, content, _rule(name, owner, part), here, owner))


def _choose(found: View, name: str, branches: list[Json], at: str, owner: str, depth: int) -> None:
    fitting = [
        index for index, branch in enumerate(branches) if found.type in types_of(branch, found.node.resolve, depth - 1)
    ]
    if not fitting:
        found.sure = False
        return
    found.direct = False
    if len(fitting) > 1:
        found.sure = False
        found.choices[at] = fitting
        if name == "oneOf" and found.type != "string":
            found.keywords.append(Keyword("oneOf", branches, f"{owner}/oneOf", at, owner))
    index = found.chosen.get(at, fitting[0])
    index = index if index in fitting else fitting[0]
    _collect(found, branches[index], f"{at}/{index}", owner, None, depth - 1)


def _rule(keyword: str, owner: str, part: Json) -> str:
    title = part.get("title") if isinstance(part, dict) else None
    if not isinstance(title, str):
        return f"{owner}/{keyword}"
    demands = [key for key in part if not key.startswith("x-") and key not in ("title", "description", "type")]
    return f"{owner}/{title}" if len(demands) <= 1 else f"{owner}/{title}.{keyword}"


def alternatives(node: Node) -> list[Node]:
    """The schema with one alternative at a time, where it has several for values that are not all strings.

    The others are false, so that addresses stay.
    """
    value = node.value
    if not isinstance(value, dict) or types_of(value, node.resolve) <= {"string"}:
        return []
    for keyword in ("anyOf", "oneOf"):
        choices = value.get(keyword)
        if isinstance(choices, list) and sum(choice is not False for choice in choices) > 1:
            return [
                Node(
                    {**value, keyword: [each if number == index else False for number, each in enumerate(choices)]},
                    node.at,
                    node.name,
                    node.resolve,
                )
                for index, choice in enumerate(choices)
                if choice is not False
            ]
    return []


def type_rules(node: Node) -> set[str]:
    """The rules that a value of a wrong type may break; findings are sure to name it where there is only one."""
    return set(_type_rules(node.value, node.at, node.name, node.resolve, _DEEPEST)) or {f"{node.name}/type"}


def _type_rules(value: Json, at: str, owner: str, resolve: Resolve, depth: int) -> Iterator[str]:
    if not isinstance(value, dict) or depth == 0:
        return
    for name, content in value.items():
        if name == "type" or (name in ("enum", "const") and "type" not in value):
            yield f"{owner}/type"
        elif name == "$ref" and isinstance(content, str):
            target, address = resolve(content)
            yield from _type_rules(target, address, schema_name(target, _pointer(address), owner), resolve, depth - 1)
        elif name == "allOf":
            for index, member in enumerate(content):
                yield from _type_rules(member, f"{at}/allOf/{index}", owner, resolve, depth - 1)
        elif name in ("anyOf", "oneOf"):
            for index, member in enumerate(content):
                yield from _type_rules(member, f"{at}/{name}/{index}", owner, resolve, depth - 1)


def has_flag(node: Node, flag: str) -> bool:
    """Whether a schema, or what it refers to, carries `readOnly` or `writeOnly`."""
    return kinds.has_flag(node.value, flag, node.resolve)


def certainty_at(contract: Contract, at: str, owner: Clause) -> Certainty:
    """How sure the keyword at an address is: its nearest `x-certainty`, else that of what led there."""
    file, pointer = ("", at) if not at or at.startswith("/") else at.split("#", 1)
    node, clause = contract.node(f"{file}#" if file else ""), owner
    for depth, token in enumerate(parse_pointer(pointer)):
        try:
            node = node.child(int(token) if isinstance(node.value, list) else token)
        except (LookupError, TypeError):
            break  # a keyword of several schemas taken together stands nowhere
        if depth >= 2:  # `/paths/x` and `/components/schemas` say nothing of one clause
            clause = clause.within(node)
    return clause.certainty


def _pointer(at: str) -> str:
    return at if not at or at.startswith("/") else at.partition("#")[2]
