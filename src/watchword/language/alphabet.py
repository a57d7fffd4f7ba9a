"""The partition of all code points into the classes that some automata tell apart. Holds no automaton."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from watchword.ground import record
from watchword.language.ranges import LAST, Ranges, size


@record()
class Alphabet:
    """Classes numbered from 0: code points from `starts[i]` up to the next start are of class `classes[i]`."""

    starts: tuple[int, ...] = (0,)
    classes: tuple[int, ...] = (0,)
    count: int = 1

    def class_of(self, point: int) -> int:
        """The class of a code point."""
        return self.classes[bisect_right(self.starts, point) - 1]

    def members(self) -> tuple[Ranges, ...]:
        """The code points of each class."""
        found: list[list[tuple[int, int]]] = [[] for _ in range(self.count)]
        ends = (*(start - 1 for start in self.starts[1:]), LAST)
        for low, high, number in zip(self.starts, ends, self.classes, strict=True):
            found[number].append((low, high))
        return tuple(tuple(pairs) for pairs in found)

    def sizes(self) -> tuple[int, ...]:
        """How many code points each class has."""
        return tuple(size(members) for members in self.members())

    def classes_within(self, members: Ranges) -> tuple[int, ...]:
        """The classes that lie in a set; the set must be a union of classes."""
        inside: dict[int, None] = {}
        for low, high in members:
            first, last = bisect_right(self.starts, low) - 1, bisect_right(self.starts, high) - 1
            inside.update(dict.fromkeys(self.classes[first : last + 1]))
        return tuple(inside)


ONE_CLASS = Alphabet()


def telling_apart(sets: Iterable[Ranges]) -> Alphabet:
    """The coarsest alphabet of which every given set is a union of classes."""
    flips: dict[int, int] = {0: 0}
    for index, members in enumerate(dict.fromkeys(sets)):
        bit = 1 << index
        for low, high in members:
            flips[low] = flips.get(low, 0) ^ bit
            flips[high + 1] = flips.get(high + 1, 0) ^ bit
    flips.pop(LAST + 1, None)
    starts = sorted(flips)
    numbers: dict[int, int] = {}
    classes = []
    signature = 0
    for start in starts:
        signature ^= flips[start]
        classes.append(numbers.setdefault(signature, len(numbers)))
    return _merged(starts, classes, len(numbers))


def joined(alphabets: Sequence[Alphabet]) -> tuple[Alphabet, list[tuple[int, ...]]]:
    """The coarsest alphabet that refines all given ones, and for each of those: new class -> its class."""
    if len({id(alphabet) for alphabet in alphabets}) <= 1:
        first = alphabets[0] if alphabets else ONE_CLASS
        return first, [tuple(range(first.count))] * len(alphabets)
    starts = sorted({start for alphabet in alphabets for start in alphabet.starts})
    columns = [_column(alphabet, starts) for alphabet in alphabets]
    numbers: dict[tuple[int, ...], int] = {}
    classes = [numbers.setdefault(signature, len(numbers)) for signature in zip(*columns, strict=True)]
    return _merged(starts, classes, len(numbers)), list(zip(*numbers, strict=True))


def _column(alphabet: Alphabet, starts: list[int]) -> list[int]:
    """The alphabet's class at each of the finer starts."""
    column, position, own = [], 0, alphabet.starts
    for start in starts:
        while position + 1 < len(own) and own[position + 1] <= start:
            position += 1
        column.append(alphabet.classes[position])
    return column


def _merged(starts: list[int], classes: list[int], count: int) -> Alphabet:
    """The alphabet without starts at which the class does not change."""
    kept = [i for i in range(len(starts)) if i == 0 or classes[i] != classes[i - 1]]
    return Alphabet(tuple(starts[i] for i in kept), tuple(classes[i] for i in kept), count)
