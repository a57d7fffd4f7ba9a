"""An `operationId` is no identifier.

Generators turn it into the name of a function, each in its own way; two ids may become one.

Bad:

    operationId: list things!

Good:

    operationId: listThings
"""

import re
from collections.abc import Iterator

from watchword.ground import Severity, cut
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "house"
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per operation under `paths`."""
    for operation in subject.operations:
        if operation.id and not _IDENTIFIER.fullmatch(operation.id):
            yield Problem(operation.node.child("operationId"), f"`{cut(operation.id)}` is no identifier")
