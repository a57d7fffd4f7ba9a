"""Why a string schema accepts nothing: the first rules that are to blame. Yields no problem of its own."""

from dataclasses import dataclass

from watchword.document import Node
from watchword.ground import PatternError, RuleTooLarge
from watchword.language import Rules
from watchword.language.build import clause_language
from watchword.language.language import Language
from watchword.language.parts import Part
from watchword.lint.strings import Text, limits
from watchword.lint.types import is_text_only


@dataclass(frozen=True, slots=True)
class Contradiction:
    """`rule` accepts nothing together with `other`, or alone."""

    node: Node
    rule: str
    other: str | None


def contradiction(text: Text) -> Contradiction | None:
    """The first pair of rules without a common text, or the first rule without any; `None` where texts are accepted."""
    if not text.asked(_is_empty) or not is_text_only(text.schema.value, text.schema.resolve):
        return None  # a number may meet it
    blamed, other = text.once(_blamed, lambda: _blamed(text.parts))
    if blamed is None:
        return Contradiction(text.node, text.parts[-1].rule, None)
    part = text.parts[blamed]
    return Contradiction(text.at(part), part.rule, None if other is None else text.parts[other].rule)


def _is_empty(rules: Rules) -> bool:
    return rules.valid.is_empty


def _blamed(parts: tuple[Part, ...]) -> tuple[int | None, int | None]:
    """The index of the first rule that accepts nothing, alone or with an earlier one, and the index of that one."""
    languages: list[Language] = []
    try:
        for number, part in enumerate(parts):
            own = clause_language(part.clause, limits(), part.rule)
            if own.is_empty:
                return number, None
            for other, earlier in enumerate(languages):
                if (own & earlier).is_empty:
                    return number, other
            languages.append(own)
    except (PatternError, RuleTooLarge):
        pass
    return None, None
