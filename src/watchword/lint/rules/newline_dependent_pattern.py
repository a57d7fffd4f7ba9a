r"""A pattern treats line ends and control characters differently in ECMA, Java, Python or RE2.

`$` stands before a last line feed too in Python and Java: `^[a-z]+$` accepts `abc\n` there. There is no portable way to
say it, so this rule is off by default; a length bound, or a check in the server, closes the gap.

Bad:

    pattern: '^[a-z]+$'

Good:

    pattern: '^[a-z]+(?!\n)$'
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.dialects import ANYTHING, PRINTABLE, difference
from watchword.lint.patterns import portable_candidates
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "pedantic"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per pattern that `dialect-dependent-pattern` has nothing to say about."""
    for pattern in portable_candidates(subject):
        if difference(pattern.text, PRINTABLE) is None:
            found = difference(pattern.text, ANYTHING)
            if found is not None:
                yield Problem(pattern.node, found)
