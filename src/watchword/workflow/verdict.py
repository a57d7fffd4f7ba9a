"""Criteria judged: whether one holds, and if not, what was there instead, redacted. Sends nothing."""

from dataclasses import dataclass
from typing import Any

from watchword.ground import WatchwordError, redact
from watchword.language import Rules
from watchword.workflow.condition import Compare, Condition, Constant, Every, Not, Some, expressions
from watchword.workflow.context import Context, as_text
from watchword.workflow.expression import Expression
from watchword.workflow.model import Criterion
from watchword.workflow.queries import QueryProblem, selected

Json = Any
_PUBLIC = ("statusCode", "method")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a criterion held; `reason` tells what was there instead, without telling a value that may be secret."""

    criterion: Criterion
    holds: bool
    reason: str = ""


def judged(criterion: Criterion, context: Context) -> Verdict:
    """The verdict on a criterion; one that cannot be evaluated does not hold (Arazzo 1.1.0, "Evaluation Errors")."""
    if criterion.parsed is not None:
        holds = truthy(evaluated(criterion.parsed, context, exact=criterion.exact))
        return Verdict(criterion, holds, "" if holds else _sides(criterion.parsed, context))
    subject = context.evaluate(criterion.context) if criterion.context else None
    name = criterion.context.text if criterion.context else "the context"
    if subject is None:
        return Verdict(criterion, holds=False, reason=f"`{name}` is not there")
    condition = context.text(criterion.template)
    try:
        if criterion.type == "regex":
            holds = Rules.of({"pattern": condition}).accepts(as_text(subject))
        elif criterion.type == "jsonpath":
            holds = bool(selected(condition, subject))
        else:
            return Verdict(criterion, holds=False, reason="XPath is not supported")
    except (WatchwordError, QueryProblem) as problem:
        # The text of a problem quotes the condition, which may hold an embedded secret.
        reason = str(problem) if isinstance(criterion.template, str) else type(problem).__name__
        return Verdict(criterion, holds=False, reason=f"it cannot be evaluated: {reason}")
    return Verdict(criterion, holds, "" if holds else f"`{name}` is {_shown(criterion.context, subject)}")


def truthy(value: Json) -> bool:
    """Whether a condition's value passes: not for false, null, 0 and the empty string."""
    return not (value is None or value is False or value in (0, ""))


def evaluated(condition: Condition, context: Context, *, exact: bool) -> Json:
    """The value of a simple condition; `exact` tells strings apart that differ in case alone."""
    if isinstance(condition, Constant):
        return condition.value
    if isinstance(condition, Expression):
        return context.evaluate(condition)
    if isinstance(condition, Not):
        return not truthy(evaluated(condition.operand, context, exact=exact))
    if isinstance(condition, Every):
        return all(truthy(evaluated(each, context, exact=exact)) for each in condition.operands)
    if isinstance(condition, Some):
        return any(truthy(evaluated(each, context, exact=exact)) for each in condition.operands)
    left = evaluated(condition.left, context, exact=exact)
    right = evaluated(condition.right, context, exact=exact)
    return _compared(condition, left, right, exact=exact)


def _compared(condition: Compare, left: Json, right: Json, *, exact: bool) -> bool:
    if condition.operator in ("==", "!="):
        return _equal(left, right, exact=exact) is (condition.operator == "==")
    pair = _ordered(left, right, exact=exact)
    if pair is None:
        return False
    first, second = pair
    if condition.operator == "<":
        return bool(first < second)
    if condition.operator == "<=":
        return bool(first <= second)
    return bool(first > second) if condition.operator == ">" else bool(first >= second)


def _equal(left: Json, right: Json, *, exact: bool) -> bool:
    """`null` equals itself alone. A number equals the string that writes it, unless the comparison is exact."""
    if left is None or right is None:
        return left is right
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, str) and isinstance(right, str):
        return left == right if exact else left.casefold() == right.casefold()
    if not exact and isinstance(left, str) is not isinstance(right, str):
        left, right = _number(left), _number(right)
        return left is not None and left == right
    return bool(left == right)


def _ordered(left: Json, right: Json, *, exact: bool) -> tuple[Any, Any] | None:
    """Both sides as two numbers or two strings, or `None` where they cannot be ordered."""
    if isinstance(left, str) and isinstance(right, str):
        numbers = _number(left), _number(right)
        if not exact and None not in numbers:
            return numbers
        return (left, right) if exact else (left.casefold(), right.casefold())
    first, second = _number(left), _number(right)
    return None if first is None or second is None else (first, second)


def _number(value: Json) -> float | int | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if not isinstance(value, str):
        return value
    try:
        return float(value) if value.strip() == value and "_" not in value and value.isascii() else None
    except ValueError:
        return None


def _sides(condition: Condition, context: Context) -> str:
    """What each expression of a condition is, and how two strings that should be equal differ."""
    told = {
        found.text: f"`{found.text}` is {_shown(found, context.evaluate(found))}" for found in expressions(condition)
    }
    parts = [*told.values(), *_relations(condition, context)]
    return ", ".join(parts)


def _relations(condition: Condition, context: Context) -> list[str]:
    if isinstance(condition, Every | Some):
        return [part for each in condition.operands for part in _relations(each, context)]
    if isinstance(condition, Compare) and condition.operator == "==":
        left = evaluated(condition.left, context, exact=True)
        right = evaluated(condition.right, context, exact=True)
        if isinstance(left, str) and isinstance(right, str) and left != right and left and right:
            return [relation] if (relation := relation_of(left, right)) else []
    return []


def relation_of(left: str, right: str) -> str:
    """How two different strings are alike, in words that tell neither; empty where they are not."""
    if left.casefold() == right.casefold():
        return "they differ in upper and lower case alone"
    if left.strip() == right.strip():
        return "they differ in white space at the ends alone"
    for shorter, longer, which in ((left, right, "the first"), (right, left, "the second")):
        if longer.startswith(shorter):
            return f"{which} is the beginning of the other"
        if longer.endswith(shorter):
            return f"{which} is the end of the other"
    if len(left) == len(right) and len(left) > 4:
        differing = sum(a != b for a, b in zip(left, right, strict=True))
        if differing <= len(left) // 2:
            return f"they differ in {differing} of {len(left)} characters"
    return ""


def _shown(expression: Expression | None, value: Json) -> str:
    if value is None:
        return "not there"
    return redact(value, secret=expression is None or expression.root not in _PUBLIC)
