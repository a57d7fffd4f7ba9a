"""A searched pattern run one character at a time: the deterministic automaton, made state by state on demand.

Holds patterns without look-around; `looking` has those with. Assertions are settled when the next class is known.
A state is (what came before, mask of landings); landing bit 0 is the pattern's end.
"""

from typing import Any, Protocol

from watchword.language.alphabet import Alphabet, telling_apart
from watchword.language.graph import FINAL, Graph, bits
from watchword.language.limits import Budget
from watchword.language.looking import LookingMachine
from watchword.language.moment import BEGINNING, ENDING, OTHER_CHARACTER, WORD_CHARACTER, Moment, holds
from watchword.language.simplify import items_of, sets_of
from watchword.language.syntax import Boundary, Look, Node, Start, walk

State = Any


class Machine(Protocol):
    """Steps through the states of a deterministic automaton; states are hashable."""

    alphabet: Alphabet

    def initial(self) -> State:
        """The state before the first character."""

    def step(self, state: State, number: int) -> State:
        """The state after a character of class `number`."""

    def accepts(self, state: State) -> bool:
        """Whether the text may end here."""


MATCHED: State = "matched"
"""The state in which whatever follows is accepted."""


def machine_for(node: Node, budget: Budget) -> Machine:
    """A machine that accepts the texts in which the pattern occurs. Raises RuleTooLarge."""
    nodes = list(walk(node))
    alphabet = telling_apart(sets_of(nodes))
    if any(isinstance(inner, Look) for inner in nodes):
        return LookingMachine(node, alphabet, budget)
    return PlainMachine(node, nodes, alphabet, budget)


class PlainMachine:
    """A machine for a pattern without look-around."""

    def __init__(self, node: Node, nodes: list[Node], alphabet: Alphabet, budget: Budget) -> None:
        self.alphabet = alphabet
        self._budget = budget
        self._graph = Graph(node, alphabet, budget)
        words = [inner.word for inner in nodes if isinstance(inner, Boundary)]
        self._word_classes = frozenset(alphabet.classes_within(words[0]) if words else ())
        self._anchored = _starts_at_start(node)
        self._remembers_start = any(isinstance(inner, Start) for inner in nodes)
        self._bit = {landing: 1 << i for i, landing in enumerate(self._graph.landings)}
        self._closures: dict[tuple[int, Moment], tuple[tuple[int, int], ...] | None] = {}
        self._entry = self._bit[self._graph.entry]

    def initial(self) -> State:
        """The state before the first character."""
        return (BEGINNING if self._remembers_start else OTHER_CHARACTER, self._entry)

    def step(self, state: State, number: int) -> State:
        """The state after a character of class `number`."""
        if state == MATCHED:
            return MATCHED
        before, mask = state
        kind = WORD_CHARACTER if number in self._word_classes else OTHER_CHARACTER
        moment = (before, kind)
        reached = 0 if self._anchored else self._entry
        wanted = 1 << number
        landings = self._graph.landings
        for position in bits(mask):
            closure = self._closure(landings[position], moment)
            if closure is None:
                return MATCHED
            self._budget.spend(1 + len(closure))
            for classes, bit in closure:
                if classes & wanted:
                    reached |= bit
        return (kind, reached)

    def accepts(self, state: State) -> bool:
        """Whether the text may end here."""
        if state == MATCHED:
            return True
        before, mask = state
        landings = self._graph.landings
        return any(self._closure(landings[position], (before, ENDING)) is None for position in bits(mask))

    def _closure(self, landing: int, moment: Moment) -> tuple[tuple[int, int], ...] | None:
        """What can be read from a landing, as (classes, landing bit), merged by landing; None: the end is reached."""
        key = (landing, moment)
        if key not in self._closures:
            self._closures[key] = self._follow(landing, moment)
        return self._closures[key]

    def _follow(self, landing: int, moment: Moment) -> tuple[tuple[int, int], ...] | None:
        graph = self._graph
        seen = {landing}
        pending = [landing]
        found: dict[int, int] = {}
        while pending:
            node = pending.pop()
            targets: tuple[int, ...] = ()
            if node == FINAL:
                return None
            if node in graph.reads:
                classes, after = graph.reads[node]
                found[after] = found.get(after, 0) | classes
            elif node in graph.forks:
                targets = graph.forks[node]
            elif holds(graph.guards[node][0], moment):
                targets = (graph.guards[node][1],)
            pending.extend(target for target in targets if target not in seen)
            seen.update(targets)
            self._budget.spend(1)
        return tuple((classes, self._bit[after]) for after, classes in found.items())


def _starts_at_start(node: Node) -> bool:
    """Whether every match begins at the start of the text, so that no later attempt is needed."""
    items = items_of(node)
    return bool(items) and isinstance(items[0], Start)
