"""Hostile and large rules: each compiles or is refused by name, within two seconds of one processor."""

import random
import time

import pytest

from watchword.ground import RuleTooLarge, UnsupportedPattern
from watchword.language import Limits, Rules, pattern_language

_SECONDS = 2.0


@pytest.fixture(autouse=True)
def _in_time():
    begun = time.process_time()
    yield
    assert time.process_time() - begun < _SECONDS * 1.5


@pytest.mark.parametrize(
    "pattern",
    [
        r".*a.{16}b",
        r"^.*a.{16}$",
        r"(a{1000}){1000}",
        r"^(a|b)*a(a|b){14}$",
        r"(?=(.*a.{8}))(?=.*b.{9})c",
        r"(?=[^x]*x.{9})(?=[^y]*y.{9})(?=[^z]*z.{9})a",
        r"^.{0,2000}a.{0,2000}$",
        "a" * 100_000,
        r"(?=.{1,1024}$)(https)://([^/]+)/(.+)",
    ],
)
def test_hostile_pattern_is_refused_in_time(pattern):
    """What would take too many states or steps says so, and names the limit."""
    with pytest.raises(RuleTooLarge, match=r"is too large: it needs more than [0-9,]+ (nodes|states|steps|cells)"):
        pattern_language(pattern)


@pytest.mark.parametrize(
    ("pattern", "shortest"),
    [
        (r"^[a-z]{1,65535}$", 1),
        (r"^a.{1,65535}b$", 3),
        (r"a{1,65535}b", 2),
        (r"(x+x+)+y", 3),
        (r"^(([a-z])+.)+[A-Z]([a-z])+$", 4),
        (r"(?:a?){50}a{50}", 50),
        (r"^(a{1,300}b{1,300}){1,5}$", 2),
        (r"^(?:\p{L}|\p{N}|[ -~]){1,64}$", 1),
        (r"((a{0,30}){0,30}){0,30}", 0),
        (r"((a{0,30}){0,30}b){0,30}c", 1),
    ],
)
def test_pattern_that_only_looks_large_compiles(pattern, shortest):
    """Bounds that a length can tell, and nested repeats that ruin backtracking, are no trouble."""
    assert pattern_language(pattern).shortest == shortest


def test_rule_that_is_too_large_can_still_be_judged():
    """Judging needs no whole automaton: only the states that a text leads through."""
    rules = Rules.of({"pattern": "^.*a.{16}$"})
    assert rules.broken("b" * 100) == ("value/pattern",)
    assert rules.accepts("b" * 20 + "a" + "c" * 16)
    with pytest.raises(RuleTooLarge):
        assert rules.valid


def test_list_of_ten_thousand_texts_compiles():
    """An enum of 10,000 words is a tree with its endings shared."""
    draw = random.Random(1)
    letters = "abcdefghijklmnopqrstuvwxyz0123456789-_"
    words = sorted({"".join(draw.choices(letters, k=draw.randint(3, 12))) for _ in range(10_000)})
    rules = Rules.of({"enum": words})
    assert rules.valid.count() == len(words)
    assert rules.valid.sample(draw) in set(words)
    assert rules.accepts(words[77])
    assert not rules.accepts(words[77] + "!")


def test_fourteen_things_that_must_occur_compile():
    """Fourteen rules of one letter each make 16,384 states, and their languages answer."""
    rules = Rules.of({"allOf": [{"pattern": letter} for letter in "abcdefghijklmn"]})
    assert rules.valid.witness() == "abcdefghijklmn"
    assert rules.broken("abcdefghijklm") == ("value/pattern.14",)


def test_limits_are_the_callers_to_set():
    """A smaller limit refuses what the default allows."""
    with pytest.raises(RuleTooLarge, match="more than 3 states"):
        pattern_language("^abcdef$", limits=Limits(states=3))


@pytest.mark.parametrize("pattern", ["(" * 500 + ")" * 500, "(?:" * 500, "[" * 500, "(?=" * 90 + ")" * 90])
def test_deep_nesting_is_refused(pattern):
    """Brackets deeper than anybody writes are refused before they can exhaust the stack."""
    with pytest.raises(UnsupportedPattern):
        pattern_language(pattern)
