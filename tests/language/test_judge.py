"""Judging one text: linear time, lone surrogates, and the languages' verdicts."""

import subprocess
import sys
import time

import watchword
import watchword.language as room
from watchword.language import Rules, parts_of
from watchword.language.dialects import parse_pattern
from watchword.language.judge import Matcher
from watchword.language.limits import Limits


def test_judge_is_linear_where_backtracking_is_not():
    """A pattern that ruins backtracking engines judges a hundred thousand characters in well under a second."""
    rules = Rules.of({"pattern": "^(a+)+$"})
    begun = time.process_time()
    assert rules.broken("a" * 100_000 + "!") == ("value/pattern",)
    assert time.process_time() - begun < 1.0


def test_lone_surrogate_is_a_character_like_any_other():
    """JSON may carry half of a pair; it is counted as one code point and judged."""
    rules = Rules.of({"maxLength": 2, "pattern": "^[a\ud800]*$"})
    assert rules.broken("a\ud800") == ()
    assert rules.broken("\ud800\ud800\ud801") == ("value/maxLength", "value/pattern")


def test_one_astral_character_is_one_character():
    """Lengths count code points: an emoji is one."""
    assert Rules.of({"maxLength": 1}).accepts("\U0001f600")
    assert not Rules.of({"maxLength": 1}).accepts("\U0001f600\U0001f600")


def test_matcher_that_forgot_its_states_still_judges_right():
    """States are remembered up to a bound and made anew beyond it."""
    rules = Rules.of({"pattern": "^.*a.{14}$"})
    text = "".join("ab"[(index * index + index // 7) % 3 % 2] for index in range(30_000))
    assert rules.accepts(text) == (text[-15] == "a")
    shifted = text[:-1]
    assert rules.accepts(shifted) == (shifted[-15] == "a")


def test_matcher_keeps_to_its_limits_over_many_texts():
    """The steps of one matcher are those of its construction, not of all texts it ever saw."""
    judge = Matcher(parse_pattern("^[^a]*$"), "no a", Limits(steps=20_000))
    assert all(judge("".join(map(chr, range(start, start + 1_000)))) for start in range(0x100, 0xD000, 1_000))


def test_parts_need_no_automaton():
    """Reading the rules of a schema imports no automaton, and the package itself nothing at all."""
    lines = [
        "import sys, types",
        "sys.modules['watchword'] = package = types.ModuleType('watchword')",
        f"package.__path__ = {list(watchword.__path__)!r}",
        "import watchword.language.parts, watchword.language.rust",
        "heavy = ('random', 'hypothesis', 'jsonschema')",
        "rooms = ('automaton', 'language', 'judge', 'rules', 'foreign')",
        "print([m for m in (*heavy, *(f'watchword.language.{room}' for room in rooms)) if m in sys.modules])",
    ]
    program = "\n".join(lines)
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_exported_names_can_be_imported():
    """Everything in `__all__` is there, and nothing else pretends to be."""
    assert all(getattr(room, name) is not None for name in room.__all__)
    assert sorted(room.__all__) == sorted(room._HOMES)
    assert parts_of is room.parts_of
