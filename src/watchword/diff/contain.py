"""Whether one schema accepts all that another accepts, with a counterexample that an independent engine confirms."""

from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs

from watchword.contract import Schema
from watchword.diff.bundle import judge_of
from watchword.diff.claims import Claim, Claims
from watchword.diff.compiled import Reader, Resolve
from watchword.diff.outcome import Found, Undecided
from watchword.diff.search import Search
from watchword.diff.texts import Texts
from watchword.ground import Side

Json = Any


@dataclass(frozen=True, slots=True)
class Yes:
    """Everything that the old schema accepts, the new one accepts."""


@dataclass(frozen=True, slots=True)
class Not:
    """The witness is accepted by the old schema and refused by the new one; jsonschema-rs says so too."""

    witness: Json


@dataclass(frozen=True, slots=True)
class Unknown:
    """It cannot be decided; `differs` names what is not understood or too large."""

    differs: tuple[str, ...]


Containment = Yes | Not | Unknown


@dataclass(eq=False, slots=True)
class Bench:
    """What the comparisons of two contracts share: claims, readings of schemas, answers so far."""

    claims: Claims = field(default_factory=Claims)
    _search: Search | None = None
    _readers: dict[tuple[Resolve, Side, tuple[str, ...]], Reader] = field(default_factory=dict)

    @property
    def search(self) -> Search:
        """The search over all claims."""
        if self._search is None:
            self._search = Search(self.claims, Texts(self.claims))
        return self._search

    def readers(self, old: Schema, new: Schema, side: Side, notes: tuple[str, ...] = ()) -> tuple[Reader, Reader]:
        """The readers of both documents for one side."""
        return self._reader(old, side, notes), self._reader(new, side, notes)

    def _reader(self, schema: Schema, side: Side, notes: tuple[str, ...]) -> Reader:
        key = (schema.resolve, side, notes)
        if key not in self._readers:
            self._readers[key] = Reader(self.claims, side, schema.resolve, notes)
        return self._readers[key]


@dataclass(eq=False, slots=True)
class Pair:
    """Two schemas ready for questions in both directions; `old` and `new` in the order of the documents."""

    schemas: tuple[Schema, Schema]
    side: Side
    search: Search
    readers: tuple[Reader, Reader]
    roots: tuple[Claim, Claim]
    _judges: "tuple[jsonschema_rs.Draft202012Validator | None, ...] | None" = field(default=None)

    @classmethod
    def of(cls, old: Schema, new: Schema, side: Side, bench: Bench | None = None) -> "Pair":
        """The pair for one side of an exchange."""
        bench = bench or Bench()
        readers = bench.readers(old, new, side)
        return cls((old, new), side, bench.search, readers, (readers[0].schema(old), readers[1].schema(new)))

    def ask(self, accepting: int, extra: tuple[Claim, ...] = ()) -> Containment:
        """Whether all that one (0 old, 1 new) accepts is accepted by the other, of the values that meet `extra` too."""
        if self.roots[0] is self.roots[1]:
            return Yes()
        meets, breaks = [self.roots[accepting], *extra], [self.roots[1 - accepting]]
        outcome = self.search.ask(meets, breaks)
        if isinstance(outcome, Found):
            return self.confirmed(outcome.value, accepting)
        return Unknown(tuple(sorted(outcome.reasons))) if isinstance(outcome, Undecided) else Yes()

    def confirmed(self, witness: Json, accepting: int) -> "Not | Unknown":
        """The witness, if the independent engine sees it as we do."""
        if self._judges is None:
            self._judges = tuple(judge_of(schema, self.side) for schema in self.schemas)
        one, other = self._judges[accepting], self._judges[1 - accepting]
        if one is None or other is None:
            return Unknown(("a pattern that jsonschema-rs cannot read",))
        try:
            agreed = one.is_valid(witness) and not other.is_valid(witness)
        except (ValueError, UnicodeEncodeError):  # a lone surrogate, a number that it cannot hold
            agreed = False
        return Not(witness) if agreed else Unknown(("a value that two engines judge differently",))


def contains(old: Schema, new: Schema, side: Side = Side.REQUEST) -> Containment:
    """Whether `new` accepts all that `old` accepts, as `side` has both: `readOnly` and `writeOnly` count."""
    return Pair.of(old, new, side).ask(0)
