r"""A pattern is no regular expression of ECMA-262.

JSON Schema takes patterns in that dialect. A validator refuses the schema, leaves the rule out, or gives it another
meaning: `(?i)` and `\A` are errors in one engine and rules in the next. (JSON Schema Core 2020-12, 6.4; ECMA-262,
22.2.)

Bad:

    pattern: '^\p{Print}+$'       # Java's

Good:

    pattern: '^[ -~]+$'
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.patterns import patterns_of
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "language"
NOT_REGULAR = ("back-reference", "nest deeper", "out of all proportion")
"""Reasons that speak of limits, not of the dialect: `unanalysable-pattern` tells those."""


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per pattern, with a caret under the spot."""
    for pattern in patterns_of(subject):
        if pattern.problem is not None and not any(mark in pattern.problem.reason for mark in NOT_REGULAR):
            yield Problem(pattern.node, f"not ECMA-262: {pattern.problem}")
