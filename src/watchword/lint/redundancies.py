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
    own = text.schema.at + "/"
    candidates = tuple([number for number, part in enumerate(text.parts) if _is_candidate(part, own)])
    found = text.once((_redundant, candidates), lambda: _redundant(text.rules, candidates)) if candidates else ()
    return [text.parts[number] for number in found]


def _is_candidate(part: Part, own: str) -> bool:
    return part.at.startswith(own) and not part.when and "anyOf" not in part.at and "oneOf" not in part.at


def _is_worth_asking(text: Text) -> bool:
    """Two bounds of length that do not cross never imply each other."""
    return any(part.keyword not in ("minLength", "maxLength") for part in text.parts)


def _redundant(rules: Rules | None, candidates: tuple[int, ...]) -> tuple[int, ...]:
    """The indices of those candidates that the rest of the rules implies."""
    try:
        if rules is None or rules.valid.is_empty:
            return ()
    except RuleTooLarge:
        return ()
    kept = list(rules.parts)
    found = []
    for number in reversed(candidates):
        part = rules.parts[number]
        others = [each for each in kept if each is not part]
        if others and _implied(part, others, rules):
            kept = others
            found.append(number)
    return tuple(reversed(found))


def _implied(part: Part, others: list[Part], rules: Rules) -> bool:
    try:
        remaining = Rules((*others, part), rules.name, rules.limits)
        return remaining.breaking(part.rule).is_empty
    except RuleTooLarge:
        return False
