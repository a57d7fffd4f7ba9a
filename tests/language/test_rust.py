"""Patterns handed to jsonschema-rs decide as ECMA-262 does, and stay as they are where they already did."""

import jsonschema_rs
import pytest

from watchword.ground import UnsupportedPattern
from watchword.language import rust_pattern

_CHARACTERS = [chr(point) for point in range(0x100)] + list(
    "\u0130\u0131\u017f\u0660\u0665\u1680\u180e\u2000\u200b\u2028\u2029\u202f\u212a\u3000\ufeff\uff10\U0001d7d8\U0001f432"
)
_PAIRS = [left + right for left in "aé_ \n-" for right in ("", "a", "é", "_", "-", "\n", "\r", " ", "\u2028")]

_SAME = [
    r"^[a-z0-9-]{1,64}$",
    r"^\d+$",
    r"[\w.-]+@\S+",
    r"^[^\s]+$",
    r"^(?=[a-z])[a-z0-9]{3,8}$",
    r"^(?<year>[0-9]{4})-[0-9]{2}$",
    r"^\p{Lu}\p{L}*$",
    r"^[~!@#$%^&*()\-_=+|[{}\];:<>/?]*$".replace("|[", "|\\["),
    r"^\/api\/[^/]+$",
    r"^[\u0000-\u001F]*$",
    r"^\u{1F432}*$",
    r"^[+\-.]$",
]
_DIFFERENT = [
    r"^.$",
    r"\ba",
    r"a\B",
    r"^[^]$",
    r"^[]$",
    r"^(?:[]|a)$",
    r"^\0$",
    r"^[\0a]$",
    r"^[\b]$",
    r"^\uD83D\uDC32$",
    r"^[\uD83D\uDC32]$",
    r"^(?!x)\d$",
    r"^(?!x)\w$",
    r"^(?!x)[\w-]$",
    r"^(?!x)[^\W_]$",
    r"^(?!x)\s$",
    r"^(?!x)[^\S ]$",
    r"^(?!x)\cI$",
    r"^a{,2}$",
    r"^a{2$",
    r"^\<$",
    r"^[\<]$",
    r"^\Aa\z$",
    r"^\a$",
    r"^\01$",
    r"^[\w-.]$",
    r"(?<=a|^).$",
    r"(?=.$)",
]


@pytest.mark.parametrize("pattern", _SAME)
def test_pattern_with_one_meaning_stays_as_it_is(pattern, node):
    """What both engines read alike is handed over unchanged."""
    assert rust_pattern(pattern) == pattern
    _agree(pattern, node)


@pytest.mark.parametrize("pattern", _DIFFERENT)
def test_pattern_with_two_meanings_is_spelled_out(pattern, node):
    """What jsonschema-rs reads otherwise, or refuses, is written so that it decides as node does."""
    assert rust_pattern(pattern) != pattern
    _agree(pattern, node)


def _agree(pattern, node):
    texts = _CHARACTERS + _PAIRS
    expected = node(pattern, texts)
    if isinstance(expected, str):
        expected = node(pattern, texts, "")
    validator = jsonschema_rs.validator_for({"pattern": rust_pattern(pattern)})
    verdicts = [validator.is_valid(text) for text in texts]
    assert [(t, e) for t, e, v in zip(texts, expected, verdicts, strict=True) if e != v] == []


def _generated(node, maker, texts, count):
    """Returns how many were compared; look-around in a look-behind of varying length is refused."""
    compared = 0
    for _ in range(count):
        pattern = maker.pattern(2)
        try:
            validator = jsonschema_rs.validator_for({"pattern": rust_pattern(pattern)})
        except UnsupportedPattern as problem:
            refusal = problem.reason
        else:
            refusal = ""
        if refusal:
            assert "look-behind of varying length" in refusal
            continue
        compared += 1
        expected = node(pattern, texts)
        if "timed out" in expected:
            continue
        wrong = [t for t, verdict in zip(texts, expected, strict=True) if validator.is_valid(t) != verdict]
        assert not wrong, f"{pattern!r} as {rust_pattern(pattern)!r} on {wrong[:5]!r}"
    return compared


def test_generated_patterns_decide_alike_in_node_and_jsonschema_rs(node, pattern_maker, short_texts):
    """Random patterns, look-around included, once spelled for jsonschema-rs, agree with node on every text."""
    assert _generated(node, pattern_maker(21), short_texts[::11], 150) > 130


@pytest.mark.slow
def test_thousands_of_generated_patterns_decide_alike_in_node_and_jsonschema_rs(node, pattern_maker, short_texts):
    """The same for 3,000 patterns."""
    assert _generated(node, pattern_maker(22), short_texts[::5], 3000) > 2700


def test_unreadable_pattern_is_refused_with_its_position():
    """A pattern that is no ECMA-262 pattern is the caller's mistake, and shown with a caret."""
    with pytest.raises(UnsupportedPattern, match="missing `\\)` at position 1"):
        rust_pattern("a(b")
