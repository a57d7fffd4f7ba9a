"""What can be asked of one text, as a tree: the meaning of a string schema without any automaton.

Holds the shapes only. `judge` answers for one text, `build` makes languages of them.
"""

from dataclasses import dataclass, field

from watchword.ground import PatternError
from watchword.language.ranges import UNBOUNDED
from watchword.language.syntax import Node


@dataclass(frozen=True, slots=True)
class Length:
    """Between `low` and `high` code points."""

    low: int = 0
    high: int = UNBOUNDED


@dataclass(frozen=True, slots=True)
class Matches:
    """The pattern occurs in the text. Without a node the pattern cannot be read, and `problem` says why."""

    pattern: str
    node: Node | None
    notes: tuple[str, ...] = field(default=(), compare=False)
    problem: PatternError | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Among:
    """One of the given texts."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Every:
    """All of the clauses; none is true of any text."""

    clauses: "tuple[Clause, ...]" = ()


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of the clauses; none is true of no text."""

    clauses: "tuple[Clause, ...]" = ()


@dataclass(frozen=True, slots=True)
class ExactlyOne:
    """One of the clauses and no other."""

    clauses: "tuple[Clause, ...]"


@dataclass(frozen=True, slots=True)
class No:
    """Not the clause."""

    clause: "Clause"


Clause = Length | Matches | Among | Every | Some | ExactlyOne | No

ALWAYS = Every()
NEVER = Some()


def problem_of(clause: Clause) -> PatternError | None:
    """Why a pattern somewhere in the clause cannot be read, or None."""
    match clause:
        case Matches(problem=problem):
            return problem
        case Every(clauses) | Some(clauses) | ExactlyOne(clauses):
            return next((found for inner in clauses if (found := problem_of(inner)) is not None), None)
        case No(inner):
            return problem_of(inner)
        case _:
            return None
