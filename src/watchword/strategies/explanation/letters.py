"""Sets of characters in words that people read: `0-9 A-Z a-z` or `all but 3`. Decides nothing."""

from watchword.language.ranges import (
    EVERY_CODE_POINT,
    LAST,
    Ranges,
    complement,
    difference,
    intersection,
    size,
    union,
)

_MANY = 8
_WORDS: Ranges = ((0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A))
_SIGNS: Ranges = complement(union(_WORDS, ((0, 0x20), (0x7F, LAST))))


def render_characters(members: Ranges, limit: int = 24) -> str:
    """The set as ranges, digits and letters first, signs one by one; or as what it lacks, where that is shorter."""
    if members == EVERY_CODE_POINT:
        return "any character"
    outside = complement(members)
    if len(outside) < len(members) and len(outside) <= _MANY and size(outside) < size(members):
        return f"all but {render_characters(outside, limit)}"
    words, signs = intersection(members, _WORDS), intersection(members, _SIGNS)
    others = difference(members, union(_WORDS, _SIGNS)) if words or signs else members
    listed = "".join(chr(point) for low, high in signs for point in range(low, high + 1))
    spans = [_span(low, high) for low, high in words] + [listed] * bool(listed)
    spans += [_span(low, high) for low, high in others[:limit]]
    return " ".join(spans) + (" …" if len(others) > limit else "")


def _span(low: int, high: int) -> str:
    if low == high:
        return _one(low)
    return f"{_one(low)} {_one(high)}" if high == low + 1 else f"{_one(low)}-{_one(high)}"


def _one(point: int) -> str:
    character = chr(point)
    if character == " ":
        return "space"
    return character if character.isprintable() else f"U+{point:04X}"
