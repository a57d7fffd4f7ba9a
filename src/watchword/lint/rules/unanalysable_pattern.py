r"""A pattern that no automaton can stand for, or too large a one.

Validation works; what else Watchword does with rules does not: no exact answers, no generated values for this rule
alone. Back-references describe no regular language at all, and are what backtracking engines are slowest with.

Bad:

    pattern: '^(.)(?!\1)'

Good:

    pattern: '^[a-z][a-z0-9]*$'
"""

from collections.abc import Iterator

from watchword.ground import RuleTooLarge, Severity
from watchword.lint.patterns import LONGEST, patterns_of
from watchword.lint.problem import Problem
from watchword.lint.rules.invalid_pattern import NOT_REGULAR
from watchword.lint.strings import texts_of
from watchword.lint.subject import Subject

SEVERITY = Severity.OBSERVATION
GROUP = "language"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per pattern, and one per schema whose rules together are too large."""
    for pattern in patterns_of(subject):
        if pattern.problem is not None and any(mark in pattern.problem.reason for mark in NOT_REGULAR):
            yield Problem(pattern.node, str(pattern.problem))
        elif len(pattern.text) > LONGEST:
            yield Problem(pattern.node, f"has {len(pattern.text):,} characters, more than {LONGEST:,}")
    for text in texts_of(subject):
        has_pattern = any(part.keyword == "pattern" for part in text.parts)
        if has_pattern and text.rules is None and isinstance(text.problem, RuleTooLarge):
            yield Problem(text.node, str(text.problem))
