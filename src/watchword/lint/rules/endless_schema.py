"""A schema requires itself without end.

A value that meets it would be infinitely deep: there is none. A cycle needs a way out, an optional member, an array
that may be empty, an alternative.

Bad:

    Node:
      required: [next]
      properties:
        next: { $ref: '#/components/schemas/Node' }

Good:

    Node:
      properties:
        next: { $ref: '#/components/schemas/Node' }
"""

from collections.abc import Iterator

from watchword.document import Node
from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.reach import Key, key_of
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "language"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per schema of the components that every value of which must hold one of its own kind."""
    needs: dict[Key, list[Node]] = {}
    named = [spot for spot in subject.of("schema") if spot.via == "schemas"]
    for spot in named:
        pending = [spot.node]
        while pending:
            node = pending.pop()
            if key_of(node) not in needs:
                needs[key_of(node)] = list(_needed(subject, node))
                pending.extend(needs[key_of(node)])
    for spot in named:
        if _needs_itself(key_of(spot.node), needs):
            yield Problem(spot.node, f"every `{spot.name}` must hold another `{spot.name}`")


def _needed(subject: Subject, node: Node) -> Iterator[Node]:
    """The schemas that every value of a schema must meet, itself or in a required member."""
    value = node.value
    if not isinstance(value, dict):
        return
    target = subject.follow(node)
    if isinstance(value.get("$ref"), str):
        if target is not None:
            yield target
        return
    members = node.get("properties")
    types = value.get("type", "object")
    required = value.get("required")
    if types == "object" and members is not None and isinstance(required, list):
        yield from (child for name, child in members.members() if name in required and not _may_be_null(child.value))
    parts = node.get("allOf")
    yield from parts.items() if parts else ()
    items, least = node.get("items"), value.get("minItems")
    if types == "array" and items is not None and isinstance(least, int) and least > 0:
        yield items


def _may_be_null(value: object) -> bool:
    return isinstance(value, dict) and value.get("nullable") is True


def _needs_itself(start: Key, needs: dict[Key, list[Node]]) -> bool:
    pending = [key_of(node) for node in needs.get(start, ())]
    seen: set[Key] = set()
    while pending:
        key = pending.pop()
        if key == start:
            return True
        if key not in seen:
            seen.add(key)
            pending.extend(key_of(node) for node in needs.get(key, ()))
    return False
