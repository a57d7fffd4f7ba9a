"""Any text turned into one of a language of the same length, character by character along the automaton.

A character that can come next is kept; another one stands for the choice of its number among those that can. So a
text that is simple gives one that is as simple as the language allows, and shrinking the first shrinks the second.
"""

from watchword.language import Language
from watchword.language.automaton import Automaton
from watchword.language.order import rank
from watchword.language.tails import Tails

_REMEMBERED = 4_096


class Row(dict[str, int]):
    """One state: the state after each character that was ever met there."""

    __slots__ = ("_automaton", "_targets")

    def __init__(self, automaton: Automaton, state: int) -> None:
        self._automaton = automaton
        self._targets = automaton.rows[state]

    def __missing__(self, character: str) -> int:
        state = self._targets[self._automaton.alphabet.class_of(ord(character))]
        if len(self) < _REMEMBERED:
            self[character] = state
        return state


class Fitted:
    """The map from texts of a possible length to texts of the language."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._rows = [Row(language.automaton, state) for state in range(len(language.automaton.rows))]
        self._lengths: dict[int, tuple[Tails, tuple[frozenset[int], ...]]] = {}

    def __repr__(self) -> str:
        return f"fitted to {self._language.subject}"

    def __call__(self, drawn: str) -> str:
        """The text of the language that this one stands for; its length must be one that the language has."""
        length = len(drawn)
        found = self._lengths.get(length) or self.prepare(length)
        rows, state = self._rows, 0
        for character, live in zip(drawn, found[1], strict=True):
            state = rows[state][character]
            if state not in live:
                return self._mended(drawn, *found)
        return drawn

    def _mended(self, drawn: str, tails: Tails, lives: tuple[frozenset[int], ...]) -> str:
        text, state = [], 0
        for index, (character, live) in enumerate(zip(drawn, lives, strict=True)):
            after = self._rows[state][character]
            if after not in live:
                choices = tails.choices(state, len(drawn) - index)
                kept, after = choices.pick(rank(ord(character)) % choices.size)
                text.append(kept)
            else:
                text.append(character)
            state = after
        return "".join(text)

    def prepare(self, length: int) -> tuple[Tails, tuple[frozenset[int], ...]]:
        """For each place in such a text, the states from which the rest can be written; may raise RuleTooLarge."""
        tails = self._language.tails(length)
        found = tails, tuple(tails.live(remaining) for remaining in range(length - 1, -1, -1))
        self._lengths[length] = found
        return found
