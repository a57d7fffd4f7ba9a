"""From an automaton back to a pattern, by taking states out one at a time. Holds no spelling of any dialect.

Lengths become a look-ahead where that is allowed, else states of their own. The result is correct, seldom pretty.
"""

from collections import defaultdict

from watchword.language.automaton import Automaton
from watchword.language.limits import Budget
from watchword.language.ranges import EVERY_CODE_POINT, EVERY_LENGTH, UNBOUNDED, Ranges, union
from watchword.language.syntax import Chars, Choice, End, Group, Look, Node, Repeat, Sequence, Start
from watchword.language.tails import Edge

ANYTHING = Repeat(Chars(EVERY_CODE_POINT), 0, None)

_EMPTY = Sequence()
_MOST_STATES = 400
_MOST_NODES = 20_000


def pattern_of(automaton: Automaton, edges: list[list[Edge]], budget: Budget, *, looks: bool) -> Node:
    """A pattern that matches exactly the accepted texts. Raises RuleTooLarge.

    `edges` are those between useful states; `looks` says whether look-ahead may be used.
    """
    labels = {label for label in automaton.accepts if label}
    if not labels:
        return Choice(())
    if labels == {EVERY_LENGTH}:
        return _anchored(_eliminated(edges, frozenset(i for i, x in enumerate(automaton.accepts) if x), budget))
    if looks and len(labels) == 1:
        body = _anchored(_eliminated(edges, frozenset(i for i, x in enumerate(automaton.accepts) if x), budget))
        assert isinstance(body, Sequence)
        return Sequence((Start(), length_condition(labels.pop()), *body.items[1:]))
    return _anchored(_eliminated(*_counted(automaton, edges, budget), budget))


def length_condition(lengths: Ranges) -> Node:
    """A look-ahead, for the start of the text, that holds for texts of the given lengths."""
    anything = Chars(EVERY_CODE_POINT)
    repeats = [Repeat(anything, low, None if high == UNBOUNDED else high) for low, high in lengths]
    inside = repeats[0] if len(repeats) == 1 else Group(Choice(tuple(repeats)))
    return Look(Sequence((inside, End())), ahead=True, negated=False)


def _anchored(body: Node) -> Node:
    if isinstance(body, Choice):
        body = Group(body)
    items = body.items if isinstance(body, Sequence) else (body,)
    return Sequence((Start(), *items, End()))


def _counted(automaton: Automaton, edges: list[list[Edge]], budget: Budget) -> tuple[list[list[Edge]], frozenset[int]]:
    """The edges with states told apart by the length so far, up to the last length that matters."""
    last = max([0, *(cut for label in automaton.accepts for low, high in label for cut in _cuts(low, high))])
    start = (0, 0)
    index = {start: 0}
    order = [start]
    found: list[list[Edge]] = []
    for state, length in order:
        budget.spend(len(edges[state]))
        row = []
        for target, number, members in edges[state]:
            after = (target, min(length + 1, last))
            if after not in index:
                index[after] = len(order)
                order.append(after)
                if len(order) > _MOST_STATES:
                    budget.refuse("states as a pattern without look-ahead", _MOST_STATES)
            row.append((index[after], number, members))
        found.append(row)
    finals = [any(low <= length <= high for low, high in automaton.accepts[state]) for state, length in order]
    return found, frozenset(i for i, final in enumerate(finals) if final)


def _cuts(low: int, high: int) -> tuple[int, int]:
    return low, low if high == UNBOUNDED else high + 1


def _eliminated(edges: list[list[Edge]], finals: frozenset[int], budget: Budget) -> Node:
    """The texts on the ways from state 0 to the final states."""
    if len(edges) > _MOST_STATES:
        budget.refuse("states as a pattern", _MOST_STATES)
    first, last = -1, -2
    ways: dict[int, dict[int, Node]] = defaultdict(dict)
    back: dict[int, set[int]] = defaultdict(set)

    def join(source: int, target: int, node: Node) -> None:
        ways[source][target] = _either(ways[source][target], node) if target in ways[source] else node
        back[target].add(source)

    for source, row in enumerate(edges):
        for target, _, members in row:
            join(source, target, Chars(members))
    join(first, 0, _EMPTY)
    for final in finals:
        join(final, last, _EMPTY)
    left = set(range(len(edges)))
    while left:
        state = min(left, key=lambda s: (len(back[s] - {s}) * len(ways[s]), s))
        left.discard(state)
        loop = ways[state].pop(state, None)
        back[state].discard(state)
        middle = _EMPTY if loop is None else _starred(loop)
        total = 0
        for source in sorted(back[state]):
            head = ways[source].pop(state)
            for target, tail in ways[state].items():
                node = _then(_then(head, middle), tail)
                total += _weight(node)
                join(source, target, node)
        budget.spend(total)
        if total > _MOST_NODES:
            budget.refuse("nodes as a pattern", _MOST_NODES)
        for target in ways.pop(state):
            back[target].discard(state)
    return ways[first].get(last, Choice(()))


def _weight(node: Node) -> int:
    match node:
        case Sequence(items):
            return 1 + sum(_weight(item) for item in items)
        case Choice(options):
            return 1 + sum(_weight(option) for option in options)
        case Repeat(item=item) | Group(item=item):
            return 1 + _weight(item)
        case _:
            return 1


def _then(left: Node, right: Node) -> Node:
    items = (*_items(left), *_items(right))
    if len(items) >= 2 and isinstance(items[-1], Repeat) and items[-1] == Repeat(items[-2], 0, None):
        items = (*items[:-2], Repeat(items[-2], 1, None))
    return items[0] if len(items) == 1 else Sequence(items)


def _items(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Choice):
        return (Group(node),)
    return node.items if isinstance(node, Sequence) else (node,)


def _either(left: Node, right: Node) -> Node:
    if left == right:
        return left
    if isinstance(left, Chars) and isinstance(right, Chars):
        return Chars(union(left.ranges, right.ranges))
    if _EMPTY in (left, right):
        other = right if left == _EMPTY else left
        if isinstance(other, Repeat) and (other.low, other.high) == (1, None):
            return Repeat(other.item, 0, None)
        return Repeat(other if isinstance(other, Chars) else Group(other), 0, 1)
    options = (
        *(left.options if isinstance(left, Choice) else (left,)),
        *(right.options if isinstance(right, Choice) else (right,)),
    )
    return Choice(options)


def _starred(node: Node) -> Node:
    return Repeat(node if isinstance(node, Chars) else Group(node), 0, None)
