"""Which characters are one another's other case: simple case folding. Holds no pattern."""

from functools import cache

from watchword.language.ranges import Ranges, contains, intersection, normal

_LAST_CASED = 0x1E943
_LETTERS: Ranges = ((0x41, 0x5A), (0x61, 0x7A))


def closed_ascii(members: Ranges) -> Ranges:
    """The set with the other case of each ASCII letter."""
    found = list(members)
    for low, high in intersection(members, _LETTERS):
        found.append((low ^ 0x20, high ^ 0x20))
    return normal(found)


def closed(members: Ranges) -> Ranges:
    """The set with each character whose simple case folding equals that of a member (ECMA-262, Canonicalize)."""
    found = list(members)
    for family in _families():
        if any(contains(members, point) for point in family):
            found.extend((point, point) for point in family)
    return normal(found)


def folded(character: str) -> str:
    """Simple case folding: CaseFolding.txt, statuses C and S."""
    for other in (character.casefold(), character.lower()):
        if len(other) == 1:
            return other
    return character


@cache
def _families() -> tuple[tuple[int, ...], ...]:
    """Code points that fold alike, where there are at least two."""
    families: dict[str, list[int]] = {}
    for point in range(_LAST_CASED + 1):
        character = chr(point)
        other = folded(character)
        if other != character:
            families.setdefault(other, [ord(other)]).append(point)
    return tuple(tuple(family) for family in families.values())
