"""Sets of texts that an automaton decides: algebra, counting, sampling, witnesses. Holds no schema and no pattern."""

import math
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate
from random import Random
from typing import Literal

from watchword.language import automaton as automata
from watchword.language.automaton import Automaton
from watchword.language.lengths import Lengths
from watchword.language.limits import DEFAULT, Budget, Limits
from watchword.language.ranges import UNBOUNDED, Ranges, difference, intersection, union
from watchword.language.tails import Choices, Tails, edges_of

Law = Literal["length", "uniform"]

_MINIMISED = 40_000
_SPARE = 64
_EXACT_BITS = 2_000


class Language:
    """A set of texts; a text is a sequence of code points, lone surrogates included.

    `limits` bound every question; one that would pass them raises RuleTooLarge. A language never changes, but it
    remembers what it was asked: the first sample costs a few milliseconds, the next ones microseconds.
    """

    def __init__(self, automaton: Automaton, limits: Limits = DEFAULT, subject: str = "the language") -> None:
        self.automaton = automaton
        self.limits = limits
        self.subject = subject
        self._tails: dict[frozenset[int], Tails] = {}
        self._drawable: dict[int | None, tuple[int, ...]] = {}

    def __repr__(self) -> str:
        return f"<Language of {self.subject}: {len(self.automaton.rows)} states>"

    # Algebra.

    def __and__(self, other: "Language") -> "Language":
        return self._with(other, lambda labels: intersection(*labels))

    def __or__(self, other: "Language") -> "Language":
        return self._with(other, lambda labels: union(*labels))

    def __sub__(self, other: "Language") -> "Language":
        return self._with(other, lambda labels: difference(labels[0], labels[1], UNBOUNDED))

    def __xor__(self, other: "Language") -> "Language":
        return self._with(other, _either)

    def __invert__(self) -> "Language":
        return Language(automata.complemented(self.automaton), self.limits, f"not {self.subject}")

    def _with(self, other: "Language", accept: "automata.Accept") -> "Language":
        budget = Budget(self.limits, f"{self.subject} with {other.subject}")
        joint = automata.product([self.automaton, other.automaton], accept, budget)
        if len(joint.rows) * joint.alphabet.count <= _MINIMISED:
            joint = automata.minimal(joint)
        return Language(joint, self.limits, self.subject)

    def __eq__(self, other: object) -> bool:
        return (self ^ other).is_empty if isinstance(other, Language) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __le__(self, other: "Language") -> bool:
        return (self - other).is_empty

    def __lt__(self, other: "Language") -> bool:
        return self <= other and not other <= self

    def __ge__(self, other: "Language") -> bool:
        return other <= self

    def __gt__(self, other: "Language") -> bool:
        return other < self

    def __contains__(self, text: object) -> bool:
        if not isinstance(text, str):
            return False
        state, rows, class_of = 0, self.automaton.rows, self.automaton.alphabet.class_of
        for character in text:
            state = rows[state][class_of(ord(character))]
        return any(low <= len(text) <= high for low, high in self.automaton.accepts[state])

    # Lengths.

    @cached_property
    def _lengths(self) -> Lengths:
        return Lengths(self.automaton, Budget(self.limits, f"the lengths of {self.subject}"))

    @property
    def is_empty(self) -> bool:
        """Whether no text is in the language."""
        return self._lengths.shortest is None

    @property
    def is_finite(self) -> bool:
        """Whether there is a longest text, or none at all."""
        return self.is_empty or self._lengths.longest is not None

    @property
    def shortest(self) -> int | None:
        """The least length, in code points; None for the empty language."""
        return self._lengths.shortest

    @property
    def longest(self) -> int | None:
        """The greatest length, in code points; None where there is none: the language is empty or infinite."""
        return self._lengths.longest

    def lengths(self, maximum: int | None = None) -> tuple[int, ...]:
        """The lengths that texts have, least first, up to `maximum`.

        Without it: all of a finite language; of an infinite one those up to 64 beyond the shortest.
        """
        found = self._drawable.get(maximum)
        if found is None:
            top = self._top() if maximum is None else maximum
            found = self._drawable[maximum] = self._lengths.up_to(top)
        return found

    def _top(self) -> int:
        return (self.shortest or 0) + _SPARE if self.longest is None else self.longest

    # Walking: one small choice a character.

    def choices(self, state: int, remaining: int, length: int) -> Choices:
        """What can come next in a text of `length` characters of which `remaining` are still to be written.

        The first state is 0. Whatever is chosen, the text can be completed. `length` must be one of `lengths()`.
        """
        return self.tails(length).choices(state, remaining)

    def tails(self, length: int) -> Tails:
        """The ways to the states that accept at this length."""
        finals = self._lengths.finals(length) & self._lengths.useful
        found = self._tails.get(finals)
        if found is None:
            budget = Budget(self.limits, f"the texts of {self.subject}")
            found = self._tails[finals] = Tails(self._edges, finals, budget)
        return found

    @cached_property
    def _edges(self) -> list[list[tuple[int, int, Ranges]]]:
        return edges_of(self.automaton, self._lengths.useful)

    # Counting.

    def count(self, length: int | None = None) -> int | None:
        """How many texts there are, of one length or in all, exactly; None for an infinite language."""
        if length is not None:
            return self.tails(length).counts(length).get(0, 0) if self._lengths.has(length) else 0
        if not self.is_finite:
            return None
        return sum(self._counts().values())

    def _counts(self) -> dict[int, int]:
        """The number of texts of each length of a finite language."""
        found = {}
        for low, high, finals in self._lengths.segments:
            tails = self.tails(low)
            ways = dict.fromkeys(finals & self._lengths.useful, 1)
            for length in range(min(high, self._lengths.longest or 0) + 1):
                if length >= low and ways.get(0):
                    found[length] = ways[0]
                ways = tails.counts_before(ways)
        return found

    @property
    def bits(self) -> float:
        """The entropy of a uniform draw: log2 of the number of texts; inf if that is infinite, -inf if it is 0."""
        number = self.count()
        if number is None:
            return math.inf
        return math.log2(number) if number else -math.inf

    # Texts.

    def witness(self, length: int | None = None) -> str | None:
        """The shortest text, of these the simplest (printable ASCII before other text before controls), or None.

        With a length, the simplest one of that length.
        """
        wanted = self.shortest if length is None else length
        if wanted is None or not self._lengths.has(wanted):
            return None
        return self.tails(wanted).witness(wanted)

    def sample(self, random: Random, law: Law = "length", maximum: int | None = None) -> str:
        """A random text of at most `maximum` characters (default as in `lengths`).

        Law `length` draws the length first, each possible one alike, then any text of that length alike;
        `uniform` draws any text alike, so that almost all have the greatest length. Exact to float rounding.
        Raises ValueError if there is no such text.
        """
        lengths = self._drawable.get(maximum)
        if lengths is None:
            lengths = self.lengths(maximum)
        if not lengths:
            raise ValueError(f"{self.subject} has no text" + ("" if maximum is None else f" of at most {maximum}"))
        if law == "uniform":
            length = self._uniform_length(random, lengths)
        else:
            length = lengths[int(random.random() * len(lengths))]
        return self._tails_by_length(length).draw(random, length)

    def _tails_by_length(self, length: int) -> Tails:
        found = self._by_length.get(length)
        if found is None:
            found = self._by_length[length] = self.tails(length)
        return found

    @cached_property
    def _by_length(self) -> dict[int, Tails]:
        return {}

    def _uniform_length(self, random: Random, lengths: tuple[int, ...]) -> int:
        cumulative = self._cumulative.get(lengths)
        if cumulative is None:
            counts = [self.count(length) or 0 for length in lengths]
            cumulative = self._cumulative[lengths] = list(accumulate(counts))
        return lengths[bisect_right(cumulative, random.randrange(cumulative[-1]))]

    @cached_property
    def _cumulative(self) -> dict[tuple[int, ...], list[int]]:
        return {}

    def members(self) -> Iterator[str]:
        """Every text, shortest first, simplest first within a length; perhaps without end."""
        for length in self._lengths.upwards():
            yield from self._members(length)

    def _members(self, length: int) -> Iterator[str]:
        tails = self.tails(length)
        if not length:
            yield ""
            return
        path: list[tuple[Choices, int]] = [(tails.choices(0, length), 0)]
        text: list[str] = []
        while path:
            choices, index = path.pop()
            del text[len(path) :]
            if index == choices.size:
                continue
            path.append((choices, index + 1))
            character, state = choices.pick(index)
            text.append(character)
            if len(path) == length:
                yield "".join(text)
            else:
                path.append((tails.choices(state, length - len(path)), 0))

    @cached_property
    def alphabet(self) -> Ranges:
        """Every character that occurs in some text, the lengths of whole texts aside."""
        return union(*{members for edges in self._edges for _, _, members in edges})


def _either(labels: tuple[Ranges, ...]) -> Ranges:
    left, right = labels
    return union(difference(left, right, UNBOUNDED), difference(right, left, UNBOUNDED))


def everything(limits: Limits = DEFAULT) -> Language:
    """All texts."""
    return Language(automata.EVERYTHING, limits, "all texts")


def nothing(limits: Limits = DEFAULT) -> Language:
    """No text."""
    return Language(automata.EMPTY, limits, "no text")
