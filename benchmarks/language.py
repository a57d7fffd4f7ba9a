"""The language room on the ROMA password: compiling, drawing and judging, beside what one would do without it."""

import random
import re
import time
from collections.abc import Callable

import jsonschema_rs

from watchword.language import Rules
from watchword.language.build import pattern_automaton
from watchword.language.dialects import parse_noted

_SPECIAL = r"~!@#$%^&*()_=+|\[{}\];:<>/?-"
PASSWORD = {
    "type": "string",
    "allOf": [
        {"title": "length", "minLength": 16, "maxLength": 32},
        {"title": "digit", "pattern": "[0-9]"},
        {"title": "upper", "pattern": "[A-Z]"},
        {"title": "lower", "pattern": "[a-z]"},
        {"title": "special", "pattern": f"[{_SPECIAL}]"},
        {"title": "alphabet", "pattern": f"^[A-Za-z0-9{_SPECIAL}]*$"},
    ],
}
AS_ONE = f"^(?:(?=.*[0-9])(?=.*[A-Z])(?=.*[a-z])(?=.*[{_SPECIAL}]))[A-Za-z0-9{_SPECIAL}]{{16,32}}$"
_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789~!@#$%^&*()_=+|[{}];:<>/?-"


def run() -> None:
    """Print one row a measurement: what, how long or how many a second."""
    print("language: the ROMA password")
    _row("compile the rules and the language of valid values", _least(_compiled), "ms")
    _row("the same, written as one pattern with look-aheads", _least(lambda: _compiled({"pattern": AS_ONE})), "ms")
    rules = Rules.of(PASSWORD, name="Password")
    draw = random.Random(1)
    _row("compile and draw the first sample", _least(lambda: _compiled().valid.sample(draw)), "ms")
    rules.valid.sample(draw)
    _row("sample, length law", _rate(lambda: rules.valid.sample(draw)), "a second")
    _row("sample, uniform law", _rate(lambda: rules.valid.sample(draw, law="uniform")), "a second")
    _row("sample that breaks one rule", _rate(lambda: rules.near("Password/upper").sample(draw)), "a second")
    _row("  peer: random.choices, drawn again until five re.search agree", _rate(lambda: _rejected(draw)), "a second")
    values = [rules.valid.sample(draw) for _ in range(2_000)]
    _row(
        "broken(text), all seven rules",
        _rate(lambda: [rules.broken(value) for value in values], 20) * 2_000,
        "a second",
    )
    validator = jsonschema_rs.validator_for(PASSWORD)
    _row(
        "  peer: jsonschema-rs, list(iter_errors(text))",
        _rate(lambda: [list(validator.iter_errors(value)) for value in values], 20) * 2_000,
        "a second",
    )


def _compiled(schema: object = PASSWORD) -> Rules:
    """The rules, nothing remembered from an earlier call."""
    parse_noted.cache_clear()
    pattern_automaton.cache_clear()
    rules = Rules.of(schema, name="Password")
    assert not rules.valid.is_empty
    return rules


_SEARCHES = [re.compile(part["pattern"]).search for part in PASSWORD["allOf"][1:]]  # type: ignore[index]


def _rejected(draw: random.Random) -> str:
    while True:
        text = "".join(draw.choices(_CHARACTERS, k=draw.randint(16, 32)))
        if all(search(text) for search in _SEARCHES):
            return text


def _least(call: Callable[[], object], times: int = 30) -> float:
    """The shortest of so many runs, in milliseconds of processor time."""
    found = []
    for _ in range(times):
        begun = time.process_time()
        call()
        found.append(time.process_time() - begun)
    return min(found) * 1000


def _rate(call: Callable[[], object], times: int = 20_000) -> float:
    """Calls a second of processor time, the best of three rounds: what others do on the machine counts little."""
    best = 0.0
    for _ in range(3):
        begun = time.process_time()
        for _ in range(times):
            call()
        best = max(best, times / (time.process_time() - begun))
    return best


def _row(what: str, number: float, unit: str) -> None:
    print(f"  {what:<64} {number:>12,.2f} {unit}" if unit == "ms" else f"  {what:<64} {number:>12,.0f} {unit}")
