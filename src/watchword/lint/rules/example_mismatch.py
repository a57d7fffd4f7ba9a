"""An example breaks its own schema.

Readers copy examples, mock servers answer with them, tests send them. One of the two is wrong, and nobody knows which.
(OpenAPI 3.1.1, 4.8.19: the example should match the schema.)

`required` of a read-only member does not hold in a request, that of a write-only one not in a reply. Text in the place
of a number or list is let pass where the value is sent as text anyway: parameters, headers, forms.

Bad:

    schema: { type: string, maxLength: 8 }
    example: much-too-long

Good:

    schema: { type: string, maxLength: 8 }
    example: short
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
    for node, errors in mismatches(subject, "example"):
        severity = Severity.WARNING if all(error.is_slight for error in errors) else None
        message = "; ".join(dict.fromkeys(error.message for error in errors))
        yield Problem(node, f"the example breaks its schema: {message}", severity=severity)
