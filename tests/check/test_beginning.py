"""Runs that would test nothing, and faults that are told once, in one place."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from watchword.check import (
    Device,
    HttpTransport,
    Journal,
    Options,
    Outcome,
    Principal,
    Target,
    guarded,
    make_plan,
    run,
    without_unseen,
)
from watchword.check.beginning import is_nobody
from watchword.contract import load_contract
from watchword.ground import Finding
from watchword.mock import Answer, Call, Endpoint, Fault, app, load_fixtures, serve
from watchword.mock.asgi import send_answer
from watchword.service import twin

KEYS = Path(__file__).parents[1] / "fixtures" / "check" / "keys.openapi.yaml"
THING = {"appID": "app1", "vendorThingID": "thing-1"}


def checked_kii(
    *,
    path: str = "",
    device: dict[str, str] | None = None,
    secret: str | None = None,
    fault: Fault | None = None,
    around: Callable[[Any], Any] = lambda application: application,
    wanted: str = "",
    journal: Journal | None = None,
) -> Outcome:
    """A check of Kii's twin, or of what stands `around` it."""
    contract = load_contract("kii")
    with serve(around(app([contract], fault=fault))) as server:
        listed = Device(device or THING, {"": secret} if secret else {})
        principal = Principal("administrator", "kii-token-of-the-administrator")
        target = Target("kii", server.url + path, principal, devices=(listed,), options="--url URL")
        target = replace(target, unknown=tuple(Device(each.path) for each in load_fixtures()["kii"].unknown))
        plan = make_plan(contract, guarded(target, contract))
        plan = replace(plan, planned=tuple(each for each in plan.planned if wanted in each.case.id))
        transport = HttpTransport(target.url, 5.0)
        try:
            return run(plan, transport, journal=journal, options=Options(phases=("cases", "workflows")))
        finally:
            transport.close()


@pytest.mark.parametrize("wrong", [{"path": "/nope"}, {"device": {**THING, "vendorThingID": "thing-9"}}])
def test_wrong_base_path_or_device_is_one_finding(wrong: dict[str, Any]) -> None:
    """Where nobody knows the first valid requests, the run ends with the one question that helps."""
    outcome = checked_kii(**wrong, secret="initial password of thing-1")
    (finding,) = outcome.findings
    assert finding.rule == "not-served"
    assert "were answered `404`: is http://127.0.0.1" in finding.message
    assert "the right base URL, and device thing-" in finding.message
    assert outcome.ended is not None
    assert outcome.requests < 12


@pytest.mark.parametrize("secret", [None, "initial password of thing-1"])
@pytest.mark.parametrize("status", [404, 405])
def test_place_that_knows_nobody_has_changed_no_device(tmp_path: Path, status: int, secret: str | None) -> None:
    """The journal has nothing to recover from it; a device that an earlier run left changed stays so."""

    def around(_: Any) -> Any:
        async def nobody(scope: Any, receive: Any, send: Any) -> None:
            del scope, receive
            await send_answer(send, Answer(status), with_body=True)

        return nobody

    with Journal(tmp_path / "journal.sqlite", tmp_path / "journal.key") as journal:
        outcome = checked_kii(secret=secret, around=around, journal=journal)
        assert [finding.rule for finding in outcome.findings] == ["not-served"]
        assert not [note for note in outcome.notes if "may have changed" in note]
        standings = list(journal.standings())
        assert [standing.slot for standing in standings] == [""]
        assert not any(standing.is_changed for standing in standings)
        url, path = standings[0].target, standings[0].device
        journal.sending(url, path, "", "of-an-earlier-run")
        journal.took_no_effect(url, 0)
        assert [standing.candidates[0] for standing in journal.standings()] == ["of-an-earlier-run"]


def test_one_answer_of_another_kind_is_somebody_s() -> None:
    """Then something may have been changed, and the journal keeps what was sent."""
    assert is_nobody({404, 405})
    assert not is_nobody({404, 400})


def test_one_operation_that_is_not_there_ends_nothing() -> None:
    """A service that lacks the first operation of several is tested for all the others."""

    def missing(endpoint: Endpoint) -> Endpoint:
        if endpoint.operation.id != "createKey":
            return endpoint
        return replace(endpoint, act=lambda _: Answer(404), refuse=lambda _: Answer(404))

    contract = load_contract(str(KEYS))
    with twin(str(KEYS), contract, app([contract], fault=missing)) as target:
        plan = without_unseen(make_plan(contract, guarded(target, contract)))
        transport = HttpTransport(target.url, 5.0)
        outcome = run(plan, transport)
        transport.close()
    assert outcome.ended is None
    assert {finding.operation for finding in outcome.findings} == {"keys createKey"}


def _failing(call: Call) -> Answer:
    raise AssertionError(call.operation.id)


def test_failure_of_the_service_is_told_once_and_of_the_request() -> None:
    """A status 500 that the contract does not document is one fault, and it is the request that shows it."""

    def fault(endpoint: Endpoint) -> Endpoint:
        return replace(endpoint, refuse=_failing)

    outcome = checked_kii(fault=fault, wanted="refuse/broken-body/deep")
    found = [finding for finding in outcome.findings if (finding.case or "").endswith("/deep")]
    assert [finding.rule for finding in found] == ["server-error"]
    assert str(found[0].side) == "request"


def test_rule_is_placed_where_it_stands_in_the_document() -> None:
    """A check points to the line of a broken rule that any judge of the request points to, not to its media type."""

    def lax(endpoint: Endpoint) -> Endpoint:
        def judge(request: Any) -> list[Finding]:
            return [found for found in endpoint.judge(request) if found.rule != "Password/first"]

        return replace(endpoint, judge=judge)

    outcome = checked_kii(fault=lax, wanted="refuse/Password/first")
    findings = [finding for finding in outcome.findings if finding.rule == "Password/first"]
    node = load_contract("kii").node("#/components/schemas/Password")
    assert findings
    for finding in findings:
        assert finding.place is not None
        assert finding.place.line >= node.place.line
        assert finding.place.pointer.startswith("/components/schemas/Password")


def test_wrong_status_of_a_refusal_is_told_of_the_request() -> None:
    """The member that is pointed to is one of the request; the reply has no such member."""

    def fault(endpoint: Endpoint) -> Endpoint:
        def refuse(call: Call) -> Answer:
            answer = endpoint.refuse(call)
            return replace(answer, status=404) if answer.status == 400 else answer

        return replace(endpoint, refuse=refuse)

    outcome = checked_kii(fault=fault, wanted="refuse/Password/first")
    found = [finding for finding in outcome.findings if finding.rule == "refusal-status"]
    assert {(str(finding.side), finding.location) for finding in found} == {("request", "body#/newPassword")}


def test_reply_of_a_framework_to_a_path_that_it_decoded_is_no_finding() -> None:
    """A router that takes `%2F` for a slash answers 404 in its own form, before the service sees the request."""

    def around(application: Any) -> Any:
        async def framework(scope: Any, receive: Any, send: Any) -> None:
            if b"%2F" in scope.get("raw_path", b""):
                body = json.dumps({"detail": "Not Found"}).encode()
                await send_answer(send, Answer(404, (("Content-Type", "application/json"),), body), with_body=True)
            else:
                await application(scope, receive, send)

        return framework

    assert checked_kii(around=around, wanted="unknown-device/slash-after").findings == []


def test_workflow_stands_in_the_table_of_its_own_operation(tmp_path: Path) -> None:
    """An effect is counted with the operation that it is about, not with the first of the document."""
    path = tmp_path / "effects.arazzo.yaml"
    (tmp_path / "keys.openapi.yaml").write_text(KEYS.read_text("utf-8"), "utf-8")
    path.write_text(
        "arazzo: 1.1.0\ninfo: {title: effects, version: '1'}\n"
        "sourceDescriptions: [{name: keys, url: keys.openapi.yaml, type: openapi}]\n"
        "workflows:\n  - workflowId: shown\n    steps:\n      - stepId: show\n        operationId: showUser\n"
        "        parameters: [{name: userId, in: path, value: 7}]\n"
        "        successCriteria: [{condition: $statusCode == 200}]\n"
    )
    contract = load_contract(str(KEYS))
    with twin(str(KEYS), contract) as target:
        plan = without_unseen(make_plan(contract, guarded(target, contract), phases=("workflows",)))
        transport = HttpTransport(target.url, 5.0)
        outcome = run(plan, transport, options=Options(phases=("workflows",), workflows=path))
        transport.close()
    assert contract.operations[0].id == "createKey"
    assert list(outcome.matrix) == [("keys showUser", "workflow shown", "effect")]
