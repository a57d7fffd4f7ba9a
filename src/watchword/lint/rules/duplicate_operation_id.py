"""Two operations have the same `operationId`.

Clients, links and workflows name an operation by it: one of the two can no longer be reached. (OpenAPI 3.1.1, 4.8.10:
the id must be unique among all operations of the document.)

Bad:

    /things:  { get: { operationId: list } }
    /people:  { get: { operationId: list } }

Good:

    /things:  { get: { operationId: listThings } }
    /people:  { get: { operationId: listPeople } }
"""

from collections.abc import Iterator

from watchword.document import Node
from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "structure"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per operation whose id an earlier one has."""
    first: dict[str, Node] = {}
    for spot in subject.of("operation"):
        given = spot.node.get("operationId")
        if given is not None and isinstance(given.value, str):
            other = first.setdefault(given.value, given)
            if other is not given:
                yield Problem(given, f"`{given.value}` is the id of the operation at line {other.place.line} already")
