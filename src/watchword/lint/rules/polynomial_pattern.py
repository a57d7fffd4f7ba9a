r"""A pattern on which backtracking engines take quadratically many steps or more, on texts without a bound.

A text of a hundred thousand characters takes ten thousand million steps. The attack is verified by running the
pattern on a counting engine. A `maxLength` of at most 1,000 beside it is bound enough. (CWE-1333.)

Bad:

    pattern: '[a-z]+@'

Good:

    pattern: '^[a-z]+@'
"""

from collections.abc import Iterator

from watchword.ground import Severity, redact
from watchword.lint.patterns import attacks_of, patterns_of
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "language"
_BOUNDED = 1_000


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per pattern, with the attack."""
    for pattern in patterns_of(subject):
        most = pattern.owner.value.get("maxLength")
        if isinstance(most, int) and most <= _BOUNDED:
            continue
        attack = attacks_of(subject).get(pattern.text)
        if attack is not None and not attack.is_exponential:
            pump, tail = redact(attack.pump, secret=False), redact(attack.suffix, secret=False)
            end = f" + {tail}" if attack.suffix else ""
            yield Problem(pattern.node, f"takes more than linearly many steps on {pump} x 10,000{end}")
