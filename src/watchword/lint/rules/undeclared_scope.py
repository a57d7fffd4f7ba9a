"""A security requirement asks for a scope that its scheme does not declare.

Nobody can grant it: clients ask the authorization server for something it does not know. (OpenAPI 3.1.1, 4.8.28 and
4.8.30.)

Bad:

    security:
      - login: [things:wriet]

Good:

    security:
      - login: [things:write]
"""

from collections.abc import Iterator

from watchword.document import Node
from watchword.ground import Severity, cut
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "structure"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per scope of an OAuth 2 scheme."""
    schemes = dict(subject.followed(subject.root.get("components"), "securitySchemes"))
    declared = {name: scopes for name, node in schemes.items() if (scopes := _scopes(node)) is not None}
    for owner in (subject.root, *(spot.node for spot in subject.of("operation"))):
        listed = owner.get("security")
        for requirement in listed.items() if listed else ():
            for name, wanted in requirement.members():
                for scope in wanted.items() if name in declared else ():
                    if isinstance(scope.value, str) and scope.value not in declared[name]:
                        yield Problem(scope, f"`{name}` declares no scope `{cut(scope.value, 60)}`")


def _scopes(scheme: Node) -> frozenset[str] | None:
    """The scopes of all flows; `None` for a scheme of another type."""
    flows = scheme.get("flows")
    if scheme.value.get("type") != "oauth2" or flows is None:
        return None
    found: set[str] = set()
    for _, flow in flows.members():
        scopes = flow.get("scopes")
        found.update(name for name, _ in (scopes.members() if scopes else ()))
    return frozenset(found)
