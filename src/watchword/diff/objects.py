"""An object with given properties, or the proof that there is none. Members are searched for by whoever calls."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any, Protocol

from watchword.diff import claims as of
from watchword.diff.claims import UNBOUNDED, Claim, Claims, canonical
from watchword.diff.judged import applying
from watchword.diff.outcome import NOTHING, Found, Nothing, Outcome, Tally, undecided
from watchword.diff.texts import NotUnderstood, Texts
from watchword.ground import RuleTooLarge
from watchword.language import Language, Limits, Rules, pattern_language
from watchword.language.automaton import Automaton

Json = Any
Literal = tuple[Claim, bool]

_MOST_MEMBERS = 200
_MOST_PATTERNS = 6


class Finder(Protocol):
    """Whoever finds a value for each member."""

    claims: Claims
    texts: Texts
    steps: int

    def find(self, goal: frozenset[Literal], /) -> Outcome:
        """A value for a goal."""


@dataclass(frozen=True, slots=True)
class _Demand:
    """Some member must have a value: one of that name, or one whose name is in the language."""

    names: str | Language
    value: Literal | None


@dataclass(slots=True)
class _Frame:
    """What holds of every object that will do."""

    finder: Finder
    members: list["of.Members"]
    required: dict[str, None] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    low: int = 0
    high: int = UNBOUNDED
    names: Language | None = None
    mentioned: tuple[Claim, ...] = ()
    _known: dict[str, None] | None = None
    _values: dict[str, list[Literal]] = field(default_factory=dict)

    @property
    def known(self) -> dict[str, None]:
        """Names that are mentioned anywhere."""
        if self._known is None:
            self._known = {}
            for claim in self.mentioned:
                if isinstance(claim, of.Members):
                    self._known.update((name, None) for name, _ in claim.named)
                elif isinstance(claim, of.Has):
                    self._known[claim.name] = None
        return self._known

    def value(self, name: str) -> list[Literal]:
        if name not in self._values:
            self._values[name] = [(inner, True) for claim in self.members for inner in applying(claim, name)]
        return self._values[name]

    def found(self, name: str, literals: list[Literal]) -> Outcome:
        """A value for the member of that name that also has what the literals say."""
        return self.finder.find(frozenset([*self.value(name), *literals]))

    def is_extra(self, demand: _Demand) -> bool:
        """Whether the demand needs a member that would else be left out."""
        return not isinstance(demand.names, str) or demand.names not in self.required

    def allows(self, name: str) -> bool:
        return name not in self.absent and (self.names is None or name in self.names)


def object_of(finder: Finder, meets: list[Claim], breaks: list[Claim], excluded: set[Hashable]) -> Outcome:
    """An object that meets all of the one and none of the other claims and is not excluded."""
    try:
        return _object_of(finder, meets, breaks, excluded)
    except (NotUnderstood, RuleTooLarge) as error:
        return undecided(str(error))


def _object_of(finder: Finder, meets: list[Claim], breaks: list[Claim], excluded: set[Hashable]) -> Outcome:
    members = [claim for claim in meets if isinstance(claim, of.Members)]
    frame = _Frame(finder, members, mentioned=(*meets, *breaks))
    for claim in meets:
        match claim:
            case of.Has(name):
                frame.required[name] = None
            case of.Size(low, high):
                frame.low, frame.high = max(frame.low, low), min(frame.high, high)
            case of.Names(inner):
                language = finder.texts.language(inner)
                frame.names = language if frame.names is None else frame.names & language
    demands: list[tuple[_Demand, ...]] = []
    for claim in breaks:
        match claim:
            case of.Has(name):
                frame.absent.add(name)
            case of.Size(low, high):
                if low:
                    frame.high = min(frame.high, low - 1)
                if high < UNBOUNDED:
                    frame.low = max(frame.low, high + 1)
            case of.Names(inner):
                demands.append((_Demand(~finder.texts.language(inner), None),))
            case of.Members():
                demands.append(_broken(claim))
    if frame.low > frame.high or any(not frame.allows(name) for name in frame.required):
        return NOTHING
    if frame.low > _MOST_MEMBERS:
        return undecided("an object of very many members")
    return _placed(frame, demands, excluded)


@lru_cache(maxsize=4096)
def _broken(claim: "of.Members") -> tuple[_Demand, ...]:
    """The ways to break a claim about members."""
    found = [_Demand(name, (inner, False)) for name, inner in claim.named]
    found += [_Demand(pattern_language(pattern), (inner, False)) for pattern, inner in claim.patterns]
    if not (isinstance(claim.rest, of.Every) and not claim.rest.claims):
        found.append(_Demand(_outside(claim), (claim.rest, False)))
    return tuple(found)


def _outside(claim: "of.Members") -> Language:
    """The names that a claim about members neither names nor matches."""
    return _unnamed(tuple([name for name, _ in claim.named]), tuple([pattern for pattern, _ in claim.patterns]))


@lru_cache(maxsize=1024)
def _unnamed(names: tuple[str, ...], patterns: tuple[str, ...] = ()) -> Language:
    """The texts that are none of the names and match none of the patterns."""
    found = Rules.of({"not": {"enum": list(names)}}).valid
    for pattern in patterns:
        found = found - pattern_language(pattern)
    return found


def _placed(frame: _Frame, demands: list[tuple[_Demand, ...]], excluded: set[Hashable]) -> Outcome:
    """Every way to give each demand a member: one that is mentioned, or a new one."""
    tally = Tally()
    for chosen in _combinations(frame, demands):
        if chosen is None:
            return undecided("too many combinations")
        found = tally.add(_built(frame, chosen, excluded))
        if found:
            return found
    return tally.outcome


def _combinations(frame: _Frame, demands: list[tuple[_Demand, ...]]) -> Iterator[tuple[_Demand, ...] | None]:
    """One choice for each demand, in the order of `product`, without those that no member meets; None for too many.

    Members meet their demands independently of each other, so that a choice which no value meets together with earlier
    ones for that member ends all combinations that begin with them.
    """
    if any(isinstance(frame.found(name, []), Nothing) for name in frame.required):
        return
    if not demands:
        yield ()
        return
    choices = [_choices(frame, demands[0])]
    chosen: list[_Demand] = []
    open_at = [iter(choices[0])]
    while open_at:
        frame.finder.steps -= 1
        if frame.finder.steps <= 0:
            yield None
            return
        demand = next(open_at[-1], None)
        if demand is None:
            open_at.pop()
            if chosen:
                chosen.pop()
        elif not _is_possible(frame, chosen, demand):
            continue
        elif len(open_at) == len(demands):
            yield (*chosen, demand)
        else:
            if len(open_at) == len(choices):  # most searches end before the last of the demands
                choices.append(_choices(frame, demands[len(choices)]))
            open_at.append(iter(choices[len(open_at)]))
            chosen.append(demand)


def _is_possible(frame: _Frame, chosen: list[_Demand], demand: _Demand) -> bool:
    if not isinstance(demand.names, str):
        return True
    same = (each for each in (*chosen, demand) if isinstance(each.names, str) and each.names == demand.names)
    literals = [each.value for each in same if each.value is not None]
    return not isinstance(frame.found(demand.names, literals), Nothing)


def _choices(frame: _Frame, ways: tuple[_Demand, ...]) -> list[_Demand]:
    """The members that may meet a demand in one of the ways, those first that are there anyway."""
    found = []
    for demand in ways:
        if isinstance(demand.names, str):
            found += [demand] if frame.allows(demand.names) else []
        else:
            named = (name for name in frame.known if frame.allows(name) and name in demand.names)
            found += [*(_Demand(name, demand.value) for name in named), demand]
    return sorted(found, key=frame.is_extra)


def _built(frame: _Frame, chosen: tuple[_Demand, ...], excluded: set[Hashable]) -> Outcome:
    wanted: dict[str, list[Literal]] = {name: [] for name in frame.required}
    new = []
    for demand in chosen:
        if isinstance(demand.names, str):
            wanted.setdefault(demand.names, []).extend([demand.value] if demand.value else [])
        else:
            new.append(demand)
    if len(wanted) + len(new) > frame.high:
        return undecided("`maxProperties`") if len(new) > 1 and len(wanted) + 1 <= frame.high else NOTHING
    value: dict[str, Json] = {}
    for name, literals in wanted.items():
        outcome = frame.found(name, literals)
        if not isinstance(outcome, Found):
            return outcome
        value[name] = outcome.value
    for demand in new:
        assert isinstance(demand.names, Language)
        outcome = _new_member(frame, demand.names, [demand.value] if demand.value else [], value)
        if not isinstance(outcome, Found):
            return outcome
    outcome = _filled(frame, value)
    if isinstance(outcome, Found) and canonical(outcome.value) in excluded:
        return _other(frame, outcome.value, wanted, excluded)
    return outcome


def _new_member(frame: _Frame, names: Language, literals: list[Literal], value: dict[str, Json]) -> Outcome:
    """Add a member whose name nobody mentions to the value; the outcome has its value."""
    tally = Tally()
    for cell in _cells(frame, names):
        name = next(islice((each for each in cell.members() if each not in value), 1), None)
        if name is None:
            continue
        outcome = frame.found(name, literals)
        if isinstance(outcome, Found):
            value[name] = outcome.value
            return outcome
        tally.add(outcome)
    return tally.outcome


def _cells(frame: _Frame, names: Language) -> tuple[Language, ...]:
    """The names that nobody mentions, told apart by the patterns that match them. Raises NotUnderstood."""
    patterns = tuple(dict.fromkeys(pattern for claim in frame.members for pattern, _ in claim.patterns))
    if len(patterns) > _MOST_PATTERNS:
        raise NotUnderstood("so many `patternProperties`")
    rest = names if frame.names is None else names & frame.names
    return _told_apart(rest.automaton, rest.limits, tuple(sorted(frame.known)), patterns)


@lru_cache(maxsize=1024)
def _told_apart(
    names: Automaton, limits: Limits, known: tuple[str, ...], patterns: tuple[str, ...]
) -> tuple[Language, ...]:
    """The names but for the known ones, in classes of those that the same patterns match."""
    cells = [Language(names, limits, "names of members") & _unnamed(known)]
    for pattern in patterns:
        language = pattern_language(pattern)
        cells = [part for cell in cells for part in (cell - language, cell & language) if not part.is_empty]
    return tuple(cell for cell in cells if not cell.is_empty)


def _filled(frame: _Frame, value: dict[str, Json]) -> Outcome:
    """The value with as many more members as it needs."""
    tally = Tally()
    for name in frame.known:
        if len(value) >= frame.low:
            break
        if name not in value and frame.allows(name):
            found = tally.add(frame.found(name, []))
            if found:
                value[name] = found.value
    while len(value) < frame.low:
        outcome = _new_member(frame, Rules.of({}).valid, [], value)
        if not isinstance(outcome, Found):
            tally.add(outcome)
            return tally.outcome
    return Found(value)


def _other(frame: _Frame, value: dict[str, Json], wanted: dict[str, list[Literal]], excluded: set[Hashable]) -> Outcome:
    """Another object than an excluded one: with one member more, or with another value somewhere."""
    if len(value) < frame.high:
        for name in frame.known:
            if name not in value and frame.allows(name):
                found = frame.found(name, [])
                if isinstance(found, Found) and canonical({**value, name: found.value}) not in excluded:
                    return Found({**value, name: found.value})
        longer = dict(value)
        if (
            not isinstance(_new_member(frame, Rules.of({}).valid, [], longer), Nothing)
            and canonical(longer) not in excluded
        ):
            return Found(longer)
    for name, child in value.items():
        barred = frame.finder.claims.make(of.Among, (canonical(child),))
        found = frame.found(name, [*wanted.get(name, []), (barred, False)])
        if isinstance(found, Found) and canonical({**value, name: found.value}) not in excluded:
            return Found({**value, name: found.value})
    return undecided("a list of objects")
