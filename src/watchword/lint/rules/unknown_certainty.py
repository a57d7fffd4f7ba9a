"""`x-certainty` has a value that nobody knows.

It is `documented` or `assumed`; anything else is read as documented, so that an assumption fails a run.

Bad:

    x-certainty: guessed

Good:

    x-certainty: assumed
"""

from collections.abc import Iterator

from watchword.ground import Certainty, Severity, redact
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "provenance"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per mark."""
    for spot in subject.spots:
        node = spot.node.get("x-certainty")
        if node is not None and node.value not in tuple(Certainty):
            known = " or ".join(f"`{each}`" for each in Certainty)
            yield Problem(node, f"{redact(node.value, secret=False)} is not {known}")
