"""`required` names a member that `properties` does not have, in an object that allows no others.

No value meets it. With other members allowed the rule stays silent: the name may be described elsewhere. (JSON
Schema Validation 2020-12, 6.5.3.)

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

from watchword.ground import Severity, cut
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "truth"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per name."""
    for spot in subject.of("schema"):
        value = spot.node.value
        if not isinstance(value, dict) or value.get("additionalProperties") is not False:
            continue
        members = value.get("properties", {})
        required = spot.node.get("required")
        if not isinstance(members, dict) or "patternProperties" in value or required is None:
            continue
        for node in required.items():
            if isinstance(node.value, str) and node.value not in members:
                yield Problem(node, f"`{cut(node.value)}` is required, and not allowed")
