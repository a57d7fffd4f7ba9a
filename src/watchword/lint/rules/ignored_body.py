"""A GET or HEAD operation has a request body.

Its meaning is not defined; proxies drop it, clients refuse to send it. (RFC 9110, 9.3.1; OpenAPI 3.0.4, 4.7.10: it
shall be ignored.)

Bad:

    get:
      requestBody: ...

Good:

    get:
      parameters:
        - { name: filter, in: query, schema: { type: string } }
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "structure"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per operation."""
    for operation in subject.operations:
        body = operation.node.get("requestBody")
        if body is not None and operation.method in ("GET", "HEAD"):
            yield Problem(body, f"a {operation.method} request has no body with a meaning")
