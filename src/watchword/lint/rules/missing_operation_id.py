"""An operation has no `operationId`.

Findings, cases, workflows and generated clients name operations by it; without one they fall back on method and path,
which change.

Bad:

    get: { responses: ... }

Good:

    get: { operationId: listThings, responses: ... }
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "house"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per operation under `paths`."""
    for operation in subject.operations:
        if not operation.id:
            yield Problem(operation.node, f"{operation.method} {operation.path} has no `operationId`")
