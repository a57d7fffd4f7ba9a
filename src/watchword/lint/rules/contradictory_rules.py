"""Two rules of one string schema exclude each other.

Each can be met, never both: nothing is accepted. Decided exactly, by the languages of the two rules.

Bad:

    type: string
    pattern: '^[0-9]{4}$'
    minLength: 8

Good:

    type: string
    pattern: '^[0-9]{8}$'
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.contradictions import contradiction
from watchword.lint.problem import Problem
from watchword.lint.strings import texts_of
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "language"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per schema, at the later of the two rules."""
    for text in texts_of(subject):
        found = contradiction(text)
        if found is not None and found.other is not None:
            yield Problem(found.node, f"no text meets both `{found.other}` and `{found.rule}`")
