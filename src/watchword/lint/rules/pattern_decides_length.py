"""A length bound that the other rules exclude already.

`maxLength: 64` beside a pattern of exactly 36 characters promises room that is not there. Decided exactly. A bound that
equals what the pattern says is fine: it repeats, and readers like it.

Bad:

    pattern: '^[0-9a-f]{32}$'
    maxLength: 64

Good:

    pattern: '^[0-9a-f]{32}$'
    maxLength: 32
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.language import Rules
from watchword.language.parts import Part
from watchword.lint.problem import Problem
from watchword.lint.redundancies import redundant
from watchword.lint.strings import Text, texts_of
from watchword.lint.subject import Subject

SEVERITY = Severity.OBSERVATION
GROUP = "language"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per bound."""
    for text in texts_of(subject):
        if len(text.parts) < 2:
            continue
        for part in redundant(text):
            if part.keyword in ("minLength", "maxLength") and part.value > 0:
                reached = _reached(text, part)
                if reached is not None and reached != part.value:
                    which = "least" if part.keyword == "minLength" else "most"
                    message = (
                        f"`{part.keyword}` {part.value}, while the other rules take at {which} {reached} characters"
                    )
                    yield Problem(text.at(part), message)


def _reached(text: Text, part: Part) -> int | None:
    """The shortest or longest text that the rules accept, in code points."""
    return text.asked(_shortest if part.keyword == "minLength" else _longest)


def _shortest(rules: Rules) -> int | None:
    return rules.valid.shortest


def _longest(rules: Rules) -> int | None:
    return rules.valid.longest
