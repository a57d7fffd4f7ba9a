r"""A repeat at an open end of a pattern, where its bound says nothing.

Patterns are searched for: without `$` the rule `^[a-z]{3,8}` is met by `abc!!!`, and the 8 is never looked at.
Often the anchor was forgotten, or binds one alternative only, as in `^in|out$`. The witness is a text that the whole
schema accepts and that the closed pattern would not.

Bad:

    pattern: '^[a-z]{3,8}'

Good:

    pattern: '^[a-z]{3,8}$'
"""

from collections.abc import Iterator

from watchword.ground import PatternError, RuleTooLarge, Severity, cut, redact
from watchword.language import Rules, parts_of
from watchword.language.clauses import Matches
from watchword.language.language import Language
from watchword.language.ranges import size
from watchword.language.render import render_pattern
from watchword.language.simplify import items_of
from watchword.language.syntax import Chars, Choice, End, Look, Node, Repeat, Sequence, Start
from watchword.lint.problem import Problem
from watchword.lint.strings import Text, limits, texts_of
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "language"
_NEARLY_ALL = 1_000_000
"""A set of that many code points is meant as "anything"."""


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per pattern that is open where it repeats, with the shortest text that slips through."""
    for text in texts_of(subject):
        for part in text.parts:
            is_own = part.at.startswith(text.schema.at + "/")  # what is referred to is judged where it stands
            if is_own and isinstance(part.test, Matches) and part.test.node is not None and part.pattern == part.value:
                closed = _closed(part.test.node)
                witness = None if closed is None else _slips_through(text, closed)
                if witness is not None:
                    shown = redact(witness, secret=False)
                    yield Problem(text.at(part), f"`{cut(part.value)}` is open at an end: {shown} is accepted")


def _closed(tree: Node) -> str | None:
    """The pattern with both anchors, if a bound of its is idle for want of one; only plain patterns are looked at."""
    items = items_of(tree)
    if not items or any(isinstance(item, Look) for item in items):
        return None
    if len(items) == 1 and isinstance(items[0], Choice):
        return _half_anchored(items[0])
    begins, ends = isinstance(items[0], Start), isinstance(items[-1], End)
    opened = not ends and (_is_idle(items[-1]) or (begins and _is_count(items[-1])))
    started = not begins and (_is_idle(items[0]) or (ends and _is_count(items[0])))
    if not (opened or started) or _has_anchor_inside(items):
        return None
    whole = Sequence((Start(), *items, End()))
    return render_pattern(whole, "ecma")


def _is_idle(item: Node) -> bool:
    """Whether it is a repeat of a set whose bounds cannot matter at an open end."""
    return (
        isinstance(item, Repeat)
        and isinstance(item.item, Chars)
        and item.low != item.high
        and item.low > 0
        and size(item.item.ranges) < _NEARLY_ALL
    )


def _is_count(item: Node) -> bool:
    """Whether it is a set exactly so many times, which beside one anchor is meant as a length."""
    return isinstance(item, Repeat) and isinstance(item.item, Chars) and item.low == item.high and item.low > 1


def _half_anchored(choice: Choice) -> str | None:
    """`^(?:a|b)$` for `^a|b$`, where each anchor binds one alternative only."""
    branches = [items_of(item) for item in choice.options]
    first, last = branches[0], branches[-1]
    if not (all(branches) and isinstance(first[0], Start) and isinstance(last[-1], End)):
        return None
    between = [first[1:], *branches[1:-1], last[:-1]]
    if any(isinstance(item, Start | End | Look) for branch in between for item in branch):
        return None
    return render_pattern(Sequence((Start(), Choice(tuple(Sequence(tuple(each)) for each in between)), End())), "ecma")


def _has_anchor_inside(items: list[Node]) -> bool:
    return any(isinstance(item, Start | End) for item in items[1:-1])


def _slips_through(text: Text, closed: str) -> str | None:
    return text.once((_slips_through, closed), lambda: _witness(text.rules, closed))


def _witness(rules: Rules | None, closed: str) -> str | None:
    """The shortest text that the rules accept and the closed pattern does not."""
    if rules is None:
        return None
    try:
        narrow = Rules(parts_of({"pattern": closed}, name="closed"), "closed", limits()).valid
        left: Language = rules.valid - narrow
        return left.witness()
    except (PatternError, RuleTooLarge):
        return None
