"""What the search for a value ends with. Holds no search."""

from dataclasses import dataclass
from typing import Any

Json = Any


@dataclass(frozen=True, slots=True)
class Found:
    """A value with everything that was asked for."""

    value: Json


@dataclass(frozen=True, slots=True)
class Nothing:
    """There is no such value."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """Nobody knows; the reasons name what is not understood or too large."""

    reasons: frozenset[str]


Outcome = Found | Nothing | Undecided

NOTHING = Nothing()


def undecided(*reasons: str) -> Undecided:
    """Nobody knows, for these reasons."""
    return Undecided(frozenset(reasons))


@dataclass(slots=True)
class Tally:
    """The outcome of several attempts of which one is enough."""

    reasons: frozenset[str] = frozenset()

    def add(self, outcome: Outcome) -> Found | None:
        """The value, if this attempt found one."""
        if isinstance(outcome, Undecided):
            self.reasons |= outcome.reasons
        return outcome if isinstance(outcome, Found) else None

    @property
    def outcome(self) -> Outcome:
        """What is known when none found a value."""
        return Undecided(self.reasons) if self.reasons else NOTHING
