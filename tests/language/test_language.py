"""Sets of texts: algebra, counts, samples, witnesses, boundaries and walks."""

import math
import random
from collections import Counter
from itertools import islice, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watchword.ground import RuleTooLarge
from watchword.language import Rules, pattern_language
from watchword.language.language import everything, nothing

_SMALL = [
    "^a*$",
    "^[ab]{1,3}$",
    "a",
    "^(ab)*$",
    "^(?!a)[ab]*$",
    "b$",
    r"\bab",
    "^a{2}|b$",
    "(?<=a)b",
    "^[ab]{2,5}$",
    "^$",
    "[]",
    "^.{3,}$",
]
_TEXTS = ["".join(letters) for length in range(7) for letters in product("ab", repeat=length)]
_AB = pattern_language("^[ab]*$")

languages = st.sampled_from(_SMALL).map(pattern_language) | st.integers(0, 4).map(
    lambda low: Rules.of({"minLength": low, "maxLength": low + 2}).valid
)


@given(languages, languages, languages)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_languages_obey_the_laws_of_boolean_algebra(left, middle, right):
    """Intersection, union, difference and complement behave as those of sets."""
    assert left & (middle | right) == (left & middle) | (left & right)
    assert ~(left & right) == ~left | ~right
    assert left - right == left & ~right
    assert ~~left == left
    assert left ^ right == (left - right) | (right - left)
    assert (left & ~left).is_empty
    assert left | ~left == everything()
    assert left & right <= left <= left | right
    assert (left <= right) == (left & right == left)
    assert (left < right) == (left <= right and left != right)
    assert (left >= right) == (right <= left)
    assert not (left | right) < right


@given(languages, languages)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_membership_agrees_with_the_operators(left, right):
    """A text is in a combination exactly when logic says so."""
    for text in _TEXTS[::5]:
        assert (text in left & right) == (text in left and text in right)
        assert (text in left | right) == (text in left or text in right)
        assert (text in left - right) == (text in left and text not in right)
        assert (text in ~left) == (text not in left)


@pytest.mark.parametrize("pattern", _SMALL)
def test_counts_equal_those_of_brute_force(pattern):
    """The number of texts of each length over two letters is what trying all of them gives."""
    language = pattern_language(pattern) & _AB
    members = [text for text in _TEXTS if text in language]
    for length in range(7):
        assert language.count(length) == sum(len(text) == length for text in members)
    if language.is_finite:
        assert language.count() == len(members)
        assert language.bits == (math.log2(len(members)) if members else -math.inf)
    else:
        assert language.count() is None
        assert language.bits == math.inf
    assert sorted(islice(language.members(), len(members))) == sorted(members)
    assert language.shortest == min(map(len, members), default=None)
    assert language.lengths(6) == tuple(sorted({len(text) for text in members}))
    assert language.witness() == next(language.members(), None)


def _chi_square(observed, expected):
    return sum((observed[key] - mean) ** 2 / mean for key, mean in expected.items())


def test_length_law_draws_lengths_alike_and_texts_alike_within_one():
    """Chi-square at 0.1 % over 24,000 draws: each length a fourth, each text of it its share."""
    language = pattern_language("^(?!aaa)[ab]{1,4}$")
    draw = random.Random(5)
    observed = Counter(language.sample(draw) for _ in range(24_000))
    expected = {text: 24_000 / 4 / language.count(len(text)) for text in language.members()}
    assert set(observed) == set(expected)
    assert len(expected) == 27
    assert _chi_square(observed, expected) < 54.05  # 26 degrees of freedom


def test_uniform_law_draws_texts_alike():
    """Chi-square at 0.1 % over 24,000 draws: each of the 27 texts its share."""
    language = pattern_language("^(?!aaa)[ab]{1,4}$")
    draw = random.Random(6)
    observed = Counter(language.sample(draw, law="uniform") for _ in range(24_000))
    expected = dict.fromkeys(language.members(), 24_000 / 27)
    assert set(observed) == set(expected)
    assert _chi_square(observed, expected) < 54.05


def test_samples_of_a_large_alphabet_reach_all_of_it():
    """Characters of a class of a million are drawn over its whole width."""
    language = pattern_language("^[^a]{3}$")
    draw = random.Random(7)
    points = sorted(ord(character) for _ in range(500) for character in language.sample(draw))
    assert points[0] < 0x3000
    assert points[-1] > 0x10D000
    assert 0x80000 < points[len(points) // 2] < 0x90000
    assert ord("a") not in points


def test_sample_of_an_empty_language_is_refused():
    """There is nothing to draw: the caller's mistake, not an endless search."""
    with pytest.raises(ValueError, match="no text"):
        nothing().sample(random.Random(1))
    with pytest.raises(ValueError, match="at most 1"):
        pattern_language("^aa").sample(random.Random(1), maximum=1)


@pytest.mark.parametrize(
    ("pattern", "witness"),
    [
        ("^[a-z0-9]{3}$", "000"),
        ("^[^0-9]$", "A"),
        ("^[^0-9A-Za-z]$", "!"),
        (r"^[\0-\x1f]$", "\0"),
        ("^[\u00e9\u0001]$", "\u00e9"),
        ("^(?:0\\0|ab)$", "ab"),
        ("[]", None),
        ("^(?:aa)+$", "aa"),
    ],
)
def test_witness_is_the_shortest_then_the_simplest(pattern, witness):
    """Digits, then letters, then other printable ASCII, then other text, and controls last."""
    assert pattern_language(pattern).witness() == witness


def test_members_come_in_order():
    """Shortest first, simplest first within a length."""
    assert list(pattern_language("^[a!0A]{0,1}$").members()) == ["", "0", "A", "a", "!"]
    assert list(islice(pattern_language("^a+b?$").members(), 4)) == ["a", "aa", "ab", "aaa"]


@pytest.mark.parametrize("pattern", [r"^[a-z]{2,9}\d[A-F]$", "^(?=.*[0-9])(?=.*[!-/])[!-z]{4,12}$", "^[^a]{1,3}$"])
def test_boundary_shows_ends_and_every_character(pattern):
    """A shortest and a longest text come first; together the texts show every character in use, and all are in."""
    language = Rules.of({"pattern": pattern}).valid
    texts = list(islice(language.boundary(), 200))
    assert len(texts[0]) == language.shortest
    assert len(texts[1]) == language.longest
    assert len(set(texts)) == len(texts)
    assert all(text in language for text in texts)
    if pattern != "^[^a]{1,3}$":
        in_use = {chr(point) for low, high in language.alphabet for point in range(low, high + 1)}
        assert set("".join(texts)) == in_use


def test_walk_completes_whatever_is_chosen():
    """Choosing any character at each step ends in a text of the language, of the length that was chosen."""
    rules = Rules.of({"pattern": "^(?=.*[0-9])(?=.*[A-Z])[!-~]*$", "minLength": 3, "maxLength": 8})
    draw = random.Random(8)
    for _ in range(300):
        length = draw.choice(rules.valid.lengths())
        state, text = 0, ""
        for remaining in range(length, 0, -1):
            choices = rules.valid.choices(state, remaining, length)
            character, state = choices.pick(draw.randrange(choices.size))
            assert choices.find(character) == state
            text += character
        assert rules.accepts(text)


def test_walk_with_all_choices_zero_is_the_simplest():
    """The first choice is the simplest character, so a value that shrinks ends there."""
    language = pattern_language("^[!-~]{5}$")
    assert language.choices(0, 5, 5).pick(0)[0] == "0"
    assert [language.choices(0, 5, 5).pick(index)[0] for index in (9, 10, 36, 62)] == ["9", "A", "a", "!"]


def test_infinite_language_is_drawn_up_to_sixty_four_more():
    """Without a bound, lengths go to 64 beyond the shortest."""
    assert pattern_language("^aa(?:aa)*$").lengths() == tuple(range(2, 67, 2))
    assert pattern_language("^aa(?:aa)*$").longest is None


def test_huge_bounds_cost_nothing():
    """A length of two thousand millions is a bound, not so many states."""
    valid = Rules.of({"pattern": "^(?:ab)*$", "minLength": 1_000_001, "maxLength": 2_147_483_647}).valid
    assert valid.shortest == 1_000_002
    assert valid.longest == 2_147_483_646
    assert len(valid.automaton.rows) < 10
    assert Rules.of({"pattern": "^[a-z]{1,65535}$"}).valid.bits == pytest.approx(65_535 * math.log2(26), rel=1e-3)


def test_only_lengths_that_fit_the_pattern_count():
    """A language whose bounds and pattern leave no length is empty, whatever its automaton reaches."""
    assert Rules.of({"pattern": "^(?:aaa)*$", "minLength": 4, "maxLength": 5}).valid.is_empty
    assert Rules.of({"pattern": "^(?:aaa)*$", "minLength": 4, "maxLength": 6}).valid.witness() == "aaaaaa"


def test_counting_beyond_all_measure_is_refused():
    """A count that would take too many steps ends with the limit's name."""
    with pytest.raises(RuleTooLarge, match="steps"):
        Rules.of({"pattern": "^(?:ab)*$", "maxLength": 2_147_483_647}).valid.count()


def test_schema_that_asks_nothing_of_strings_allows_all():
    """Without a rule every text is valid; with `false` none is."""
    assert Rules.of({"minimum": 3}).valid == everything()
    assert Rules.of(True).documented == everything()
    assert Rules.of(False).valid == nothing()


def test_questions_without_end_meet_no_limit() -> None:
    """A limit is one of a single construction: asking a language thousands of times never uses it up."""
    language = Rules.of({"minLength": 16, "maxLength": 32, "pattern": "[0-9].*[A-Z]|[A-Z].*[0-9]"}).valid
    expected = [language.count(length) for length in (16, 24, 32)]
    for _ in range(2_000):
        assert [language.count(length) for length in (16, 24, 32)] == expected
        assert language.witness(20) in language
    assert language.sample(random.Random(5)) in language
