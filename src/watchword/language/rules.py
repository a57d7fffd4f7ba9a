"""The rules of one string schema: judged one text at a time, and as languages with labels for each rule.

Holds the joint automaton and what is read off it; single patterns are compiled in `build`, judged in `judge`.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from watchword.ground import Certainty
from watchword.language.automaton import Automaton, complemented, run_together
from watchword.language.build import clause_automaton
from watchword.language.clauses import Every
from watchword.language.conditions import pattern_of_clause
from watchword.language.dialects import Dialect
from watchword.language.judge import judge_of
from watchword.language.language import Language
from watchword.language.limits import DEFAULT, Budget, Limits
from watchword.language.parts import Part, Resolve, parts_of
from watchword.language.probes import one_foreign
from watchword.language.ranges import EVERY_LENGTH, NOTHING, UNBOUNDED, Ranges, complement, intersection, union
from watchword.language.render import render_pattern


class Rules:
    """What a schema asks of strings, rule by rule. Other types are none of its business.

    `broken` and `accepts` need no joint automaton; the languages do, and build it when first asked.
    """

    def __init__(self, parts: tuple[Part, ...], name: str = "value", limits: Limits = DEFAULT) -> None:
        self.parts = parts
        self.name = name
        self.limits = limits
        self.names = tuple(part.rule for part in parts)
        self._number = {rule: number for number, rule in enumerate(self.names)}
        self._judges = [(part.rule, judge_of(part.clause, limits)) for part in parts]
        self._breaking: dict[str, Language] = {}
        self._near: dict[str, Language] = {}

    @classmethod
    def of(
        cls,
        schema: Any,
        *,
        name: str = "value",
        at: str = "",
        resolve: Resolve | None = None,
        dialect: Dialect = "ecma",
        limits: Limits = DEFAULT,
    ) -> "Rules":
        """The rules of a schema (see `parts_of`). Raises UnsupportedPattern for a pattern that is no regular language.

        >>> Rules.of({"minLength": 3, "pattern": "^[a-z]*$"}, name="Code").broken("A")
        ('Code/minLength', 'Code/pattern')
        """
        return cls(parts_of(schema, name=name, at=at, resolve=resolve, dialect=dialect), name, limits)

    def part(self, rule: str) -> Part:
        """The part of that name. Raises KeyError."""
        return self.parts[self._number[rule]]

    def certainty(self, rule: str) -> Certainty:
        """Whether the vendor's text states the rule. Raises KeyError."""
        return self.part(rule).certainty

    # One text.

    def accepts(self, text: str) -> bool:
        """Whether the text breaks no rule."""
        return all(judge(text) for _, judge in self._judges)

    def broken(self, text: str) -> tuple[str, ...]:
        """The rules that the text breaks, in document order."""
        return tuple([rule for rule, judge in self._judges if not judge(text)])

    # Languages.

    @cached_property
    def valid(self) -> Language:
        """The texts that break no rule. Raises RuleTooLarge."""
        return self._language(_none, f"valid {self.name}")

    @cached_property
    def documented(self) -> Language:
        """The texts that break no documented rule; assumed ones are ignored."""
        stated = [self.certainty(rule) is Certainty.DOCUMENTED for rule in self.names]
        return self._language(
            lambda labels: _none([label for label, keep in zip(labels, stated, strict=True) if keep]),
            f"{self.name} by documented rules",
        )

    @cached_property
    def doubtful(self) -> Language:
        """The texts that break assumed rules only, at least one."""
        return self.documented - self.valid

    def breaking(self, rule: str) -> Language:
        """The texts that break this rule and no other. Raises KeyError."""
        number = self._number[rule]
        if rule not in self._breaking:
            self._breaking[rule] = self._language(
                lambda labels: intersection(labels[number], _none([*labels[:number], *labels[number + 1 :]])),
                f"{self.name} breaking {rule} alone",
            )
        return self._breaking[rule]

    def failing(self, rule: str) -> Language:
        """The texts that break this rule, and perhaps others. Raises KeyError."""
        number = self._number[rule]
        return self._language(lambda labels: labels[number], f"{self.name} breaking {rule}")

    def near(self, rule: str) -> Language:
        """The texts that break this rule alone and hold at most one character that no valid text holds.

        That one is of `PROBES`: of all texts that break an alphabet rule nearly each would hold astral characters only.
        Where there is none such, or no valid text at all, all that `breaking` has. Raises KeyError.
        """
        alone = self.breaking(rule)
        if rule not in self._near:
            close = alone & Language(one_foreign(self.valid.alphabet), self.limits, "texts with one foreign character")
            self._near[rule] = alone if self.valid.is_empty or close.is_empty else close
        return self._near[rule]

    def as_pattern(self, dialect: Dialect = "ecma") -> str:
        """The whole schema as one pattern of the dialect: a look-ahead for each rule. Raises UnsupportedPattern.

        RE2 has no look-around: there it is read off the automaton, and raises RuleTooLarge when that is too large.
        """
        if dialect == "re2":
            return self.valid.as_pattern(dialect)
        return render_pattern(pattern_of_clause(Every(tuple(part.clause for part in self.parts))), dialect)

    @cached_property
    def implied(self) -> tuple[str, ...]:
        """The rules that cannot be broken alone: whatever breaks one breaks another, or nothing breaks it."""
        return tuple(rule for rule in self.names if self.breaking(rule).is_empty)

    @cached_property
    def _joint(self) -> tuple[Automaton, list[tuple[Ranges, ...]]]:
        """All rules run together, and for each state the lengths at which each rule is broken."""
        broken = [complemented(clause_automaton(part.clause, self.limits, part.rule)) for part in self.parts]
        alphabet, rows, states = run_together(broken, Budget(self.limits, f"the rules of {self.name}"))
        labels = [tuple(part.accepts[own] for part, own in zip(broken, state, strict=True)) for state in states]
        return Automaton(alphabet, rows, ()), labels

    def _language(self, accept: Callable[[tuple[Ranges, ...]], Ranges], subject: str) -> Language:
        joint, labels = self._joint
        known: dict[tuple[Ranges, ...], Ranges] = {}
        for label in labels:
            if label not in known:
                known[label] = accept(label)
        accepts = tuple(known[label] for label in labels)
        return Language(Automaton(joint.alphabet, joint.rows, accepts), self.limits, subject)


def _none(labels: "tuple[Ranges, ...] | list[Ranges]") -> Ranges:
    """The lengths at which none of the labels holds."""
    if EVERY_LENGTH in labels:
        return NOTHING
    return complement(union(*labels), UNBOUNDED)
