"""What schemas say of a value, as a tree of claims shared by structure. Reads no schema and decides nothing.

Two schemas that say the same in the same way become one object, in both documents of a comparison, so that equality
is identity. A claim about one type holds of every value of another, as keywords of JSON Schema do.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeVar

Json = Any

TYPES = ("string", "number", "boolean", "object", "array", "null")
"""What a value can be, the simplest witnesses first; an integer is a number."""

UNBOUNDED = 2**62


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Numbered:
    """A claim with the number by which it was made, so that sets of claims have the same order in every run."""

    serial: int = field(default=0, repr=False)

    def __hash__(self) -> int:
        return self.serial


@dataclass(frozen=True, slots=True, eq=False)
class Every(_Numbered):
    """All of the claims; none is true."""

    claims: "tuple[Claim, ...]" = ()


@dataclass(frozen=True, slots=True, eq=False)
class Some(_Numbered):
    """At least one of the claims; none is false."""

    claims: "tuple[Claim, ...]" = ()


@dataclass(frozen=True, slots=True, eq=False)
class One(_Numbered):
    """Exactly one of the claims."""

    claims: "tuple[Claim, ...]"


@dataclass(frozen=True, slots=True, eq=False)
class No(_Numbered):
    """Not the claim."""

    claim: "Claim"


@dataclass(frozen=True, slots=True, eq=False)
class Later(_Numbered):
    """A schema on a circle of references; `Claims.target` has what it says."""

    key: Hashable


@dataclass(frozen=True, slots=True, eq=False)
class Opaque(_Numbered):
    """A keyword that is not understood here, by its value's canonical form."""

    keyword: str
    value: Hashable


@dataclass(frozen=True, slots=True, eq=False)
class OfType(_Numbered):
    """One of the JSON Schema types, `integer` among them."""

    types: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Among(_Numbered):
    """One of the values, in canonical form (see `canonical`)."""

    values: tuple[Hashable, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Whole(_Numbered):
    """A number without a fraction."""


@dataclass(frozen=True, slots=True, eq=False)
class Bound(_Numbered):
    """A number at least the limit, or at most with `upper`; not the limit itself if `exclusive`."""

    limit: Fraction
    upper: bool
    exclusive: bool


@dataclass(frozen=True, slots=True, eq=False)
class Multiple(_Numbered):
    """A whole multiple of a number above zero."""

    of: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class Length(_Numbered):
    """A string of `low` to `high` code points."""

    low: int
    high: int


@dataclass(frozen=True, slots=True, eq=False)
class Matches(_Numbered):
    """A string in which the pattern occurs."""

    pattern: str


@dataclass(frozen=True, slots=True, eq=False)
class Members(_Numbered):
    """An object whose members meet their claims: by name, by each pattern that matches, `rest` where neither does."""

    named: "tuple[tuple[str, Claim], ...]"
    patterns: "tuple[tuple[str, Claim], ...]"
    rest: "Claim"


@dataclass(frozen=True, slots=True, eq=False)
class Has(_Numbered):
    """An object with a member of that name."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Size(_Numbered):
    """An object of `low` to `high` members."""

    low: int
    high: int


@dataclass(frozen=True, slots=True, eq=False)
class Names(_Numbered):
    """An object whose members' names all meet the claim."""

    claim: "Claim"


@dataclass(frozen=True, slots=True, eq=False)
class Items(_Numbered):
    """An array whose items meet their claims: those of `prefix` by position, `rest` the others."""

    prefix: "tuple[Claim, ...]"
    rest: "Claim"


@dataclass(frozen=True, slots=True, eq=False)
class Count(_Numbered):
    """An array of `low` to `high` items."""

    low: int
    high: int


@dataclass(frozen=True, slots=True, eq=False)
class Distinct(_Numbered):
    """An array without two equal items."""


@dataclass(frozen=True, slots=True, eq=False)
class Holds(_Numbered):
    """An array of which `low` to `high` items meet the claim."""

    claim: "Claim"
    low: int
    high: int


Numeric = Whole | Bound | Multiple
Textual = Length | Matches
Objective = Members | Has | Size | Names
Listed = Items | Count | Distinct | Holds
Claim = (
    Every | Some | One | No | Later | Opaque | OfType | Among | Whole | Bound | Multiple | Length | Matches
    | Members | Has | Size | Names | Items | Count | Distinct | Holds
)  # fmt: skip

ABOUT: dict[type, str] = {
    Whole: "number", Bound: "number", Multiple: "number", Length: "string", Matches: "string",
    Members: "object", Has: "object", Size: "object", Names: "object",
    Items: "array", Count: "array", Distinct: "array", Holds: "array",
}  # fmt: skip
"""The type that a claim is about."""

_C = TypeVar("_C", bound=Claim)


@dataclass(eq=False, slots=True)
class Claims:
    """All claims of one comparison, each made once."""

    _made: dict[Hashable, Claim] = field(default_factory=dict)
    _targets: dict[Later, Claim] = field(default_factory=dict)

    def make(self, kind: type[_C], *fields: Any) -> _C:
        """The claim of that kind with these fields."""
        key = (kind, fields)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = kind(*fields, serial=len(self._made) + 1)
        return found  # type: ignore[return-value]

    @property
    def true(self) -> Claim:
        """What holds of every value."""
        return self.make(Every, ())

    @property
    def false(self) -> Claim:
        """What holds of none."""
        return self.make(Some, ())

    def every(self, claims: "list[Claim] | tuple[Claim, ...]") -> Claim:
        """All of the claims, flat, each once."""
        flat: dict[Claim, None] = {}
        for claim in claims:
            flat.update(dict.fromkeys(claim.claims if isinstance(claim, Every) else (claim,)))
        return next(iter(flat)) if len(flat) == 1 else self.make(Every, tuple(flat))

    def some(self, claims: "list[Claim] | tuple[Claim, ...]") -> Claim:
        """At least one of the claims; nothing is left of it where one is true."""
        unique = tuple(dict.fromkeys(claims))
        if self.true in unique:
            return self.true
        return unique[0] if len(unique) == 1 else self.make(Some, unique)

    def no(self, claim: Claim) -> Claim:
        """The opposite."""
        return claim.claim if isinstance(claim, No) else self.make(No, claim)

    def target(self, later: Later) -> Claim:
        """What a schema on a circle says."""
        return self._targets[later]

    def settle(self, later: Later, claim: Claim) -> None:
        """Say what a schema on a circle says; the first word counts."""
        self._targets.setdefault(later, claim)


def canonical(value: Json) -> Hashable:
    """A value in a form that compares as JSON Schema does: `1` equals `1.0` and not `true`, members in any order."""
    if isinstance(value, bool) or value is None:
        return ("literal", value)
    if isinstance(value, int | float):
        return ("number", Fraction(str(value)) if isinstance(value, float) else Fraction(value))
    if isinstance(value, str):
        return ("string", value)
    if isinstance(value, list):
        return ("array", tuple(canonical(item) for item in value))
    return ("object", tuple(sorted((str(name), canonical(child)) for name, child in value.items())))


def plain(value: Any) -> Json:
    """The JSON value of a canonical form."""
    kind, content = value
    if kind == "number":
        return number(content)
    if kind == "array":
        return [plain(item) for item in content]
    return {name: plain(child) for name, child in content} if kind == "object" else content


def number(value: Fraction) -> int | float:
    """The JSON number nearest to a fraction."""
    return value.numerator if value.denominator == 1 else value.numerator / value.denominator


def type_of(value: Any) -> str:
    """The type of a canonical value, one of `TYPES`."""
    kind: str = value[0]
    return kind if kind != "literal" else "null" if value[1] is None else "boolean"
