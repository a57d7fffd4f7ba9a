"""Strings drawn by Hypothesis: all valid, or breaking one rule alone, and as plain as can be when shrunk."""

import random
from collections.abc import Callable

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

import watchword
from watchword.contract import BUNDLED, Schema
from watchword.language import Rules
from watchword.strategies import broken_strings, valid_strings

SPECIAL = "~!@#$%^&*()-_=+|[{}];:<>/?"
DRAW = settings(max_examples=300, database=None, deadline=None, derandomize=True, phases=[Phase.generate])
SHRINK = settings(max_examples=3000, database=None, deadline=None)


def password(contract: str = "roma-connect") -> Schema:
    """The contract's schema of the secret that a request sets."""
    operation = watchword.load(contract).contract.operations[0]
    assert operation.body is not None
    owner = operation.body.content[0].schema
    assert owner is not None
    name = "Secret" if contract == "iotda" else "Password"
    value, at = owner.resolve(f"#/components/schemas/{name}")
    return Schema(value, name, at, owner.clause, owner.resolve)


def smallest(strategy: st.SearchStrategy[str], condition: Callable[[str], bool], seed: int = 0) -> str:
    """What a failure shrinks to."""
    return find(strategy, condition, settings=SHRINK, random=random.Random(seed))


@pytest.mark.parametrize("contract", BUNDLED)
def test_valid_strings_of_a_secret_are_all_valid(contract: str) -> None:
    """No drawn string breaks a rule, and no health check fails."""
    schema = password(contract)
    rules = Rules.of(schema.value, name=schema.name, resolve=schema.resolve)
    drawn = set()

    @DRAW
    @given(valid_strings(schema))
    def collect(text: str) -> None:
        assert rules.accepts(text)
        drawn.add(text)

    collect()
    assert len(drawn) > 200


@pytest.mark.parametrize("contract", BUNDLED)
def test_broken_strings_break_the_named_rule_and_no_other(contract: str) -> None:
    """Also while they shrink: every string that Hypothesis ever tries breaks just that rule."""
    schema = password(contract)
    rules = Rules.of(schema.value, name=schema.name, resolve=schema.resolve)
    for rule in rules.names:
        seen: set[tuple[str, ...]] = set()

        def judge(text: str, seen: set[tuple[str, ...]] = seen) -> bool:
            seen.add(rules.broken(text))
            return len(text) != 17

        smallest(broken_strings(schema, rule), judge)
        assert seen == {(rule,)}


def test_failure_for_one_character_shrinks_to_the_plainest_password_with_it() -> None:
    """A service that chokes on `>` is shown by sixteen characters, of which `>` is the only special one."""
    for seed in range(3):
        text = smallest(valid_strings(password()), lambda text: ">" in text, seed)
        assert len(text) == 16
        assert [c for c in text if c in SPECIAL] == [">"]
        assert sorted(set(text)) == ["0", ">", "A", "a"]


def test_truncating_server_shrinks_to_the_first_length_that_it_truncates() -> None:
    """A service that keeps thirty characters is shown by thirty-one."""
    for seed in range(3):
        assert smallest(valid_strings(password()), lambda text: text != text[:30], seed) == "0" * 28 + "Aa!"[:3]


@pytest.mark.parametrize(
    ("rule", "plainest"),
    [
        ("Password/length.minLength", "0Aa!"),
        ("Password/length.maxLength", "0" * 30 + "Aa!"),
        ("Password/digit", "A" * 14 + "a!"),
        ("Password/upper", "0" * 14 + "a!"),
        ("Password/lower", "0" * 14 + "A!"),
        ("Password/special", "0" * 14 + "Aa"),
        ("Password/alphabet", " " + "0" * 12 + "Aa!"),
    ],
)
def test_broken_string_shrinks_to_the_plainest_that_breaks_the_rule(rule: str, plainest: str) -> None:
    """What is reported for a rule that is not enforced shows that rule and hides nothing else."""
    assert smallest(broken_strings(password(), rule), lambda _: True) == plainest


def test_each_special_character_is_drawn_where_one_is_needed() -> None:
    """A class that must occur is not always met by its plainest member."""
    ends = set()

    @settings(DRAW, max_examples=800)
    @given(valid_strings({"type": "string", "pattern": r"^0{8}[~!@#%^&*()_=+|;:<>?]$"}))
    def collect(text: str) -> None:
        ends.add(text[-1])

    collect()
    assert len(ends) > 15


def test_broken_alphabet_has_one_foreign_character_anywhere() -> None:
    """One at a time, at the start, inside and at the end; the last is where a newline is let through."""
    known = set(SPECIAL + "".join(chr(p) for r in ((48, 58), (65, 91), (97, 123)) for p in range(*r)))
    places = set()

    @DRAW
    @given(broken_strings(password(), "Password/alphabet"))
    def collect(text: str) -> None:
        foreign = [index for index, character in enumerate(text) if character not in known]
        assert len(foreign) == 1
        places.add("start" if foreign[0] == 0 else "end" if foreign[0] == len(text) - 1 else "inside")

    collect()
    assert places == {"start", "inside", "end"}
    assert smallest(broken_strings(password(), "Password/alphabet"), lambda text: text.endswith("\n")).endswith("Aa!\n")


def test_any_rule_is_broken_where_none_is_named() -> None:
    """Without a name the strings break every rule that can be broken alone, one each."""
    schema = password()
    rules = Rules.of(schema.value, name=schema.name, resolve=schema.resolve)
    broken: set[tuple[str, ...]] = set()

    @DRAW
    @given(broken_strings(rules))
    def collect(text: str) -> None:
        broken.add(rules.broken(text))

    collect()
    assert broken == {(rule,) for rule in rules.names}


@pytest.mark.parametrize(
    ("schema", "condition", "expected"),
    [
        ({"type": "string"}, lambda _: True, ""),
        ({"minLength": 3}, lambda _: True, "000"),
        ({"pattern": "^(ab)+$"}, lambda text: len(text) > 3, "abab"),
        ({"enum": ["SECONDARY", "PRIMARY"]}, lambda _: True, "PRIMARY"),
        ({"anyOf": [{"const": ""}, {"pattern": "^[x-z]{5}$"}]}, lambda text: text != "", "xxxxx"),
        ({"minLength": 1000, "maxLength": 1000}, lambda _: True, "0" * 1000),
        ({"pattern": r"^\p{Script=Cyrillic}{4}$", "not": {"pattern": "\u0410"}}, lambda _: True, None),
    ],
)
def test_odd_language_is_drawn_from_and_shrinks(
    schema: dict[str, object], condition: Callable[[str], bool], expected: str | None
) -> None:
    """Gaps between lengths, large alphabets, long texts and lists of texts all shrink to the plainest one."""
    found = smallest(valid_strings(schema), condition)
    assert Rules.of(schema).accepts(found)
    assert expected is None or found == expected


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: valid_strings({"maxLength": 1, "minLength": 2}), "accepts no string"),
        (lambda: valid_strings("secret"), "a schema is needed"),  # type: ignore[arg-type]
        (
            lambda: broken_strings({"minLength": 2}, "value/maxLength"),
            "has no rule 'value/maxLength'; it has value/minLength",
        ),
        (
            lambda: broken_strings({"allOf": [{"minLength": 2}, {"minLength": 3}]}, "value/minLength"),
            "cannot be broken alone",
        ),
        (lambda: broken_strings({"type": "string"}), "has no rule that can be broken alone"),
    ],
)
def test_impossible_request_is_refused_when_it_is_made(call: Callable[[], object], message: str) -> None:
    """A strategy that cannot draw says so where it is asked for, not when a test runs."""
    with pytest.raises(InvalidArgument, match=message):
        call()
