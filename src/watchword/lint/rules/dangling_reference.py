"""A `$ref` leads nowhere.

What it should describe is not described: generators fail, validators refuse or accept everything. Remote references
are not fetched. (OpenAPI 3.1.1, 4.8.23; RFC 6901.)

Bad:

    schema: { $ref: '#/components/schemas/Thign' }

Good:

    schema: { $ref: '#/components/schemas/Thing' }
"""

from collections.abc import Iterator

from watchword.document import Node
from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "structure"
_REMOTE = "remote references are not fetched"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per reference, wherever it stands; one to another host is a warning, as it was not looked at."""
    for finding in subject.library.dangling():
        place = finding.place
        if place is not None:
            document = next(each for each in subject.library.documents if each.file == place.file)
            severity = Severity.WARNING if _REMOTE in finding.message else None
            yield Problem(Node(document, place.pointer, None), finding.message, severity=severity)
