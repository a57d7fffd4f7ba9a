"""A path template has a parameter that no `parameters` declares.

Nobody knows what may stand there; clients cannot be generated. (OpenAPI 3.1.1, 4.8.9: each template expression must
correspond to a path parameter.)

Bad:

    /things/{thingId}:
      get: { parameters: [] }

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
        declared = {node.value.get("name") for node in operation.parameters if node.value.get("in") == "path"}
        for name in dict.fromkeys(template_names(operation.path)):
            if name not in declared:
                yield Problem(operation.node, f"`{{{name}}}` of `{operation.path}` is not declared")
