"""An array with given properties, or the proof that there is none. Items are searched for by whoever calls."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Protocol

from watchword.diff import claims as of
from watchword.diff.claims import UNBOUNDED, Claim, Claims, canonical
from watchword.diff.outcome import NOTHING, Found, Outcome, Tally, undecided

Json = Any
Literal = tuple[Claim, bool]

_MOST_ITEMS = 200


class Finder(Protocol):
    """Whoever finds a value for each item."""

    claims: Claims
    steps: int

    def find(self, goal: frozenset[Literal], /) -> Outcome:
        """A value for a goal."""


@dataclass(slots=True)
class _Frame:
    """What holds of every array that will do."""

    finder: Finder
    items: list["of.Items"]
    everywhere: list[Literal]
    distinct: bool
    low: int
    high: int
    excluded: set[Hashable]
    doubts: set[str] = field(default_factory=set)

    def at(self, index: int) -> list[Literal]:
        found = [(claim.prefix[index] if index < len(claim.prefix) else claim.rest, True) for claim in self.items]
        return [*found, *self.everywhere]


def array_of(finder: Finder, meets: list[Claim], breaks: list[Claim], excluded: set[Hashable]) -> Outcome:
    """An array that meets all of the one and none of the other claims and is not excluded."""
    frame = _Frame(finder, [claim for claim in meets if isinstance(claim, of.Items)], [], False, 0, UNBOUNDED, excluded)
    somewhere: list[list[tuple[range, Literal]]] = []
    equal_pair = False
    for sign, claims in ((True, meets), (False, breaks)):
        for claim in claims:
            match claim:
                case of.Count(low, high) if sign:
                    frame.low, frame.high = max(frame.low, low), min(frame.high, high)
                case of.Count(low, high):
                    if low:
                        frame.high = min(frame.high, low - 1)
                    if high < UNBOUNDED:
                        frame.low = max(frame.low, high + 1)
                case of.Distinct():
                    frame.distinct |= sign
                    equal_pair |= not sign
                case of.Holds():
                    _contained(claim, sign, frame, somewhere)
                case of.Items(prefix, rest) if not sign:
                    ways = [(range(index, index + 1), (inner, False)) for index, inner in enumerate(prefix)]
                    somewhere.append([*ways, (range(len(prefix), UNBOUNDED), (rest, False))])
    if frame.low > frame.high or (frame.distinct and equal_pair):
        return NOTHING  # whatever is doubtful adds demands, it takes none back
    if frame.low > _MOST_ITEMS:
        return undecided("an array of very many items")
    return _placed(frame, somewhere, equal_pair)


def _contained(claim: "of.Holds", sign: bool, frame: _Frame, somewhere: list[list[tuple[range, Literal]]]) -> None:
    """What `contains` asks for; two-sided counts are met in the simplest way and otherwise doubtful."""
    anywhere = range(UNBOUNDED)
    if sign:
        somewhere.extend([[(anywhere, (claim.claim, True))]] * min(claim.low, _MOST_ITEMS))
        if claim.high == 0:
            frame.everywhere.append((claim.claim, False))
        elif claim.high < UNBOUNDED:
            frame.doubts.add("`maxContains`")
    elif claim.high == UNBOUNDED and claim.low == 1:
        frame.everywhere.append((claim.claim, False))
    elif claim.high == UNBOUNDED and claim.low == 0:
        frame.everywhere.append((frame.finder.claims.false, True))
        frame.low = max(frame.low, 1)
    else:
        frame.doubts.add("`minContains` and `maxContains`")
        if claim.low == 0:
            somewhere.extend([[(anywhere, (claim.claim, True))]] * min(claim.high + 1, _MOST_ITEMS))
        else:
            frame.everywhere.append((claim.claim, False))


def _placed(frame: _Frame, somewhere: list[list[tuple[range, Literal]]], equal_pair: bool) -> Outcome:
    """Every way to give each demand an index, the demands on any later item their own one each."""
    fixed = max((len(claim.prefix) for claim in frame.items), default=0)
    starts = [way.start for ways in somewhere for way, _ in ways if way.stop == UNBOUNDED]
    last = max([fixed, *starts]) + len(somewhere) + (1 if equal_pair else 0)
    choices = [
        [(index, literal) for way, literal in ways for index in range(way.start, min(way.stop, last + 1))]
        for ways in somewhere
    ]
    pairs: list[tuple[int, int] | None] = [(i, j) for j in range(last + 1) for i in range(j)] if equal_pair else [None]
    tally = Tally()
    for pair in pairs:
        for chosen in product(*choices):
            frame.finder.steps -= 1
            if frame.finder.steps <= 0:
                return undecided("too many combinations")
            found = tally.add(_built(frame, list(chosen), pair))
            if found:
                return found
    if frame.doubts:
        return undecided(*frame.doubts)
    return tally.outcome


def _built(frame: _Frame, chosen: list[tuple[int, Literal]], pair: tuple[int, int] | None) -> Outcome:
    length = max([frame.low, *(index + 1 for index, _ in chosen), pair[1] + 1 if pair else 0])
    if length > frame.high:
        return NOTHING
    demands = [[*frame.at(index), *(literal for at, literal in chosen if at == index)] for index in range(length)]
    if pair:
        demands[pair[0]] = demands[pair[1]] = [*demands[pair[0]], *demands[pair[1]]]
    value: list[Json] = []
    for demand in demands:
        outcome = _item(frame, demand, value, alike=len(set(map(frozenset, demands))) == 1)
        if not isinstance(outcome, Found):
            return outcome
        value.append(outcome.value)
    return Found(value) if canonical(value) not in frame.excluded else _other(frame, demands, value, pair)


def _item(frame: _Frame, demand: list[Literal], before: list[Json], *, alike: bool) -> Outcome:
    goal = frozenset(demand)
    if frame.distinct and before:
        taken = tuple(sorted({canonical(each) for each in before}, key=repr))
        fresh = frame.finder.find(goal | {(frame.finder.claims.make(of.Among, taken), False)})
        if fresh is NOTHING and not alike and frame.finder.find(goal) is not NOTHING:
            return undecided("`uniqueItems`")  # an earlier item may have taken what only this place can hold
        return fresh
    return frame.finder.find(goal)


def _other(frame: _Frame, demands: list[list[Literal]], value: list[Json], pair: tuple[int, int] | None) -> Outcome:
    """Another array than an excluded one: one item longer, or with another item somewhere."""
    for index, demand in enumerate(demands):
        if pair is None:
            barred = frame.finder.claims.make(of.Among, (canonical(value[index]),))
            other = frame.finder.find(frozenset([*demand, (barred, False)]))
            if isinstance(other, Found):
                changed = [*value[:index], other.value, *value[index + 1 :]]
                if canonical(changed) not in frame.excluded and _is_distinct(frame, changed):
                    return Found(changed)
    longer = list(value)
    for _ in range(len(frame.excluded) + 1):
        if len(longer) >= frame.high:
            break
        outcome = _item(frame, frame.at(len(longer)), longer, alike=False)
        if not isinstance(outcome, Found):
            break
        longer.append(outcome.value)
        if canonical(longer) not in frame.excluded:
            return Found(longer)
    return undecided("a list of arrays")


def _is_distinct(frame: _Frame, value: list[Json]) -> bool:
    return not frame.distinct or len({canonical(each) for each in value}) == len(value)
