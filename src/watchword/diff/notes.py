"""Annotations that changed at a spot: what they may mean to somebody. Constraints are compared elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from watchword.diff.change import Impact
from watchword.diff.claims import canonical
from watchword.diff.compiled import PROSE, below
from watchword.diff.spots import Spot
from watchword.diff.wording import shown
from watchword.ground import Side

Json = Any

# Each value of the first format is one of the second.
_WIDER = frozenset({("int32", "int64"), ("float", "double")})


@dataclass(frozen=True, slots=True)
class Note:
    """One annotation that changed; fields as those of `Difference`."""

    kind: str
    impact: Impact
    message: str
    old: str | None
    new: str | None
    says: int


def note_differences(spot: Spot, names: tuple[str, ...], side: Side) -> Iterator[Note]:
    """The changed annotations of a spot."""
    for name in names:
        old, new = (_noted(spot, each, name) for each in (0, 1))
        if [canonical(value) for value, _ in old[:1]] == [canonical(value) for value, _ in new[:1]]:
            continue
        if name == "readOnly" and side is Side.RESPONSE:
            continue  # it is about requests
        before, after = (found[0][0] if found else None for found in (old, new))
        places = [found[0][1] if found else _holder(spot, each) for each, found in enumerate((old, new))]
        if all(places):
            kind = f"{_kebab(name)}-changed"
            yield Note(kind, _impact(name, before, after, side), _told(name, before, after), places[0], places[1], 1)


def _noted(spot: Spot, side: int, name: str) -> list[tuple[Json, str]]:
    return [(part.value[name], below(part.at, name)) for part in spot.parts[side] if name in part.value]


def _holder(spot: Spot, side: int) -> str | None:
    return spot.sources[side][0].at if spot.sources[side] else None


def _impact(name: str, before: Json, after: Json, side: Side) -> Impact:
    if name in PROSE or name == "deprecated":
        return Impact.SAFE
    if name == "readOnly":  # what a client sends is now ignored
        return Impact.RISKY if after is True else Impact.SAFE
    if name == "default":
        return Impact.RISKY if side is Side.REQUEST else Impact.SAFE
    if name == "format":
        narrower, wider = before is None or (after, before) in _WIDER, after is None or (before, after) in _WIDER
        if after == "password" or before == "password":  # it says how to show a value, not what it is
            return Impact.SAFE
        return Impact.SAFE if (wider if side is Side.REQUEST else narrower) else Impact.RISKY
    return Impact.RISKY


def _told(name: str, before: Json, after: Json) -> str:
    if before is None or after is None:
        shown_one = f": {shown(before if after is None else after)}" if name in _REPEATED else ""
        return f"`{name}` was {'removed' if after is None else 'added'}{shown_one}"
    # A default or an example may be a real secret: only names are repeated.
    return f"`{name}` was {shown(before)}, now {shown(after)}" if name in _REPEATED else f"`{name}` changed"


_REPEATED = frozenset({"format", "deprecated", "readOnly", "contentEncoding", "contentMediaType"})


def _kebab(name: str) -> str:
    return "".join(f"-{each.lower()}" if each.isupper() else each for each in name)
