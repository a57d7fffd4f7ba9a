"""A secret has a minimum length and no maximum.

Servers hash secrets: a text of megabytes is a cheap way to keep one busy, and libraries cut at a length of their
own (bcrypt at 72 bytes), so that two long secrets count as equal. State the bound that holds. (NIST SP 800-63B,
5.1.1.2: at least 64 characters must be allowed.)

Bad:

    type: string
    format: password
    minLength: 8

Good:

    type: string
    format: password
    minLength: 8
    maxLength: 64
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.language import Rules
from watchword.lint.problem import Problem
from watchword.lint.secret_texts import secret_texts
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "language"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per secret."""
    for text in secret_texts(subject):
        least = text.asked(_shortest)
        is_bounded_below = least and any(part.keyword == "minLength" for part in text.parts)
        if is_bounded_below and text.asked(_is_endless):
            yield Problem(text.node, f"a secret of at least {least} characters has no greatest length")


def _shortest(rules: Rules) -> int | None:
    return rules.valid.shortest


def _is_endless(rules: Rules) -> bool:
    return not rules.valid.is_finite
