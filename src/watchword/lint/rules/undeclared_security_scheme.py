"""A security requirement names a scheme that the components do not declare.

Nobody knows what to send. Tools that drop the unknown name call the operation without a credential. (OpenAPI 3.1.1,
4.8.30: each name must correspond to a declared scheme; 3.2 also allows the URI of one.)

Bad:

    security: [{ apiKey: [] }]        # and components declare `api_key`

Good:

    security: [{ api_key: [] }]
"""

from collections.abc import Iterator

from watchword.document import Node
from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "structure"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per requirement."""
    components = subject.root.get("components")
    declared = dict(subject.followed(components, "securitySchemes"))
    for owner in (subject.root, *(spot.node for spot in subject.of("operation"))):
        for name, node in _required(owner):
            is_uri = subject.version == "3.2" and ("/" in name or "#" in name or "." in name)
            if name not in declared and not is_uri:
                yield Problem(node, f"security scheme `{name}` is not declared in the components")


def _required(owner: Node) -> Iterator[tuple[str, Node]]:
    listed = owner.get("security")
    for requirement in listed.items() if listed else ():
        yield from requirement.members()
