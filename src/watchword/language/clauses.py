"""What can be asked of one text, as a tree: the meaning of a string schema without any automaton.

Holds the shapes only. `judge` answers for one text, `build` makes languages of them.
"""

from watchword.ground import PatternError, record
from watchword.language.ranges import UNBOUNDED
from watchword.language.syntax import Node


@record()
class Length:
    """Between `low` and `high` code points."""

    low: int = 0
    high: int = UNBOUNDED


@record(uncompared=("notes", "problem"))
class Matches:
    """The pattern occurs in the text. Without a node the pattern cannot be read, and `problem` says why."""

    pattern: str
    node: Node | None
    notes: tuple[str, ...] = ()
    problem: PatternError | None = None


@record()
class Among:
    """One of the given texts."""

    texts: tuple[str, ...]


@record()
class Every:
    """All of the clauses; none is true of any text."""

    clauses: "tuple[Clause, ...]" = ()


@record()
class Some:
    """At least one of the clauses; none is true of no text."""

    clauses: "tuple[Clause, ...]" = ()


@record()
class ExactlyOne:
    """One of the clauses and no other."""

    clauses: "tuple[Clause, ...]"


@record()
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
