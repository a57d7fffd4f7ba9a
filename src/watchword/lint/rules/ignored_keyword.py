"""A schema has a keyword that its version of OpenAPI ignores.

The rule that the author wrote does not hold: `nullable` does nothing in 3.1, a keyword beside `$ref` nothing in 3.0.
(OpenAPI 3.0.4, 4.7.23 and 4.7.24; 3.1.1, 4.8.24.)

Bad:

    openapi: 3.1.1
    ...
    type: string
    nullable: true

Good:

    openapi: 3.1.1
    ...
    type: [string, 'null']
"""

from collections.abc import Iterator

from watchword.document import Node
from watchword.ground import Severity, redact
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "structure"
_HARMLESS = frozenset({"$ref", "description", "summary", "title", "example", "examples", "deprecated", "externalDocs"})


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per keyword."""
    for spot in subject.of("schema"):
        value = spot.node.value
        if not isinstance(value, dict):
            continue
        if subject.version == "3.0":
            yield from _beside_a_reference(spot.node)
        elif isinstance(value.get("nullable"), bool):
            suggestion = None
            if value["nullable"] and isinstance(value.get("type"), str):
                suggestion = f"type: [{value['type']}, 'null']"
            yield Problem(spot.node.child("nullable"), f"OpenAPI {subject.version} has no `nullable`", suggestion)


def _beside_a_reference(node: Node) -> Iterator[Problem]:
    if not isinstance(node.value.get("$ref"), str):
        return
    for keyword, child in node.members():
        if keyword not in _HARMLESS and not keyword.startswith("x-"):
            shown = redact(keyword, secret=False).strip('"')
            yield Problem(child, f"`{shown}` stands beside a `$ref`, where OpenAPI 3.0 ignores it")
