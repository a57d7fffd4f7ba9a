"""An operation has a tag that the document does not declare.

Most likely a slip: the operation then stands alone in every overview. (OpenAPI 3.1.1, 4.8.22.)

Bad:

    tags: [{ name: devices }]
    ...
    get: { tags: [device] }

Good:

    tags: [{ name: devices }]
    ...
    get: { tags: [devices] }
"""

from collections.abc import Iterator

from watchword.ground import Severity, cut
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "house"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per tag of an operation."""
    declared = {spot.node.value.get("name") for spot in subject.of("tag")}
    for spot in subject.of("operation"):
        tags = spot.node.get("tags")
        for node in tags.items() if tags else ():
            if isinstance(node.value, str) and node.value not in declared:
                yield Problem(node, f"tag `{cut(node.value)}` is not declared")
