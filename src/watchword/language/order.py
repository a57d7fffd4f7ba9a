"""Which character is simpler than which: digits, letters, other printable ASCII, the rest; controls come last."""

from functools import cache

from watchword.language.ranges import Ranges, intersection

ORDER = (
    (0x30, 0x39),
    (0x41, 0x5A),
    (0x61, 0x7A),
    (0x21, 0x2F),
    (0x3A, 0x40),
    (0x5B, 0x60),
    (0x7B, 0x7E),
    (0x20, 0x20),
    (0xA1, 0xD7FF),
    (0xE000, 0x10FFFF),
    (0xA0, 0xA0),
    (0x00, 0x1F),
    (0x7F, 0x9F),
    (0xD800, 0xDFFF),
)
"""Every code point once, in zones from simple to odd."""

_COSTS = (0,) * 8 + (1,) * 2 + (2,) * 4


@cache
def simplest_first(members: Ranges) -> Ranges:
    """The set's code points as ranges in order of simplicity; not a sorted set any more."""
    return tuple(piece for zone in ORDER for piece in intersection(members, (zone,)))


@cache
def oddness(members: Ranges) -> int:
    """What the set's simplest character costs a witness: 0 for printable ASCII, 1 for other text, 2 for the rest."""
    for zone, cost in zip(ORDER, _COSTS, strict=True):
        if intersection(members, (zone,)):
            return cost
    return 3


def rank(point: int) -> int:
    """The place of a code point in the order of simplicity, from 0."""
    passed = 0
    for low, high in ORDER:
        if low <= point <= high:
            return passed + point - low
        passed += high - low + 1
    raise ValueError(point)
