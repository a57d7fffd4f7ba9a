"""Texts on which a backtracking engine takes exponentially or polynomially many steps, each verified by counting.

Candidates come from ambiguity: a loop that can read one text in two ways makes an engine try all combinations when the
match fails afterwards (Weber and Seidl 1991; Weideman et al. 2016). What a candidate really costs is counted.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from watchword.ground import RuleTooLarge
from watchword.language.graph import FINAL, bits
from watchword.language.order import simplest_first
from watchword.language.simplify import items_of
from watchword.language.syntax import Choice, Group, Look, Node, Repeat, Sequence, Start
from watchword.lint.backtracking import Engine

MOST_STATES = 90
_MOST_PATHS = 24
_MOST_CANDIDATES = 6
_EXPONENTIAL_STEPS = 200_000
_POLYNOMIAL_STEPS = 120_000
_LOOP = 8
"""A bounded repeat of more rounds counts as a loop when candidates are looked for."""

Edge = tuple[int, int, bool]
"""Mask of classes, target, and whether there are two ways to read it."""


@dataclass(frozen=True, slots=True)
class Attack:
    """A text of `prefix`, `pump` many times, `suffix`. `is_exponential`, or of some polynomial degree above one."""

    prefix: str
    pump: str
    suffix: str
    is_exponential: bool

    def text(self, times: int) -> str:
        """The text with that many pumps."""
        return self.prefix + self.pump * times + self.suffix


@dataclass(eq=False, slots=True)
class Purse:
    """Steps that may still be counted: a document may hold thousands of hostile patterns."""

    left: int = 6_000_000

    def steps(self, engine: Engine, text: str, most: int) -> int:
        """What the engine counts, paid for."""
        taken = engine.steps(text, most)
        self.left -= taken
        return taken


def attack_on(tree: Node, purse: Purse) -> Attack | None:
    """The worst attack found on a pattern, or `None`. Patterns that are too large are not looked at."""
    found = None
    for part in _parts(tree):
        try:
            engine, whole = Engine(_opened(part)), Engine(part)
        except RuleTooLarge:
            continue
        attack = _worst(engine, whole, purse)
        if attack is not None and (found is None or (attack.is_exponential and not found.is_exponential)):
            found = attack
    return found


def _parts(tree: Node) -> Iterator[Node]:
    """The pattern, and each of its top-level look-aheads as a pattern of its own."""
    yield tree
    items = items_of(tree)
    if items and isinstance(items[0], Start):
        for item in items[1:]:
            if isinstance(item, Look) and item.ahead:
                yield Sequence((Start(), *items_of(item.item)))


def _opened(node: Node) -> Node:
    """The pattern with its long bounded repeats as loops, so that it has few states."""
    match node:
        case Repeat(item, low, high):
            is_loop = high is None or high >= _LOOP
            return replace(node, item=_opened(item), low=min(low, 1 if is_loop else 3), high=None if is_loop else high)
        case Sequence(items):
            return Sequence(tuple(_opened(item) for item in items))
        case Choice(options):
            return Choice(tuple(_opened(option) for option in options))
        case Group(item):
            return replace(node, item=_opened(item))
        case _:
            return node


def _worst(opened: Engine, whole: Engine, purse: Purse) -> Attack | None:
    graph = _States(opened)
    purse.left -= 200 * len(graph.edges)
    if len(graph.edges) > MOST_STATES or purse.left < 0:
        return None
    alphabet = opened.alphabet
    characters = [chr(simplest_first(members)[0][0]) for members in alphabet.members()]
    suffixes = list(dict.fromkeys(["", *(c for c in reversed(characters)), "\n"]))[:4]
    for start, word in _ambiguous_loops(graph):
        pump = "".join(characters[number] for number in word)
        prefix = "".join(characters[number] for number in graph.way_to(start))
        for suffix in suffixes:
            if _grows_exponentially(whole, prefix, pump, suffix, purse):
                return Attack(prefix, pump, suffix, is_exponential=True)
    for start, word in graph.loops():
        pump = "".join(characters[number] for number in word)
        prefix = "".join(characters[number] for number in graph.way_to(start))
        for suffix in suffixes:
            if _grows_faster_than_linearly(whole, prefix, pump, suffix, purse):
                return Attack(prefix, pump, suffix, is_exponential=False)
    return None


def _grows_exponentially(engine: Engine, prefix: str, pump: str, suffix: str, purse: Purse) -> bool:
    """Whether twice as many pumps cost fifty times the steps, between some five and thirty characters."""
    for length in (5, 7, 9, 12, 16):
        times = -(-length // len(pump))
        few = purse.steps(engine, prefix + pump * times + suffix, _EXPONENTIAL_STEPS)
        if few >= _EXPONENTIAL_STEPS // 50:
            return False
        many = purse.steps(engine, prefix + pump * 2 * times + suffix, _EXPONENTIAL_STEPS)
        if many >= 50 * few:
            return True
        if many < 4 * few:
            return False
    return False


def _grows_faster_than_linearly(engine: Engine, prefix: str, pump: str, suffix: str, purse: Purse) -> bool:
    for times in (60, 15):
        few = purse.steps(engine, prefix + pump * times + suffix, _POLYNOMIAL_STEPS)
        if few < 6 * times * len(pump):
            return False
        if few < _POLYNOMIAL_STEPS // 4:
            return purse.steps(engine, prefix + pump * 2 * times + suffix, _POLYNOMIAL_STEPS) >= 3 * few
    return False


class _States:
    """The states of a pattern: where it stands after a character. `edges[state]` are its readings."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        graph = engine.graph
        self.entry = graph.entry
        self.edges: dict[int, list[Edge]] = {}
        pending = [graph.entry]
        while pending and len(self.edges) <= MOST_STATES:
            state = pending.pop()
            if state not in self.edges:
                self.edges[state] = self._edges(state)
                pending.extend(target for _, target, _ in self.edges[state])
        self._ways = self._shortest_ways()

    def way_to(self, state: int) -> tuple[int, ...]:
        """The classes of a shortest text that leads there."""
        return self._ways.get(state, ())

    def reached(self) -> tuple[int, ...]:
        """All states, the nearest to the start first."""
        return tuple(self._ways)

    def loops(self) -> Iterator[tuple[int, tuple[int, ...]]]:
        """States that a text leads back to, with that text; shortest texts first, a few."""
        found: list[tuple[int, int, int, tuple[int, ...]]] = []
        for state in self._ways:
            words = filter(None, (self._way_back(state), self._own_loop(state)))
            found.extend((len(word), len(self._ways[state]), state, word) for word in words)
        seen: set[tuple[int, ...]] = set()
        for _, _, state, word in sorted(found):
            if word not in seen and len(seen) < _MOST_CANDIDATES:
                seen.add(word)
                yield state, word

    def _own_loop(self, state: int) -> tuple[int, ...]:
        """Every class that leads from the state to itself, a few of them, one after the other."""
        mask = 0
        for classes, target, _ in self.edges.get(state, ()):
            mask |= classes if target == state else 0
        return tuple(bits(mask)[:_MOST_CANDIDATES])

    def _edges(self, state: int) -> list[Edge]:
        """What can be read from a state; a reading that two ways lead to is marked."""
        graph = self._engine.graph
        ways: dict[int, int] = {}
        pending: list[tuple[int, tuple[int, ...]]] = [(state, ())]
        spent = 0
        while pending and spent < _MOST_PATHS * 8:
            node, path = pending.pop()
            spent += 1
            if node == FINAL:
                continue
            if node in graph.reads:
                ways[node] = ways.get(node, 0) + 1
            elif path.count(node) < 2:
                targets = graph.forks.get(node) or (graph.guards[node][1],)
                pending.extend((target, (*path, node)) for target in targets)
        return [(*graph.reads[node], count > 1) for node, count in ways.items()]

    def _shortest_ways(self) -> dict[int, tuple[int, ...]]:
        ways: dict[int, tuple[int, ...]] = {self.entry: ()}
        pending = deque([self.entry])
        while pending:
            state = pending.popleft()
            for mask, target, _ in self.edges.get(state, ()):
                if target not in ways:
                    ways[target] = (*ways[state], _first(mask))
                    pending.append(target)
        return ways

    def _way_back(self, state: int) -> tuple[int, ...]:
        ways: dict[int, tuple[int, ...]] = {}
        pending: deque[tuple[int, tuple[int, ...]]] = deque([(state, ())])
        while pending:
            here, word = pending.popleft()
            for mask, target, _ in self.edges.get(here, ()):
                if target not in ways:
                    ways[target] = (*word, _first(mask))
                    if target == state:
                        return ways[target]
                    pending.append((target, ways[target]))
        return ()


def _ambiguous_loops(states: _States) -> Iterator[tuple[int, tuple[int, ...]]]:
    """States with a text that leads back to them in two ways, and the text; a few."""
    told = 0
    for state in states.reached():
        word = _two_ways_back(states, state)
        if word:
            yield state, word
            told += 1
            if told == _MOST_CANDIDATES:
                return


def _two_ways_back(states: _States, state: int) -> tuple[int, ...]:
    """A text that leads from a state back to it in two ways, by a search over pairs of states."""
    start = (state, state, False)
    ways: dict[tuple[int, int, bool], tuple[int, ...]] = {start: ()}
    pending = deque([start])
    while pending and len(ways) < 4_000:
        left, right, apart = key = pending.popleft()
        for i, (mask, target, twice) in enumerate(states.edges.get(left, ())):
            for j, (other_mask, other, _) in enumerate(states.edges.get(right, ())):
                if not mask & other_mask:
                    continue
                differs = apart or left != right or i != j or twice
                found = (target, other, differs)
                if found not in ways:
                    ways[found] = (*ways[key], _first(mask & other_mask))
                    if found == (state, state, True):
                        return ways[found]
                    pending.append(found)
    return ()


def _first(mask: int) -> int:
    return (mask & -mask).bit_length() - 1
