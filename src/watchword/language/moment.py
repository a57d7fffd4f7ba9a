"""What an assertion can see at one position: what stands before it, and what kind of character comes next."""

from watchword.language.syntax import Boundary, End, Node, Start

BEGINNING, OTHER_CHARACTER, WORD_CHARACTER, ENDING = 0, 1, 2, 3

Moment = tuple[int, int]
"""(BEGINNING, OTHER_CHARACTER or WORD_CHARACTER; OTHER_CHARACTER, WORD_CHARACTER or ENDING)."""


def holds(guard: Node, moment: Moment) -> bool:
    """Whether an anchor or word boundary holds."""
    before, after = moment
    match guard:
        case Start():
            return before == BEGINNING
        case End():
            return after == ENDING
        case Boundary(negated):
            return ((before == WORD_CHARACTER) != (after == WORD_CHARACTER)) != negated
        case _:
            raise AssertionError(guard)
