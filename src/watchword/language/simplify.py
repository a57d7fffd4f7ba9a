"""Rewriting a searched pattern into a smaller one with the same language, and taking a length out of it.

Holds rewrites that are exact for "occurs somewhere in the text" only; the tree that a user sees is never rewritten.
"""

from dataclasses import replace

from watchword.ground import record
from watchword.language.ranges import UNBOUNDED, Ranges
from watchword.language.syntax import Boundary, Chars, Choice, End, Group, Look, Node, Repeat, Sequence, Start

_WORTH_RELAXING = 4


@record()
class Relaxed:
    """A pattern and the lengths that its texts must have besides."""

    node: Node
    low: int = 0
    high: int = UNBOUNDED


def items_of(node: Node) -> list[Node]:
    """The items of a sequence, groups and nested sequences opened."""
    if isinstance(node, Group):
        return items_of(node.item)
    if isinstance(node, Sequence):
        return [inner for item in node.items for inner in items_of(item)]
    return [node]


def sequence(items: list[Node]) -> Node:
    """The items as one node."""
    return items[0] if len(items) == 1 else Sequence(tuple(items))


def searched(node: Node) -> Node:
    """An equal pattern to search for: what may be shorter at an open end is the shortest."""
    items = [plain(item) for item in items_of(node)]
    while items:
        last, first = items[-1], items[0]
        if isinstance(last, Look) and last.ahead and not last.negated:
            items[-1:] = items_of(last.item)
        elif isinstance(last, Repeat) and last.high != last.low:
            items[-1:] = _shortest(last)
        elif isinstance(first, Look) and not first.ahead and not first.negated:
            items[:1] = items_of(first.item)
        elif isinstance(first, Repeat) and first.high != first.low:
            items[:1] = _shortest(first)
        else:
            break
    return sequence(items)


def plain(node: Node) -> Node:
    """The node without brackets, and without repeats of exactly one."""
    match node:
        case Group(item):
            return plain(item)
        case Sequence():
            return sequence([plain(item) for item in items_of(node)])
        case Choice(options):
            return Choice(tuple(plain(option) for option in options))
        case Repeat(item, 1, 1):
            return plain(item)
        case Repeat():
            return replace(node, item=plain(node.item))
        case Look():
            return replace(node, item=plain(node.item))
        case _:
            return node


def _shortest(node: Repeat) -> list[Node]:
    return [replace(node, high=node.low)] if node.low > 1 else items_of(node.item) * node.low


def relaxed(node: Node) -> Relaxed:
    """The pattern with one bounded repeat of a set opened, where the length of the whole text says the same.

    That is so when the pattern spans the whole text and everything else in it has one length:
    `^[a-z][a-z0-9]{0,62}$` is `^[a-z][a-z0-9]*$` with 1 to 63 characters.
    """
    items = items_of(node)
    if len(items) < 3 or not isinstance(items[0], Start) or not isinstance(items[-1], End):
        return Relaxed(node)
    rest, open_at = 0, -1
    for index, item in enumerate(items):
        length = fixed_length(item)
        if length is not None:
            rest += length
        elif isinstance(item, Repeat) and isinstance(item.item, Chars) and open_at < 0:
            open_at = index
        else:
            return Relaxed(node)
    if open_at < 0:
        return _one_set(items)
    repeat = items[open_at]
    assert isinstance(repeat, Repeat)
    if max(repeat.low, repeat.high or 0) < _WORTH_RELAXING:
        return Relaxed(node)
    items[open_at] = Repeat(repeat.item, 0, None)
    return Relaxed(sequence(items), rest + repeat.low, UNBOUNDED if repeat.high is None else rest + repeat.high)


def _one_set(items: list[Node]) -> Relaxed:
    """`^[a-z]{64}$` as `^[a-z]*$` with 64 characters; other fixed lengths stay as they are."""
    match items:
        case [Start(), Repeat(Chars() as item, low, high), End()] if low == high and low >= _WORTH_RELAXING:
            return Relaxed(Sequence((Start(), Repeat(item, 0, None), End())), low, low)
        case _:
            return Relaxed(sequence(items))


def fixed_length(node: Node) -> int | None:
    """How many characters the node always takes, or None if that varies."""
    match node:
        case Chars():
            return 1
        case Start() | End() | Boundary() | Look():
            return 0
        case Group(item):
            return fixed_length(item)
        case Sequence(items):
            return _sum([fixed_length(item) for item in items])
        case Choice(options):
            lengths = {fixed_length(option) for option in options}
            return lengths.pop() if len(lengths) == 1 else None
        case Repeat(item, low, high):
            length = fixed_length(item)
            return length * low if length is not None and (low == high or length == 0) else None


def nullable(node: Node) -> bool:
    """Whether the node may take no character, assertions aside."""
    match node:
        case Chars():
            return False
        case Group(item):
            return nullable(item)
        case Sequence(items):
            return all(nullable(item) for item in items)
        case Choice(options):
            return any(nullable(option) for option in options)
        case Repeat(item, low):
            return low == 0 or nullable(item)
        case _:
            return True


def _sum(lengths: list[int | None]) -> int | None:
    known = [length for length in lengths if length is not None]
    return sum(known) if len(known) == len(lengths) else None


def sets_of(nodes: list[Node]) -> list[Ranges]:
    """Every set of characters that the nodes, all walked, speak of."""
    return [n.ranges if isinstance(n, Chars) else n.word for n in nodes if isinstance(n, Chars | Boundary)]
