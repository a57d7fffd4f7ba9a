"""Where two schemas speak about the same part of a value. Walks both documents side by side; decides nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from watchword.contract import Schema, schema_name
from watchword.contract.kinds import ALL_TYPES
from watchword.diff import claims as of
from watchword.diff.claims import Claim, Claims
from watchword.diff.compiled import Reader, below

Json = Any
Wrap = Callable[[int, Claim], Claim]
"""From a claim about a part to one that the whole value has such a part, of those that one side (0 old) accepts."""


@dataclass(frozen=True, slots=True)
class Source:
    """One schema object that speaks about a spot, with its address and the name of the schema that it belongs to."""

    value: Json
    at: str
    name: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A part of a value, by the tokens of its pointer (`*` for any item or other member), and who speaks about it.

    `sources` are the schemas as they are written there, of the old and the new document; `parts` the same with what
    they refer to and their `allOf`s taken apart. `kinds` are the types that are still to be compared. `branched` says
    that an alternative was chosen on the way here, so that another one may make good for a refusal.
    """

    tokens: tuple[str, ...]
    sources: tuple[tuple[Source, ...], tuple[Source, ...]]
    parts: tuple[tuple[Source, ...], tuple[Source, ...]]
    wrap: Wrap
    kinds: frozenset[str]
    branched: bool = False


def root_spot(old: Schema, new: Schema, readers: tuple[Reader, Reader]) -> Spot:
    """The spot of the whole value."""
    sources = ((Source(old.value, old.at, old.name),), (Source(new.value, new.at, new.name),))
    return spot_of((), sources, readers, lambda _, claim: claim)


def spot_of(
    tokens: tuple[str, ...],
    sources: tuple[tuple[Source, ...], tuple[Source, ...]],
    readers: tuple[Reader, Reader],
    wrap: Wrap,
    kinds: frozenset[str] = ALL_TYPES,
    branched: bool = False,
) -> Spot:
    """A spot with its sources taken apart."""
    parts = tuple(tuple(_gathered(source, reader)) for source, reader in zip(sources, readers, strict=True))
    return Spot(tokens, sources, (parts[0], parts[1]), wrap, kinds, branched)


def _gathered(source: tuple[Source, ...], reader: Reader) -> Iterator[Source]:
    pending, seen = list(reversed(source)), set[str]()
    while pending:
        each = pending.pop()
        if each.at in seen or not isinstance(each.value, dict):
            continue
        seen.add(each.at)
        sided = reader.sided(each.value)
        yield Source(sided, each.at, each.name)
        inner = []
        if isinstance(sided.get("$ref"), str):
            value, at = reader.resolve(sided["$ref"])
            inner.append(Source(value, at, schema_name(value, at.partition("#")[2] or at, each.name)))
        for index, member in enumerate(sided.get("allOf") or ()):
            inner.append(Source(member, below(each.at, "allOf", index), each.name))
        pending.extend(reversed(inner))


# Children.


def members_of(spot: Spot, side: int) -> dict[str, tuple[Source, ...]]:
    """The members that are named at a spot on one side, also in alternatives, with who speaks about each."""
    found: dict[str, list[Source]] = {}
    for part in spot.parts[side]:
        properties = part.value.get("properties")
        for name, child in properties.items() if isinstance(properties, dict) else ():
            at = below(part.at, "properties", name)
            found.setdefault(name, []).append(Source(child, at, schema_name(child, at, name)))
    return {name: tuple(sources) for name, sources in found.items()}


def single(spot: Spot, side: int, keyword: str) -> tuple[Source, ...]:
    """Who speaks about the items or other members of a spot, by the keyword that does."""
    found = []
    for part in spot.parts[side]:
        if isinstance(part.value.get(keyword), dict):
            at = below(part.at, keyword)
            found.append(
                Source(part.value[keyword], at, schema_name(part.value[keyword], at, f"{part.name}.{keyword}"))
            )
    return tuple(found)


def branches(spot: Spot, side: int, keyword: str) -> list[Source]:
    """The alternatives of the only `anyOf` or `oneOf` of a spot; none where there are several."""
    holders = [part for part in spot.parts[side] if isinstance(part.value.get(keyword), list)]
    if len(holders) != 1:
        return []
    holder = holders[0]
    return [
        Source(member, below(holder.at, keyword, index), schema_name(member, "", holder.name))
        for index, member in enumerate(holder.value[keyword])
    ]


def having_member(claims: Claims, name: str, claim: Claim) -> Claim:
    """An object with a member of that name that meets the claim."""
    members = claims.make(of.Members, ((name, claim),), (), claims.true)
    return claims.every([claims.make(of.OfType, frozenset({"object"})), claims.make(of.Has, name), members])


def having_other(claims: Claims, known: tuple[str, ...], claim: Claim) -> Claim:
    """An object with a member of no known name that meets the claim."""
    named = tuple((name, claims.true) for name in sorted(known))
    none = claims.make(of.Members, named, (), claims.no(claim))
    return claims.every([claims.make(of.OfType, frozenset({"object"})), claims.no(none)])


def having_item(claims: Claims, claim: Claim) -> Claim:
    """An array with an item that meets the claim."""
    some = claims.make(of.Holds, claim, 1, of.UNBOUNDED)
    return claims.every([claims.make(of.OfType, frozenset({"array"})), some])


def having_item_at(claims: Claims, index: int, claim: Claim) -> Claim:
    """An array whose item at an index meets the claim."""
    items = claims.make(of.Items, (*[claims.true] * index, claim), claims.true)
    long = claims.make(of.Count, index + 1, of.UNBOUNDED)
    return claims.every([claims.make(of.OfType, frozenset({"array"})), items, long])
