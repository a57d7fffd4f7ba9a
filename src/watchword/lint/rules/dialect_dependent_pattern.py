r"""A pattern means different things in the regular expressions of ECMA, Java, Python or RE2.

The same document is enforced by validators in all of these. `\d` takes Arabic-Indic digits in Python, `\s` no
no-break space in Java: what one side accepts the other refuses. The witness is a shortest such text. Control characters
and line ends are left to `newline-dependent-pattern`.

Bad:

    pattern: '^\d{4}$'

Good:

    pattern: '^[0-9]{4}$'
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.dialects import PRINTABLE, difference
from watchword.lint.patterns import portable_candidates
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "language"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per pattern, naming the first dialect that differs, in the order Java, Python, RE2."""
    for pattern in portable_candidates(subject):
        found = difference(pattern.text, PRINTABLE)
        if found is not None:
            yield Problem(pattern.node, found)
