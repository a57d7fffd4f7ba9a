"""A secret whose rule is so strict that random characters hardly ever meet it.

Password managers and generators draw characters and try: where fewer than one draw in a million obeys the rule they
give up, and people then choose by a scheme that others guess. Counted exactly, at the best length up to 64, over
the characters that the rule allows.

Bad:

    format: password
    pattern: '^(?=.*AB)(?=.*CD)(?=.*EF)(?=.*GH)[A-Z]{8}$'

Good:

    format: password
    pattern: '^(?=.*[A-Z])(?=.*[0-9])[A-Z0-9]{16,64}$'
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.language import Rules
from watchword.language.ranges import size
from watchword.lint.problem import Problem
from watchword.lint.secret_texts import secret_texts
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "language"
_LONGEST = 64
_ONE_IN = 1_000_000
_TRIED = 8
"""Lengths at which the share is counted, spread over those that are possible."""


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per secret."""
    for text in secret_texts(subject):
        if any(part.keyword in ("enum", "const") for part in text.parts):
            continue
        share = text.asked(_best_share)
        if share is not None and 0 < share < 1 / _ONE_IN:
            yield Problem(text.node, f"of random texts in its characters one in {1 / share:.2g} obeys the rules")


def _best_share(rules: Rules) -> float:
    """The greatest share of texts of one length, over the alphabet in use, that are valid; 1 where there are none."""
    valid = rules.valid
    if valid.is_empty:
        return 1.0
    lengths = [length for length in valid.lengths(_LONGEST) if length]
    letters = size(valid.alphabet)
    spread = lengths[:: max(1, len(lengths) // _TRIED)] + lengths[-1:]
    return max((((valid.count(length) or 0) / letters**length) for length in dict.fromkeys(spread)), default=1.0)
