"""A pattern as a graph of nodes to follow, and that graph laid over an alphabet. Holds no search.

Built from the end: each node knows what comes after it, so an assertion inside of a repeat needs nothing special.
"""

from watchword.language.alphabet import Alphabet
from watchword.language.limits import Budget
from watchword.language.ranges import Ranges
from watchword.language.syntax import Boundary, Chars, Choice, End, Group, Look, Node, Repeat, Sequence, Start

Guard = Start | End | Boundary | Look

FINAL = 0
"""The node that ends the pattern; also bit 0 of every mask of nodes."""


class Graph:
    """Nodes numbered from 0: a node reads a character (`reads`), forks (`forks`), or asserts (`guards`).

    `reads[n]` is the mask of classes and the node after; `entry` the first node. `loops` are the forks of repeats
    without end: their first way is another round, the second leads on.
    """

    def __init__(self, node: Node, alphabet: Alphabet, budget: Budget) -> None:
        self.reads: dict[int, tuple[int, int]] = {}
        self.forks: dict[int, tuple[int, ...]] = {}
        self.guards: dict[int, tuple[Guard, int]] = {}
        self.loops: set[int] = set()
        self._count = 1
        self._alphabet = alphabet
        self._budget = budget
        self._masks: dict[Ranges, int] = {}
        self._shared: dict[tuple[int, ...], int] = {}
        self.entry = self._build(node, FINAL)
        # Where reading leads: the only nodes that the states of an automaton need to remember.
        self.landings = sorted({FINAL, self.entry, *(after for _, after in self.reads.values())})

    def _new(self) -> int:
        self._count += 1
        self._budget.check("nodes", self._count)
        return self._count - 1

    def _build(self, node: Node, after: int) -> int:
        match node:
            case Chars(members):
                found = self._new()
                self.reads[found] = (self._mask(members), after)
                return found
            case Sequence(items):
                for item in reversed(items):
                    after = self._build(item, after)
                return after
            case Group(item):
                return self._build(item, after)
            case Choice(options):
                return self._fork([self._build(option, after) for option in options])
            case Repeat(item, low, high):
                return self._repeat(item, low, high, after)
            case _:
                found = self._new()
                self.guards[found] = (node, after)
                return found

    def _repeat(self, item: Node, low: int, high: int | None, after: int) -> int:
        if isinstance(item, Sequence) and not item.items:
            return after
        if high is None:
            loop = self._new()
            self.loops.add(loop)
            body = self._build(item, loop)
            self.forks[loop] = (body, after)
            # The body's last round may lead straight on: X+ enters at the body, X* at the fork.
            found = body if low else loop
            low -= 1
        else:
            found = after
            for _ in range(high - low):
                found = self._fork([self._build(item, found), after])
        for _ in range(low):
            found = self._build(item, found)
        return found

    def _fork(self, targets: list[int]) -> int:
        key = tuple(dict.fromkeys(targets))
        if len(key) == 1:
            return key[0]
        if key not in self._shared:
            self._shared[key] = self._new()
            self.forks[self._shared[key]] = key
        return self._shared[key]

    def _mask(self, members: Ranges) -> int:
        if members not in self._masks:
            self._masks[members] = sum(1 << number for number in self._alphabet.classes_within(members))
        return self._masks[members]


def bits(mask: int) -> list[int]:
    """The positions of the bits that are set."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
