"""An operation documents no reply for success, or none at all.

Whoever calls it does not know what comes back when all goes well, and a test cannot tell success from an undocumented
reply. (OpenAPI 3.1.1, 4.8.16: the responses should cover a successful call.)

Bad:

    responses:
      '400': { description: Refused. }

Good:

    responses:
      '204': { description: Done. }
      '400': { description: Refused. }
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "structure"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per operation."""
    for spot in subject.of("operation"):
        replies = spot.node.get("responses")
        if replies is None and subject.version != "3.0":  # where the structure already demands it
            yield Problem(spot.node, "documents no reply")
        if replies is not None and isinstance(replies.value, dict) and replies.value:
            statuses = [status for status in replies.value if not status.startswith("x-")]
            if not any(status == "default" or status[:1] in ("1", "2", "3") for status in statuses):
                yield Problem(replies, f"only {', '.join(statuses)} are documented, none of them a success")
