"""Two fields stand side by side of which the specification allows one.

Tools take one of them and forget the other, not all the same one. (OpenAPI 3.1.1: 4.8.12.2 and 4.8.14, `example` and
`examples`; 4.8.12.2, `schema` and `content`; 4.8.19, `value` and `externalValue`; 4.8.20, `operationRef` and
`operationId`.)

Bad:

    schema: { type: integer }
    example: 20
    examples: { few: { value: 3 } }

Good:

    schema: { type: integer }
    examples: { few: { value: 3 }, many: { value: 20 } }
"""

from collections.abc import Iterator

from watchword.document import Node
from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "structure"
_EXAMPLES = ("example", "examples")
_PAIRS = {
    "parameter": (_EXAMPLES, ("schema", "content")),
    "header": (_EXAMPLES, ("schema", "content")),
    "media": (_EXAMPLES,),
    "example": (("value", "externalValue"),),
    "link": (("operationRef", "operationId"),),
}


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per pair, at the later of the two."""
    for owner, pair in exclusive(subject):
        earlier, later = (name for name in owner.value if name in pair)
        yield Problem(owner.child(later), f"`{later}` stands beside `{earlier}`, which excludes it")


def exclusive(subject: Subject) -> list[tuple[Node, tuple[str, str]]]:
    """The objects that have such a pair, with it."""
    return [
        (spot.node, pair)
        for kind, pairs in _PAIRS.items()
        for spot in subject.of(kind)
        for pair in pairs
        if pair[0] in spot.node.value and pair[1] in spot.node.value
    ]
