"""`required` names a member that `properties` does not have.

In an object that allows no others no value meets it: an error. Elsewhere nothing is said of the member, most likely for
a slip in its name: a warning. Parts of one schema are looked at together. (JSON Schema Validation 2020-12, 6.5.3.)

Bad:

    required: [user_name]
    properties:
      username: { type: string }
    additionalProperties: false

Good:

    required: [username]
    properties:
      username: { type: string }
    additionalProperties: false
"""

from collections.abc import Iterator
from difflib import get_close_matches

from watchword.ground import Severity, cut
from watchword.lint.members import declared_members, outermost
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "truth"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per name: an error where no such member is allowed, else a warning."""
    for spot in subject.of("schema"):
        value, required = spot.node.value, spot.node.get("required")
        members = value.get("properties") if isinstance(value, dict) else None
        if required is None or not isinstance(members, dict):
            continue
        is_closed = value.get("additionalProperties") is False
        unknown = [node for node in required.items() if isinstance(node.value, str) and node.value not in members]
        if "patternProperties" in value or not unknown:
            continue
        declared = frozenset(members) if is_closed else declared_members(subject, outermost(subject, spot.node))
        for node in unknown:
            if is_closed:
                yield Problem(node, f"`{cut(node.value)}` is required, and not allowed")
            elif declared is not None and node.value not in declared and members:
                near = get_close_matches(node.value, declared, 1, 0.75)
                message = f"`{cut(node.value)}` is required, and no member that is declared"
                yield Problem(node, message, near[0] if near else None, Severity.WARNING)
