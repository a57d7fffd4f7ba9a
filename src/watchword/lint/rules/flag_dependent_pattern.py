r"""A pattern is one of ECMA-262 only without the flag `u`.

JSON Schema asks for Unicode patterns, and validators that set the flag (ajv) refuse the whole schema for a needless
backslash such as `\-` outside of a class. (JSON Schema Core 2020-12, 6.4; ECMA-262, Annex B.1.2.)

Bad:

    pattern: '^[0-9]+\-[0-9]+$'

Good:

    pattern: '^[0-9]+-[0-9]+$'
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.patterns import patterns_of
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "language"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per pattern."""
    for pattern in patterns_of(subject):
        if pattern.notes:
            yield Problem(pattern.node, f"not allowed with the flag `u`: {pattern.notes[0]}")
