"""The ways on from each state to a set of accepting states in exactly n characters: live ones, counts, draws.

One `Tails` serves every length at which the same states accept. Tables grow as longer texts are asked for.
"""

from bisect import bisect_right
from collections.abc import Callable
from functools import cache, cached_property
from itertools import accumulate
from math import inf, log2
from random import Random

from watchword.ground import record
from watchword.language.automaton import Automaton
from watchword.language.limits import Budget
from watchword.language.order import oddness, rank, simplest_first
from watchword.language.ranges import Ranges, size, union

_SMALL = 4096

Edge = tuple[int, int, Ranges]
"""Target, how many characters lead there, which."""


@record()
class Choices:
    """The characters that can come next, simplest first; `spans` are (first, last, next state)."""

    spans: tuple[tuple[int, int, int], ...]
    ends: tuple[int, ...]

    @property
    def size(self) -> int:
        """How many characters there are; never 0."""
        return self.ends[-1]

    def pick(self, index: int) -> tuple[str, int]:
        """The character number `index` (0 is the simplest) and the state that it leads to."""
        place = bisect_right(self.ends, index)
        first, _, target = self.spans[place]
        return chr(first + index - (self.ends[place - 1] if place else 0)), target

    def find(self, character: str) -> int | None:
        """The state that a character leads to, or None if it cannot come next."""
        point = ord(character)
        return next((target for low, high, target in self.spans if low <= point <= high), None)


class Letters:
    """The characters of a large set by number, without listing them."""

    def __init__(self, members: Ranges) -> None:
        self._members = members
        self._ends = list(accumulate(high - low + 1 for low, high in members))

    def __len__(self) -> int:
        return self._ends[-1]

    def __getitem__(self, index: int) -> str:
        index = min(index, self._ends[-1] - 1)
        place = bisect_right(self._ends, index)
        return chr(self._members[place][1] + 1 + index - self._ends[place])


@cache
def letters(members: Ranges) -> "str | Letters":
    """The characters of a set by number."""
    if size(members) > _SMALL:
        return Letters(members)
    return "".join(chr(point) for low, high in members for point in range(low, high + 1))


Move = tuple[float, float, "str | Letters", int]
Step = tuple[list[float], list[Move], "str | Letters | None"]


class Level(dict[int, Step]):
    """The tables of the states from which so many characters are left to write, made when a draw first comes by."""

    def __init__(self, make: Callable[[int, dict[int, float]], Step], after: dict[int, float]) -> None:
        self._make = make
        self._after = after

    def __missing__(self, state: int) -> Step:
        found = self[state] = self._make(state, self._after)
        return found


_MOST_KEPT = 1_000
"""Lengths up to which counts are kept: those of longer texts are large numbers, and seldom asked for twice."""


class Tails:
    """Ways to `finals` over the edges of an automaton."""

    def __init__(self, edges: list[list[Edge]], finals: frozenset[int], budget: Budget) -> None:
        self._edges = edges
        self._finals = finals
        self._budget = budget
        self._live: list[frozenset[int]] = [finals]
        self._choices: dict[tuple[int, int], Choices] = {}
        self._odd: dict[int, list[tuple[int, int]]] = {}
        self._plain: dict[int, list[tuple[int, int, int]]] = {}
        self._ways: list[dict[int, int]] = [dict.fromkeys(finals, 1)]
        self._weights: list[dict[int, float]] = [dict.fromkeys(finals, 1.0)]
        self._levels = [Level(self._step, {})]

    @cached_property
    def _before(self) -> list[list[int]]:
        before: list[list[int]] = [[] for _ in self._edges]
        for state, edges in enumerate(self._edges):
            for target, _, _ in edges:
                before[target].append(state)
        return before

    def _sources(self, states: frozenset[int]) -> frozenset[int]:
        """The states with an edge into one of the given ones."""
        found = frozenset(source for state in states for source in self._before[state])
        self._budget.spend(4 + 2 * len(found))
        return found

    def live(self, remaining: int) -> frozenset[int]:
        """The states from which exactly `remaining` characters can lead to an accepting one."""
        if len(self._live) <= remaining:
            self._budget.renew()
        while len(self._live) <= remaining:
            self._live.append(self._sources(self._live[-1]))
        return self._live[remaining]

    def choices(self, state: int, remaining: int) -> Choices:
        """The characters that can come next when `remaining` are left to write, this one included."""
        key = (state, remaining)
        found = self._choices.get(key)
        if found is None:
            live = self.live(remaining - 1)
            spans = [
                (low, high, target)
                for target, _, members in self._edges[state]
                if target in live
                for low, high in simplest_first(members)
            ]
            found = self._choices[key] = _choices(spans)
        return found

    def counts(self, remaining: int) -> dict[int, int]:
        """How many texts of exactly `remaining` characters lead from each live state to an accepting one."""
        if len(self._ways) <= remaining:
            self._budget.renew()
        while len(self._ways) <= min(remaining, _MOST_KEPT):
            self._ways.append(self.counts_before(self._ways[-1]))
        ways = self._ways[min(remaining, _MOST_KEPT)]
        for _ in range(remaining - _MOST_KEPT):
            ways = self.counts_before(ways)
        return ways

    def counts_before(self, ways: dict[int, int]) -> dict[int, int]:
        """The counts for one more character."""
        found = {}
        for state in self._sources(frozenset(ways)):
            found[state] = sum(number * ways[target] for target, number, _ in self._edges[state] if target in ways)
        self._budget.spend(1 + next(iter(ways.values()), 0).bit_length() // 64)
        return found

    def bits(self, low: int, high: int) -> float:
        """The binary logarithm of the number of texts of `low` to `high` characters, to within float rounding."""
        self._budget.renew()
        ways = dict.fromkeys(self._finals, 1.0)
        scale, found = 0.0, -inf
        for length in range(high + 1):
            if length >= low and 0 in ways:
                here = log2(ways[0]) + scale
                found = max(found, here) + log2(1 + 2.0 ** -abs(found - here))
            sums = {
                state: sum(number * ways[target] for target, number, _ in self._edges[state] if target in ways)
                for state in self._sources(frozenset(ways))
            }
            top = max(sums.values(), default=1.0)
            ways = {state: number / top for state, number in sums.items() if number / top > 0.0}
            scale += log2(top)
        return found

    def witness(self, length: int) -> str:
        """The simplest text of a length that exists: fewest odd characters, then the simplest one at each place."""
        self._budget.renew()
        reached: list[set[int]] = [{0}]
        for remaining in range(length - 1, -1, -1):
            live = self.live(remaining)
            reached.append({target for state in reached[-1] for target, _, _ in self._edges[state]} & live)
            self._budget.spend(1 + 4 * len(reached[-1]))
        costs: list[dict[int, int]] = [dict.fromkeys(reached.pop(), 0)]
        while reached:
            after = costs[-1]
            costs.append({state: self._least(state, after) for state in reached.pop()})
        text, state = [], 0
        for remaining in range(length, 0, -1):
            after, owed = costs[remaining - 1], costs[remaining][state]
            for target, odd, point in self._plainest(state):
                if target in after and odd + after[target] == owed:
                    text.append(chr(point))
                    state = target
                    break
        return "".join(text)

    def _least(self, state: int, after: dict[int, int]) -> int:
        """The fewest odd characters on the way from a state, given those from the states that come next."""
        found = self._odd.get(state)
        if found is None:
            found = self._odd[state] = [(target, oddness(members)) for target, _, members in self._edges[state]]
        return min([odd + after[target] for target, odd in found if target in after])

    def _plainest(self, state: int) -> list[tuple[int, int, int]]:
        """Target, oddness and simplest character of each edge of a state, the simplest first."""
        found = self._plain.get(state)
        if found is None:
            edges = [
                (target, oddness(members), simplest_first(members)[0][0]) for target, _, members in self._edges[state]
            ]
            found = self._plain[state] = sorted(edges, key=lambda edge: rank(edge[2]))
        return found

    def prepare(self, length: int) -> list[Level]:
        """The tables that `draw` reads, for texts of up to this length."""
        self._budget.renew()
        while len(self._levels) <= length:
            after = self._weights[-1]
            sums = {
                state: sum(number * after[target] for target, number, _ in self._edges[state] if target in after)
                for state in self._sources(frozenset(after))
            }
            # Only ratios within a level count; scaling keeps them in a float's range, whatever the length.
            top = max(sums.values(), default=1.0)
            self._weights.append({state: weight / top for state, weight in sums.items() if weight / top > 0.0})
            self._levels.append(Level(self._step, after))
        return self._levels

    def _step(self, state: int, after: dict[int, float]) -> Step:
        edges = [
            (target, number * after[target], members)
            for target, number, members in self._edges[state]
            if target in after
        ]
        total = sum(weight for _, weight, _ in edges)
        if len(edges) == 1 and edges[0][0] == state:
            return [], [], letters(edges[0][2])
        edges.sort(key=lambda edge: -edge[1])
        ends = list(accumulate(weight / total for _, weight, _ in edges))
        moves = []
        for end, (target, weight, members) in zip(ends, edges, strict=True):
            width = weight / total
            found = letters(members)
            # One character more than there is, should rounding carry the draw over the edge.
            guarded = found + found[-1] if isinstance(found, str) else found
            moves.append((end - width, size(members) / width, guarded, target))
        ends[-1] = 2.0
        return ends, moves, None

    def draw(self, random: Random, length: int) -> str:
        """A text of this length, each as likely as any other to within float rounding (about 1e-16 a character)."""
        levels = self._levels if len(self._levels) > length else self.prepare(length)
        number = random.random
        text = []
        state = 0
        for remaining in range(length, 0, -1):
            ends, moves, free = levels[remaining][state]
            if free is not None:
                text += random.choices(free, k=remaining)
                break
            x = number()
            low, scale, characters, state = moves[bisect_right(ends, x)]
            text.append(characters[int((x - low) * scale)])
        return "".join(text)


def _choices(spans: list[tuple[int, int, int]]) -> Choices:
    spans.sort(key=lambda span: rank(span[0]))
    return Choices(tuple(spans), tuple(accumulate(high - low + 1 for low, high, _ in spans)))


def edges_of(automaton: Automaton, useful: frozenset[int]) -> list[list[Edge]]:
    """The edges of each useful state to useful states, with classes to one target joined."""
    members = automaton.alphabet.members()
    joined: dict[tuple[int, ...], tuple[int, Ranges]] = {}
    found = []
    for state, row in enumerate(automaton.rows):
        classes: dict[int, list[int]] = {}
        if state in useful:
            for number, target in enumerate(row):
                if target in useful:
                    classes.setdefault(target, []).append(number)
        edges = []
        for target, numbers in classes.items():
            key = tuple(numbers)
            if key not in joined:
                ranges = members[key[0]] if len(key) == 1 else union(*[members[number] for number in key])
                joined[key] = (size(ranges), ranges)
            edges.append((target, *joined[key]))
        found.append(edges)
    return found
