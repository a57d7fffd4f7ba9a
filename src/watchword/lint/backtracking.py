"""How many steps a backtracking engine takes over a text: counted, never timed. Holds no search for bad texts.

The engine is the one that Java, Python and ECMAScript have in common: alternatives in order, greedy loops, an empty
round of a loop ends it, nothing remembered. Look-behind and boundaries that only real tables can tell count as met.
"""

from dataclasses import dataclass

from watchword.language.alphabet import Alphabet, telling_apart
from watchword.language.graph import FINAL, Graph
from watchword.language.limits import Budget, Limits
from watchword.language.simplify import sets_of
from watchword.language.syntax import Boundary, End, Look, Node, Start, walk

_NODES = Limits(nodes=6_000)


@dataclass(eq=False)
class Engine:
    """One pattern as a backtracking engine runs it. Raises RuleTooLarge for patterns of more than 6,000 nodes."""

    tree: Node

    def __post_init__(self) -> None:
        nodes = list(walk(self.tree))
        self.alphabet: Alphabet = telling_apart(sets_of(nodes))
        self.graph = Graph(self.tree, self.alphabet, Budget(_NODES, "the pattern"))
        self._words = next((inner.word for inner in nodes if isinstance(inner, Boundary)), ())
        self._inner: dict[int, Engine] = {}

    def steps(self, text: str, most: int) -> int:
        """Steps until the search for a match anywhere in the text succeeds or fails; `most` where it takes more."""
        classes = [1 << self.alphabet.class_of(ord(character)) for character in text]
        spent = 0
        for start in range(len(text) + 1):
            matched, used = self._attempt(text, classes, start, most - spent)
            spent += used
            if matched or spent >= most:
                break
        return min(spent, most)

    def _attempt(self, text: str, classes: list[int], start: int, most: int) -> tuple[bool, int]:
        """Whether a match starts there, and the steps that it took to know."""
        reads, forks, guards, loops = self.graph.reads, self.graph.forks, self.graph.guards, self.graph.loops
        length, steps = len(classes), 0
        # Node, position, and the loops of which a round began since the last character: to be there again is an empty
        # round, which every engine ends.
        stack: list[tuple[int, int, frozenset[int]]] = [(self.graph.entry, start, frozenset())]
        nothing: frozenset[int] = frozenset()
        while stack:
            node, position, entered = stack.pop()
            steps += 1
            if steps >= most:
                return False, steps
            if node == FINAL:
                return True, steps
            if node in reads:
                mask, after = reads[node]
                if position < length and classes[position] & mask:
                    stack.append((after, position + 1, nothing))
            elif node in forks:
                if node in loops:
                    if node in entered:
                        continue
                    round_begins, leave = forks[node]
                    stack.append((leave, position, entered))
                    stack.append((round_begins, position, entered | {node}))
                else:
                    stack.extend((target, position, entered) for target in reversed(forks[node]))
            elif self._holds(node, text, classes, position):
                stack.append((guards[node][1], position, entered))
        return False, steps

    def _holds(self, number: int, text: str, classes: list[int], position: int) -> bool:
        match self.graph.guards[number][0]:
            case Start():
                return position == 0
            case End():
                return position == len(classes)
            case Boundary(negated, word):
                return (_in(text, position - 1, word) != _in(text, position, word)) != negated
            case Look(item, ahead=True, negated=negated):
                if number not in self._inner:
                    self._inner[number] = Engine(item)
                inner = self._inner[number]
                rest = [1 << inner.alphabet.class_of(ord(character)) for character in text]
                return inner._attempt(text, rest, position, 2_000)[0] != negated
            case _:
                return True


def _in(text: str, position: int, word: tuple[tuple[int, int], ...]) -> bool:
    if not 0 <= position < len(text):
        return False
    point = ord(text[position])
    return any(low <= point <= high for low, high in word)
