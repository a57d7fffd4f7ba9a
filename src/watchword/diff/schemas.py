"""The differences between two schemas, each at its place in the value, with whom it hurts. Knows no operation."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from watchword.contract import Schema
from watchword.diff.change import Impact
from watchword.diff.compiled import NOTED, PROSE, Reader
from watchword.diff.contain import Bench, Pair
from watchword.diff.losses import Loss, Losses, part_at, types_at
from watchword.diff.notes import note_differences
from watchword.diff.search import Exhausted
from watchword.diff.spots import (
    Source,
    Spot,
    branches,
    having_item,
    having_item_at,
    having_member,
    having_other,
    members_of,
    root_spot,
    single,
    spot_of,
)
from watchword.diff.strings import LostTexts, lost_texts, told
from watchword.diff.wording import asked, narrowed, shown, widened
from watchword.ground import Certainty, Side

Json = Any

_DEEPEST = 40


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: `tokens` lead to it within the value, `old` and `new` are addresses (see `Schema`).

    `says` is the address of the clause that makes the difference, 0 in the old and 1 in the new document.
    """

    kind: str
    impact: Impact
    message: str
    tokens: tuple[str, ...]
    old: str | None
    new: str | None
    says: int
    certainty: Certainty | None = None
    witness: tuple[Json, ...] = ()


def schema_differences(
    old: Schema,
    new: Schema,
    side: Side,
    bench: Bench,
    *,
    wire: bool = False,
    everything: bool = False,
    sent: str = "returned",
) -> list[Difference]:
    """All differences, outermost first. With `wire` values are written as text, so that a number is a string too.

    `side` is RESPONSE for whatever the service sends, and `sent` then says how.
    """
    pair = Pair.of(old, new, side, bench)
    notes = (*NOTED, *PROSE) if everything else NOTED
    walk = _Walk(pair, bench.readers(old, new, side, notes), wire, notes, sent)
    bench.search.renewed()
    root = root_spot(old, new, pair.readers)
    try:
        walk.spot(root)
    except Exhausted:
        message = "too many combinations: not everything could be compared"
        walk.found.append(Difference("undecided", Impact.RISKY, message, (), old.at, new.at, 1))
    return walk.found


@dataclass(eq=False, slots=True)
class _Walk:
    pair: Pair
    noted: tuple[Reader, Reader]
    wire: bool
    notes: tuple[str, ...]
    sent: str
    found: list[Difference] = field(default_factory=list)
    seen: set[Any] = field(default_factory=set)

    @property
    def side(self) -> Side:
        return self.pair.side

    def spot(self, spot: Spot) -> None:
        """The differences at a spot and below."""
        key = (tuple(tuple(source.at for source in each) for each in spot.sources), spot.branched, spot.kinds)
        if key in self.seen or len(spot.tokens) > _DEEPEST or self._same(spot, self.noted):
            return
        self.seen.add(key)
        self.found.extend(
            Difference(note.kind, note.impact, note.message, spot.tokens, note.old, note.new, note.says)
            for note in note_differences(spot, self.notes, self.side)
        )
        if not self._same(spot, self.pair.readers):
            self._compare(spot)
        self._children(spot)

    def _same(self, spot: Spot, readers: tuple[Reader, Reader]) -> bool:
        one, other = (
            self.pair.search.claims.every([reader.at(each.value, each.at) for each in sources])
            for reader, sources in zip(readers, spot.sources, strict=True)
        )
        return one is other

    def _compare(self, spot: Spot) -> None:
        both = types_at(self.pair, spot, 0) & types_at(self.pair, spot, 1) & spot.kinds
        rest = both - {"string"}
        for accepting in (0, 1):
            losses = Losses(self.pair, spot, accepting)
            self._report(spot, accepting, losses.types(self.wire))
            own, other = types_at(self.pair, spot, accepting), types_at(self.pair, spot, 1 - accepting)
            written = own - other if self.wire else frozenset()
            if "string" in other & spot.kinds and ("string" in both or written):
                self._strings(spot, accepting, written)
            if rest:
                self._report(spot, accepting, losses.keywords(rest))
            if "object" in rest:
                self._report(spot, accepting, losses.required())
                self._report(spot, accepting, losses.others())
            if "array" in rest:
                self._report(spot, accepting, losses.no_items())
        if rest:
            for keyword in ("anyOf", "oneOf"):
                self._alternatives(spot, keyword, rest)

    def _alternatives(self, spot: Spot, keyword: str, kinds: frozenset[str]) -> None:
        """Alternatives in pairs, as far as they have a counterpart; else as a whole."""
        before = len(self.found)
        listed = [branches(spot, side, keyword) for side in (0, 1)]
        if not listed[0] or not listed[1]:
            for accepting in (0, 1):
                self._report(spot, accepting, Losses(self.pair, spot, accepting).alternatives(keyword, kinds))
            return
        pairs, unpaired = self._paired(listed[0], listed[1])
        for sources in pairs:
            claims = [
                reader.at(each[0].value, each[0].at) for reader, each in zip(self.pair.readers, sources, strict=True)
            ]

            def wrap(accepting: int, claim: Any, claims: list[Any] = claims) -> Any:
                return spot.wrap(accepting, self.pair.search.claims.every([claim, claims[accepting]]))

            self.spot(spot_of(spot.tokens, sources, self.pair.readers, wrap, kinds, branched=True))
        chosen = spot_of(spot.tokens, spot.sources, self.pair.readers, spot.wrap, kinds, branched=True)
        for accepting in (0, 1):
            for source in unpaired[accepting]:
                self._report(spot, accepting, Losses(self.pair, chosen, accepting).branch(source, keyword, kinds))
        if len(self.found) == before:
            for accepting in (0, 1):
                self._report(spot, accepting, Losses(self.pair, spot, accepting).alternatives(keyword, kinds))

    def _paired(self, old: list[Source], new: list[Source]) -> tuple[list[Any], tuple[list[Source], list[Source]]]:
        """Alternatives that differ, by name or else by position, and those without a counterpart."""
        claims = [
            [reader.at(each.value, each.at) for each in side]
            for reader, side in zip(self.pair.readers, (old, new), strict=True)
        ]
        left = [each for each, claim in zip(old, claims[0], strict=True) if claim not in claims[1]]
        right = [each for each, claim in zip(new, claims[1], strict=True) if claim not in claims[0]]
        pairs = []
        for one in list(left):
            match = next((other for other in right if _label(one) is not None and _label(one) == _label(other)), None)
            if match is not None:
                pairs.append(((one,), (match,)))
                left.remove(one)
                right.remove(match)
        if len(left) == len(right):
            pairs += [((one,), (other,)) for one, other in zip(left, right, strict=True)]
            left, right = [], []
        return pairs, (left, right)

    # Strings.

    def _strings(self, spot: Spot, accepting: int, written: frozenset[str]) -> None:
        lost = lost_texts(self.pair, spot, accepting, written)
        if isinstance(lost, Loss):
            self._report(spot, accepting, iter([lost]))
        elif lost is not None:
            self._lost_texts(spot, accepting, lost)

    def _lost_texts(self, spot: Spot, accepting: int, lost: LostTexts) -> None:
        what, why, others = told(lost)
        narrower = accepting == 0
        message = "\n".join(
            [(narrowed if narrower else widened)(self.side, what, why, self.sent), *(f"also {each}" for each in others)]
        )
        listed = all(part.keyword in ("enum", "const") for part, _ in lost.rules) and lost.rules
        kind = ("values" if listed else "string") + ("-narrowed" if narrower else "-widened")
        old, new = (lost.twin, lost.at) if narrower else (lost.at, lost.twin)
        self.found.append(
            Difference(
                kind,
                _impact(self.side, narrower),
                message,
                spot.tokens,
                old,
                new,
                1 - accepting,
                lost.certainty,
                (lost.witness,),
            )
        )

    # Everything else.

    def _report(self, spot: Spot, accepting: int, losses: Iterator[Loss]) -> None:
        for loss in losses:
            self.found.append(self._difference(spot, accepting, loss))

    def _difference(self, spot: Spot, accepting: int, loss: Loss) -> Difference:
        narrower = accepting == 0
        old, new = (loss.accepting, loss.refusing) if narrower else (loss.refusing, loss.accepting)
        kind, impact = _named(loss, narrower), _impact(self.side, narrower)
        if not loss.witness:
            what = loss.what if loss.family == "type" else f"`{loss.what}`" if loss.what else f"`{loss.keyword}`"
            word = "narrower" if narrower else "wider"
            message = f"{what} may be {word}; it cannot be decided: {', '.join(loss.doubts)}"
            return Difference("undecided", Impact.RISKY, message, spot.tokens, old, new, 1 - accepting)
        message = self._message(spot, narrower, loss)
        return Difference(kind, impact, message, spot.tokens, old, new, 1 - accepting, None, loss.witness)

    def _message(self, spot: Spot, narrower: bool, loss: Loss) -> str:
        part = shown(part_at(loss.witness[0], spot.tokens))
        say = partial(narrowed if narrower else widened, sent=self.sent)
        match loss.family:
            case "type":
                return say(self.side, f"{loss.what}, for example {part},", "of another type")
            case "required":
                return say(self.side, f"{part} without `{loss.what}`", asked("required", loss.what))
            case "alternatives" if loss.refusing and loss.keyword in ("anyOf", "oneOf"):
                return say(
                    self.side,
                    part,
                    f"fits no longer one of `{loss.keyword}`" if narrower else f"did not fit `{loss.keyword}`",
                )
            case _:
                return say(self.side, part, asked(loss.keyword, loss.value))

    # Below.

    def _children(self, spot: Spot) -> None:
        self._members(spot)
        claims = self.pair.search.claims
        known = tuple({**members_of(spot, 0), **members_of(spot, 1)})
        rest = (single(spot, 0, "additionalProperties"), single(spot, 1, "additionalProperties"))
        if rest[0] and rest[1]:
            self._below(spot, "*", rest, lambda claim: having_other(claims, known, claim))
        items = (single(spot, 0, "items"), single(spot, 1, "items"))
        if items[0] or items[1]:
            self._below(spot, "*", items, lambda claim: having_item(claims, claim))
        prefixes = [_prefix(spot, side) for side in (0, 1)]
        for index in range(max(map(len, prefixes))):
            both = tuple(prefix[index : index + 1] or items[side] for side, prefix in enumerate(prefixes))
            self._below(spot, str(index), both, lambda claim, index=index: having_item_at(claims, index, claim))

    def _below(self, spot: Spot, token: str, sources: Any, having: Any) -> None:
        def wrap(accepting: int, claim: Any) -> Any:
            return spot.wrap(accepting, having(claim))

        self.spot(spot_of((*spot.tokens, token), sources, self.pair.readers, wrap, branched=spot.branched))

    def _members(self, spot: Spot) -> None:
        claims = self.pair.search.claims
        old, new = members_of(spot, 0), members_of(spot, 1)
        for name in {**old, **new}:
            both = (old.get(name, ()), new.get(name, ()))
            if not both[0] or not both[1]:
                missing = 0 if not both[0] else 1
                others = single(spot, missing, "additionalProperties")
                if not others:
                    self._one_sided(spot, name, missing, both[1 - missing])
                    continue
                both = (others, both[1]) if missing == 0 else (both[0], others)
            self._below(spot, name, both, lambda claim, name=name: having_member(claims, name, claim))

    def _one_sided(self, spot: Spot, name: str, missing: int, sources: tuple[Source, ...]) -> None:
        """A member that only one document names, and the other leaves open or forbids."""
        added = missing == 0
        if any(
            self.pair.readers[1 - missing].at(each.value, each.at) is self.pair.search.claims.false for each in sources
        ):
            return  # it never appears on this side
        if any(name in (part.value.get("required") or ()) for part in spot.parts[1 - missing]):
            return  # `required` says it already
        holder = spot.sources[missing][0].at if spot.sources[missing] else None
        old, new = (holder, sources[0].at) if added else (sources[0].at, holder)
        closed = list(Losses(self.pair, spot, 1 - missing).closed_to(name)) if _is_closed(spot, missing) else []
        word = "added" if added else "removed"
        witness = closed[0].witness if closed else ()
        impact = _member_impact(self.side, added, bool(closed))
        message = f"member `{name}` was {word}" + (f"; {_CLOSED[added]}" if closed else "")
        self.found.append(
            Difference(f"member-{word}", impact, message, (*spot.tokens, name), old, new, 1 - missing, None, witness)
        )


_CLOSED = {True: "before, no other members were allowed", False: "now no other members are allowed"}


def _member_impact(side: Side, added: bool, closed: bool) -> Impact:
    if side is Side.REQUEST:
        return Impact.SAFE if added else Impact.BREAKING if closed else Impact.RISKY
    return Impact.RISKY if added and closed else Impact.SAFE


def _impact(side: Side, narrower: bool) -> Impact:
    return Impact.BREAKING if narrower is (side is Side.REQUEST) else Impact.SAFE


def _named(loss: Loss, narrower: bool) -> str:
    if loss.family == "required":
        return "member-required" if narrower else "member-optional"
    return f"{loss.family}-{'narrowed' if narrower else 'widened'}"


def _label(source: Source) -> str | None:
    """What tells an alternative from others: what it refers to, or its title."""
    if not isinstance(source.value, dict):
        return None
    label = source.value.get("$ref") or source.value.get("title")
    return label if isinstance(label, str) else None


def _prefix(spot: Spot, side: int) -> tuple[Source, ...]:
    for part in spot.parts[side]:
        given = part.value.get("prefixItems")
        if isinstance(given, list):
            return tuple(
                Source(child, f"{part.at}/prefixItems/{index}", part.name) for index, child in enumerate(given)
            )
    return ()


def _is_closed(spot: Spot, side: int) -> bool:
    return any(
        part.value.get(key) is False
        for part in spot.parts[side]
        for key in ("additionalProperties", "unevaluatedProperties")
    )
