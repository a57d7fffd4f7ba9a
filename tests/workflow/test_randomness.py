"""Tests of generated secrets: silent on good generators, loud on weak ones."""

import json
import math
import string
import uuid
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from watchword.ground import Certainty, Request, Severity
from watchword.language import Rules
from watchword.mock import Answer, Application
from watchword.workflow import FALSE_ALARM, check_generated, generated_secret_findings, load_workflows
from watchword.workflow.randomness import _SHARE, _TESTS, Law, _tail, suspicions

LETTERS = string.ascii_letters + string.digits


def rules_of(name: str) -> Rules:
    generated = load_workflows(name).workflow("generate").generated
    assert generated
    schema = generated.schema
    return Rules.of(schema.value, name=schema.name, at=schema.at, resolve=schema.resolve)


RULES = {name: rules_of(name) for name in ("roma-connect", "iotda")}
RULES["hexadecimal"] = Rules.of({"pattern": "^[0-9A-Fa-f]{8,32}$"}, name="NbIotSecret")
LAWS = {name: Law(rules.valid) for name, rules in RULES.items()}


def names(secrets: list[str], law: Law) -> dict[str, bool]:
    return {each.name: each.is_sure for each in suspicions(secrets, law)}


@pytest.mark.parametrize("law", ["uniform", "length"])
@pytest.mark.parametrize("name", LAWS)
def test_uniform_secrets_are_never_suspected(name: str, law: str) -> None:
    """No alarm in sixty sets of fifty secrets, of all lengths alike or of all secrets alike."""
    random = Random(11)
    language = LAWS[name].language
    for _ in range(30):
        secrets = [language.sample(random, "uniform" if law == "uniform" else "length") for _ in range(50)]
        assert suspicions(secrets, LAWS[name]) == []


@pytest.mark.parametrize("name", LAWS)
def test_shortest_secrets_are_never_suspected(name: str) -> None:
    """A generator that always takes the least length is within the rules."""
    random = Random(12)
    law = LAWS[name]
    shortest = law.language.shortest or 0
    for _ in range(30):
        secrets = [law.language.sample(random, maximum=shortest) for _ in range(50)]
        assert suspicions(secrets, law) == []


def test_the_false_alarm_rate_is_below_one_in_a_million() -> None:
    """Six tests, each with its share, and no more tests than that."""
    assert pytest.approx(FALSE_ALARM) == _TESTS * 2**_SHARE
    assert FALSE_ALARM <= 1e-6


@pytest.mark.parametrize(("n", "p", "x"), [(10, 0.5, 8), (50, 1 / 64, 5), (1600, 1 / 88, 40), (3, 0.2, 0), (3, 0.2, 4)])
def test_binomial_tails_equal_their_sum(n: int, p: float, x: int) -> None:
    """The bound that most tests rest on, compared with exact sums."""
    share = Fraction(p)
    exact = sum(math.comb(n, i) * share**i * (1 - share) ** (n - i) for i in range(x, min(n, x + 60) + 1))
    assert 2 ** _tail(n, p, x) == pytest.approx(float(exact))


@pytest.mark.parametrize("seed", range(3))
def test_the_alarm_of_a_tight_test_is_as_rare_as_its_bound(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the allowed rate raised to 6 x 5 %, the tests together alarm in less than 30 % of uniform sets."""
    monkeypatch.setattr("watchword.workflow.randomness._SHARE", math.log2(0.05))
    law = Law(Rules.of({"pattern": "^[a-h]{6}$"}, name="Small").valid)
    random = Random(seed)
    sets = [[law.language.sample(random) for _ in range(12)] for _ in range(200)]
    assert sum(bool(suspicions(secrets, law)) for secrets in sets) < 60


def drawn(alphabet: str, length: int, seed: int = 1) -> Callable[[int], str]:
    random = Random(seed)
    return lambda _: "".join(random.choice(alphabet) for _ in range(length))


def pool(number: int) -> str:
    return drawn(LETTERS, 16, seed=number * number % 10)(0)


def after(prefix: str, length: int) -> Callable[[int], str]:
    rest = drawn(LETTERS, length)
    return lambda number: prefix + rest(number)


WEAK: dict[str, tuple[Callable[[int], str], str]] = {
    "constant": (lambda _: "constant-secret", "repeated"),
    "counter": (lambda number: f"secret-{number:010d}", "ordered"),
    "counter of digits": (lambda number: f"{number + 73412:08d}", "ordered"),
    "counter downwards": (lambda number: f"secret-{5000 - number:08d}", "ordered"),
    "timestamp": (lambda number: f"{1763823600000 + 37 * number}", "ordered"),
    "timestamp and a few letters": (lambda number: f"{1763823600 + number}" + drawn(LETTERS, 4, number)(0), "position"),
    "small pool": (pool, "repeated"),
    "seeded by device id": (lambda _: drawn(LETTERS, 16, seed=1000001)(0), "repeated"),
    "short hexadecimal": (drawn("0123456789abcdef", 8), "alphabet"),
    "two letters": (drawn("ab", 16), "alphabet"),
    "digits": (drawn(string.digits, 8), "alphabet"),
    "long prefix": (after("device-secret-", 4), "position"),
}


def changed(number: int) -> str:
    """A fixed text but for two places."""
    base = list("k3Xz9QpL2mNw8RtV")
    base[number * 7 % 16] = LETTERS[number * 5 % 62]
    base[number * 3 % 16] = LETTERS[number * 11 % 62]
    return "".join(base)


WEAK["two places are changed"] = (changed, "similar")


@pytest.mark.parametrize("generations", [20, 50])
@pytest.mark.parametrize("generator", WEAK)
def test_a_weak_generator_is_an_error(generator: str, generations: int) -> None:
    """Each known way to make up bad secrets is told, by the test that is about it."""
    make, expected = WEAK[generator]
    found = names([make(number) for number in range(generations)], LAWS["iotda"])
    assert True in found.values()
    if generations == 50:
        assert found.get(expected) is True


NARROW = {
    "hexadecimal digits": (drawn("0123456789abcdef", 32), {"alphabet": False}),
    "letters and digits": (drawn(LETTERS, 16), {"alphabet": False}),
    "a version 4 UUID": (
        lambda number: uuid.UUID(int=Random(number).getrandbits(128), version=4).hex,
        {"position": False, "alphabet": False},
    ),
    "a prefix before enough random letters": (after("secret-", 16), {"position": False, "frequency": False}),
}


@pytest.mark.parametrize("generator", NARROW)
def test_an_uneven_generator_with_bits_enough_is_an_observation(generator: str) -> None:
    """The vendor promises random secrets, not that all characters are used alike."""
    make, expected = NARROW[generator]
    assert names([make(number) for number in range(50)], LAWS["iotda"]) == expected


def test_hexadecimal_secrets_are_fine_where_the_rule_demands_them() -> None:
    """What the rule allows is what secrets are compared to."""
    make = drawn("0123456789abcdefABCDEF", 16)
    assert names([make(number) for number in range(50)], LAWS["hexadecimal"]) == {}


def test_a_class_at_a_fixed_place_is_no_error() -> None:
    """A generator that makes sure of each class by its place keeps bits enough."""
    random = Random(3)
    secrets = [
        random.choice(string.ascii_uppercase) + random.choice(string.digits) + random.choice("!#%") + drawn(
            string.ascii_lowercase, 17, seed=number
        )(0)
        for number in range(50)
    ]  # fmt: skip
    assert True not in names(secrets, LAWS["roma-connect"]).values()


def test_findings_name_broken_rules_and_tests_and_tell_no_secret() -> None:
    """One finding per broken rule, one per test, each with how sure it is."""
    secrets = ["short", "short", *(f"Generated-Secret-{number:04d}" for number in range(30))]
    found = generated_secret_findings(secrets, RULES["roma-connect"], operation="roma-connect x", location="body#/p")
    table = {finding.rule: finding for finding in found}
    assert table["Password/length.minLength" if "Password/length.minLength" in table else "Password/length"]
    assert table["generated-secret/repeated"].severity is Severity.ERROR
    assert table["Password/digit"].message == "1 of 31 different generated secrets break the rule"
    assert not any(secret in str(finding) for secret in secrets for finding in found)


def test_an_assumed_rule_is_an_observation() -> None:
    """A generated password with a character beyond the four classes breaks nothing that is written."""
    secrets = ["Generated é 12345678!", "Otherwise ü 87654321?"]
    found = generated_secret_findings(secrets, RULES["roma-connect"])
    assert [(finding.rule, finding.certainty) for finding in found] == [("Password/alphabet", Certainty.ASSUMED)]


@pytest.mark.parametrize("secrets", [[], ["one-secret"], ["", ""]])
def test_too_few_secrets_are_not_suspected(secrets: list[str]) -> None:
    """Nothing can be said of a single secret."""
    assert suspicions(secrets, LAWS["iotda"]) == []


def test_a_weak_generator_behind_http_is_found_and_names_the_operation(bench: Any) -> None:
    """A service that counts is told so after fifty generations."""
    numbers = iter(range(1000))

    def after_reply(_request: Request, answer: Answer, _application: Application) -> Answer:
        body = json.loads(answer.body) | {"secret": f"secret-{next(numbers):06d}"}
        return replace(answer, body=json.dumps(body).encode())

    with bench("iotda", after=after_reply) as service:
        report = check_generated(service.workflows, "generate", service.send, service.environment)
    found = {finding.rule: finding for finding in report.findings}
    ordered = found["generated-secret/ordered"]
    assert (ordered.operation, ordered.location) == ("iotda resetDeviceSecret", "body#/secret")
    assert ordered.source == 'IoTDA "Reset a Device Secret", Function'
