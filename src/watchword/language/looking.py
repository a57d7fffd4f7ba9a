"""A searched pattern with look-around, run one character at a time. `machine` has those without.

Every way through the pattern carries the look-aheads that it still owes; these run in step with it. Look-behinds run
from the beginning of the text, so whether one holds is known at each position, or known up to what is owed.

- threads: frozenset of (mask of landings, obligations), the ways that are open
- obligations: frozenset of (pattern number, negated, threads), all of which the rest of the text must meet
- a truth: frozenset of obligations, any of which suffices
"""

from itertools import product
from typing import Any

from watchword.language.alphabet import Alphabet
from watchword.language.graph import FINAL, Graph, bits
from watchword.language.limits import Budget
from watchword.language.moment import BEGINNING, ENDING, OTHER_CHARACTER, WORD_CHARACTER, Moment, holds
from watchword.language.syntax import Boundary, Look, Node, walk

Obligations = frozenset[Any]
Threads = frozenset[tuple[int, Obligations]]
Truth = frozenset[Obligations]

_FREE: Obligations = frozenset()
_TRUE: Truth = frozenset([_FREE])
_NO_THREADS: Threads = frozenset()
_MATCHED: Threads = frozenset([(-1, _FREE)])
_FALSE: Truth = frozenset()


class LookingMachine:
    """A machine (see `machine.Machine`) whose state is (what came before, threads of look-behinds, main threads)."""

    def __init__(self, node: Node, alphabet: Alphabet, budget: Budget) -> None:
        self.alphabet = alphabet
        self._budget = budget
        self._nets: list[_Net] = []
        self._numbers: dict[tuple[Node, bool], int] = {}
        nodes = list(walk(node))
        words = [inner.word for inner in nodes if isinstance(inner, Boundary)]
        self._word_classes = frozenset(alphabet.classes_within(words[0]) if words else ())
        self._register(node)
        self._nets.append(_Net(node, alphabet, budget))
        self._main = len(self._nets) - 1
        self._behind = [number for (_, ahead), number in self._numbers.items() if not ahead]
        self._closures: dict[Any, _Closure] = {}

    def _register(self, node: Node) -> None:
        """Give a number to every look-around, inner ones first."""
        for inner in list(walk(node))[::-1]:
            if isinstance(inner, Look) and (inner.item, inner.ahead) not in self._numbers:
                self._numbers[inner.item, inner.ahead] = len(self._nets)
                self._nets.append(_Net(inner.item, self.alphabet, self._budget))

    def initial(self) -> object:
        """The state before the first character."""
        trackers = tuple(self._nets[number].start for number in self._behind)
        return (BEGINNING, trackers, self._nets[self._main].start)

    def step(self, state: Any, number: int) -> object:
        """The state after a character of class `number`."""
        before, trackers, threads = state
        if threads == _MATCHED:
            return state
        kind = WORD_CHARACTER if number in self._word_classes else OTHER_CHARACTER
        turn = _Turn(self, (before, kind), trackers, 1 << number)
        main = turn.advance(self._main, threads, keep=True)
        if main == _MATCHED:
            return (BEGINNING, (), _MATCHED)
        main = _absorbed([*main, *self._nets[self._main].start])
        return (kind, tuple(turn.tracked(*pair) for pair in zip(self._behind, trackers, strict=True)), main)

    def accepts(self, state: Any) -> bool:
        """Whether the text may end here."""
        before, trackers, threads = state
        return threads == _MATCHED or _Turn(self, (before, ENDING), trackers, 0).ends(self._main, threads)

    def values(self, moment: Moment, trackers: tuple[Threads, ...]) -> tuple[Truth, ...]:
        """Whether each look-behind holds at the position, inner ones first."""
        found: tuple[Truth, ...] = ()
        for number, threads in zip(self._behind, trackers, strict=True):
            alternatives: set[Obligations] = set()
            for mask, owed in threads:
                for landing in self._nets[number].landings_of(mask):
                    finals = self.closure(number, landing, moment, found)[1]
                    alternatives.update(owed | more for more in finals)
            found += (_TRUE if _FREE in alternatives else frozenset(alternatives),)
        return found

    def closure(self, net: int, landing: int, moment: Moment, values: tuple[Truth, ...]) -> "_Closure":
        """What can be read from a landing: (classes, landing bit, new obligations) each; and what ends it costs."""
        key = (net, landing, moment, values)
        if key not in self._closures:
            self._closures[key] = self._follow(self._nets[net], landing, moment, values)
        return self._closures[key]

    def _follow(self, net: "_Net", landing: int, moment: Moment, values: tuple[Truth, ...]) -> "_Closure":
        graph, seen, pending = net.graph, {(landing, _FREE)}, [(landing, _FREE)]
        reads: list[tuple[int, int, Obligations]] = []
        finals: list[Obligations] = []
        while pending:
            self._budget.spend(4)
            node, owed = pending.pop()
            targets: list[tuple[int, Obligations]] = []
            if node == FINAL:
                finals.append(owed)
            elif node in graph.reads:
                classes, after = graph.reads[node]
                reads.append((classes, net.bit[after], owed))
            elif node in graph.forks:
                targets = [(target, owed) for target in graph.forks[node]]
            else:
                guard, after = graph.guards[node]
                if isinstance(guard, Look):
                    targets = [(after, owed | more) for more in self._truth(guard, values)]
                elif holds(guard, moment):
                    targets = [(after, owed)]
            pending.extend(target for target in targets if target not in seen)
            seen.update(targets)
        return tuple(reads), tuple(finals)

    def _truth(self, guard: Look, values: tuple[Truth, ...]) -> Truth:
        number = self._numbers[guard.item, guard.ahead]
        if guard.ahead:
            return frozenset([frozenset([(number, guard.negated, self._nets[number].start)])])
        value = values[self._behind.index(number)]
        return self._denied(value) if guard.negated else value

    def _denied(self, truth: Truth) -> Truth:
        """The truth that holds where the given one does not: one obligation of each alternative fails."""
        ways = 1
        for owed in truth:
            ways *= len(owed)
            self._budget.spend(ways)
        return frozenset(
            frozenset((number, not negated, threads) for number, negated, threads in chosen)
            for chosen in product(*truth)
        )

    def landings_of(self, net: int, mask: int) -> list[int]:
        """The landings of a mask, counted as steps."""
        found = self._nets[net].landings_of(mask)
        self._budget.spend(12 * len(found))
        return found

    def final_bit(self, net: int) -> int:
        """The landing bit of the pattern's end."""
        return self._nets[net].bit[FINAL]

    def start(self, net: int) -> Threads:
        """The threads of an attempt that begins here."""
        return self._nets[net].start


_Closure = tuple[tuple[tuple[int, int, Obligations], ...], tuple[Obligations, ...]]


class _Net:
    """One of the patterns: the whole one, or the inside of a look-around."""

    def __init__(self, node: Node, alphabet: Alphabet, budget: Budget) -> None:
        self.graph = Graph(node, alphabet, budget)
        self.bit = {landing: 1 << i for i, landing in enumerate(self.graph.landings)}
        self.start: Threads = frozenset([(self.bit[self.graph.entry], _FREE)])

    def landings_of(self, mask: int) -> list[int]:
        return [self.graph.landings[position] for position in bits(mask)]


class _Turn:
    """Everything that happens at one position of the text."""

    def __init__(self, machine: LookingMachine, moment: Moment, trackers: tuple[Threads, ...], wanted: int) -> None:
        self._machine = machine
        self._moment = moment
        self._values = machine.values(moment, trackers)
        self._wanted = wanted
        self._owed: dict[Obligations, Obligations | None] = {}

    def advance(self, net: int, threads: Threads, *, keep: bool) -> Threads:
        """The threads after the character; `keep` remembers ways that reached the pattern's end but still owe."""
        found: list[tuple[int, Obligations]] = []
        for mask, owed in threads:
            for landing in self._machine.landings_of(net, mask):
                reads, finals = self._machine.closure(net, landing, self._moment, self._values)
                found += [(bit, owed | more) for classes, bit, more in reads if classes & self._wanted]
                if keep:
                    found += [(self._machine.final_bit(net), owed | more) for more in finals]
        final = self._machine.final_bit(net) if keep else 0
        after: list[tuple[int, Obligations]] = []
        for bit, owed in found:
            left = self._after(owed)
            if left is not None:
                after.append((bit, left))
                if bit == final and not left:
                    return _MATCHED
        return _absorbed(after)

    def tracked(self, net: int, threads: Threads) -> Threads:
        """A look-behind's threads after the character: those going on, and an attempt that begins after it."""
        return _absorbed([*self.advance(net, threads, keep=False), *self._machine.start(net)])

    def _after(self, owed: Obligations) -> Obligations | None:
        """What is still owed after the character; None if it cannot be met any more."""
        if not owed:
            return owed
        if owed not in self._owed:
            self._owed[owed] = self._paid(owed)
        return self._owed[owed]

    def _paid(self, owed: Obligations) -> Obligations | None:
        left = set()
        for number, negated, threads in owed:
            after = self.advance(number, threads, keep=True)
            if after in (_MATCHED, _NO_THREADS):
                if (after == _MATCHED) == negated:
                    return None
            elif (number, not negated, after) in left:
                return None
            else:
                left.add((number, negated, after))
        return frozenset(left)

    def ends(self, net: int, threads: Threads) -> bool:
        """Whether some thread is at its end, and owes nothing, when the text ends here."""
        for mask, owed in threads:
            for landing in self._machine.landings_of(net, mask):
                finals = self._machine.closure(net, landing, self._moment, self._values)[1]
                if any(all(self.ends(n, t) != negated for n, negated, t in owed | more) for more in finals):
                    return True
        return False


def _absorbed(found: list[tuple[int, Obligations]]) -> Threads:
    """The threads joined by what they owe, without those that another thread at the same landing makes needless."""
    masks: dict[Obligations, int] = {}
    for bit, owed in found:
        masks[owed] = masks.get(owed, 0) | bit
    if len(masks) > 1:
        for owed in sorted(masks, key=len, reverse=True):
            for other, mask in masks.items():
                if other < owed:
                    masks[owed] &= ~mask
    return frozenset((mask, owed) for owed, mask in masks.items() if mask)
