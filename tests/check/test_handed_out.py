"""Secrets that replies hand out, judged over a whole run, with no word of the document on how they are made."""

import hashlib
import json
import secrets
import string
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from watchword.check import HttpTransport, Options, Outcome, Phase, guarded, make_plan, run, without_unseen
from watchword.contract import load_contract
from watchword.mock import Answer, Call, Endpoint, app
from watchword.service import twin

DOCUMENT = Path(__file__).parents[1] / "fixtures" / "check" / "keys.openapi.yaml"
LETTERS = string.ascii_letters + string.digits


def checked(
    made: dict[str, Callable[[], str]], *, phases: tuple[Phase, ...] = ("cases", "random"), only: tuple[str, ...] = ()
) -> Outcome:
    """A check of a service whose members of these names are told so."""

    def fault(endpoint: Endpoint) -> Endpoint:
        def act(call: Call) -> Answer:
            answer = endpoint.act(call)
            body = json.loads(answer.body)
            told = {name: made[name]() if name in made else value for name, value in body.items()}
            return replace(answer, body=json.dumps(told).encode())

        return replace(endpoint, act=act)

    contract = load_contract(str(DOCUMENT))
    with twin(str(DOCUMENT), contract, app([contract], fault=fault)) as target:
        plan = without_unseen(make_plan(contract, guarded(target, contract), phases=phases))
        plan = replace(plan, planned=() if only else plan.planned)
        transport = HttpTransport(target.url, 5.0)
        try:
            return run(plan, transport, options=Options(phases=phases, only=only))
        finally:
            transport.close()


def rules(outcome: Outcome) -> set[tuple[str, str | None, str | None]]:
    """What was found, where."""
    return {(finding.rule, finding.operation, finding.location) for finding in outcome.findings}


def random_key() -> str:
    """One that nobody can guess."""
    return "ak_" + "".join(secrets.choice(LETTERS) for _ in range(32))


def test_key_that_is_always_the_same_is_found() -> None:
    """A made-up secret that is told twice is an error, though every reply by itself obeys the document."""
    outcome = checked({"key": lambda: "ak_" + "Q7" * 16})
    assert rules(outcome) == {("generated-secret/repeated", "keys createKey", "body#/key")}
    assert outcome.matrix["keys createKey", "generated secrets", "effect"].cases >= 12


def test_key_that_is_counted_up_is_found() -> None:
    """A counter never repeats, and leaves nothing to guess."""
    numbers = count(1)
    outcome = checked({"key": lambda: f"ak_{next(numbers):032d}"})
    assert rules(outcome) == {("generated-secret/ordered", "keys createKey", "body#/key")}


def test_key_of_two_letters_is_found() -> None:
    """A service that uses hardly any of the characters that the rules allow makes its secrets guessable."""
    outcome = checked({"key": lambda: "ak_" + "".join(secrets.choice("ab") for _ in range(32))})
    assert rules(outcome) == {("generated-secret/alphabet", "keys createKey", "body#/key")}


@pytest.mark.parametrize(
    "key",
    [random_key, lambda: f"ak_{secrets.token_hex(16)}", lambda: f"ak_0190c2{secrets.token_hex(13)}"],
    ids=["letters", "hexadecimal", "with a common beginning"],
)
def test_good_key_and_token_that_was_there_before_are_no_findings(key: Callable[[], str]) -> None:
    """Random keys pass, whatever form they have; so does a token that is shown, stays, or is got for a password."""
    assert checked({"key": key, "token": lambda: "the same token for ever"}).findings == []


def test_repetition_of_the_finding_makes_secrets_enough() -> None:
    """The command that a finding names has the operation make up secrets, and finds it again."""
    found = checked({"key": lambda: "ak_" + "Q7" * 16}).findings[0]
    assert found.repeat is not None
    assert found.case == "keys/createKey/random/generated"
    assert f"--case {found.case}" in found.repeat
    outcome = checked({"key": lambda: "ak_" + "Q7" * 16}, phases=("random",), only=(found.case,))
    assert outcome.requests == 12
    assert rules(outcome) == {("generated-secret/repeated", "keys createKey", "body#/key")}


def test_key_that_is_a_digest_of_the_one_before_is_found() -> None:
    """However random each looks by itself: whoever has one has all that follow."""
    told = ["ak_" + random_key()]

    def next_key() -> str:
        told.append("ak_" + hashlib.sha256(told[-1].encode()).hexdigest()[:32])
        return told[-1]

    outcome = checked({"key": next_key})
    assert ("generated-secret/derived", "keys createKey", "body#/key") in rules(outcome)
