"""`x-certainty` has a value that nobody knows.

It is `documented` or `assumed`; anything else is read as documented, so that an assumption fails a run.

Bad:

    x-certainty: guessed

Good:

    x-certainty: assumed
"""

from collections.abc import Iterator

from watchword.document import Node
from watchword.ground import Certainty, Severity, redact
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "provenance"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per mark."""
    for spot in subject.spots:
        yield from _single_keywords(spot.node)
        node = spot.node.get("x-certainty")
        if node is not None and node.value not in tuple(Certainty):
            known = " or ".join(f"`{each}`" for each in Certainty)
            yield Problem(node, f"{redact(node.value, secret=False)} is not {known}")


def _single_keywords(owner: Node) -> Iterator[Problem]:
    """What `x-assumed` lists has to be there."""
    listed = owner.get("x-assumed")
    for node in listed.items() if listed else ():
        if node.value not in owner.value:
            yield Problem(node, f"{redact(node.value, secret=False)} is no keyword of this object")
