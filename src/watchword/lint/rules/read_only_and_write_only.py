"""A member is both read-only and write-only.

It may be sent in neither direction. (OpenAPI 3.0.4, 4.7.24: it must not be marked as both.)

Bad:

    secret: { type: string, readOnly: true, writeOnly: true }

Good:

    secret: { type: string, writeOnly: true }
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "truth"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per schema."""
    for spot in subject.of("schema"):
        value = spot.node.value
        if isinstance(value, dict) and value.get("readOnly") is True and value.get("writeOnly") is True:
            yield Problem(spot.node.child("writeOnly"), "`readOnly` and `writeOnly` together leave nothing")
