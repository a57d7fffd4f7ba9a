r"""A pattern on which backtracking engines take exponentially many steps.

A text of some forty characters keeps a server of Java, Python or JavaScript busy for hours: a denial of service that
fits into one field. The attack is verified by running the pattern on a counting engine. (CWE-1333.)

Bad:

    pattern: '^([a-z]+[0-9]?)+$'

Good:

    pattern: '^[a-z][a-z0-9]*$'
"""

from collections.abc import Iterator

from watchword.ground import Severity, redact
from watchword.lint.patterns import attacks_of, patterns_of
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "language"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per pattern, with the attack."""
    for pattern in patterns_of(subject):
        attack = attacks_of(subject).get(pattern.text)
        if attack is not None and attack.is_exponential:
            pump, tail = redact(attack.pump, secret=False), redact(attack.suffix, secret=False)
            start = f"{redact(attack.prefix, secret=False)} + " if attack.prefix else ""
            end = f" + {tail}" if attack.suffix else ""
            yield Problem(pattern.node, f"takes exponentially many steps on {start}{pump} x 30{end}")
