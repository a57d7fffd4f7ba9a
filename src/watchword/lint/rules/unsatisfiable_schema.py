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
from watchword.lint.problem import Problem
from watchword.lint.strings import texts_of
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "language"
_BOUNDS = (
    ("minimum", "maximum"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
)


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per schema, at the keyword that decides it."""
    for spot in subject.of("schema"):
        if isinstance(spot.node.value, dict):
            yield from _crossing(spot.node)
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


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
