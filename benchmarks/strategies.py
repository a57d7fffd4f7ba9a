"""Examples a second inside of `@given` for the ROMA password, beside what else could draw it. CPU time, one process.

Each strategy runs several times in turn, so that a busy machine hits all alike; the medians are shown. A strategy that
gives up (health check, nothing found) is counted with what it drew until then.
"""

import contextlib
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException
from hypothesis.strategies import SearchStrategy
from hypothesis_jsonschema import from_schema

from benchmarks.language import AS_ONE, PASSWORD
from benchmarks.table import bar, show
from watchword.language import Rules
from watchword.strategies import broken_strings, valid_strings

_ROUNDS = 9
_FAST, _SLOW, _SLOWEST = 1_000, 40, 4
_SLOW_ROUNDS = 3
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz~!@#$%^&*()-_=+|[{}];:<>/?"
OURS, TEXT, FILTERED = "valid_strings", "st.text", "st.text(alphabet).filter(valid)"
REGEX, LIBRARY, FUZZER = "st.from_regex, look-aheads", "hypothesis-jsonschema", "schemathesis"


def run() -> bool:
    """Print a row a strategy: examples a second, and that beside `st.text`. False where a bar is missed."""
    rates: dict[str, list[float]] = {name: [] for name in _contenders()}
    for number in range(_ROUNDS):
        for name, (strategy, count) in _contenders().items():
            if count == _FAST or number < _SLOW_ROUNDS:
                rates[name].append(_rate(strategy, count))
    medians = {name: median(found) for name, found in rates.items()}
    rows = [[name, f"{rate:,.1f}", f"{rate / medians[TEXT]:.3f}"] for name, rate in medians.items()]
    show("strategies: the ROMA password inside @given, CPU time", ["strategy", "examples/s", "of st.text"], rows)
    bars = [(LIBRARY, 20.0), (FUZZER, 20.0), (TEXT, 0.5), (FILTERED, 0.95)]  # the last: not behind, but for noise
    kept = [_bar(medians[OURS] / medians[other], other, least) for other, least in bars]
    return all(kept)


def _bar(times: float, other: str, least: float) -> bool:
    return bar(f"{OURS} is {times:,.2f} times {other}, at least {least:g} wanted", holds=times >= least)


def _contenders() -> dict[str, tuple[SearchStrategy[Any], int]]:
    rules = Rules.of(PASSWORD, name="Password")
    schema: dict[str, Any] = PASSWORD
    valid: Callable[[str], bool] = rules.accepts
    return {
        OURS: (valid_strings(rules), _FAST),
        "broken_strings": (broken_strings(rules), _FAST),
        TEXT: (st.text(min_size=16, max_size=32), _FAST),
        "st.text(alphabet)": (st.text(_ALPHABET, min_size=16, max_size=32), _FAST),
        FILTERED: (st.text(_ALPHABET, min_size=16, max_size=32).filter(valid), _FAST),
        REGEX: (st.from_regex(AS_ONE, fullmatch=True), _SLOWEST),
        LIBRARY: (from_schema(schema), _SLOW),
        FUZZER: (_fuzzed(), _SLOW),
    }


def _fuzzed() -> SearchStrategy[Any]:
    body = {"required": True, "content": {"application/json": {"schema": PASSWORD}}}
    operation = {"requestBody": body, "responses": {"200": {"description": "Taken."}}}
    document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/x": {"post": operation}}}
    strategy: SearchStrategy[Any] = schemathesis.openapi.from_dict(document)["/x"]["POST"].as_strategy()
    return strategy


def _rate(strategy: SearchStrategy[Any], count: int) -> float:
    drawn = [0]

    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def take(_: Any) -> None:
        drawn[0] += 1

    start = time.process_time()
    with contextlib.suppress(HypothesisException):
        take()
    return drawn[0] / (time.process_time() - start)


if __name__ == "__main__":
    run()
