"""Which languages strategies draw strings from: a schema's valid ones, and those that break one rule. Draws nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from watchword.contract import Schema, is_reference_alone
from watchword.language import Language, Rules
from watchword.language.ranges import LAST, Ranges, complement, difference, intersection, normal
from watchword.strategies.probes import FOREIGN
from watchword.strategies.shape import Node, node_of, settled

Json = Any
StringSource = Schema | Rules | dict[str, Any] | bool
"""What says which strings are meant: a schema of a contract, its rules, or a plain JSON Schema."""

SURROGATES: Ranges = ((0xD800, 0xDFFF),)


@dataclass(frozen=True)
class Broken:
    """The strings that break one rule and no other; `foreign` are the characters of which each has exactly one."""

    language: Language
    foreign: str = ""


def rules_of(source: StringSource) -> Rules:
    """The rules of a source of strings."""
    if isinstance(source, Rules):
        return source
    if isinstance(source, Schema):
        return rules_at(node_of(source))
    name = source.get("title", "value") if isinstance(source, dict) else "value"
    return Rules.of(source, name=name if isinstance(name, str) else "value")


def rules_at(node: Node) -> Rules:
    """The rules of a schema where it stands."""
    node = settled(node) if is_reference_alone(node.value) else node
    return Rules.of(node.value, name=node.name, at=node.at, resolve=node.resolve)


def valid_language(rules: Rules) -> Language:
    """The valid strings that can be sent: without halves of surrogate pairs. Raises RuleTooLarge."""
    return sendable(rules.valid)


def sendable(language: Language) -> Language:
    """The texts of a language that have a UTF-8 form."""
    if not intersection(language.alphabet, SURROGATES):
        return language
    return language & over(complement(SURROGATES))


def broken_language(rules: Rules, rule: str) -> Broken | None:
    """The strings that break a rule alone, or None if there is none. Raises KeyError and RuleTooLarge.

    Of these the ones without a foreign character, if any; else those with one, out of a small set of telling ones.
    """
    language = sendable(rules.breaking(rule))
    if language.is_empty:
        return None
    known = difference(rules.valid.alphabet, SURROGATES)
    inside = language & over(known) if known else language
    if not inside.is_empty:
        return Broken(inside)
    probes = [c for _, c in FOREIGN if any(low <= ord(c) <= high for low, high in difference(language.alphabet, known))]
    foreign = "".join(c for c in probes if not "\ud800" <= c <= "\udfff")
    single = language & one_foreign(known, foreign) if foreign else None
    return Broken(language) if single is None or single.is_empty else Broken(single, foreign)


@lru_cache(maxsize=256)
def over(members: Ranges) -> Language:
    """All texts of these characters."""
    return Rules.of({"pattern": f"^{_class(members)}*$"}).valid


@lru_cache(maxsize=256)
def one_foreign(known: Ranges, foreign: str) -> Language:
    """Texts of known characters with one foreign one among them."""
    strange = normal((ord(c), ord(c)) for c in foreign)
    around = f"{_class(known)}*" if known else ""
    return Rules.of({"pattern": f"^{around}{_class(strange)}{around}$"}).valid


def _class(members: Ranges) -> str:
    if members == ((0, LAST),):
        return r"[\s\S]"
    return "[" + "".join(f"\\u{{{low:x}}}-\\u{{{high:x}}}" for low, high in members) + "]"


def breakable(rules: Rules) -> Iterator[tuple[str, Broken]]:
    """Each rule that can be broken alone, with the strings that do."""
    for rule in rules.names:
        broken = broken_language(rules, rule)
        if broken is not None:
            yield rule, broken
