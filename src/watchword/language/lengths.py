"""The lengths that the texts of an automaton have. Holds nothing about which texts those are.

The set of states reachable in n steps runs into a cycle as n grows; from there any length is answered at once.
"""

from collections.abc import Iterator
from functools import cached_property

from watchword.language.automaton import Automaton
from watchword.language.limits import Budget
from watchword.language.ranges import UNBOUNDED

States = frozenset[int]
Segment = tuple[int, int, States]


class Lengths:
    """Answers about one automaton; found step by step, as far as asked."""

    def __init__(self, automaton: Automaton, budget: Budget) -> None:
        self._automaton = automaton
        self._budget = budget
        self.useful = _useful(automaton)
        self._after = [frozenset(row) & self.useful for row in automaton.rows]
        self._trail: list[States] = [frozenset([0]) & self.useful]
        self._seen = {self._trail[0]: 0}
        self._period = 0

    @cached_property
    def segments(self) -> list[Segment]:
        """Lengths low..high at which exactly these states accept, in order, gaps left out."""
        labels = self._automaton.accepts
        cuts = sorted(
            {0} | {low for label in labels for low, _ in label} | {h + 1 for label in labels for _, h in label}
        )
        found = []
        for low, after in zip(cuts, [*cuts[1:], UNBOUNDED + 1], strict=True):
            accepting = self._accepting(low)
            if accepting and low <= UNBOUNDED:
                found.append((low, after - 1, accepting))
        return found

    def _accepting(self, length: int) -> States:
        known: dict[object, bool] = {}
        found = []
        for state, label in enumerate(self._automaton.accepts):
            if label not in known:
                known[label] = any(low <= length <= high for low, high in label)
            if known[label]:
                found.append(state)
        return frozenset(found)

    def finals(self, length: int) -> States:
        """The states that accept a text of this length."""
        for low, high, accepting in self.segments:
            if low <= length <= high:
                return accepting
        return frozenset()

    def _reachable(self, length: int) -> States:
        """The useful states that some text of this length leads to. Raises RuleTooLarge."""
        trail = self._trail
        while not self._period and length >= len(trail):
            after: States = frozenset().union(*[self._after[state] for state in trail[-1]])
            self._budget.spend(2 + len(after))
            if after in self._seen:
                self._period = len(trail) - self._seen[after]
            else:
                self._seen[after] = len(trail)
                trail.append(after)
        if length < len(trail):
            return trail[length]
        entry = len(trail) - self._period
        return trail[entry + (length - entry) % self._period]

    def has(self, length: int) -> bool:
        """Whether some text has this length."""
        return length >= 0 and not self._reachable(length).isdisjoint(self.finals(length))

    def _settled(self) -> int:
        """The length from which on the reachable states only repeat."""
        while not self._period:
            self._reachable(len(self._trail))
        return len(self._trail)

    @cached_property
    def shortest(self) -> int | None:
        """The least length, or None if there is no text at all."""
        return next(self.upwards(), None)

    def upwards(self) -> Iterator[int]:
        """Every length, least first; perhaps without end."""
        for low, high, accepting in self.segments:
            length = low
            misses = 0
            while length <= high:
                if self._reachable(length).isdisjoint(accepting):
                    misses += 1
                    self._budget.spend(1)
                    if self._period and length >= len(self._trail) and misses >= self._period:
                        break
                else:
                    misses = 0
                    yield length
                length += 1

    @cached_property
    def longest(self) -> int | None:
        """The greatest length; None if there is none because texts grow without end, or there is no text."""
        if self.shortest is None:
            return None
        settled = self._settled()
        for low, high, accepting in reversed(self.segments):
            for length in range(high, max(low, high - self._period, settled) - 1, -1):
                if not self._reachable(length).isdisjoint(accepting):
                    return None if high == UNBOUNDED else length
            for length in range(min(high, settled), low - 1, -1):
                if not self._reachable(length).isdisjoint(accepting):
                    return length
        return None

    def up_to(self, maximum: int) -> tuple[int, ...]:
        """Every length that is at most `maximum`."""
        found = []
        for length in self.upwards():
            if length > maximum:
                break
            found.append(length)
        return tuple(found)


def _useful(automaton: Automaton) -> States:
    """The states from which some state with a length can be reached, the labels' own lengths aside."""
    before: list[set[int]] = [set() for _ in automaton.rows]
    for state, row in enumerate(automaton.rows):
        for target in row:
            before[target].add(state)
    pending = [state for state, label in enumerate(automaton.accepts) if label]
    found = set(pending)
    while pending:
        for state in before[pending.pop()]:
            if state not in found:
                found.add(state)
                pending.append(state)
    return frozenset(found)
