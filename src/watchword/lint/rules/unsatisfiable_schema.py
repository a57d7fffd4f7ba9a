"""No value of the schema's type meets it.

Every request or reply with it is wrong. Decided exactly for strings (the language of the rules is empty), and by bounds
that cross for numbers, arrays and objects.

Where two rules of a string schema exclude each other, `contradictory-rules` names them instead.

Bad:

    type: integer
    minimum: 10
    maximum: 1

Good:

    type: integer
    minimum: 1
    maximum: 10
"""

from collections.abc import Iterator

from watchword.document import Node
from watchword.ground import Severity
from watchword.lint.contradictions import contradiction
from watchword.lint.numbers import common_types, parts_of, range_of
from watchword.lint.problem import Problem
from watchword.lint.strings import texts_of
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "language"
_OWN = frozenset({"allOf", "enum", "exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"})
_BOUNDS = (
    ("minimum", "maximum"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
)


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per schema, at the keyword that decides it."""
    for spot in subject.of("schema"):
        if isinstance(spot.node.value, dict):
            crossing = list(_crossing(spot.node))
            yield from crossing or _together(subject, spot.node)
            yield from _too_few(subject, spot.node)
    for text in texts_of(subject):
        found = contradiction(text)
        if found is not None and found.other is None:
            yield Problem(found.node, f"no text meets `{found.rule}`")


def _crossing(node: Node) -> Iterator[Problem]:
    for low_name, high_name in _BOUNDS:
        low, high = node.value.get(low_name), node.value.get(high_name)
        if _is_number(low) and _is_number(high) and low > high:
            yield Problem(node.child(low_name), f"`{low_name}` {low} is above `{high_name}` {high}")
    required, most = node.value.get("required"), node.value.get("maxProperties")
    if isinstance(required, list) and _is_number(most) and len(set(map(str, required))) > most:
        yield Problem(node.child("required"), f"`required` names more members than `maxProperties` {most}")


def _together(subject: Subject, node: Node) -> Iterator[Problem]:
    """What the schema and its parts exclude together, if it has keywords of its own that matter here."""
    if _OWN.isdisjoint(node.value):
        return
    parts = parts_of(subject, node)
    types = common_types(parts, subject.version)
    if types is not None and not types:
        said = [part.child("type") for part in parts if "type" in part.value]
        yield Problem(_last_within(node, said), "no type is allowed by all parts of the schema")
    elif types is not None and types <= {"integer", "number"}:
        left = range_of(parts, subject.version)
        if left.is_empty(whole="number" not in types):
            yield Problem(
                _last_within(node, left.set_by),
                f"no {min(types - {'integer'} or types)} is left by the bounds together",
            )
        else:
            enum = node.get("enum")
            values = enum.value if enum is not None and isinstance(enum.value, list) else []
            if enum is not None and values and not any(left.holds(value) for value in values):
                yield Problem(enum, "none of the values is left by the bounds")


def _last_within(owner: Node, nodes: list[Node]) -> Node:
    """The last that stands in the schema itself; the schema where all stand in those that it refers to."""
    below = f"{owner.pointer}/"
    own = [node for node in nodes if node.document is owner.document and node.pointer.startswith(below)]
    return own[-1] if own else owner


def _too_few(subject: Subject, node: Node) -> Iterator[Problem]:
    """More items or members demanded than there can be."""
    value = node.value
    least, members = value.get("minProperties"), value.get("properties", {})
    is_closed = value.get("additionalProperties") is False and "patternProperties" not in value
    if is_closed and _is_number(least) and isinstance(members, dict) and least > len(members):
        message = f"`minProperties` {least} is more than the {len(members)} members that are allowed"
        yield Problem(node.child("minProperties"), message)
    count, items = value.get("minItems"), node.get("items")
    if value.get("uniqueItems") is True and _is_number(count) and items is not None:
        target = subject.follow(items)
        listed = target.value.get("enum") if target is not None and isinstance(target.value, dict) else None
        if isinstance(listed, list) and count > len(listed):
            message = f"`minItems` {count} is more than the {len(listed)} different items that there are"
            yield Problem(node.child("minItems"), message)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
