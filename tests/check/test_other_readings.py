"""Services that read what a vendor's text leaves open the other way: each is told about, and none fails a check.

One reading per assumed clause of docs/contracts.md, and of promises that an Arazzo document marks as assumed. Invisible
are three: on which host ROMA Connect and Kii run, for a host is never judged, and the body of IoTDA's 500, which is an
error whatever its body.
"""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from watchword.check import PHASES, HttpTransport, Options, Outcome, Repetition, guarded, make_plan, run
from watchword.contract import BUNDLED, load_contract
from watchword.ground import Severity
from watchword.mock import Answer, Call, Endpoint, Fault, app
from watchword.service import twin
from watchword.service.twin import twin_probe

Change = Callable[[Call, Answer], Answer]


def checked(name: str, fault: Fault | None, seed: int = 0, max_examples: int = 1) -> Outcome:
    """A whole check over HTTP, every phase, with a probe."""
    contract = load_contract(name)
    with twin(name, contract, app([contract], fault=fault)) as target:
        plan = make_plan(contract, guarded(target, contract))
        plan = replace(plan, target=replace(plan.target, probe=twin_probe(plan)))
        transport = HttpTransport(target.url, 5.0)
        options = Options(PHASES, repetition=Repetition(max_examples, seed))
        try:
            return run(
                plan,
                transport,
                options=replace(
                    options, randomness=replace(options.randomness, seed=seed, max_examples=max(15, max_examples))
                ),
            )
        finally:
            transport.close()


def members(answer: Answer) -> dict[str, Any]:
    return json.loads(answer.body) if answer.body else {}


def with_body(answer: Answer, value: Any) -> Answer:
    return replace(answer, body=json.dumps(value).encode())


def replying(change: Change) -> Fault:
    """Every reply changed."""

    def fault(endpoint: Endpoint) -> Endpoint:
        def admit(call: Call) -> Answer | None:
            refusal = endpoint.admit(call)
            return None if refusal is None else change(call, refusal)

        return replace(
            endpoint,
            admit=admit,
            act=lambda call: change(call, endpoint.act(call)),
            refuse=lambda call: change(call, endpoint.refuse(call)),
        )

    return fault


def without(*names: str, status: int) -> Fault:
    """Replies of a status leave members out."""

    def change(_: Call, answer: Answer) -> Answer:
        if answer.status != status:
            return answer
        return with_body(answer, {key: value for key, value in members(answer).items() if key not in names})

    return replying(change)


def enforcing_nothing_of(*rules: str) -> Fault:
    """Requests that break these rules alone are taken."""

    def fault(endpoint: Endpoint) -> Endpoint:
        return replace(endpoint, judge=lambda request: [e for e in endpoint.judge(request) if e.rule not in rules])

    return fault


def refusing(condition: Callable[[Call], bool]) -> Fault:
    """Requests of an admitted caller that meet a condition are refused as bad input."""
    return lambda endpoint: replace(
        endpoint, act=lambda call: endpoint.refuse(call) if condition(call) else endpoint.act(call)
    )


def gateway(status: int, other: int, media_type: str, body: bytes) -> Fault:
    """Replies of a status come from a gateway instead, under a status and in a form of its own."""

    def change(_: Call, answer: Answer) -> Answer:
        return Answer(other, (("Content-Type", media_type),), body) if answer.status == status else answer

    return replying(change)


def unknown_callers(change: Callable[[Answer], Answer]) -> Fault:
    """What callers without a known credential get."""

    def fault(endpoint: Endpoint) -> Endpoint:
        def admit(call: Call) -> Answer | None:
            refusal = endpoint.admit(call)
            return change(refusal) if refusal is not None and refusal.status in (400, 401) else refusal

        return replace(endpoint, admit=admit)

    return fault


def taking_callers_without_a_credential(endpoint: Endpoint) -> Endpoint:
    """A missing token is no reason to refuse: there are other ways to sign."""
    signed = (("X-Auth-Token", "iotda-token-of-the-project-user"),)

    def as_signed(call: Call) -> Call:
        bare = call.header("X-Auth-Token") is None and call.header("Authorization") is None
        return replace(call, request=replace(call.request, headers=call.request.headers + signed)) if bare else call

    return replace(
        endpoint,
        admit=lambda call: endpoint.admit(as_signed(call)),
        act=lambda call: endpoint.act(as_signed(call)),
    )


def generating_other_characters(endpoint: Endpoint) -> Endpoint:
    """Made-up secrets have characters that nobody may set."""
    randomness = random.Random(8)

    def act(call: Call) -> Answer:
        if call.members().get("secret") is not None:
            return endpoint.act(call)
        answer = endpoint.act(call)
        if answer.status != 200:
            return answer
        made = "".join(randomness.choices("abcdefghijkmnpqrstuvwxyz23456789+/.!", k=28)) + "+/.!"
        body = json.dumps({**call.members(), "secret": made}).encode()
        changed = endpoint.act(replace(call, request=replace(call.request, body=body)))
        return changed if changed.status == 200 else answer  # NB-IoT devices can have no other ones

    return replace(endpoint, act=act)


def forgetting_the_user_name(endpoint: Endpoint) -> Endpoint:
    """A password alone, or with an empty user name, takes the device's user name away."""

    def act(call: Call) -> Answer:
        given = call.members()
        answer = endpoint.act(call)
        if answer.status == 200 and given.get("password") and not given.get("user_name"):
            return with_body(answer, {**members(answer), "user_name": ""})
        return answer

    return replace(endpoint, act=act)


def refusing_the_same_secret(member: str) -> Fault:
    """The secret that a device has already is refused."""

    def fault(endpoint: Endpoint) -> Endpoint:
        held: dict[str, object] = {}

        def act(call: Call) -> Answer:
            key = repr(sorted(call.path.items())) + str(call.members().get("secret_type", "PRIMARY"))
            secret = call.members().get(member)
            if secret and held.get(key) == secret:
                return endpoint.refuse(call)
            answer = endpoint.act(call)
            if answer.status == 200:
                held[key] = members(answer).get(member)
            return answer

        return replace(endpoint, act=act)

    return fault


def is_empty_password(call: Call) -> bool:
    return call.members().get("password") == ""


HTML = ("text/html", b"<html><body>No.</body></html>")
OTHER_JSON = ("application/json", b'{"code": "APIG.0301", "message": "no"}')

READINGS: dict[str, dict[str, Fault]] = {
    "roma-connect": {
        "a body is wanted, if an empty one": refusing(lambda call: not call.request.body),
        "other characters may stand in a password": enforcing_nothing_of("Password/alphabet"),
        "an empty password is too short": refusing(is_empty_password),
        "success tells no password": without("password", status=200),
        "success tells no user name": without("user_name", status=200),
        "success tells nothing": without("user_name", "password", status=200),
        "bad input has no code": without("error_code", status=400),
        "an unknown device has no request id": without("request_id", status=404),
        "nothing but a message where permission lacks": without("error_code", "request_id", status=403),
        "an unknown caller gets 401": unknown_callers(lambda answer: replace(answer, status=401)),
        "an unknown caller gets 401 of a gateway": unknown_callers(
            lambda _: Answer(401, (("Content-Type", OTHER_JSON[0]),), OTHER_JSON[1])
        ),
        "an unknown caller gets 401 as HTML": unknown_callers(
            lambda _: Answer(401, (("Content-Type", HTML[0]),), HTML[1])
        ),
        "a lacking permission gets 403 of a gateway": gateway(403, 403, *OTHER_JSON),
        "a lacking permission gets 403 as HTML": gateway(403, 403, *HTML),
        "a lacking permission gets 400": replying(
            lambda _, answer: replace(answer, status=400) if answer.status == 403 else answer
        ),
        "the same password is refused": refusing_the_same_secret("password"),
        "a password alone takes the user name away": forgetting_the_user_name,
    },
    "iotda": {
        "a body is wanted, if an empty one": refusing(lambda call: not call.request.body),
        "made-up secrets have other characters": generating_other_characters,
        "success tells no secret": without("secret", status=200),
        "success tells no device": without("device_id", status=200),
        "success tells nothing": without("secret", "device_id", "secret_type", status=200),
        "success tells no slot": without("secret_type", status=200),
        "the same secret is refused": refusing_the_same_secret("secret"),
        "no credential is needed": taking_callers_without_a_credential,
        **{
            f"{status} is {what}": gateway(status, status, *form)
            for status in (400, 401, 403, 404)
            for what, form in {
                "JSON of another form": OTHER_JSON,
                "HTML": HTML,
                "text": ("text/plain", b"no"),
                "empty": ("application/json", b""),
            }.items()
        },
        **{f"{status} has no code": without("error_code", status=status) for status in (400, 401, 403, 404)},
    },
    "kii": {
        "other characters may follow the first": enforcing_nothing_of("Password/alphabet"),
        "a password may be longer": enforcing_nothing_of("Password/length"),
        "only the first character is judged": enforcing_nothing_of("Password/alphabet", "Password/length"),
        **{
            f"{status} tells no {name}": without(name, status=status)
            for status, names in {
                400: ("errorCode", "message"),
                401: ("errorCode", "message", "authenticatedAppID", "authenticatedPrincipalID"),
                404: ("errorCode", "message", "field", "value", "appID"),
            }.items()
            for name in names
        },
        "400 tells nothing": without("errorCode", "message", status=400),
        "401 tells nothing": without(
            "errorCode", "message", "authenticatedAppID", "authenticatedPrincipalID", status=401
        ),
        "404 tells nothing": without("errorCode", "message", "field", "value", "appID", status=404),
    },
}
# Both statuses of these are listed, so either reading keeps the contract: there is nothing to tell.
UNSEEN = {("roma-connect", "an unknown caller gets 401"), ("roma-connect", "a lacking permission gets 400")}
PAIRS = [(name, reading) for name, readings in READINGS.items() for reading in readings]
FAST = {pair for name in BUNDLED for pair in [each for each in PAIRS if each[0] == name][:1]}


def judged(name: str, fault: Fault) -> set[Severity]:
    outcome = checked(name, fault)
    assert outcome.problem is None
    assert outcome.ended is None
    told = [each for each in outcome.findings if each.severity is not Severity.OBSERVATION]
    assert not told, "\n".join(f"{each.rule} {each.case} {each.subject}: {each.message}" for each in told[:20])
    return {finding.severity for finding in outcome.findings}


@pytest.mark.parametrize(
    ("name", "reading"),
    [pytest.param(*pair, marks=() if pair in FAST else pytest.mark.slow) for pair in PAIRS],
)
def test_other_reading_is_observed_and_fails_nothing(name: str, reading: str) -> None:
    """Each assumed clause read the other way, alone: an observation, unless it is unseen; no warning and no error."""
    expected = set() if (name, reading) in UNSEEN else {Severity.OBSERVATION}
    assert judged(name, READINGS[name][reading]) == expected


@pytest.mark.parametrize("name", BUNDLED)
def test_all_other_readings_at_once_fail_nothing(name: str) -> None:
    """A service that reads all of them the other way at once."""

    def fault(endpoint: Endpoint) -> Endpoint:
        for reading, change in READINGS[name].items():
            if (name, reading) not in UNSEEN:
                endpoint = change(endpoint)
        return endpoint

    assert judged(name, fault) == {Severity.OBSERVATION}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name == "kii" else pytest.mark.slow) for name in BUNDLED]
)
def test_two_seeds_find_nothing_on_a_sound_service(name: str) -> None:
    """The twins keep their contracts, whatever is drawn."""
    for seed in (101, 102):
        assert checked(name, None, seed, 5).findings == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("name", BUNDLED)
def test_twenty_seeds_find_nothing_on_a_sound_service(name: str, seed: int) -> None:
    """Every phase, 25 drawn requests of each kind and 25 runs of each workflow."""
    outcome = checked(name, None, seed, 25)
    assert outcome.findings == []
    assert (outcome.problem, outcome.ended, outcome.skipped) == (None, None, [])
