"""What a schema and the parts that always hold with it leave of numbers. Judges nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Any

from watchword.document import Node
from watchword.lint.reach import key_of
from watchword.lint.subject import Subject
from watchword.lint.types import types_of

Json = Any
_MOST_PARTS = 50


@dataclass(eq=False, slots=True)
class Range:
    """Bounds, each with whether it is itself left out, and the node that sets it; `step` is of all multiples."""

    low: tuple[Fraction, bool] | None = None
    high: tuple[Fraction, bool] | None = None
    step: Fraction | None = None
    set_by: list[Node] = field(default_factory=list)

    def take(self, node: Node, version: str) -> None:
        """Narrow by the keywords of one schema."""
        for keyword, flag, is_low in (
            ("minimum", "exclusiveMinimum", True),
            ("maximum", "exclusiveMaximum", False),
        ):
            bound, strict = _number(node.value.get(keyword)), node.value.get(flag)
            if bound is not None:
                self._bound(node, keyword, bound, version == "3.0" and strict is True, is_low)
            other = _number(strict)
            if other is not None:
                self._bound(node, flag, other, True, is_low)
        step = _number(node.value.get("multipleOf"))
        if step is not None and step > 0:
            self._step(step)
            self.set_by.append(node.child("multipleOf"))

    def _bound(self, node: Node, keyword: str, bound: Fraction, is_open: bool, is_low: bool) -> None:
        if is_low and (self.low is None or (bound, is_open) > self.low):
            self.low = (bound, is_open)
            self.set_by.append(node.child(keyword))
        elif not is_low and (self.high is None or (bound, not is_open) < (self.high[0], not self.high[1])):
            self.high = (bound, is_open)
            self.set_by.append(node.child(keyword))

    def _step(self, step: Fraction) -> None:
        if self.step is None:
            self.step = step
        else:
            self.step = Fraction(
                lcm(self.step.numerator * step.denominator, step.numerator * self.step.denominator),
                self.step.denominator * step.denominator,
            )

    def is_empty(self, *, whole: bool) -> bool:
        """Whether no number is left, or no integer."""
        if self.low is None or self.high is None:
            return False
        if self.low[0] > self.high[0] or (self.low[0] == self.high[0] and (self.low[1] or self.high[1])):
            return True
        step = self.step
        if whole:
            step = Fraction(lcm(step.numerator, step.denominator), step.denominator) if step else Fraction(1)
        if step is None:
            return False
        first, last = self.low[0] / step, self.high[0] / step
        least = floor(first) + 1 if self.low[1] else ceil(first)
        most = ceil(last) - 1 if self.high[1] else floor(last)
        return least > most

    def holds(self, value: Json) -> bool:
        """Whether a number is left."""
        number = _number(value)
        if number is None:
            return False
        above = self.low is None or number > self.low[0] or (number == self.low[0] and not self.low[1])
        below = self.high is None or number < self.high[0] or (number == self.high[0] and not self.high[1])
        return above and below and (self.step is None or (number / self.step).denominator == 1)


def range_of(parts: list[Node], version: str) -> Range:
    """What is left of numbers by all of the parts."""
    found = Range()
    for node in parts:
        found.take(node, version)
    return found


def parts_of(subject: Subject, start: Node) -> list[Node]:
    """The schema and all that holds with it: what it refers to, and `allOf`, document order."""
    return list(_parts(subject, start, set()))


def _parts(subject: Subject, start: Node, seen: set[tuple[int, str]]) -> Iterator[Node]:
    if key_of(start) in seen or len(seen) > _MOST_PARTS or not isinstance(start.value, dict):
        return
    seen.add(key_of(start))
    is_alone = "$ref" in start.value and subject.version == "3.0"
    if not is_alone:
        yield start
    if "$ref" in start.value:
        target = subject.follow(start)
        if target is not None:
            yield from _parts(subject, target, seen)
    held = start.get("allOf") if not is_alone else None
    for child in held.items() if held else ():
        yield from _parts(subject, child, seen)


def common_types(parts: list[Node], version: str) -> frozenset[str] | None:
    """The types that all parts allow, an integer being a number; `None` where none of them says."""
    found: frozenset[str] | None = None
    for node in parts:
        types = types_of(node.value, version)
        if types is not None:
            types = types | {"integer"} if "number" in types else types
            found = types if found is None else found & types
    return found


def _number(value: Json) -> Fraction | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return Fraction(str(value))
