"""Which members a schema declares, its parts and references included. Judges nothing."""

import re
from collections.abc import Iterator

from watchword.document import Node
from watchword.lint.reach import key_of
from watchword.lint.subject import Subject

PARTS = ("allOf", "anyOf", "oneOf")
_INSIDE = re.compile(r"/(?:(?:allOf|anyOf|oneOf)/\d+|if|then|else|not)\Z")
_BRANCHES = ("if", "then", "else", "not")


def declared_members(subject: Subject, start: Node, parts: tuple[str, ...] = PARTS) -> frozenset[str] | None:
    """The names under `properties`; `None` where they cannot be told.

    That is for a dangling reference, for a pattern of names, and where no object is described. `parts` are the keywords
    that are looked into; the members of an alternative count as declared.
    """
    found: set[str] = set()
    says_so = False
    pending, seen = [start], set()
    while pending:
        node = subject.follow(pending.pop())
        if node is None or not isinstance(node.value, dict) or "patternProperties" in node.value:
            return None
        if key_of(node) in seen:
            continue
        seen.add(key_of(node))
        members = node.get("properties")
        if members is not None:
            says_so = True
            found.update(name for name, _ in members.members())
        for keyword in parts:
            child = node.get(keyword)
            pending.extend(child.items() if child else ())
        pending.extend(child for keyword in _BRANCHES if (child := node.get(keyword)) is not None)
    return frozenset(found) if says_so else None


def outermost(subject: Subject, node: Node) -> Node:
    """The schema that a part stands in (`allOf/1`, `then`), which is judged together with it; else the node itself."""
    *_, pointer = owners(node.pointer)
    return node if pointer == node.pointer else subject.library.at(subject.library.name(node.document), pointer)


def owners(pointer: str) -> Iterator[str]:
    """The pointer of a schema, and those of the schemas that it is a part of, outwards."""
    yield pointer
    while (found := _INSIDE.search(pointer)) is not None:
        pointer = pointer[: found.start()]
        yield pointer
