"""Hypothesis strategies for strings: valid ones, and ones that break one rule. Neither filters.

One draw of `hypothesis.strategies.text` a string: its length and its characters shrink as those of any text do, and
what stands in the way of a rule is put right along the rule's automaton (see `fitted`).
"""

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import SearchStrategy

from watchword.contract import Schema
from watchword.ground import Secret
from watchword.language import Language, Rules
from watchword.language.ranges import size
from watchword.strategies.fitted import Fitted
from watchword.strategies.languages import Broken, StringSource, breakable, broken_language, rules_of, valid_language
from watchword.strategies.shape import Node, node_of

_SMALL = 5_000
_SPREAD = 500
_DRAWN = 256


def valid_strings(schema: StringSource, *, secret: bool | None = None) -> SearchStrategy[str]:
    """Strings that a schema accepts; they shrink to the shortest, then the simplest one.

    `schema` is a schema of a contract, its `Rules`, or a JSON Schema as a dict. Other types that it allows are left
    out; `format` is an annotation. With `secret`, they are `Secret`s, which no falsifying example shows; unless told,
    the schema decides: `format: password` or `writeOnly`. Raises InvalidArgument if it accepts no string, and what the
    language room raises for a pattern that is no regular language or too large.
    """
    rules = _checked(schema)
    language = valid_language(rules)
    if language.is_empty:
        raise InvalidArgument(f"{rules.name} accepts no string")
    return _hidden(drawn_from(language), schema, secret)


def broken_strings(schema: StringSource, rule: str | None = None, *, secret: bool | None = None) -> SearchStrategy[str]:
    """Strings that break one rule of a schema and no other, also while they shrink; any rule if none is named.

    Foreign characters come one in a string. `secret` is as for `valid_strings`. Raises InvalidArgument for a rule that
    the schema has not, or that cannot be broken alone.
    """
    rules = _checked(schema)
    if rule is None:
        found = dict(breakable(rules))
        if not found:
            raise InvalidArgument(f"{rules.name} has no rule that can be broken alone")
        return _hidden(st.one_of([broken_from(broken) for broken in found.values()]), schema, secret)
    if rule not in rules.names:
        raise InvalidArgument(f"{rules.name} has no rule {rule!r}; it has {', '.join(rules.names) or 'none'}")
    broken = broken_language(rules, rule)
    if broken is None:
        raise InvalidArgument(f"{rule} cannot be broken alone: other rules of {rules.name} imply it")
    return _hidden(broken_from(broken), schema, secret)


def _hidden(drawn: SearchStrategy[str], schema: StringSource, secret: bool | None) -> SearchStrategy[str]:
    if secret is None and not isinstance(schema, Rules):
        node = node_of(schema) if isinstance(schema, Schema) else Node(schema, "", "value", lambda _: (True, ""))
        secret = node.is_secret
    return drawn.map(Secret) if secret else drawn


def _checked(schema: StringSource) -> Rules:
    if not isinstance(schema, Rules | dict | bool) and not hasattr(schema, "resolve"):
        raise InvalidArgument(f"a schema is needed, not {type(schema).__name__}")
    return rules_of(schema)


def drawn_from(language: Language) -> SearchStrategy[str]:
    """Texts of a language that is not empty. Raises RuleTooLarge where even the shortest is too long to be drawn."""
    fitted = Fitted(language)
    alphabet = _alphabet(language)
    low, high = _span(language)
    fitted.prepare(low)
    lengths = language.lengths(high)
    if low > _DRAWN:
        return st.builds(_stretched, _text(alphabet, 1, _DRAWN), st.sampled_from(lengths)).map(fitted)
    if len(lengths) == high - low + 1:
        return _text(alphabet, low, high).map(fitted)
    known: dict[int, SearchStrategy[str]] = {}

    def of_length(length: int) -> SearchStrategy[str]:
        if length not in known:
            known[length] = _of_length(fitted, alphabet, length)
        return known[length]

    return st.sampled_from(lengths).flatmap(of_length)


def _of_length(fitted: Fitted, alphabet: str | None, length: int) -> SearchStrategy[str]:
    if length > _DRAWN:
        return _text(alphabet, 1, _DRAWN).map(lambda text: fitted(_stretched(text, length)))
    return _text(alphabet, length, length).map(fitted)


def broken_from(broken: Broken) -> SearchStrategy[str]:
    """Texts that break one rule, the foreign character, if there is to be one, anywhere in them."""
    if not broken.foreign:
        return drawn_from(broken.language)
    fitted = Fitted(broken.language)
    low, high = _span(broken.language)
    fitted.prepare(low)
    lengths = broken.language.lengths(high)
    known = "".join(c for c in _alphabet(broken.language) or "0" if c not in broken.foreign)
    foreign = st.sampled_from(broken.foreign)
    if not known or low > _DRAWN or len(lengths) < high - low + 1:
        return drawn_from(broken.language)
    base = _text(known, max(low - 1, 0), high - 1)

    def placed(text: str, character: str, place: int) -> str:
        return fitted(f"{text[:place]}{character}{text[place:]}")

    return st.builds(placed, base, foreign, st.integers(0, max(high - 1, 0)))


def _span(language: Language) -> tuple[int, int]:
    """The least length, and the greatest that is drawn."""
    low = language.shortest or 0
    top = low + _SPREAD
    return low, top if language.longest is None else min(language.longest, top)


def _alphabet(language: Language) -> str | None:
    """The characters that can occur, or None for more than can be listed; `0` is what text shrinks towards."""
    if size(language.alphabet) > _SMALL:
        return None
    listed = "".join(chr(point) for low, high in language.alphabet for point in range(low, high + 1))
    return listed if "0" in listed else listed + "0"


def _text(alphabet: str | None, low: int, high: int) -> SearchStrategy[str]:
    if alphabet is None:
        return st.text(min_size=low, max_size=high)
    return st.text(alphabet, min_size=low, max_size=high)


def _stretched(text: str, length: int) -> str:
    """The text over and over, to a length: no engine draws thousands of characters."""
    return (text * (length // len(text) + 1))[:length]
