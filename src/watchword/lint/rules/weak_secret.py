"""A secret that can be guessed: even drawn at random from all that the rules allow it has too few bits.

Counted exactly: log2 of the number of texts that the rules accept. Below 64 bits (`[lint.options.weak-secret] bits`) a
stolen hash is searched through. (NIST SP 800-63B, 5.1.1; CWE-521.)

Bad:

    type: string
    format: password
    pattern: '^[0-9]{6}$'            # 19.9 bits

Good:

    type: string
    format: password
    minLength: 16
    maxLength: 64
    pattern: '^[ -~]*$'
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.secret_texts import secret_texts
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "language"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per secret."""
    wanted = float(subject.option("weak-secret", "bits", 64))
    for text in secret_texts(subject):
        bits = text.asked(lambda rules: rules.valid.bits)
        if bits is not None and 0 <= bits < wanted:
            yield Problem(text.node, f"a secret by these rules has at most {bits:.1f} bits, less than {wanted:g}")
