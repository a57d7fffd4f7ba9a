"""Whether one text meets a clause: patterns run state by state, made when first needed, each kept for the next text.

Nothing is built ahead, so a rule whose whole automaton is too large can still be judged.
"""

from collections.abc import Callable
from functools import lru_cache

from watchword.language.alphabet import Alphabet
from watchword.language.clauses import Among, Clause, Every, ExactlyOne, Length, Matches, No, Some
from watchword.language.limits import Budget, Limits
from watchword.language.machine import Machine, State, machine_for
from watchword.language.simplify import relaxed, searched
from watchword.language.syntax import Node

Judge = Callable[[str], bool]

_ROWS = 5_000
_CHARACTERS = 2_000


def judge_of(clause: Clause, limits: Limits) -> Judge:
    """A function that tells whether a text meets the clause. Raises what `problem` says of an unreadable pattern.

    The function raises RuleTooLarge where one text alone would pass the limits.
    """
    match clause:
        case Length(low, high):
            return lambda text: low <= len(text) <= high
        case Among(texts):
            return frozenset(texts).__contains__
        case Matches(node=None, problem=problem):
            assert problem is not None
            raise problem
        case Matches(pattern, node):
            assert node is not None
            return matcher(node, pattern, limits)
        case Every(clauses):
            every = [judge_of(inner, limits) for inner in clauses]
            return lambda text: all(judge(text) for judge in every)
        case Some(clauses):
            some = [judge_of(inner, limits) for inner in clauses]
            return lambda text: any(judge(text) for judge in some)
        case ExactlyOne(clauses):
            one = [judge_of(inner, limits) for inner in clauses]
            return lambda text: sum(judge(text) for judge in one) == 1
        case No(inner):
            judge = judge_of(inner, limits)
            return lambda text: not judge(text)


class Row(dict[str, "Row"]):
    """One state: what each character seen so far leads to."""

    __slots__ = ("accepts", "owner", "state")

    def __init__(self, owner: "Matcher", state: State) -> None:
        self.owner = owner
        self.state = state
        self.accepts = owner.machine.accepts(state)

    def __missing__(self, character: str) -> "Row":
        after = self.owner.after(self.state, character)
        if len(self) < _CHARACTERS:
            self[character] = after
        return after


class Matcher:
    """Tells whether a pattern occurs in a text, in time linear in the text."""

    def __init__(self, node: Node, subject: str, limits: Limits) -> None:
        opened = relaxed(searched(node))
        self._low, self._high = opened.low, opened.high
        self._budget = Budget(limits, subject)
        self.machine: Machine = machine_for(opened.node, self._budget)
        self._alphabet: Alphabet = self.machine.alphabet
        self._rows: dict[State, Row] = {}
        self._first = self._row(self.machine.initial())

    def __call__(self, text: str) -> bool:
        """Whether the pattern occurs in the text."""
        if not self._low <= len(text) <= self._high:
            return False
        self._budget.spent = 0
        row = self._first
        for character in text:
            row = row[character]
        return row.accepts

    def after(self, state: State, character: str) -> Row:
        """The row that a character leads to."""
        return self._row(self.machine.step(state, self._alphabet.class_of(ord(character))))

    def _row(self, state: State) -> Row:
        found = self._rows.get(state)
        if found is None:
            if len(self._rows) >= _ROWS:
                # Rows hold one another: only from a first row that knows none can the others be let go.
                self._rows.clear()
                self._first = Row(self, self.machine.initial())
            found = self._rows[state] = Row(self, state)
        return found


@lru_cache(maxsize=512)
def matcher(node: Node, subject: str, limits: Limits) -> Judge:
    """A matcher, compiled when it is first called."""
    compiled: list[Matcher] = []

    def judge(text: str) -> bool:
        if not compiled:
            compiled.append(Matcher(node, subject, limits))
        return compiled[0](text)

    return judge
