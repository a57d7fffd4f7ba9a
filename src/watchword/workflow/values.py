"""Values, criteria and outputs read from a document. Evaluates nothing."""

from collections.abc import Iterator

from watchword.contract import Clause
from watchword.document import Node
from watchword.ground import PatternError, WatchwordError, parse_pointer
from watchword.language import Rules
from watchword.workflow.condition import ConditionProblem, parse_condition
from watchword.workflow.expression import (
    Expression,
    ExpressionProblem,
    Template,
    parse_expression,
    parse_template,
    parse_text,
)
from watchword.workflow.model import Criterion, CriterionType, Output, Plain, Selector, SelectorType, Tree, Value
from watchword.workflow.notes import Notes
from watchword.workflow.queries import QueryProblem, check_query

_CRITERIA: tuple[CriterionType, ...] = ("simple", "regex", "jsonpath", "xpath")
_SELECTORS: tuple[SelectorType, ...] = ("jsonpointer", "jsonpath", "xpath")
_COMPARISON = "x-watchword-comparison"


def read_value(node: Node, notes: Notes) -> Value:
    """The value at a node; strings that begin with `$` or hold `{$...}` are expressions."""
    value = node.value
    if isinstance(value, str):
        try:
            parsed = parse_text(value, strict=notes.strict)
        except ExpressionProblem as problem:
            notes.error("bad-expression", f"`{value}`: {problem}", node)
            return Plain(value)
        return Plain(parsed) if isinstance(parsed, str) else parsed
    if isinstance(value, dict):
        if notes.strict and {"context", "selector", "type"} <= value.keys():
            return _selector(node, notes)
        return Tree(tuple((key, read_value(child, notes)) for key, child in node.members()), is_object=True)
    if isinstance(value, list):
        return Tree(tuple((None, read_value(child, notes)) for child in node.items()), is_object=False)
    return Plain(value)


def read_expression(node: Node, name: str, notes: Notes) -> Expression | None:
    """A member that must be one runtime expression."""
    text = notes.text(node, name, required=True)
    if text is None:
        return None
    try:
        return parse_expression(text, strict=notes.strict)
    except ExpressionProblem as problem:
        notes.error("bad-expression", f"`{text}`: {problem}", node.child(name))
        return None


def selector_type(node: Node, name: str, notes: Notes, default: SelectorType) -> SelectorType:
    """A selector's type, given as a word or as an Expression Type Object."""
    found = node.get(name)
    if found is None:
        return default
    word = _type_word(found, notes)
    for known in _SELECTORS:
        if word == known:
            if known == "xpath":
                notes.obstacle("XPath is not supported", found)
            return known
    notes.error("bad-expression", f"`{name}` must be one of {', '.join(_SELECTORS)}", found)
    return default


def _type_word(node: Node, notes: Notes) -> str | None:
    """The `type` of an Expression Type Object, or a plain one."""
    if isinstance(node.value, dict):
        version = notes.text(node, "version")
        if version == "draft-goessner-dispatch-jsonpath-00":
            notes.obstacle("JSONPath is supported as RFC 9535 only, not as `draft-goessner-dispatch-jsonpath-00`", node)
        return notes.text(node, "type", required=True)
    return node.value if isinstance(node.value, str) else None


def _selector(node: Node, notes: Notes) -> Value:
    context = read_expression(node, "context", notes)
    text = notes.text(node, "selector", required=True)
    kind = selector_type(node, "type", notes, "jsonpointer")
    if context is None or text is None:
        return Plain(None)
    if kind == "jsonpath":
        try:
            check_query(text)
        except QueryProblem as problem:
            notes.error("bad-expression", f"`{text}` is no JSONPath: {problem}", node.child("selector"))
    return Selector(context, text, kind)


def read_outputs(node: Node, owner: Clause, notes: Notes) -> tuple[Output, ...]:
    """The entries of `outputs`."""
    found = []
    for name, child in notes.members(node, "outputs"):
        value = read_value(child, notes)
        if isinstance(value, Plain | Tree):
            notes.error("bad-expression", f"the output `{name}` must be a runtime expression", child)
        found.append(Output(name, value, owner.within(child)))
    return tuple(found)


def read_criteria(node: Node, name: str, owner: Clause, notes: Notes) -> tuple[Criterion, ...]:
    """The criteria under a member, numbered from 1."""
    return tuple(_criteria(node, name, owner, notes))


def _criteria(node: Node, name: str, owner: Clause, notes: Notes) -> Iterator[Criterion]:
    for number, item in enumerate(notes.objects(node, name), 1):
        condition = notes.text(item, "condition", required=True)
        if condition is None:
            continue
        kind = _criterion_type(item, notes)
        context = read_expression(item, "context", notes) if "context" in item.value else None
        if kind != "simple" and "context" not in item.value:
            notes.error("bad-criterion", f"a criterion of type `{kind}` needs a `context`", item)
        clause = owner.within(item)
        exact = _is_exact(item)
        if kind == "simple":
            yield _simple(number, condition, context, clause, item, notes, exact=exact)
        else:
            template = _template(kind, condition, item, notes)
            yield Criterion(number, condition, kind, context, None, template, exact, clause)


def _criterion_type(item: Node, notes: Notes) -> CriterionType:
    node = item.get("type")
    if node is None:
        return "simple"
    word = _type_word(node, notes)
    for known in _CRITERIA:
        if word == known:
            if known == "xpath":
                notes.obstacle("XPath is not supported", item)
            return known
    notes.error("bad-criterion", f"the type must be one of {', '.join(_CRITERIA)}", node)
    return "simple"


def _simple(
    number: int, condition: str, context: Expression | None, clause: Clause, item: Node, notes: Notes, *, exact: bool
) -> Criterion:
    parsed = None
    try:
        parsed = parse_condition(condition, strict=notes.strict)
    except ConditionProblem as problem:
        notes.error("bad-criterion", _with_caret(condition, problem.reason, problem.position), item.child("condition"))
    return Criterion(number, condition, "simple", context, parsed, condition, exact, clause)


def _template(kind: CriterionType, condition: str, item: Node, notes: Notes) -> str | Template:
    """The condition of another type; without embedded expressions it can be checked now."""
    node = item.child("condition")
    try:
        template = parse_template(condition, strict=notes.strict)
    except ExpressionProblem as problem:
        notes.error("bad-expression", f"`{condition}`: {problem}", node)
        return condition
    if isinstance(template, Template):
        return template
    try:
        if kind == "regex":
            Rules.of({"pattern": condition}).accepts("")
        elif kind == "jsonpath":
            check_query(condition)
    except PatternError as problem:
        notes.error("bad-criterion", _with_caret(condition, problem.reason, problem.position), node)
    except WatchwordError as problem:
        notes.error("bad-criterion", str(problem), node)
    except QueryProblem as problem:
        notes.error("bad-criterion", f"`{condition}` is no JSONPath: {problem}", node)
    return template


def _is_exact(item: Node) -> bool:
    """Whether the nearest `x-watchword-comparison`, of the criterion or above it, says `exact`."""
    value = item.document.value
    found = value.get(_COMPARISON)
    for token in parse_pointer(item.pointer):
        value = value[int(token)] if isinstance(value, list) else value[token]
        if isinstance(value, dict) and _COMPARISON in value:
            found = value[_COMPARISON]
    return bool(found == "exact")


def _with_caret(text: str, reason: str, position: int) -> str:
    line = text.replace("\n", " ")
    start = max(0, min(position - 36, len(line) - 72))
    return f"{reason} at position {position}\n  {line[start : start + 72]}\n  {' ' * (position - start)}^"
