"""The search for a value that meets some claims and breaks others: a witness, the proof that there is none, or neither.

A tableau: claims are taken apart by their connectives, for each type of value alone, until only claims about numbers,
strings, members or items are left; those have a file each. Members and items are searched for in the same way. A search
that leads back to itself finds nothing new: a smallest value has no part with the same demands.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from watchword.diff import arrays, objects
from watchword.diff import claims as of
from watchword.diff.claims import TYPES, Claim, Claims, canonical, plain, type_of
from watchword.diff.judged import holds
from watchword.diff.numbers import number_of
from watchword.diff.outcome import NOTHING, Found, Outcome, Tally, undecided
from watchword.diff.texts import NotUnderstood, Texts
from watchword.ground import RuleTooLarge

Json = Any
Literal = tuple[Claim, bool]
"""A claim and whether it must hold."""
Goal = frozenset[Literal]

_MOST_STEPS = 10_000
_MOST_IN_ALL = 60_000
_DEEPEST = 30


class Exhausted(Exception):
    """The questions about one pair of schemas took too long; further ones are not asked."""


@dataclass(eq=False, slots=True)
class Search:
    """All searches of one comparison; what was found is remembered.

    `steps` are left for the question that is being asked; one that would need more is undecided.
    """

    claims: Claims
    texts: Texts
    steps: int = 0
    left: int = _MOST_IN_ALL
    """Steps for all further questions; `renewed` gives new ones."""
    _known: dict[Goal, Outcome] = field(default_factory=dict)
    _open: dict[Goal, int] = field(default_factory=dict)
    _lowest: int = _DEEPEST

    def ask(self, meets: list[Claim], breaks: list[Claim], steps: int = _MOST_STEPS) -> Outcome:
        """A value that meets all of the one and none of the other claims. Raises Exhausted."""
        allowed = self.steps = min(steps, self.left)
        if allowed <= 0:
            raise Exhausted
        self._open.clear()
        self._lowest = _DEEPEST
        outcome = self.find(frozenset([*((claim, True) for claim in meets), *((claim, False) for claim in breaks)]))
        self.left -= allowed - self.steps
        return outcome

    def renewed(self) -> None:
        """Give new steps: a new pair of schemas is compared."""
        self.left = _MOST_IN_ALL

    def find(self, goal: Goal) -> Outcome:
        """The same for a part of the value."""
        if any((claim, not sign) in goal for claim, sign in goal):
            return NOTHING
        if goal in self._known:
            return self._known[goal]
        if goal in self._open:
            self._lowest = min(self._lowest, self._open[goal])
            return NOTHING
        depth = len(self._open)
        if depth >= _DEEPEST:
            return undecided("a value nested too deep")
        outer, self._lowest = self._lowest, _DEEPEST
        self._open[goal] = depth
        try:
            outcome = self._search(goal)
        finally:
            del self._open[goal]
        settled = self._lowest >= depth
        self._lowest = min(outer, self._lowest) if not settled else outer
        if isinstance(outcome, Found) or (settled and (outcome is NOTHING or self.steps > 0)):
            self._known[goal] = outcome
        return outcome

    def _search(self, goal: Goal) -> Outcome:
        tally = Tally()
        listed = self._listed(goal)
        if listed is not None:
            return self._of_listed(listed, goal)
        for kind in TYPES:
            found = tally.add(self._of_type(kind, goal))
            if found:
                return found
        return tally.outcome

    def _listed(self, goal: Goal) -> "of.Among | None":
        """The shortest list of values that the goal is confined to."""
        pending = [claim for claim, sign in goal if sign]
        lists = []
        for claim in pending:
            if isinstance(claim, of.Every):
                pending.extend(claim.claims)
            elif isinstance(claim, of.Among):
                lists.append(claim)
        return min(lists, key=lambda found: len(found.values), default=None)

    def _of_listed(self, listed: "of.Among", goal: Goal) -> Outcome:
        tally = Tally()
        for value in listed.values:
            found = tally.add(self.checked(plain(value), goal))
            if found:
                return found
        return tally.outcome

    def checked(self, value: Json, goal: Goal) -> Outcome:
        """The value if it has what the goal wants; what cannot be judged is undecided."""
        doubtful = set()
        for claim, sign in goal:
            try:
                verdict = holds(self.claims, claim, value)
            except RuleTooLarge as error:
                verdict = None
                doubtful.add(str(error))
            if verdict is None:
                doubtful.update(self._opaque(claim))
            elif verdict is not sign:
                return NOTHING
        return undecided(*doubtful) if doubtful else Found(value)

    def _opaque(self, claim: Claim) -> Iterator[str]:
        seen, pending = set(), [claim]
        while pending:
            each = pending.pop()
            if isinstance(each, of.Opaque):
                yield f"`{each.keyword}`"
            elif each not in seen:
                seen.add(each)
                pending.extend(_parts(each, self.claims))

    # One type.

    def _of_type(self, kind: str, goal: Goal) -> Outcome:
        if kind == "string":
            return self._string(goal)
        tally = Tally()
        for atoms in self._leaves(kind, goal):
            if atoms is None:
                return undecided(*tally.reasons, "too many combinations")
            found = tally.add(self._leaf(kind, atoms))
            if found:
                return found
        return tally.outcome

    def _string(self, goal: Goal) -> Outcome:
        true, meets = self.claims.true, []
        for claim, sign in goal:
            part = claim if sign else self.claims.no(claim)
            if isinstance(claim, of.OfType) and ("string" in claim.types) is not sign:
                return NOTHING
            if part is not true:
                meets.append(part)
        self.steps -= 20
        try:
            text = self.texts.language(self.claims.every(sorted(meets, key=_order))).witness()
        except (NotUnderstood, RuleTooLarge) as error:
            return undecided(str(error))
        return NOTHING if text is None else Found(text)

    def _leaves(self, kind: str, goal: Goal) -> Iterator[dict[Claim, bool] | None]:
        """The ways to meet a goal by a value of this type, as atoms with their signs; None when there are too many."""
        pending: list[tuple[list[Literal], list[list[list[Literal]]], dict[Claim, bool]]] = [(list(goal), [], {})]
        while pending:
            todo, forks, seen = pending.pop()
            self.steps -= 1
            if self.steps <= 0:
                yield None
                return
            if not self._settle(kind, todo, forks, seen):
                continue
            if not forks:
                yield {claim: sign for claim, sign in seen.items() if _is_atom(claim)}
                continue
            forks = [fork for fork in forks if not any(_is_met(way, seen) for way in fork)]
            if not forks:
                pending.append(([], [], seen))
                continue
            for fork in forks:
                fork[:] = [way for way in fork if all(seen.get(claim) is not (not sign) for claim, sign in way)]
            forks.sort(key=len, reverse=True)
            *others, chosen = forks
            pending.extend((list(way), [list(fork) for fork in others], dict(seen)) for way in reversed(chosen))

    def _settle(
        self, kind: str, todo: list[Literal], forks: list[list[list[Literal]]], seen: dict[Claim, bool]
    ) -> bool:
        """Take apart what leaves no choice; false where that ends in a contradiction."""
        while todo:
            claim, sign = todo.pop()
            about = of.ABOUT.get(type(claim), kind)
            if about != kind:
                if not sign:
                    return False
                continue
            if claim in seen:
                if seen[claim] is not sign:
                    return False
                continue
            seen[claim] = sign
            self.steps -= 1
            match claim:
                case of.OfType(types):
                    if kind == "number" and "integer" in types:
                        todo.append((self.claims.make(of.Whole), sign))
                    elif (kind in types) is not sign:
                        return False
                case of.Every(parts) | of.Some(parts):
                    ways = [(part, sign) for part in parts]
                    if isinstance(claim, of.Every) is sign:
                        todo.extend(reversed(ways))
                    else:
                        forks.append([[way] for way in ways])
                case of.One(parts):
                    forks.append(_ways_of_one(parts) if sign else _ways_of_not_one(parts))
                case of.No(inner):
                    todo.append((inner, not sign))
                case of.Later():
                    todo.append((self.claims.target(claim), sign))
        return True

    def _leaf(self, kind: str, atoms: dict[Claim, bool]) -> Outcome:
        """A value of the type for a set of atoms."""
        goal: Goal = frozenset(atoms.items())
        opaque = [claim for claim in atoms if isinstance(claim, of.Opaque)]
        if opaque:
            return undecided(*(f"`{claim.keyword}`" for claim in opaque))
        listed = [claim for claim, sign in atoms.items() if sign and isinstance(claim, of.Among)]
        if listed:
            return self._of_listed(min(listed, key=lambda found: len(found.values)), goal)
        meets = [claim for claim, sign in atoms.items() if sign]
        breaks = [claim for claim, sign in atoms.items() if not sign]
        excluded = {
            value for claim in breaks if isinstance(claim, of.Among) for value in claim.values if type_of(value) == kind
        }
        match kind:
            case "null":
                return NOTHING if excluded else Found(None)
            case "boolean":
                left = [value for value in (False, True) if canonical(value) not in excluded]
                return Found(left[0]) if left else NOTHING
            case "number":
                return number_of(_numeric(meets), _numeric(breaks), {value[1] for value in excluded})  # type: ignore[index]
            case "array":
                outcome = arrays.array_of(self, meets, breaks, excluded)
            case _:
                outcome = objects.object_of(self, meets, breaks, excluded)
        if isinstance(outcome, Found) and not isinstance(self.checked(outcome.value, goal), Found):
            return undecided("a value that the search could not complete")
        return outcome


def _numeric(found: list[Claim]) -> list["of.Numeric"]:
    return [claim for claim in found if isinstance(claim, of.Whole | of.Bound | of.Multiple)]


def _is_atom(claim: Claim) -> bool:
    return not isinstance(claim, of.Every | of.Some | of.One | of.No | of.Later | of.OfType)


def _is_met(way: list[Literal], seen: dict[Claim, bool]) -> bool:
    return all(seen.get(claim) is sign for claim, sign in way)


def _ways_of_one(parts: tuple[Claim, ...]) -> list[list[Literal]]:
    return [[(part, index == chosen) for index, part in enumerate(parts)] for chosen in range(len(parts))]


def _ways_of_not_one(parts: tuple[Claim, ...]) -> list[list[Literal]]:
    pairs = [[(parts[i], True), (parts[j], True)] for i in range(len(parts)) for j in range(i)]
    return [[(part, False) for part in parts], *pairs]


def _order(claim: Claim) -> int:
    return claim.serial


def _parts(claim: Claim, claims: Claims) -> list[Claim]:
    match claim:
        case of.Every(parts) | of.Some(parts) | of.One(parts):
            return list(parts)
        case of.No(inner) | of.Names(inner) | of.Holds(inner, _, _):
            return [inner]
        case of.Later():
            return [claims.target(claim)]
        case of.Members(named, patterns, rest):
            return [*(inner for _, inner in named), *(inner for _, inner in patterns), rest]
        case of.Items(prefix, rest):
            return [*prefix, rest]
        case _:
            return []
