"""Shapes of valid texts that careless software refuses or spoils: what they begin and end with, what they lack.

As few texts as possible show as many shapes as possible; what no valid text shows is left out.
"""

from collections.abc import Sequence
from functools import lru_cache

from watchword.ground import PatternError, RuleTooLarge
from watchword.language import Language, Limits, Rules
from watchword.language.automaton import Automaton

_MOST = 8

SHAPES: tuple[str, ...] = (
    # What makes a text look like an option of a command comes first.
    "^-",
    "-$",
    "_$",
    "^[^A-Za-z0-9]",
    "[^A-Za-z0-9]$",
    "^[0-9]",
    "[0-9]$",
    "^[a-z]",
    "^[A-Z]",
    "[A-Z]$",
    "^[^0-9]*[0-9][^0-9]*$",
    "^[^A-Z]*[A-Z][^A-Z]*$",
    "^[^a-z]*[a-z][^a-z]*$",
    "^[A-Za-z0-9]*[^A-Za-z0-9][A-Za-z0-9]*$",
    "^[0-9]+$",
    "^[A-Za-z]+$",
    "^[A-Za-z0-9]+$",
    "^[^A-Za-z0-9]+$",
    "^[^0-9]+$",
    "^[^A-Z]+$",
    "^[^a-z]+$",
    "^ ",
    " $",
    "^ +$",
    "[^A-Za-z0-9]{8}",
    # What is read as something else than a text: a number, JSON, nothing.
    "^0[0-9]+$",
    r"^[{\[].*[}\]]$",
    "^(?:null|undefined)$",
    r"^[{\[][^}\]]*$",
    "^[0-9]+[eE][0-9]+$",
    "^0[xX][0-9A-Fa-f]+$",
    "^[0-9]{19,}$",
)


def shaped(language: Language, shown: Sequence[str] = (), most: int = _MOST) -> tuple[str, ...]:
    """Valid texts that together show every shape that can occur and that none of `shown` does; at most so many."""
    return _shaped(language.automaton, language.limits, tuple(shown))[:most]


@lru_cache(maxsize=1024)
def _shaped(automaton: Automaton, limits: Limits, shown: tuple[str, ...]) -> tuple[str, ...]:
    """By the automaton, for a document says the same of many strings."""
    language = Language(automaton, limits)
    missing = [shape for shape in map(_shape, SHAPES) if not any(text in shape for text in shown)]
    open_ = [shape for shape in missing if not _both(language, shape).is_empty]
    found: list[str | None] = []
    while open_ and len(found) < _MOST:
        held, rest = language, []
        for shape in open_:
            both = _both(held, shape)
            if both.is_empty:
                rest.append(shape)
            else:
                held = both
        found.append(held.witness())
        open_ = rest
    return tuple(text for text in found if text is not None)


@lru_cache(maxsize=128)
def _shape(pattern: str) -> Language:
    return Rules.of({"pattern": pattern}).valid


@lru_cache(maxsize=1)
def _nothing() -> Language:
    return Rules.of({"enum": []}).valid


def _both(language: Language, shape: Language) -> Language:
    try:
        return language & shape
    except (PatternError, RuleTooLarge):
        return _nothing()
