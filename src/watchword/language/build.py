"""Languages of patterns and clauses. Holds the way from a tree to an automaton; schemas are read in `parts`."""

from functools import lru_cache, reduce

from watchword.language import automaton as automata
from watchword.language.automaton import Automaton
from watchword.language.clauses import Among, Clause, Every, ExactlyOne, Length, Matches, No, Some
from watchword.language.dialects import Dialect, parse_pattern
from watchword.language.language import Language
from watchword.language.limits import DEFAULT, Budget, Limits
from watchword.language.machine import machine_for
from watchword.language.ranges import EVERY_LENGTH, UNBOUNDED, Ranges, difference, intersection, union
from watchword.language.simplify import items_of, relaxed, searched
from watchword.language.syntax import Look, Node, Sequence, Start


def pattern_language(pattern: str, dialect: Dialect = "ecma", limits: Limits = DEFAULT) -> Language:
    """The texts in which a pattern occurs. Raises UnsupportedPattern or RuleTooLarge."""
    return Language(pattern_automaton(parse_pattern(pattern, dialect), pattern, limits), limits, f"pattern {pattern}")


def clause_language(clause: Clause, limits: Limits = DEFAULT, subject: str = "the rule") -> Language:
    """The texts that meet a clause. Raises UnsupportedPattern or RuleTooLarge."""
    return Language(clause_automaton(clause, limits, subject), limits, subject)


@lru_cache(maxsize=1024)
def pattern_automaton(node: Node, subject: str, limits: Limits) -> Automaton:
    """The automaton of the texts in which the pattern occurs. Raises RuleTooLarge."""
    negated = _only_refusal(node)
    if negated is not None:
        return automata.complemented(pattern_automaton(negated, subject, limits))
    opened = relaxed(searched(node))
    budget = Budget(limits, f"pattern `{subject}`")
    lengths: Ranges = EVERY_LENGTH if opened.low == 0 and opened.high == UNBOUNDED else ((opened.low, opened.high),)
    return automata.of_machine(machine_for(opened.node, budget), lengths, budget)


def _only_refusal(node: Node) -> Node | None:
    """X of `^(?!X)`: the pattern that must not match at the start."""
    match items_of(node):
        case [Start(), Look(item, ahead=True, negated=True)]:
            return Sequence((Start(), item))
        case _:
            return None


def clause_automaton(clause: Clause, limits: Limits, subject: str) -> Automaton:
    """The automaton of a clause. Raises UnsupportedPattern or RuleTooLarge."""
    match clause:
        case Length(low, high):
            return automata.of_lengths(low, high)
        case Among(texts):
            return automata.of_texts(texts, Budget(limits, f"the list of {len(texts):,} texts of {subject}"))
        case Matches(node=None, problem=problem):
            assert problem is not None
            raise problem
        case Matches(pattern, node):
            assert node is not None
            return pattern_automaton(node, pattern, limits)
        case No(inner):
            return automata.complemented(clause_automaton(inner, limits, subject))
        case Every(clauses):
            return _joined(clauses, _all, limits, subject)
        case Some(clauses):
            return _joined(clauses, _any, limits, subject)
        case ExactlyOne(clauses):
            return _joined(clauses, _one, limits, subject)


def _joined(clauses: tuple[Clause, ...], accept: automata.Accept, limits: Limits, subject: str) -> Automaton:
    parts = [clause_automaton(clause, limits, subject) for clause in clauses]
    return automata.minimal(automata.product(parts, accept, Budget(limits, subject)))


def _all(labels: tuple[Ranges, ...]) -> Ranges:
    return reduce(intersection, labels, EVERY_LENGTH)


def _any(labels: tuple[Ranges, ...]) -> Ranges:
    return union(*labels)


def _one(labels: tuple[Ranges, ...]) -> Ranges:
    once: Ranges = ()
    more: Ranges = ()
    for label in labels:
        more = union(more, intersection(once, label))
        once = union(once, label)
    return difference(once, more, UNBOUNDED)
