"""An operation requires no credential, while the document declares security schemes, or it deals with secrets.

Left out by mistake, `security` describes an operation that anybody may call. Say `security: []` where that is meant;
for one that deals with secrets it is taken as meant only where people log in or register.
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

import re
from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.reach import content_schemas
from watchword.lint.secrets import secrets_below
from watchword.lint.subject import Operation, Subject

SEVERITY = Severity.WARNING
GROUP = "secrets"
_ENTRANCE = re.compile(
    r"(?i)log-?_?[io]n|sign-?_?(?:in|up)|regist|tokens?\b|oauth|session|forgot|otp\b|verif|authenticate|account|users?\b"
)


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per operation."""
    everywhere = subject.root.get("security")
    components = subject.root.get("components")
    has_schemes = bool(components and components.get("securitySchemes"))
    for operation in subject.operations:
        security = operation.node.get("security") or everywhere
        label = f"{operation.method} {operation.path}"
        if security is None and has_schemes:
            yield Problem(operation.node, f"{label} requires no credential")
        elif (security is None or security.value == []) and _deals_with_secrets(subject, operation):
            at = security if security is not None and security.pointer.startswith(operation.node.pointer) else None
            if security is None or not _hands_out_credentials(operation):
                yield Problem(at or operation.node, f"{label} deals with secrets and requires no credential")


def _hands_out_credentials(operation: Operation) -> bool:
    """Whether it is where one logs in or registers, which nobody can do with a credential."""
    return _ENTRANCE.search(f"{operation.path} {operation.id}") is not None


def _deals_with_secrets(subject: Subject, operation: Operation) -> bool:
    owners = [reply for _, reply in subject.followed(operation.node, "responses")]
    body = operation.node.get("requestBody")
    target = subject.follow(body) if body else None
    return any(
        secrets_below(subject, schema) for owner in (target, *owners) for schema in content_schemas(subject, owner)
    )
