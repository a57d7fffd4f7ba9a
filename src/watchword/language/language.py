"""Sets of texts that an automaton decides: algebra, counting, sampling, witnesses. Holds no schema and no pattern."""

import math
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate
from random import Random
from typing import Literal

from watchword.language import automaton as automata
from watchword.language.alphabet import telling_apart
from watchword.language.automaton import Automaton
from watchword.language.dialects import Dialect
from watchword.language.elimination import pattern_of
from watchword.language.lengths import Lengths
from watchword.language.limits import DEFAULT, Budget, Limits
from watchword.language.order import simplest_first
from watchword.language.ranges import (
    EVERY_LENGTH,
    NOTHING,
    UNBOUNDED,
    Ranges,
    difference,
    intersection,
    of_text,
    size,
    union,
)
from watchword.language.render import render_pattern
from watchword.language.tails import Choices, Tails, edges_of

Law = Literal["length", "uniform"]

_MINIMISED = 40_000
_SPARE = 64
_LISTED = 256
_COUNTED_EXACTLY = 1_000


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
        self._by_length: dict[int, Tails] = {}
        self._drawable: dict[int | None, tuple[int, ...]] = {}
        self._cumulative: dict[tuple[int, ...], list[int]] = {}

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
        found = self._by_length.get(length)
        if found is None:
            finals = self._lengths.finals(length) & self._lengths.useful
            if finals not in self._tails:
                budget = Budget(self.limits, f"the texts of {self.subject}")
                self._tails[finals] = Tails(self._edges, finals, budget)
            found = self._by_length[length] = self._tails[finals]
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
        if self.is_empty or not self.is_finite:
            return -math.inf if self.is_empty else math.inf
        longest = self.longest or 0
        if longest <= _COUNTED_EXACTLY:
            return math.log2(self.count() or 1)
        parts = [self.tails(low).bits(low, min(high, longest)) for low, high, _ in self._lengths.segments]
        top = max(parts)
        return top + math.log2(sum(2.0 ** (part - top) for part in parts))

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
        return self.tails(length).draw(random, length)

    def _uniform_length(self, random: Random, lengths: tuple[int, ...]) -> int:
        cumulative = self._cumulative.get(lengths)
        if cumulative is None:
            counts = [self.count(length) or 0 for length in lengths]
            cumulative = self._cumulative[lengths] = list(accumulate(counts))
        return lengths[bisect_right(cumulative, random.randrange(cumulative[-1]))]

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

    def boundary(self) -> Iterator[str]:
        """The texts at the edges, each once: a shortest, a longest, then texts that show every character in use.

        Characters are packed, as many into a text as fit. Of a class of more than 256 only the ends of its ranges are
        shown, of at most 64 ranges. Of an infinite language the longest text is one of 64 characters more.
        """
        shown: dict[str, None] = {}
        if self.is_empty:
            return
        lengths = [length for length in self.lengths() if length <= (self.shortest or 0) + 4 * _SPARE]
        for length in (lengths[0], self.lengths()[-1]):
            text = self.tails(length).witness(length)
            if text not in shown:
                shown[text] = None
                yield text
        left = dict.fromkeys(self._specimens())
        for character in "".join(shown):
            left.pop(character, None)
        while left:
            text = self._packed(lengths[-1], left)
            if not any(character in left for character in text):
                character = next(iter(left))
                holding = self & Language(_holding(character), self.limits, repr(character))
                del left[character]
                if (found := holding.witness()) is None:
                    continue
                text = found
            for character in text:
                left.pop(character, None)
            yield text

    def _specimens(self) -> Iterator[str]:
        for members in dict.fromkeys(members for edges in self._edges for _, _, members in edges):
            ordered = simplest_first(members)
            if size(members) <= _LISTED:
                yield from (chr(point) for low, high in ordered for point in range(low, high + 1))
            else:
                yield from (chr(point) for pair in ordered[:_SPARE] for point in pair)

    def _packed(self, length: int, wanted: dict[str, None]) -> str:
        """A text of this length that shows as many of the wanted characters as come by."""
        tails, state, text = self.tails(length), 0, ""
        left = dict(wanted)
        for remaining in range(length, 0, -1):
            choices = tails.choices(state, remaining)
            new = next((character for character in left if choices.find(character) is not None), None)
            if new is None:
                character, state = choices.pick(0)
            else:
                character, state = new, choices.find(new) or 0
                del left[new]
            text += character
        return text

    def as_pattern(self, dialect: Dialect = "ecma") -> str:
        """A pattern of the dialect, anchored at both ends, for exactly these texts. Raises RuleTooLarge.

        Read off the automaton: right, seldom pretty. `Rules.as_pattern` writes what the schema says.
        """
        budget = Budget(self.limits, f"{self.subject} as a {dialect} pattern")
        smallest = automata.minimal(self.automaton)
        lengths = Lengths(smallest, budget)
        node = pattern_of(smallest, edges_of(smallest, lengths.useful), budget, looks=dialect != "re2")
        return render_pattern(node, dialect)

    @cached_property
    def alphabet(self) -> Ranges:
        """Every character that occurs in some text, the lengths of whole texts aside."""
        return union(*{members for edges in self._edges for _, _, members in edges})


def _either(labels: tuple[Ranges, ...]) -> Ranges:
    left, right = labels
    return union(difference(left, right, UNBOUNDED), difference(right, left, UNBOUNDED))


def _holding(character: str) -> Automaton:
    """All texts in which a character occurs."""
    alphabet = telling_apart([of_text(character)])
    own = alphabet.class_of(ord(character))
    row = tuple(int(number == own) for number in range(alphabet.count))
    return Automaton(alphabet, (row, (1,) * alphabet.count), (NOTHING, EVERY_LENGTH))


def everything(limits: Limits = DEFAULT) -> Language:
    """All texts."""
    return Language(automata.EVERYTHING, limits, "all texts")


def nothing(limits: Limits = DEFAULT) -> Language:
    """No text."""
    return Language(automata.EMPTY, limits, "no text")
