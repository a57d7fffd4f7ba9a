"""Sets of natural numbers as sorted, disjoint, non-touching closed ranges: code points, and lengths of strings.

Holds the set algebra only; what the numbers mean is told elsewhere.
"""

from collections.abc import Iterable
from itertools import pairwise

Ranges = tuple[tuple[int, int], ...]

LAST = 0x10FFFF
"""The last code point. Surrogates are code points like any other (JSON can carry a lone one)."""

UNBOUNDED = 1 << 62
"""The last length: larger than any string."""

NOTHING: Ranges = ()
EVERY_CODE_POINT: Ranges = ((0, LAST),)
EVERY_LENGTH: Ranges = ((0, UNBOUNDED),)


def normal(pairs: Iterable[tuple[int, int]]) -> Ranges:
    """The union of the given closed ranges, in any order, overlapping or not."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(pairs):
        if merged and low <= merged[-1][1] + 1:
            if high > merged[-1][1]:
                merged[-1] = (merged[-1][0], high)
        else:
            merged.append((low, high))
    return tuple(merged)


def of_text(characters: str) -> Ranges:
    """The code points of a text."""
    return normal((ord(c), ord(c)) for c in characters)


def union(*sets: Ranges) -> Ranges:
    """What is in any of the sets."""
    return normal(pair for ranges in sets for pair in ranges)


def complement(ranges: Ranges, last: int = LAST) -> Ranges:
    """What is in 0..last and not in the set."""
    if not ranges:
        return ((0, last),)
    holes = [(left[1] + 1, right[0] - 1) for left, right in pairwise(ranges)]
    if ranges[0][0] > 0:
        holes.insert(0, (0, ranges[0][0] - 1))
    if ranges[-1][1] < last:
        holes.append((ranges[-1][1] + 1, last))
    return tuple(holes)


def intersection(left: Ranges, right: Ranges) -> Ranges:
    """What is in both sets."""
    if not left or not right:
        return NOTHING
    found: list[tuple[int, int]] = []
    i = j = 0
    while i < len(left) and j < len(right):
        low, high = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if low <= high:
            found.append((low, high))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return tuple(found)


def difference(left: Ranges, right: Ranges, last: int = LAST) -> Ranges:
    """What is in the left set and not in the right one."""
    return intersection(left, complement(right, last)) if left and right else left


def size(ranges: Ranges) -> int:
    """How many numbers the set has."""
    return sum(high - low + 1 for low, high in ranges)


def contains(ranges: Ranges, number: int) -> bool:
    """Whether the number is in the set."""
    return any(low <= number <= high for low, high in ranges)
