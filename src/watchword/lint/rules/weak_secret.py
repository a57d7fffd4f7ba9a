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
from watchword.language import Rules
from watchword.lint.problem import Problem
from watchword.lint.secret_texts import secret_texts
from watchword.lint.strings import Text
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "language"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per secret, where its rules stand; none for one that nothing meets."""
    wanted = float(subject.option("weak-secret", "bits", 64))
    weak: dict[str, tuple[Text, float]] = {}
    for text in secret_texts(subject):
        bits = text.asked(_bits)
        if bits is not None and 0 <= bits < wanted:
            weak[text.schema.at] = text, bits
    for at, (text, bits) in weak.items():
        if not any(other != at and _refers(text, other) for other in weak):
            yield Problem(text.node, f"a secret by these rules has at most {bits:.1f} bits, less than {wanted:g}")


def _bits(rules: Rules) -> float | None:
    return None if rules.valid.is_empty else rules.valid.bits


def _refers(text: Text, other: str) -> bool:
    """Whether the other secret's rules are among those of this one, which is weak for their sake."""
    pending = [text.schema.value]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            reference = value.get("$ref")
            if isinstance(reference, str) and reference.removeprefix("#") == other:
                return True
            for keyword in ("allOf", "anyOf", "oneOf"):
                pending.extend(value.get(keyword) or ())
    return False
