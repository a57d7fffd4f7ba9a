"""What one version of a schema accepts at one spot and the other refuses: one loss for each keyword that refuses.

A loss is neutral: whether it hurts depends on the direction, which `schemas` knows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from watchword.contract.kinds import json_types
from watchword.diff import claims as of
from watchword.diff.claims import Claim, canonical
from watchword.diff.compiled import below
from watchword.diff.contain import Not, Pair, Unknown
from watchword.diff.outcome import Found, Undecided
from watchword.diff.spots import Source, Spot, having_member, having_other, members_of, single

Json = Any

# Keywords by the kind of change that one of them makes, each with those that it is read with.
_KEYWORDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "minimum": ("number", ()), "maximum": ("number", ()), "exclusiveMinimum": ("number", ()),
    "exclusiveMaximum": ("number", ()), "multipleOf": ("number", ()),
    "enum": ("values", ()), "const": ("values", ()),
    "minItems": ("items", ()), "maxItems": ("items", ()), "uniqueItems": ("items", ()),
    "contains": ("items", ("minContains", "maxContains")),
    "unevaluatedItems": ("items", ("prefixItems", "items", "contains", "allOf", "anyOf", "oneOf", "$ref")),
    "minProperties": ("members", ()), "maxProperties": ("members", ()), "propertyNames": ("members", ()),
    "dependentRequired": ("members", ()), "dependentSchemas": ("members", ()),
    "not": ("alternatives", ()), "if": ("alternatives", ("then", "else")), "$dynamicRef": ("alternatives", ()),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loss:
    """One keyword of the refusing side (or rule, or type) and a value that is lost by it.

    `what` is what the keyword is about where that is no value: a member's name, a type. `refusing` and `accepting`
    are the addresses that speak about it. Without a witness it is not decided, and `doubts` say why.
    """

    family: str
    keyword: str
    value: Json
    refusing: str
    accepting: str | None
    witness: tuple[Json, ...] = ()
    what: str | None = None
    doubts: tuple[str, ...] = ()


def question(pair: Pair, spot: Spot, accepting: int, claim: Claim) -> "Not | Unknown | None":
    """A value of the accepting side that has a part with the claim and is refused by the other; None for no such."""
    wrapped = spot.wrap(accepting, claim)
    breaks = [pair.roots[1 - accepting]] if spot.branched else []
    outcome = pair.search.ask([pair.roots[accepting], wrapped], breaks)
    if isinstance(outcome, Found):
        return pair.confirmed(outcome.value, accepting)
    return Unknown(tuple(sorted(outcome.reasons))) if isinstance(outcome, Undecided) else None


def types_at(pair: Pair, spot: Spot, side: int) -> frozenset[str]:
    """The JSON types that one side may have at a spot."""
    schemas = [source.value for source in spot.sources[side]]
    return json_types({"allOf": schemas}, pair.readers[side].resolve)


@dataclass(eq=False, slots=True)
class Losses:
    """The losses at one spot, from one side (0 old) to the other."""

    pair: Pair
    spot: Spot
    accepting: int

    @property
    def refusing(self) -> int:
        """The other side."""
        return 1 - self.accepting

    def types(self, wire: bool) -> Iterator[Loss]:
        """The types that went out of use, in one loss. With `wire` values are texts, and a number is a string too."""
        one, other = (
            types_at(self.pair, self.spot, side) & self.spot.kinds for side in (self.accepting, self.refusing)
        )
        found: list[tuple[str, Loss]] = []
        for name in sorted(one - other):
            as_text = wire and "string" in other and name in ("integer", "number", "boolean")
            if not as_text and not (name == "integer" and "number" in one):
                at, twin = self._holders("type")
                found += [
                    (name, loss) for loss in self._asked(self._of_type(name, other), "type", "type", name, at, twin)
                ]
        if found:
            names = ", ".join(f"`{name}`" for name, _ in found)
            what = f"type {names}" if len(found) == 1 else f"types {names}"
            yield next((replace(loss, what=what) for _, loss in found if loss.witness), replace(found[0][1], what=what))

    def _of_type(self, name: str, other: frozenset[str]) -> Claim:
        claims = self.pair.search.claims
        claim = claims.make(of.OfType, frozenset({name}))
        if name == "number" and "integer" in other:
            return claims.every([claim, claims.no(claims.make(of.Whole))])
        return claim

    def keywords(self, kinds: frozenset[str]) -> Iterator[Loss]:
        """The keywords about values of these types that refuse something, document order."""
        claims = self.pair.search.claims
        reader = self.pair.readers[self.refusing]
        same = self._accepted_claims()
        guard = claims.make(of.OfType, kinds)
        for part in self.spot.parts[self.refusing]:
            for keyword, value in part.value.items():
                if keyword in _KEYWORDS:
                    family, companions = _KEYWORDS[keyword]
                    claim = reader.keyword(part.value, keyword, *companions)
                    if claim is not claims.true and claim not in same:
                        broken = claims.every([guard, claims.no(claim)])
                        yield from self._asked(
                            broken, family, keyword, value, below(part.at, keyword), self._twin(keyword)
                        )

    def alternatives(self, keyword: str, kinds: frozenset[str]) -> Iterator[Loss]:
        """The same for `anyOf` or `oneOf` as a whole."""
        claims, same = self.pair.search.claims, self._accepted_claims()
        for part in self.spot.parts[self.refusing]:
            if keyword in part.value:
                claim = self.pair.readers[self.refusing].keyword(part.value, keyword)
                if claim not in same:
                    broken = claims.every([claims.make(of.OfType, kinds), claims.no(claim)])
                    value = part.value[keyword]
                    yield from self._asked(
                        broken, "alternatives", keyword, value, below(part.at, keyword), self._twin(keyword)
                    )

    def branch(self, source: Source, keyword: str, kinds: frozenset[str]) -> Iterator[Loss]:
        """The loss of one alternative that has no counterpart; the spot must be `branched`."""
        claims = self.pair.search.claims
        claim = claims.every(
            [claims.make(of.OfType, kinds), self.pair.readers[self.accepting].at(source.value, source.at)]
        )
        refusing = next(
            (below(part.at, keyword) for part in self.spot.parts[self.refusing] if keyword in part.value), None
        )
        at = refusing or self.spot.sources[self.refusing][0].at
        yield from self._asked(claim, "alternatives", keyword, source.value, at, source.at)

    def required(self) -> Iterator[Loss]:
        """The members that are required now, document order."""
        claims, same = self.pair.search.claims, self._accepted_claims()
        for part in self.spot.parts[self.refusing]:
            for index, name in enumerate(part.value.get("required") or ()):
                has = claims.make(of.Has, name) if isinstance(name, str) else claims.true
                if isinstance(name, str) and has not in same:
                    lacking = claims.every([claims.make(of.OfType, frozenset({"object"})), claims.no(has)])
                    at = below(part.at, "required", index)
                    yield from self._asked(lacking, "required", "required", name, at, self._member(name), what=name)

    def others(self) -> Iterator[Loss]:
        """What is refused of members that nobody names."""
        claims = self.pair.search.claims
        known = tuple({**members_of(self.spot, 0), **members_of(self.spot, 1)})
        both = single(self.spot, 0, "additionalProperties") and single(self.spot, 1, "additionalProperties")
        reader = self.pair.readers[self.refusing]
        for part in self.spot.parts[self.refusing]:
            rules: list[tuple[str, Json]] = []
            if "additionalProperties" in part.value and not both:
                rules.append(("additionalProperties", part.value["additionalProperties"]))
            elif "unevaluatedProperties" in part.value:
                rules.append(("unevaluatedProperties", part.value["unevaluatedProperties"]))
            for keyword, value in rules:
                patterns = dict.fromkeys(part.value.get("patternProperties") or {}, claims.true)
                broken = having_other(claims, known, claims.no(reader.read(value)))
                if patterns:
                    apart = reader.members(dict.fromkeys(known, claims.true), patterns, reader.read(value))
                    broken = claims.every([claims.make(of.OfType, frozenset({"object"})), claims.no(apart)])
                yield from self._asked(broken, "members", keyword, value, below(part.at, keyword), self._twin(keyword))
            for pattern, value in (part.value.get("patternProperties") or {}).items():
                claim = reader.members({}, {pattern: reader.read(value)}, claims.true)
                if claim is not claims.true and claim not in self._accepted_claims():
                    broken = claims.every([claims.make(of.OfType, frozenset({"object"})), claims.no(claim)])
                    at = below(part.at, "patternProperties", pattern)
                    yield from self._asked(
                        broken, "members", "patternProperties", pattern, at, self._twin("patternProperties")
                    )

    def closed_to(self, name: str) -> Iterator[Loss]:
        """The loss of one member's whole: the refusing side allows no member of that name."""
        claims = self.pair.search.claims
        claim = having_member(claims, name, claims.true)
        at = next(
            (
                below(part.at, key)
                for part in self.spot.parts[self.refusing]
                for key in ("additionalProperties", "unevaluatedProperties")
                if key in part.value
            ),
            None,
        )
        holder = at or self.spot.sources[self.refusing][0].at
        yield from self._asked(claim, "member", "additionalProperties", False, holder, self._member(name), what=name)

    def no_items(self) -> Iterator[Loss]:
        """`items: false`."""
        claims = self.pair.search.claims
        for part in self.spot.parts[self.refusing]:
            if part.value.get("items") is False:
                claim = self.pair.readers[self.refusing].keyword(part.value, "items", "prefixItems")
                if claim not in self._accepted_claims():
                    broken = claims.every([claims.make(of.OfType, frozenset({"array"})), claims.no(claim)])
                    yield from self._asked(
                        broken, "items", "items", False, below(part.at, "items"), self._twin("items")
                    )

    def _asked(
        self,
        claim: Claim,
        family: str,
        keyword: str,
        value: Json,
        refusing: str,
        accepting: str | None,
        what: str | None = None,
    ) -> Iterator[Loss]:
        answer = question(self.pair, self.spot, self.accepting, claim)
        match answer:
            case Not(witness):
                yield Loss(family, keyword, value, refusing, accepting, (witness,), what)
            case Unknown(differs):
                yield Loss(family, keyword, value, refusing, accepting, (), what, differs)

    def _accepted_claims(self) -> set[Claim]:
        """What the accepting side says at the spot, claim by claim."""
        reader, found = self.pair.readers[self.accepting], set[Claim]()
        for part in self.spot.parts[self.accepting]:
            claim = reader.read(part.value)
            found.update(claim.claims if isinstance(claim, of.Every) else (claim,))
        return found

    def _holders(self, keyword: str) -> tuple[str, str | None]:
        sides = []
        for side in (self.refusing, self.accepting):
            found = [below(part.at, keyword) for part in self.spot.parts[side] if keyword in part.value]
            sources = self.spot.sources[side]
            sides.append(found[0] if found else sources[0].at if sources else None)
        return sides[0] or "", sides[1]

    def _twin(self, keyword: str) -> str | None:
        """Where the accepting side has the keyword, else where it has the schema."""
        return self._holders(keyword)[1]

    def _member(self, name: str) -> str | None:
        member = members_of(self.spot, self.accepting).get(name)
        sources = self.spot.sources[self.accepting]
        return member[0].at if member else sources[0].at if sources else None


def part_at(value: Json, tokens: tuple[str, ...]) -> Json:
    """The part of a witness that a spot is about; the whole of what `*` stands for."""
    for token in tokens:
        if isinstance(value, dict) and token in value:
            value = value[token]
        elif isinstance(value, list) and token.isdecimal() and int(token) < len(value):
            value = value[int(token)]
        else:
            break
    return value


def same_value(one: Json, other: Json) -> bool:
    """Whether two JSON values are equal as JSON Schema sees it."""
    return canonical(one) == canonical(other)
