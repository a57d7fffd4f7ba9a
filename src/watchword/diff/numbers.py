"""A number with given properties, or the proof that there is none. Exact: fractions, no floats."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import gcd, lcm

from watchword.diff import claims as of
from watchword.diff.judged import number_meets
from watchword.diff.outcome import NOTHING, Found, Outcome, undecided

_MOST_TRIED = 20_000
_WHOLE = Fraction(1)


def number_of(wanted: Iterable["of.Numeric"], unwanted: Iterable["of.Numeric"], excluded: set[Fraction]) -> Outcome:
    """A number that meets all wanted and none of the unwanted claims and is not excluded, near zero."""
    wanted, unwanted = list(wanted), list(unwanted)
    low, high = _ends(wanted, unwanted)
    if low is not None and high is not None and low > high:
        return NOTHING
    steps = [
        claim.of if isinstance(claim, of.Multiple) else _WHOLE for claim in wanted if not isinstance(claim, of.Bound)
    ]
    barred = [
        claim.of if isinstance(claim, of.Multiple) else _WHOLE for claim in unwanted if not isinstance(claim, of.Bound)
    ]

    def fits(value: Fraction) -> bool:
        return (
            all(number_meets(claim, value) for claim in wanted)
            and not any(number_meets(claim, value) for claim in unwanted)
            and value not in excluded
        )

    if steps:
        return _on_grid(_joint(steps), barred, low, high, len(excluded), fits)
    for value in _scattered(low, high, barred):
        if fits(value):
            return Found(of.number(value))
    if low is not None and low == high:
        return NOTHING
    return undecided("a number between two bounds")


def _ends(wanted: list["of.Numeric"], unwanted: list["of.Numeric"]) -> tuple[Fraction | None, Fraction | None]:
    """The least and greatest limit; exclusive ones are told apart when a number is tried."""
    bounds = [(claim.limit, claim.upper) for claim in wanted if isinstance(claim, of.Bound)]
    bounds += [(claim.limit, not claim.upper) for claim in unwanted if isinstance(claim, of.Bound)]
    lows, highs = [limit for limit, upper in bounds if not upper], [limit for limit, upper in bounds if upper]
    return max(lows, default=None), min(highs, default=None)


def _joint(steps: list[Fraction]) -> Fraction:
    """The least common multiple."""
    found = steps[0]
    for step in steps[1:]:
        found = Fraction(lcm(found.numerator, step.numerator), gcd(found.denominator, step.denominator))
    return found


def _on_grid(
    step: Fraction, barred: list[Fraction], low: Fraction | None, high: Fraction | None, excluded: int, fits: object
) -> Outcome:
    """The first multiple of the step that fits. After one period of what is barred, nothing new comes."""
    assert callable(fits)
    period = 1
    for each in barred:
        period = lcm(period, (_joint([step, each]) / step).numerator)
    first = None if low is None else -((-low) // step)
    last = None if high is None else high // step
    room = None if first is None or last is None else max(0, int(last - first) + 1)
    enough = period * (excluded + 3)
    for tried, index in enumerate(_near_zero(first, last)):
        if tried >= _MOST_TRIED:
            return undecided("`multipleOf`")
        if fits(index * step):
            return Found(of.number(index * step))
        if tried > enough and room is None:
            return NOTHING
    return NOTHING


def _near_zero(first: int | None, last: int | None) -> Iterator[int]:
    """Whole numbers between two ends (None: no end), nearest to zero first."""
    start = (
        0
        if (first is None or first <= 0) and (last is None or last >= 0)
        else first
        if first is not None and first > 0
        else last
    )
    assert start is not None
    if (first is not None and last is not None and first > last) or (first is None and last is None and start):
        return
    yield start
    distance = 1
    while True:
        up, down = start + distance, start - distance
        up_open, down_open = last is None or up <= last, first is None or down >= first
        if up_open:
            yield up
        if down_open:
            yield down
        if not up_open and not down_open:
            return
        distance += 1


def _scattered(low: Fraction | None, high: Fraction | None, barred: list[Fraction]) -> Iterator[Fraction]:
    """Numbers of all kinds between two limits, plain ones first."""
    start = Fraction(0) if low is None else low
    limits = [limit for limit in (low, high) if limit is not None]
    yield from limits
    yield from (Fraction(n) for n in range(-2, 65) if (low is None or n >= low) and (high is None or n <= high))
    if low is not None and high is not None:
        start, width = low, high - low
        for scale in (2, 10, 100, 1000, 10**6):
            yield from (low + width * n / scale for n in (1, 3, 7))
            yield from (Fraction(round(low * scale) + n, scale) for n in range(-2, 12))
        yield from (low + width * Fraction(n, 1009) for n in range(1, 1009))
        return
    base = high if high is not None and low is None else start
    sign = -1 if high is not None and low is None else 1
    yield from (base + sign * Fraction(n, scale) for scale in (1, 2, 10, 100, 1000) for n in range(1, 64))
    yield from (base + sign * each / 2 for each in barred)
    yield from (base + sign * each * n for each in barred for n in range(1, 64))
