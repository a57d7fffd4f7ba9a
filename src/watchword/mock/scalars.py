"""Strings and numbers that satisfy flat conjunctions of schemas, simplest first. Knows no other type."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import count, islice
from math import gcd, lcm
from typing import Any

from watchword.ground import RuleTooLarge, UnsupportedPattern
from watchword.language import Rules
from watchword.mock.alternatives import Flat

Json = Any

_STRING_KEYWORDS = ("minLength", "maxLength", "pattern")
_MOST = 64

# A plain value of each format that the engine checks (JSON Schema 2020-12 validation, 7.3).
_FORMATS = {
    "date": "2000-01-01",
    "date-time": "2000-01-01T00:00:00Z",
    "time": "00:00:00Z",
    "duration": "P1D",
    "email": "someone@example.com",
    "idn-email": "someone@example.com",
    "hostname": "example.com",
    "idn-hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "uri-reference": "/example",
    "uri-template": "/example/{id}",
    "iri": "https://example.com/",
    "iri-reference": "/example",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "json-pointer": "/example",
    "relative-json-pointer": "0",
    "regex": "^example$",
}


def strings(flat: Flat, name: str) -> Iterator[str]:
    """A plain text of the format, then the simplest texts of the language; `string` where nothing is demanded."""
    parts = [{key: part[key] for key in _STRING_KEYWORDS if key in part} for part in flat]
    parts = [part for part in parts if part]
    formats = [_FORMATS[part["format"]] for part in flat if part.get("format") in _FORMATS]
    if not parts:
        yield from formats
        yield "string"
        yield from (f"string{number}" for number in range(2, _MOST))
        return
    try:
        rules = Rules.of({"allOf": parts}, name=name)
        plain = formats if any("pattern" in part for part in parts) else [*formats, "string"]
        yield from (text for text in plain if rules.accepts(text))
        yield from islice(rules.valid.members(), _MOST)
    except (RuleTooLarge, UnsupportedPattern):
        yield from (*formats, "string")  # the engine decides whether one of them will do


def numbers(flat: Flat, *, whole: bool) -> Iterator[int | float]:
    """0 where that is allowed, else the allowed number closest to it, then its neighbours."""
    step = _step(flat, whole=whole)
    low = max((bound for part in flat for bound in _low(part)), default=None)
    high = min((bound for part in flat for bound in _high(part)), default=None)
    start = 0
    if low is not None and low[0] > 0:
        start = low[0] // step
    elif high is not None and high[0] < 0:
        start = high[0] // step
    direction = -1 if high is not None and high[0] <= 0 else 1
    for number in islice(count(start, direction), _MOST):
        value = number * step
        if (low is None or (value, 0) >= low) and (high is None or (value, 0) <= high):
            yield int(value) if value.denominator == 1 else float(value)


def _step(flat: Flat, *, whole: bool) -> Fraction:
    """A number of which every allowed one can be a multiple."""
    given = [Fraction(str(part["multipleOf"])) for part in flat if part.get("multipleOf", 0) > 0]
    step = Fraction(1)
    for number in given:
        step = _least_common_multiple(step if whole or step != 1 else number, number)
    if not given and not whole:
        bounds = [bound[0] for part in flat for bound in (*_low(part), *_high(part))]
        step = min([Fraction(1), *(Fraction(1, bound.denominator) for bound in bounds)]) / (2 if bounds else 1)
    return step


def _least_common_multiple(left: Fraction, right: Fraction) -> Fraction:
    return Fraction(lcm(left.numerator, right.numerator), gcd(left.denominator, right.denominator))


def _low(part: Json) -> Iterator[tuple[Fraction, int]]:
    """Lower bounds; the second member is 1 where the bound itself is out."""
    if "minimum" in part:
        yield Fraction(str(part["minimum"])), 0
    if "exclusiveMinimum" in part:
        yield Fraction(str(part["exclusiveMinimum"])), 1


def _high(part: Json) -> Iterator[tuple[Fraction, int]]:
    if "maximum" in part:
        yield Fraction(str(part["maximum"])), 0
    if "exclusiveMaximum" in part:
        yield Fraction(str(part["exclusiveMaximum"])), -1
