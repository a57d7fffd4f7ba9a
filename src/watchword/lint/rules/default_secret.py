"""A secret has a default.

Documents are published: a secret that everybody gets who asks for none is no secret. (CWE-1392, use of default
credentials.)

Bad:

    password: { type: string, format: password, default: changeme-1234 }

Good:

    password: { type: string, format: password }
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.secrets import secret_members
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "secrets"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per member of an object, or schema that says `format: password`, with a text for its default."""
    members = {spot.node.pointer for spot in secret_members(subject)}
    for spot in subject.of("schema"):
        given = spot.node.get("default")
        if given is None or not isinstance(given.value, str) or not given.value:
            continue
        if spot.node.pointer in members or spot.node.value.get("format") == "password":
            yield Problem(given, "a secret that is the same for everybody")
