"""Whether one value meets a claim. The search's own check of what it found; knows no schema."""

from fractions import Fraction
from typing import Any

from watchword.diff import claims as of
from watchword.diff.claims import Claim, Claims, canonical
from watchword.language import pattern_language

Json = Any


def holds(claims: Claims, claim: Claim, value: Json) -> bool | None:
    """Whether the value meets the claim; None where the claim is not understood. Raises RuleTooLarge."""
    return _Judge(claims).verdict(claim, value)


class _Judge:
    def __init__(self, claims: Claims) -> None:
        self.claims = claims
        self.open: set[tuple[Claim, int]] = set()

    def verdict(self, claim: Claim, value: Json) -> bool | None:
        match claim:
            case of.Every(parts):
                return _all(self.verdict(part, value) for part in parts)
            case of.Some(parts):
                return _not(_all(_not(self.verdict(part, value)) for part in parts))
            case of.One(parts):
                found = [self.verdict(part, value) for part in parts]
                return False if found.count(True) > 1 else None if None in found else found.count(True) == 1
            case of.No(inner):
                return _not(self.verdict(inner, value))
            case of.Later():
                return self._later(claim, value)
            case of.Opaque():
                return None
            case of.OfType(types):
                return bool(types & _types_of(value))
            case of.Among(values):
                return canonical(value) in values
            case _:
                return True if of.ABOUT[type(claim)] not in _types_of(value) else self._about(claim, value)

    def _later(self, claim: of.Later, value: Json) -> bool | None:
        key = (claim, id(value))
        if key in self.open:
            return True  # a schema that is its own condition adds nothing
        self.open.add(key)
        try:
            return self.verdict(self.claims.target(claim), value)
        finally:
            self.open.discard(key)

    def _about(self, claim: Claim, value: Json) -> bool | None:
        match claim:
            case of.Whole() | of.Bound() | of.Multiple():
                form: Any = canonical(value)
                return number_meets(claim, form[1])
            case of.Length(low, high) | of.Size(low, high) | of.Count(low, high):
                return low <= len(value) <= high
            case of.Matches(pattern):
                return value in pattern_language(pattern)
            case of.Members():
                return _all(
                    self.verdict(inner, child) for name, child in value.items() for inner in applying(claim, name)
                )
            case of.Has(name):
                return name in value
            case of.Names(inner):
                return _all(self.verdict(inner, name) for name in value)
            case of.Items(prefix, rest):
                return _all(
                    self.verdict(prefix[index] if index < len(prefix) else rest, item)
                    for index, item in enumerate(value)
                )
            case of.Distinct():
                return len({canonical(item) for item in value}) == len(value)
            case of.Holds(inner, low, high):
                found = [self.verdict(inner, item) for item in value]
                return None if None in found else low <= found.count(True) <= high
            case _:
                raise AssertionError(claim)


def number_meets(claim: "of.Numeric", value: Fraction) -> bool:
    """Whether a number meets a claim about numbers."""
    match claim:
        case of.Whole():
            return value.denominator == 1
        case of.Multiple(step):
            return (value / step).denominator == 1
        case of.Bound(limit, upper, exclusive):
            return (not exclusive or value != limit) and (value <= limit if upper else value >= limit)


def applying(claim: "of.Members", name: str) -> list[Claim]:
    """What a claim about members says of the member of that name. Raises RuleTooLarge."""
    found = [inner for each, inner in claim.named if each == name]
    found += [inner for pattern, inner in claim.patterns if name in pattern_language(pattern)]
    named = any(each == name for each, _ in claim.named)
    return found if found or named else [claim.rest]


def _types_of(value: Json) -> frozenset[str]:
    form: Any = canonical(value)
    if form[0] == "number" and form[1].denominator == 1:
        return frozenset({"number", "integer"})
    return frozenset({of.type_of(form)})


def _not(verdict: bool | None) -> bool | None:
    return None if verdict is None else not verdict


def _all(verdicts: Any) -> bool | None:
    doubtful = False
    for verdict in verdicts:
        if verdict is False:
            return False
        doubtful |= verdict is None
    return None if doubtful else True
