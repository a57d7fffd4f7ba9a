"""An operation requires no credential, while the document declares security schemes, or it deals with secrets.

Left out by mistake, `security` describes an operation that anybody may call. Say `security: []` where that is meant.
(OpenAPI 3.1.1, 4.8.1 and 4.8.10.)

Bad:

    /things:
      delete:
        responses: ...               # no `security` here or at the root

Good:

    /things:
      delete:
        security: [{ token: [] }]
        responses: ...
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.reach import content_schemas
from watchword.lint.secrets import secrets_below
from watchword.lint.subject import Operation, Subject

SEVERITY = Severity.WARNING
GROUP = "secrets"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per operation."""
    if subject.root.get("security") is not None:
        return
    components = subject.root.get("components")
    has_schemes = bool(components and components.get("securitySchemes"))
    for operation in subject.operations:
        if operation.node.get("security") is None:
            if has_schemes:
                yield Problem(operation.node, f"{operation.method} {operation.path} requires no credential")
            elif _deals_with_secrets(subject, operation):
                message = f"{operation.method} {operation.path} deals with secrets and requires no credential"
                yield Problem(operation.node, message)


def _deals_with_secrets(subject: Subject, operation: Operation) -> bool:
    owners = [reply for _, reply in subject.followed(operation.node, "responses")]
    body = operation.node.get("requestBody")
    target = subject.follow(body) if body else None
    return any(
        secrets_below(subject, schema) for owner in (target, *owners) for schema in content_schemas(subject, owner)
    )
