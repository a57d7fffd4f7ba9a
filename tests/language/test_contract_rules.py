"""The secrets of the three contracts: samples of each side judged by predicates that know no pattern."""

import random
from pathlib import Path

import pytest
import yaml

from watchword.ground import Certainty
from watchword.language import Rules

_SPECS = Path(__file__).parents[2] / "specs"
_DIGITS = "0123456789"
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LOWER = "abcdefghijklmnopqrstuvwxyz"
_SPECIAL = "~!@#$%^&*()-_=+|[{}];:<>/?"
_PRINTABLE = {chr(point) for point in range(32, 127)}


def _has(characters):
    return lambda text: any(character in characters for character in text)


def _only(characters):
    return lambda text: all(character in characters for character in text)


_ROMA = {
    "Password/length.minLength": lambda text: len(text) >= 16,
    "Password/length.maxLength": lambda text: len(text) <= 32,
    "Password/digit": _has(_DIGITS),
    "Password/upper": _has(_UPPER),
    "Password/lower": _has(_LOWER),
    "Password/special": _has(_SPECIAL),
    "Password/alphabet": _only(_DIGITS + _UPPER + _LOWER + _SPECIAL),
}
_SECRET = {
    "Secret/length.minLength": lambda text: len(text) >= 8,
    "Secret/length.maxLength": lambda text: len(text) <= 32,
    "Secret/alphabet": _only(_DIGITS + _UPPER + _LOWER + "_-"),
}
_PREDICATES = {
    ("roma-connect", "Password"): _ROMA,
    ("iotda", "Secret"): _SECRET,
    ("iotda", "NbIotSecret"): {**_SECRET, "NbIotSecret/hexadecimal": _only(_DIGITS + "abcdefABCDEF")},
    ("iotda", "DeviceId"): {
        "DeviceId/length": lambda text: len(text) <= 128,
        "DeviceId/alphabet": _only(_DIGITS + _UPPER + _LOWER + "_-"),
    },
    ("kii", "Password"): {
        "Password/first": lambda text: bool(text) and text[0] in _PRINTABLE,
        "Password/alphabet": _only(_PRINTABLE),
        "Password/length": lambda text: len(text) <= 200,
    },
}


def _rules(contract, schema):
    document = yaml.safe_load((_SPECS / f"{contract}.openapi.yaml").read_text(encoding="utf-8"))

    def resolve(ref):
        found = document
        for token in ref.removeprefix("#/").split("/"):
            found = found[token]
        return found, ref.removeprefix("#")

    return Rules.of({"$ref": f"#/components/schemas/{schema}"}, resolve=resolve)


def _sampled(contract, schema, count):
    rules, predicates = _rules(contract, schema), _PREDICATES[contract, schema]
    assert set(rules.names) == set(predicates)
    draw = random.Random(f"{contract} {schema}")
    for _ in range(count):
        text = rules.valid.sample(draw)
        assert [rule for rule, holds in predicates.items() if not holds(text)] == []
        assert rules.broken(text) == ()
    for rule in rules.names:
        for language, times in ((rules.breaking(rule), count), (rules.near(rule), count // 10)):
            if rule in rules.implied:
                assert language.is_empty
                continue
            for _ in range(times):
                text = language.sample(draw)
                assert [name for name, holds in predicates.items() if not holds(text)] == [rule], ascii(text)
                assert rules.broken(text) == (rule,)


@pytest.mark.parametrize(("contract", "schema"), _PREDICATES)
def test_samples_of_a_contract_are_judged_right(contract, schema):
    """Each side of each rule, 100 samples: valid ones break nothing, the others one rule and no other."""
    _sampled(contract, schema, 100)


@pytest.mark.slow
@pytest.mark.parametrize(("contract", "schema"), _PREDICATES)
def test_ten_thousand_samples_of_a_contract_are_judged_right(contract, schema):
    """The same with 10,000 samples of each side of each rule."""
    _sampled(contract, schema, 10_000)


def test_random_texts_break_the_rules_that_the_predicates_name():
    """Texts that were not drawn from any rule are judged as by hand, rule by rule."""
    draw = random.Random(4)
    pool = [*"019AZaz~!<>?", " ", "\n", "\x7f", "é", "\ud800", "\U0001f600"]
    for (contract, schema), predicates in _PREDICATES.items():
        rules = _rules(contract, schema)
        for _ in range(2_000):
            text = "".join(draw.choices(pool[: draw.randint(1, len(pool))], k=draw.randint(0, 40)))
            expected = tuple(rule for rule in rules.names if not predicates[rule](text))
            assert rules.broken(text) == expected
            assert rules.accepts(text) == (not expected)


def test_rule_implied_by_another_is_said_to_be_so():
    """Hexadecimal digits are all in the alphabet of an IoTDA secret: nothing breaks the alphabet alone."""
    assert _rules("iotda", "NbIotSecret").implied == ("Secret/alphabet",)
    assert _rules("roma-connect", "Password").implied == ()


def test_doubtful_values_break_assumed_rules_only():
    """What the documented rules of Kii allow and its assumed rules do not is told apart."""
    rules = _rules("kii", "Password")
    assert {rule: rules.certainty(rule) for rule in rules.names} == {
        "Password/first": Certainty.DOCUMENTED,
        "Password/alphabet": Certainty.ASSUMED,
        "Password/length": Certainty.ASSUMED,
    }
    assert "0\x00" in rules.doubtful
    assert "0" * 201 in rules.doubtful
    assert "\x00" not in rules.doubtful
    assert rules.valid <= rules.documented
    assert rules.documented - rules.valid == rules.doubtful


def test_floor_of_each_secret_in_bits():
    """The entropy of the shortest secrets: ROMA about 103, IoTDA 48, NB-IoT about 35.7 bits."""
    floors = {}
    for contract, schema in list(_PREDICATES)[:3]:
        valid = _rules(contract, schema).valid
        floors[schema] = (valid & _of_length(valid.shortest)).bits
    assert floors["Password"] == pytest.approx(103.1, abs=0.05)
    assert floors["Secret"] == 48.0
    assert floors["NbIotSecret"] == pytest.approx(35.68, abs=0.01)


def _of_length(length):
    return Rules.of({"minLength": length, "maxLength": length}).valid


def test_empty_password_is_exempt_where_the_contract_takes_it():
    """A member that may be empty or a password keeps the password's rule names, and lets the empty text pass."""
    document = yaml.safe_load((_SPECS / "roma-connect.openapi.yaml").read_text(encoding="utf-8"))
    schemas = document["components"]["schemas"]
    rules = Rules.of(
        schemas["ResetRequest"]["properties"]["password"],
        name="password",
        resolve=lambda ref: (schemas[ref.rsplit("/", 1)[1]], ref.removeprefix("#")),
    )
    assert set(rules.names) == set(_ROMA)
    assert rules.broken("") == ()
    assert set(rules.broken("0")) == set(_ROMA) - {"Password/length.maxLength", "Password/digit", "Password/alphabet"}
    assert rules.valid.shortest == 0
    assert rules.valid.lengths()[1] == 16
