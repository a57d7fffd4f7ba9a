"""The schemas that nothing meets, so that what breaks them is no news. Judges nothing."""

from watchword.document import Node
from watchword.lint.contradictions import contradiction
from watchword.lint.numbers import common_types, parts_of, range_of
from watchword.lint.reach import Key, key_of
from watchword.lint.strings import texts_of
from watchword.lint.subject import Subject

_BOUNDS = frozenset({"exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"})


def hopeless(subject: Subject) -> frozenset[Key]:
    """Texts whose rules exclude each other, and numbers that the bounds leave none of."""
    return subject.once(_hopeless)


def _hopeless(subject: Subject) -> frozenset[Key]:
    texts = {key_of(text.node) for text in texts_of(subject) if contradiction(text) is not None}
    numbers = {key_of(spot.node) for spot in subject.of("schema") if _leaves_no_number(subject, spot.node)}
    return frozenset(texts | numbers)


def _leaves_no_number(subject: Subject, node: Node) -> bool:
    if not isinstance(node.value, dict) or _BOUNDS.isdisjoint(node.value):
        return False
    parts = parts_of(subject, node)
    types = common_types(parts, subject.version)
    if types is None or not types <= {"integer", "number"}:
        return False
    return range_of(parts, subject.version).is_empty(whole="number" not in types)
