"""Which rules of a string schema others imply. Yields no problem of its own."""

from watchword.ground import RuleTooLarge
from watchword.language import Rules
from watchword.language.parts import Part
from watchword.lint.strings import Text

_MOST_RULES = 30


def redundant(text: Text) -> list[Part]:
    """The rules written in this very schema that cannot be broken alone, while one of them would do without them.

    Empty where nothing is accepted at all. Of rules that imply each other only the later ones are told.
    """
    if not 1 < len(text.parts) <= _MOST_RULES or not _is_worth_asking(text):
        return []
    return text.asked(lambda rules: _redundant(text, rules)) or []


def _is_worth_asking(text: Text) -> bool:
    """Two bounds of length that do not cross never imply each other."""
    return any(part.keyword not in ("minLength", "maxLength") for part in text.parts)


def _redundant(text: Text, rules: Rules) -> list[Part]:
    if rules.valid.is_empty:
        return []
    own = text.schema.at + "/"
    kept = list(rules.parts)
    found = []
    for part in reversed(rules.parts):
        if not part.at.startswith(own) or part.when or "anyOf" in part.at or "oneOf" in part.at:
            continue
        others = [each for each in kept if each is not part]
        if others and _implied(part, others, rules):
            kept = others
            found.append(part)
    return found[::-1]


def _implied(part: Part, others: list[Part], rules: Rules) -> bool:
    try:
        remaining = Rules((*others, part), rules.name, rules.limits)
        return remaining.breaking(part.rule).is_empty
    except RuleTooLarge:
        return False
