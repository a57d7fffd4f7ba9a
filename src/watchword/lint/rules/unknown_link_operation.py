"""A link names an operation that does not exist.

The one thing that a link says is which operation comes next. (OpenAPI 3.1.1, 4.8.20.)

Bad:

    links:
      thing: { operationId: getThign }

Good:

    links:
      thing: { operationId: getThing }
"""

from collections.abc import Iterator

from watchword.ground import Severity, cut
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "structure"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per link."""
    known = {spot.node.value.get("operationId") for spot in subject.of("operation")}
    for spot in subject.of("link"):
        given = spot.node.get("operationId")
        if given is not None and isinstance(given.value, str) and given.value not in known:
            yield Problem(given, f"no operation has the id `{cut(given.value)}`")
