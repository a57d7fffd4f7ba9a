"""A clause as one pattern: each of its conditions a look-ahead at the start. Holds no automaton."""

from itertools import combinations

from watchword.language.clauses import Among, Clause, Every, ExactlyOne, Length, Matches, No, Some
from watchword.language.elimination import ANYTHING, length_condition
from watchword.language.ranges import of_text
from watchword.language.simplify import items_of
from watchword.language.syntax import Chars, Choice, End, Group, Look, Node, Sequence, Start


def pattern_of_clause(clause: Clause) -> Node:
    """A pattern that matches exactly the texts that meet the clause; it uses look-ahead."""
    return Sequence((Start(), *_items(condition(clause))))


def condition(clause: Clause) -> Node:
    """An assertion that holds at the start of the texts that meet the clause, and takes no character.

    Raises what `problem` says of a pattern that cannot be read.
    """
    match clause:
        case Length(low, high):
            return length_condition(((low, high),)) if low <= high else Choice(())
        case Among(texts):
            options = tuple(Sequence(tuple(Chars(of_text(c)) for c in text)) for text in texts)
            return _ahead(Sequence((Group(Choice(options)), End()))) if texts else Choice(())
        case Matches(node=None, problem=problem):
            assert problem is not None
            raise problem
        case Matches(node=node):
            assert node is not None
            return _found(node)
        case Every(clauses):
            return Sequence(tuple(item for inner in clauses for item in _items(condition(inner))))
        case Some(clauses):
            return Choice(tuple(condition(inner) for inner in clauses))
        case No(inner):
            return Look(condition(inner), ahead=True, negated=True)
        case ExactlyOne(clauses):
            pairs = tuple(No(Every(pair)) for pair in combinations(clauses, 2))
            return condition(Every((Some(clauses), *pairs)))


def _found(node: Node) -> Node:
    """An assertion, for the start of the text, that the pattern occurs somewhere."""
    items = items_of(node)
    match items:
        case [Start(), Look(ahead=True) as only]:
            return only
        case [Start(), *rest]:
            return _ahead(Sequence(tuple(rest)))
        case _:
            return _ahead(Sequence((ANYTHING, *_items(node))))


def _ahead(node: Node) -> Node:
    return Look(node, ahead=True, negated=False)


def _items(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Choice):
        return (Group(node),)
    return node.items if isinstance(node, Sequence) else (node,)
