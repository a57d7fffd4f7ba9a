"""A required member is read-only in a schema that only requests use, or write-only in one that only replies use.

It is demanded where it must not be sent; its `required` holds nowhere. (OpenAPI 3.0.4, 4.7.24: `required` of a
read-only member holds for the response only.)

Bad:

    requestBody:
      content:
        application/json:
          schema:
            required: [id]
            properties:
              id: { type: string, readOnly: true }

Good:

    requestBody:
      content:
        application/json:
          schema:
            properties:
              id: { type: string, readOnly: true }
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.reach import reach_of
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "truth"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per name in a `required`."""
    reach = reach_of(subject)
    for spot in subject.of("schema"):
        required, members = spot.node.get("required"), spot.node.get("properties")
        if required is None or members is None or not isinstance(members.value, dict):
            continue
        sides = reach.sides(spot.node)
        if len(sides) != 1:
            continue
        flag = "readOnly" if "request" in sides else "writeOnly"
        for node in required.items():
            member = members.get(node.value) if isinstance(node.value, str) else None
            marks = member.value if member is not None and isinstance(member.value, dict) else {}
            if marks.get(flag) is True and marks.get("readOnly") != marks.get("writeOnly"):
                side = "requests" if flag == "readOnly" else "replies"
                yield Problem(node, f"`{node.value}` is required and `{flag}`, in a schema that only {side} use")
