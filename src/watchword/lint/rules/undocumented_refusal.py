"""An operation that requires a credential does not document what comes back without one.

Clients cannot tell a missing credential from a failure, and a test cannot tell a guarded operation from an open
one. Only 401 is asked for by default; `[lint.options.undocumented-refusal] statuses = ["401", "403", "429"]` asks
for more. A `4XX` or `default` reply covers all of them. (RFC 9110, 15.5.2; RFC 6585, 4.)

Bad:

    security: [{ token: [] }]
    responses:
      '200': { description: The thing. }

Good:

    security: [{ token: [] }]
    responses:
      '200': { description: The thing. }
      '401': { description: The credential is missing or not valid. }
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "secrets"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per operation."""
    wanted = subject.option("undocumented-refusal", "statuses", ["401"])
    for operation in subject.operations:
        security = operation.node.get("security") or subject.root.get("security")
        replies = operation.node.get("responses")
        if (
            security is None
            or not security.value
            or replies is None
            or not replies.value
            or not isinstance(replies.value, dict)
        ):
            continue
        given = {status.upper() for status in replies.value}
        missing = [status for status in wanted if not given & {status, f"{status[0]}XX", "DEFAULT"}]
        if missing:
            shown = " and ".join(f"`{status}`" for status in missing)
            yield Problem(replies, f"{operation.label} requires a credential and does not document {shown}")
