"""Every pattern of a document, each spot once, with its tree. Judges nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from watchword.document import Node
from watchword.ground import PatternError
from watchword.language.dialects import parse_noted, parse_pattern
from watchword.lint.attacks import Attack, Purse, attack_on
from watchword.lint.subject import Subject

LONGEST = 5_000
"""Longer patterns are lists of words, and not looked into."""

_MOST_COMPARED = 1_000


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern. `problem` says why it cannot be read as ECMA-262; one that is too long is not tried."""

    node: Node
    text: str
    notes: tuple[str, ...]
    problem: PatternError | None
    owner: Node
    """The schema that holds it."""

    @property
    def is_read(self) -> bool:
        """Whether it has a tree."""
        return self.problem is None and len(self.text) <= LONGEST


def patterns_of(subject: Subject) -> list[Pattern]:
    """The patterns of `pattern` and `patternProperties`, document order."""
    return subject.once(_patterns)


def portable_candidates(subject: Subject) -> list[Pattern]:
    """The patterns that can be read, of the first thousand different ones: each is compared with three dialects."""
    known: dict[str, None] = {}
    found = []
    for pattern in patterns_of(subject):
        if pattern.is_read and (pattern.text in known or len(known) < _MOST_COMPARED):
            known[pattern.text] = None
            found.append(pattern)
    return found


def attacks_of(subject: Subject) -> dict[str, Attack]:
    """The worst attack on each pattern that has one; all patterns of a document share one purse."""
    return subject.once(_attacks)


def _attacks(subject: Subject) -> dict[str, Attack]:
    purse = Purse()
    texts = dict.fromkeys(pattern.text for pattern in patterns_of(subject) if pattern.is_read)
    found = ((text, attack_on(parse_pattern(text), purse)) for text in texts if purse.left > 0)
    return {text: attack for text, attack in found if attack is not None}


def _patterns(subject: Subject) -> list[Pattern]:
    return [_pattern(node, text, spot.node) for spot in subject.of("schema") for node, text in _given(spot.node)]


def _given(schema: Node) -> Iterator[tuple[Node, str]]:
    pattern = schema.get("pattern")
    if pattern is not None and isinstance(pattern.value, str):
        yield pattern, pattern.value
    by_name = schema.get("patternProperties")
    for name, node in by_name.members() if by_name else ():
        yield node, name


def _pattern(node: Node, text: str, owner: Node) -> Pattern:
    if len(text) > LONGEST:
        return Pattern(node, text, (), None, owner)
    try:
        return Pattern(node, text, parse_noted(text, "ecma")[1], None, owner)
    except PatternError as problem:
        return Pattern(node, text, (), problem, owner)
