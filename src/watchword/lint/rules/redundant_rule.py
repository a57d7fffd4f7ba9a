"""A rule of a string schema cannot be broken alone: others of the same schema imply it.

It says nothing, and whoever changes one of the rules later is misled. Decided exactly, by inclusion of languages. A
rule that is inherited by `$ref` and narrowed is none of this, nor is a bound that a pattern repeats
(`pattern-decides-length`).

Bad:

    allOf:
      - pattern: '^[0-9a-f]*$'
      - pattern: '^[0-9a-z]*$'      # implied

Good:

    pattern: '^[0-9a-f]*$'
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.redundancies import redundant
from watchword.lint.strings import texts_of
from watchword.lint.subject import Subject

SEVERITY = Severity.OBSERVATION
GROUP = "language"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per rule."""
    for text in texts_of(subject):
        for part in redundant(text):
            if part.keyword not in ("minLength", "maxLength"):
                yield Problem(text.at(part), f"`{part.rule}` is implied by the other rules")
