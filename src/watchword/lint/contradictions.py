"""Why a string schema accepts nothing: the first rules that are to blame. Yields no problem of its own."""

from dataclasses import dataclass

from watchword.document import Node
from watchword.ground import PatternError, RuleTooLarge
from watchword.language.build import clause_language
from watchword.language.language import Language
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
    if not is_text_only(text.schema.value, text.schema.resolve):
        return None  # a number may meet it
    if not text.asked(lambda rules: rules.valid.is_empty):
        return None
    languages: list[tuple[str, Language]] = []
    try:
        for part in text.parts:
            own = clause_language(part.clause, limits(), part.rule)
            if own.is_empty:
                return Contradiction(text.at(part), part.rule, None)
            for other, earlier in languages:
                if (own & earlier).is_empty:
                    return Contradiction(text.at(part), part.rule, other)
            languages.append((part.rule, own))
    except (PatternError, RuleTooLarge):
        pass
    last = text.parts[-1]
    return Contradiction(text.node, last.rule, None)
