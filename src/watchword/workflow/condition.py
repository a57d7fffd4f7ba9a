"""Simple conditions (Arazzo 1.1.0, Criterion Object) as text and as records. Evaluates nothing.

An expression in a condition ends at white space or at one of `< > = ! & | ( ) ' ,`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from watchword.workflow.expression import Expression, ExpressionProblem, parse_expression

Scalar = str | int | float | bool | None
Operator = Literal["==", "!=", "<", "<=", ">", ">="]

_TOKEN = re.compile(
    r"""\s*(?:(?P<operator>==|!=|<=|>=|<|>|&&|\|\||!|\(|\))
      |(?P<string>'(?:[^']|'')*')
      |(?P<expression>\$[^\s<>=!&|()',]*)
      |(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![\w.]))
      |(?P<word>true|false|null)(?!\w))""",
    re.VERBOSE,
)
_WORDS: dict[str, Scalar] = {"true": True, "false": False, "null": None}
_DEEPEST = 50


class ConditionProblem(Exception):
    """A text that is no simple condition; `position` counts code points from 0."""

    def __init__(self, reason: str, position: int) -> None:
        self.reason = reason
        self.position = position
        super().__init__(f"{reason} at position {position}")


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal of a condition."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Compare:
    """Two operands with a comparison between them."""

    operator: Operator
    left: "Condition"
    right: "Condition"


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    operand: "Condition"


@dataclass(frozen=True, slots=True)
class Every:
    """All of them hold (`&&`)."""

    operands: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of them holds (`||`)."""

    operands: "tuple[Condition, ...]"


Condition = Constant | Expression | Compare | Not | Every | Some


def parse_condition(text: str, *, strict: bool = True) -> Condition:
    """The condition; raises `ConditionProblem`."""
    return _Parser(text, list(_tokens(text)), strict=strict).whole()


def expressions(condition: Condition) -> Iterator[Expression]:
    """Every expression of a condition, in order of writing."""
    if isinstance(condition, Expression):
        yield condition
    elif isinstance(condition, Compare):
        yield from expressions(condition.left)
        yield from expressions(condition.right)
    elif isinstance(condition, Not):
        yield from expressions(condition.operand)
    elif isinstance(condition, Every | Some):
        for operand in condition.operands:
            yield from expressions(operand)


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    position = 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if not match or match.lastgroup is None:
            start = position + len(text[position:]) - len(text[position:].lstrip())
            raise ConditionProblem(_odd(text[start]), start)
        yield match.lastgroup, match.group(match.lastgroup), match.start(match.lastgroup)
        position = match.end()


def _odd(character: str) -> str:
    if character in "\"'":
        return "strings stand between single quotes"
    return f"`{character}` begins neither a literal nor an operator nor a runtime expression"


class _Parser:
    def __init__(self, text: str, tokens: list[tuple[str, str, int]], *, strict: bool) -> None:
        self._text = text
        self._tokens = tokens
        self._strict = strict
        self._next = 0
        self._depth = 0

    def whole(self) -> Condition:
        found = self._some()
        if self._next < len(self._tokens):
            _, token, position = self._tokens[self._next]
            raise ConditionProblem(f"`{token}` is one too many", position)
        return found

    def _some(self) -> Condition:
        operands = [self._every()]
        while self._take("||"):
            operands.append(self._every())
        return operands[0] if len(operands) == 1 else Some(tuple(operands))

    def _every(self) -> Condition:
        operands = [self._unary()]
        while self._take("&&"):
            operands.append(self._unary())
        return operands[0] if len(operands) == 1 else Every(tuple(operands))

    def _unary(self) -> Condition:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ConditionProblem(f"nested more than {_DEEPEST} levels deep", self._position())
        try:
            return Not(self._unary()) if self._take("!") else self._comparison()
        finally:
            self._depth -= 1

    def _comparison(self) -> Condition:
        left = self._operand()
        operators: tuple[Operator, ...] = ("==", "!=", "<=", ">=", "<", ">")
        for operator in operators:
            if self._take(operator):
                return Compare(operator, left, self._operand())
        return left

    def _operand(self) -> Condition:
        if self._take("("):
            found = self._some()
            if not self._take(")"):
                raise ConditionProblem("`)` is missing", self._position())
            return found
        if self._next == len(self._tokens):
            raise ConditionProblem("an operand is missing", self._position())
        kind, token, position = self._tokens[self._next]
        self._next += 1
        if kind == "string":
            return Constant(token[1:-1].replace("''", "'"))
        if kind == "number":
            return Constant(float(token) if re.search(r"[.eE]", token) else int(token))
        if kind == "word":
            return Constant(_WORDS[token])
        if kind == "expression":
            try:
                return parse_expression(token, strict=self._strict)
            except ExpressionProblem as problem:
                raise ConditionProblem(str(problem), position) from None
        raise ConditionProblem(f"an operand is expected, not `{token}`", position)

    def _take(self, operator: str) -> bool:
        if self._next < len(self._tokens) and self._tokens[self._next][:2] == ("operator", operator):
            self._next += 1
            return True
        return False

    def _position(self) -> int:
        return self._tokens[self._next][2] if self._next < len(self._tokens) else len(self._text)
