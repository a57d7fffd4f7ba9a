"""A path parameter is declared that the path does not have.

It can never be sent; most likely the name is misspelt in one of the two places. (OpenAPI 3.1.1, 4.8.12.1: the name must
correspond to a template expression.)

Bad:

    /things/{thingId}:
      get:
        parameters:
          - { name: thingID, in: path, required: true, schema: { type: string } }

Good:

    /things/{thingId}:
      get:
        parameters:
          - { name: thingId, in: path, required: true, schema: { type: string } }
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject, template_names

SEVERITY = Severity.ERROR
GROUP = "structure"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per operation and parameter."""
    for operation in subject.operations:
        known = set(template_names(operation.path))
        for node in operation.parameters:
            name = node.value.get("name")
            if node.value.get("in") == "path" and isinstance(name, str) and name not in known:
                yield Problem(node, f"`{name}` does not occur in `{operation.path}`")
