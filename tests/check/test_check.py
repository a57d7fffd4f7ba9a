"""The checker against the twins over real HTTP: silent on sound ones, precise on faulty ones."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from watchword.check import (
    PHASES,
    Device,
    HttpTransport,
    Options,
    Outcome,
    Principal,
    Target,
    bare_token,
    guarded,
    make_plan,
    run,
)
from watchword.contract import load_contract
from watchword.ground import Severity
from watchword.mock import Answer, Call, Endpoint, Fault, app, load_fixtures, serve
from watchword.mock.answer import json_answer

NAMES = ("roma-connect", "iotda", "kii")


def checked(name: str, fault: Fault | None = None, *, wanted: str = "") -> Outcome:
    """A whole check of one twin, or of the cases whose id holds `wanted`."""
    contract = load_contract(name)
    fixtures = load_fixtures()[name]
    with serve(app([contract], fault=fault)) as server:
        target = Target(
            name,
            server.url,
            Principal("valid", bare_token(next(iter(fixtures.credential.headers.values())))),
            tuple(Principal(each.name, bare_token(next(iter(each.headers.values())))) for each in fixtures.refused),
            tuple(Device(each.path) for each in fixtures.devices),
            tuple(Device(each.path) for each in fixtures.unknown),
            tuple(Device(each.path) for each in fixtures.foreign),
            options="--mock",
        )
        plan = make_plan(contract, guarded(target, contract))
        plan = replace(plan, planned=tuple(each for each in plan.planned if wanted in each.case.id))
        transport = HttpTransport(server.url, 5.0)
        try:
            return run(plan, transport)
        finally:
            transport.close()


def blind_to(rule: str) -> Fault:
    """A service that does not enforce one rule."""

    def fault(endpoint: Endpoint) -> Endpoint:
        return replace(
            endpoint, judge=lambda request: [found for found in endpoint.judge(request) if found.rule != rule]
        )

    return fault


def acting(change: Callable[[Call, Answer], Answer]) -> Fault:
    """A service whose accepted replies are changed."""
    return lambda endpoint: replace(endpoint, act=lambda call: change(call, endpoint.act(call)))


def refusing(change: Callable[[Call, Answer], Answer]) -> Fault:
    """A service whose refusals of bad input are changed."""
    return lambda endpoint: replace(endpoint, refuse=lambda call: change(call, endpoint.refuse(call)))


@pytest.mark.parametrize("name", NAMES)
def test_sound_twin_gives_no_finding_and_every_cell_is_exercised(name: str) -> None:
    """A service that keeps its contract is found so, and no rule stays untried on a side that it has."""
    outcome = checked(name)
    assert outcome.findings == []
    assert outcome.problem is None
    assert outcome.skipped == []
    assert all(cell.cases for cell in outcome.matrix.values())
    strings = {
        rule for _, rule, side in outcome.matrix if side == "refuse" and rule.startswith(("Password/", "Secret/"))
    }
    for rule in strings:
        sides = {side for _, given, side in outcome.matrix if given == rule}
        assert sides == {"accept", "refuse"}, rule


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("roma-connect", "Password/length.minLength"),
        ("roma-connect", "Password/length.maxLength"),
        ("roma-connect", "Password/digit"),
        ("roma-connect", "Password/upper"),
        ("roma-connect", "Password/lower"),
        ("roma-connect", "Password/special"),
        ("roma-connect", "UserName/alphabet"),
        ("iotda", "Secret/length.minLength"),
        ("iotda", "Secret/alphabet"),
        ("iotda", "SecretType/enum"),
        ("kii", "Password/first"),
        ("kii", "Password/type"),
        ("kii", "media-type"),
    ],
)
def test_rule_that_is_not_enforced_is_named_and_nothing_else(name: str, rule: str) -> None:
    """Each error of a service that is blind to one rule names that rule: accepted, must be refused."""
    outcome = checked(name, blind_to(rule))
    errors = [finding for finding in outcome.findings if finding.severity is Severity.ERROR]
    named = {finding.rule for finding in errors if "must be refused" in finding.message}
    assert named == {rule}
    assert all(finding.case and finding.repeat and finding.place for finding in errors)


def test_assumed_rule_that_is_not_enforced_is_an_observation() -> None:
    """A service that reads an assumed clause the other way fails nothing, and the reader learns of it."""
    outcome = checked("roma-connect", blind_to("Password/alphabet"))
    assert {finding.severity for finding in outcome.findings} == {Severity.OBSERVATION}
    assert {finding.rule for finding in outcome.findings} == {"Password/alphabet"}


def test_wrong_success_status_is_named() -> None:
    """201 where 200 is documented."""
    outcome = checked("roma-connect", acting(lambda _, answer: replace(answer, status=201)), wanted="accept/example")
    assert {finding.rule for finding in outcome.findings} == {"reply-status"}
    assert "`201` is not documented; documented are 200," in outcome.findings[0].message


def test_reply_without_a_member_is_named() -> None:
    """A reply that leaves out a member is found, with the member's name."""

    def drop(_: Call, answer: Answer) -> Answer:
        members = json.loads(answer.body)
        del members["device_id"]
        return replace(answer, body=json.dumps(members).encode())

    outcome = checked("iotda", acting(drop), wanted="accept/example")
    assert {finding.rule for finding in outcome.findings} == {"ResetReply/complete"}
    assert 'member "device_id" is missing' in outcome.findings[0].message


def test_rule_that_is_over_enforced_is_found() -> None:
    """A service that refuses a documented special character is found by the accept side alone."""

    def refuse(call: Call, answer: Answer) -> Answer:
        refused = json_answer(400, {"error_code": "E", "error_msg": "no", "request_id": "r"})
        return refused if ">" in str(call.members().get("password")) else answer

    outcome = checked("roma-connect", acting(refuse), wanted="accept/password")
    assert outcome.findings
    assert all("must be accepted" in finding.message for finding in outcome.findings)
    assert any("U+003E" in finding.message for finding in outcome.findings), "the culprit is isolated and named"


def test_server_error_is_never_a_refusal() -> None:
    """A 5xx is a finding even where it is documented, and even for a request that must be refused."""
    outcome = checked("iotda", refusing(lambda _, answer: replace(answer, status=500)), wanted="refuse/Secret")
    assert {finding.rule for finding in outcome.findings} == {"server-error"}


def test_secret_in_an_error_is_a_leak_that_is_not_told() -> None:
    """A refusal that repeats the secret is found; the report of it does not repeat it again."""
    seen: list[str] = []

    def echo(call: Call, answer: Answer) -> Answer:
        secret = str(call.members().get("password"))
        seen.append(secret)
        members = json.loads(answer.body) | {"error_msg": f"bad password {secret}"}
        return replace(answer, body=json.dumps(members).encode())

    outcome = checked("roma-connect", refusing(echo), wanted="refuse/Password/digit")
    assert {finding.rule for finding in outcome.findings} == {"secret-repeated"}
    assert {finding.location for finding in outcome.findings} == {"body#/error_msg"}
    told = "".join(map(repr, outcome.findings))
    assert not any(len(secret) > 7 and secret in told for secret in seen)


def test_missing_authentication_is_found() -> None:
    """A service that admits everybody is found by each kind of bad credential."""
    outcome = checked("kii", lambda endpoint: replace(endpoint, admit=lambda _: None), wanted="credential")
    assert {finding.rule for finding in outcome.findings} >= {"missing-credential", "forged-credential"}


def test_refusal_under_another_status_is_named() -> None:
    """An unknown device answered with the status of bad input is found: the contract documents one that fits."""

    def confuse(_: Call, answer: Answer) -> Answer:
        body = {"errorCode": "INVALID_INPUT_DATA", "message": "no"}
        refused = json_answer(400, body, "application/vnd.kii.ValidationException+json")
        return refused if answer.status == 404 else answer

    outcome = checked("kii", acting(confuse), wanted="unknown-device/unknown")
    assert {finding.rule for finding in outcome.findings} == {"refusal-status"}
    assert "`404` is documented for this" in outcome.findings[0].message


def test_check_of_a_dead_service_keeps_what_it_learned() -> None:
    """A service that goes away in the middle ends the check with a reason; earlier verdicts stay."""
    contract = load_contract("kii")
    with serve(app([contract])) as server:
        url = server.url
        target = Target("kii", url, Principal("x", "kii-token-of-the-administrator"))
        plan = make_plan(contract, guarded(target, contract))
        transport = HttpTransport(url, 2.0)
        first = run(replace(plan, planned=plan.planned[:5]), transport)
        transport.close()
    assert first.requests == 5
    second = run(plan, HttpTransport(url, 2.0))
    assert second.problem is not None
    assert "connection refused" in str(second.problem)
    assert not any(cell.cases for cell in second.matrix.values())


def test_plan_is_the_same_every_time() -> None:
    """Two plans for one target hold the same ids in the same order, each id once."""
    contract = load_contract("iotda")
    target = guarded(Target("iotda", "http://127.0.0.1:1", Principal("x", "token")), contract)
    first, second = (make_plan(contract, target) for _ in range(2))
    ids = [each.case.id for each in first.planned]
    assert ids == [each.case.id for each in second.planned]
    assert len(ids) == len(set(ids))


def test_nothing_but_listed_devices_is_acted_on() -> None:
    """Every planned path names a listed device, a declared unknown or foreign one, or is a hazard for loopback only."""
    contract = load_contract("kii")
    devices = (Device({"appID": "a", "vendorThingID": "mine"}),)
    remote = Target("kii", "https://api.example.com", Principal("x", "token"), devices=devices)
    plan = make_plan(contract, guarded(remote, contract))
    assert plan.planned
    assert {each.device.path["vendorThingID"] for each in plan.planned} == {"mine"}
    assert not any(each.case.draft.hazard for each in plan.planned)
    assert {each.case.rule for each in plan.skipped} >= {"unknown-device", "other-credential"}


def test_an_operation_of_which_nothing_can_be_sent_is_told(tmp_path: Path) -> None:
    """A check that tried nothing of an operation says so in a warning, instead of finding nothing."""
    path = tmp_path / "odd.yaml"
    path.write_text(
        """openapi: 3.1.0
info: {title: Odd, version: "1"}
paths:
  /things/{id}:
    get:
      operationId: getThing
      parameters:
        - {name: id, in: path, required: true, schema: {type: string, pattern: "(a"}}
      responses: {"200": {description: ok}}
"""
    )
    contract = load_contract(str(path))
    with serve(app([contract])) as server:
        plan = make_plan(contract, guarded(Target("odd", server.url), contract))
        transport = HttpTransport(server.url, 5.0)
        outcome = run(plan, transport, options=Options(phases=PHASES))
        transport.close()
    assert outcome.requests == 0
    assert [(each.rule, each.severity, each.operation) for each in outcome.findings] == [
        ("not-tried", Severity.WARNING, "odd getThing")
    ]
