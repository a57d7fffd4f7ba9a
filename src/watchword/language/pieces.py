"""Taking a pattern that starts with look-aheads apart, so that each of them is a rule of its own."""

from watchword.language.render import render_pattern
from watchword.language.simplify import items_of, searched, sequence
from watchword.language.syntax import Look, Node, Sequence, Start

Piece = tuple[Node, str]


def pieces(node: Node, pattern: str) -> list[Piece]:
    """The pieces whose conjunction is the pattern, each with its ECMA-262 text; one if there is nothing to split.

    `^(?=.*[0-9])(?=.*[a-z]).{8,}$` has three. Each piece is anchored at the start, as the look-aheads are.
    """
    items = items_of(node)
    if not items or not isinstance(items[0], Start):
        return [(node, pattern)]
    count = 1
    while count < len(items) and isinstance(items[count], Look) and items[count].ahead:  # type: ignore[union-attr]
        count += 1
    if count == 1:
        return [(node, pattern)]
    nodes: list[Node] = [Sequence((items[0], look)) for look in items[1:count]]
    rest = sequence([items[0], *items[count:]])
    if not isinstance(searched(rest), Start):
        nodes.append(rest)
    if len(nodes) < 2:
        return [(node, pattern)]
    return [(piece, render_pattern(piece, "ecma")) for piece in nodes]
