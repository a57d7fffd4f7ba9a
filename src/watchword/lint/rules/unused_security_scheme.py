"""A security scheme is declared and no operation requires it.

Either it is a left-over, or operations that should be protected are described as open.

Bad:

    components:
      securitySchemes:
        token: { type: http, scheme: bearer }
    # and no `security` anywhere

Good:

    security: [{ token: [] }]
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "structure"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per scheme."""
    components = subject.root.get("components")
    declared = components.get("securitySchemes") if components else None
    if declared is None or not subject.of("operation"):
        return
    used: set[str] = set()
    for owner in (subject.root, *(spot.node for spot in subject.of("operation"))):
        listed = owner.get("security")
        used.update(name for requirement in (listed.items() if listed else ()) for name, _ in requirement.members())
    for name, node in declared.members():
        if name not in used and not any(each.endswith(f"/{name}") for each in used):
            yield Problem(node, f"security scheme `{name}` is not required by any operation")
