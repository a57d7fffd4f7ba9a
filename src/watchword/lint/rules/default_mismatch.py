"""A default breaks its own schema.

A server that fills the default in makes a request of its own that it would refuse from anybody else. (JSON Schema
Validation 2020-12, 9.2: it should be valid; OpenAPI 3.0.4, 4.7.24: it must conform to the type.)

Bad:

    type: string
    enum: [small, large]
    default: medium

Good:

    type: string
    enum: [small, medium, large]
    default: medium
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.examples import mismatches
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "truth"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per value that is wrong, a warning where that is a matter of `format` or of form."""
    for node, errors in mismatches(subject, "default"):
        severity = Severity.WARNING if all(error.is_slight for error in errors) else None
        message = "; ".join(dict.fromkeys(error.message for error in errors))
        yield Problem(node, f"the default breaks its schema: {message}", severity=severity)
