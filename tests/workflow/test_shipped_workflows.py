"""The three shipped documents: green against the twins over HTTP, red against twins with one thing wrong."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from watchword.contract import BUNDLED, bundled_folder
from watchword.ground import Request, Severity
from watchword.mock import Answer, Application, load_fixtures
from watchword.workflow import check_generated, check_workflow, load_workflows, run_workflow

Before = Callable[[Request], Request]
After = Callable[[Request, Answer, Application], Answer]

FIXTURES = load_fixtures()


def members(request: Request) -> dict[str, Any]:
    """The JSON members of a request's body."""
    return json.loads(request.body) if request.body else {}


def unchanged(request: Request) -> Request:
    return request


def as_answered(_request: Request, answer: Answer, _application: Application) -> Answer:
    return answer


@pytest.mark.parametrize("with_probe", [True, False], ids=["probe", "no-probe"])
@pytest.mark.parametrize("name", BUNDLED)
def test_every_workflow_against_its_twin_finds_nothing(name: str, with_probe: bool, bench: Any) -> None:
    """The twins keep every promise, with and without a way to log in as a device."""
    with bench(name, with_probe=with_probe) as service:
        for workflow in service.workflows.workflows:
            report = run_workflow(service.workflows, workflow.id, service.send, service.environment, runs=4, seed=7)
            assert (report.skipped, report.problem, report.findings) == (None, None, [])
            assert report.runs == 4


@pytest.mark.parametrize("name", BUNDLED)
def test_drawn_inputs_against_the_twin_find_nothing(name: str, bench: Any) -> None:
    """Hypothesis' inputs find nothing either."""
    with bench(name) as service:
        for workflow in service.workflows.workflows:
            report = check_workflow(service.workflows, workflow.id, service.send, service.environment, max_examples=3)
            assert (report.skipped, report.problem, report.findings) == (None, None, [])


@pytest.mark.parametrize("name", ["roma-connect", "iotda"])
def test_generated_secrets_of_the_twin_look_random(name: str, bench: Any) -> None:
    """Fifty secrets that a twin makes up pass every test."""
    with bench(name) as service:
        report = check_generated(service.workflows, "generate", service.send, service.environment)
        assert (report.runs, report.findings) == (50, [])


def test_every_criterion_of_a_shipped_document_has_a_source() -> None:
    """Each promise says where it stands in the vendor's text, which is that of its own service."""
    titles = {"roma-connect": "ROMA Connect", "iotda": "IoTDA", "kii": "Kii"}
    for name in BUNDLED:
        workflows = load_workflows(name)
        assert workflows.findings == ()
        for workflow in workflows.workflows:
            for step in workflow.steps:
                for part in (*step.criteria, *step.logins):
                    assert part.clause.source
                    assert part.clause.source.startswith(titles[name])


# Faults. `before` changes what the twin is asked, `after` what it answers.


def _with_body(request: Request, body: dict[str, Any]) -> Request:
    return replace(request, body=json.dumps(body).encode())


def changed(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Before:
    return lambda request: _with_body(request, change(members(request))) if _is_valid(request) else request


def _is_valid(request: Request) -> bool:
    return request.body.startswith(b"{")


def reply(change: Callable[[dict[str, Any], Request], dict[str, Any]], *statuses: int) -> After:
    def after(request: Request, answer: Answer, _application: Application) -> Answer:
        if answer.status not in (statuses or (200,)):
            return answer
        return replace(answer, body=json.dumps(change(json.loads(answer.body), request)).encode())

    return after


def _constant(member: str, secret: str) -> After:
    def after(request: Request, answer: Answer, application: Application) -> Answer:
        if answer.status != 200 or any(members(request).get(name) for name in ("secret", "password", "user_name")):
            return answer
        again, _ = application.answer(_with_body(_typed(request), members(request) | {member: secret}))
        return again

    return after


def _typed(request: Request) -> Request:
    pairs = tuple(pair for pair in request.headers if pair[0].lower() != "content-type")
    return replace(request, headers=(*pairs, ("Content-Type", "application/json")))


def _refused_yet_done(member: str, secret: str) -> After:
    """What is refused with 400 has an effect all the same."""

    def after(request: Request, answer: Answer, application: Application) -> Answer:
        if answer.status == 400:
            application.answer(_with_body(request, {member: secret}))
        return answer

    return after


def _refused_yet_renamed(request: Request, answer: Answer, application: Application) -> Answer:
    if answer.status == 400:
        application.answer(_with_body(request, {"user_name": members(request)["user_name"]}))
    return answer


def _known_after_all(_request: Request, answer: Answer, _application: Application) -> Answer:
    return replace(answer, status=200) if answer.status == 404 else answer


def _first_body_only() -> Before:
    """All changes of a thing are taken for its first one."""
    first: dict[str, bytes] = {}
    return lambda request: replace(request, body=first.setdefault(request.url, request.body))


def _case_kept(member: str) -> Before:
    """Whatever begins as the text in the other case did is set in the case of the one before."""
    return changed(
        lambda body: body | {member: body[member].swapcase()} if str(body.get(member)).startswith("lETTERS") else body
    )


def _both_slots(request: Request, answer: Answer, application: Application) -> Answer:
    if answer.status == 200 and "secret" in members(request):
        other = "PRIMARY" if members(request).get("secret_type") == "SECONDARY" else "SECONDARY"
        application.answer(_with_body(request, members(request) | {"secret_type": other}))
    return answer


def _other_device_too(request: Request, answer: Answer, application: Application) -> Answer:
    for name in FIXTURES:
        for device in FIXTURES[name].devices:
            if answer.status < 300 and name in application.twins:
                url = request.url
                for given in FIXTURES[name].devices:
                    for key, value in given.path.items():
                        if value in url:
                            url = url.replace(value, device.path[key])
                application.answer(replace(request, url=url))
    return answer


def _refuse_repetition() -> After:
    seen: set[bytes] = set()

    def after(request: Request, answer: Answer, application: Application) -> Answer:
        key = request.url.encode() + request.body
        if answer.status == 204 and key in seen:
            return application.answer(_with_body(request, {}))[0]
        seen.add(key)
        return answer

    return after


def _path_part(request: Request, index: int) -> str:
    return request.url.split("/")[index]


def _accept_always(request: Request, answer: Answer, _application: Application) -> Answer:
    if answer.status != 400:
        return answer
    body = {"device_id": _path_part(request, 5), "secret": "0123456789abcdef", "secret_type": "PRIMARY"}
    return replace(answer, status=200, body=json.dumps(body).encode())


def _upper(member: str) -> After:
    return reply(lambda body, request: body | {member: body[member].upper()} if members(request) else body)


FAULTS: dict[str, tuple[str, Before, After, str]] = {
    "iotda-echo-in-upper-case": ("iotda", unchanged, _upper("secret"), "given-secret-is-echoed/reset/2"),
    "iotda-truncated": (
        "iotda",
        changed(lambda body: body | ({"secret": body["secret"][:20]} if len(body.get("secret", "")) > 20 else {})),
        as_answered,
        "given-secret-is-echoed/reset/2",
    ),
    "iotda-truncated-in-silence": (
        "iotda",
        changed(lambda body: body | ({"secret": body["secret"][:8]} if "secret" in body else {})),
        reply(lambda body, request: body | {"secret": members(request).get("secret", body["secret"])}),
        "given-secret-is-echoed/reset/login.1",
    ),
    "iotda-other-device-named": (
        "iotda",
        unchanged,
        reply(lambda body, _: body | {"device_id": "someone-else"}),
        "given-secret-is-echoed/reset/3",
    ),
    "iotda-constant-generator": (
        "iotda",
        unchanged,
        _constant("secret", "constant-secret"),
        "generated-when-absent/generate-again/2",
    ),
    "iotda-same-for-all-devices": (
        "iotda",
        unchanged,
        _constant("secret", "constant-secret"),
        "generated-differs-between-devices/generate-for-the-other/2",
    ),
    "iotda-secondary-sets-primary": (
        "iotda",
        changed(lambda body: {key: value for key, value in body.items() if key != "secret_type"}),
        as_answered,
        "slots-apart/reset-secondary/3",
    ),
    "iotda-secondary-sets-both": ("iotda", unchanged, _both_slots, "slots-apart/reset-secondary/login.1"),
    "iotda-secondary-by-default": (
        "iotda",
        changed(lambda body: {"secret_type": "SECONDARY"} | body),
        as_answered,
        "given-secret-is-echoed/reset/4",
    ),
    "iotda-type-not-told": (
        "iotda",
        unchanged,
        reply(lambda body, _: body | {"secret_type": "PRIMARY"}),
        "slots-apart/reset-secondary/3",
    ),
    "iotda-refused-yet-done": (
        "iotda",
        unchanged,
        _refused_yet_done("secret", "another-secret"),
        "refused-changes-nothing/not-valid/login.1",
    ),
    "iotda-other-device-too": ("iotda", unchanged, _other_device_too, "devices-apart/reset-the-other/login.1"),
    "iotda-nb-iot-not-hexadecimal": (
        "iotda",
        unchanged,
        _accept_always,
        "nb-iot-secrets-are-hexadecimal/not-hexadecimal/1",
    ),
    "iotda-nb-iot-generator": (
        "iotda",
        unchanged,
        reply(lambda body, request: body if members(request) else body | {"secret": "abcdefgh"}),
        "nb-iot-secrets-are-hexadecimal/generate/2",
    ),
    "iotda-coap-secondary": ("iotda", unchanged, _accept_always, "coap-has-no-secondary/reset-secondary/1"),
    "iotda-disconnecting-loses-the-secret": (
        "iotda",
        changed(lambda body: {"force_disconnect": True} if body.get("force_disconnect") else body),
        as_answered,
        "force-disconnect/reset/2",
    ),
    "roma-echo-of-the-password-lost": (
        "roma-connect",
        unchanged,
        _upper("password"),
        "given-is-echoed/reset/3",
    ),
    "roma-echo-of-the-user-name-lost": (
        "roma-connect",
        unchanged,
        reply(lambda body, _: body | {"user_name": "device"}),
        "given-is-echoed/reset/2",
    ),
    "roma-user-name-alone-resets": (
        "roma-connect",
        changed(lambda body: {} if body.keys() == {"user_name"} else body),
        as_answered,
        "user-name-alone/rename/3",
    ),
    "roma-empty-password-resets": (
        "roma-connect",
        changed(lambda body: {} if body.get("password") == "" and body.get("user_name") else body),
        as_answered,
        "user-name-and-empty-password/rename/3",
    ),
    "roma-password-alone-is-ignored": (
        "roma-connect",
        changed(lambda body: {"user_name": "kept"} if body.keys() == {"password"} else body),
        as_answered,
        "password-alone/without-user-name/2",
    ),
    "roma-constant-generator": (
        "roma-connect",
        unchanged,
        _constant("password", "Constant-Password-1"),
        "generated-when-both-absent/generate-again/2",
    ),
    "roma-nothing-generated": (
        "roma-connect",
        changed(lambda body: body or {"user_name": "device01"}),
        as_answered,
        "generated-when-both-absent/generate/2",
    ),
    "roma-nothing-generated-for-empty-ones": (
        "roma-connect",
        changed(lambda body: {"user_name": "device01"} if set(body.values()) == {""} else body),
        as_answered,
        "generated-when-both-empty/generate/2",
    ),
    "roma-same-for-all-devices": (
        "roma-connect",
        unchanged,
        _constant("password", "Constant-Password-1"),
        "generated-differs-between-devices/generate-for-the-other/2",
    ),
    "roma-refused-yet-done": (
        "roma-connect",
        unchanged,
        _refused_yet_done("password", "Refused-Yet-Done-1"),
        "refused-changes-nothing/password-not-valid/login.1",
    ),
    "roma-other-device-too": ("roma-connect", unchanged, _other_device_too, "devices-apart/reset-the-other/login.1"),
    "kii-same-password-refused": ("kii", unchanged, _refuse_repetition(), "same-password-again/change-again/1"),
    "roma-refused-renames": (
        "roma-connect",
        unchanged,
        _refused_yet_renamed,
        "refused-keeps-the-user-name/look-at-the-user-name/2",
    ),
    "roma-unknown-device": ("roma-connect", unchanged, _known_after_all, "unknown-device-is-refused/reset/1"),
    "iotda-unknown-device": ("iotda", unchanged, _known_after_all, "unknown-device-is-refused/reset/1"),
    "kii-only-the-first-change-is-done": (
        "kii",
        _first_body_only(),
        as_answered,
        "latest-password-holds/change-to-another/login.1",
    ),
    "kii-nothing-done": (
        "kii",
        changed(lambda body: {"newPassword": "fixed"} if body.get("newPassword") else body),
        as_answered,
        "same-password-again/change/login.1",
    ),
    "roma-case-change-lost": (
        "roma-connect",
        _case_kept("password"),
        as_answered,
        "case-of-letters-counts/reset-to-the-other-case/login.1",
    ),
    "iotda-case-change-lost": (
        "iotda",
        _case_kept("secret"),
        as_answered,
        "case-of-letters-counts/reset-to-the-other-case/login.1",
    ),
    "kii-case-change-lost": (
        "kii",
        _case_kept("newPassword"),
        as_answered,
        "case-of-letters-counts/reset-to-the-other-case/login.1",
    ),
    "kii-other-thing-too": ("kii", unchanged, _other_device_too, "things-apart/change-the-other/login.1"),
    "kii-refused-yet-done": (
        "kii",
        unchanged,
        _refused_yet_done("newPassword", "refused"),
        "refused-changes-nothing/not-valid/login.1",
    ),
    "kii-wrong-field": (
        "kii",
        unchanged,
        reply(lambda body, _: body | {"field": "thingID"}, 404),
        "unknown-thing-is-named/change/2",
    ),
    "kii-wrong-value": (
        "kii",
        unchanged,
        reply(lambda body, request: body | {"value": f"VENDOR_THING_ID:{body['value']}"}, 404),
        "unknown-thing-is-named/change/3",
    ),
    "kii-wrong-app": (
        "kii",
        unchanged,
        reply(lambda body, _: body | {"appID": "app"}, 404),
        "unknown-thing-is-named/change/4",
    ),
    "kii-caller-of-the-path": (
        "kii",
        unchanged,
        reply(lambda body, request: body | {"authenticatedAppID": _path_part(request, 3)}, 401),
        "foreign-thing-is-refused/change/2",
    ),
    "kii-caller-made-up": (
        "kii",
        unchanged,
        reply(lambda body, request: body | {"authenticatedPrincipalID": _path_part(request, 5)}, 401),
        "refused-caller-is-named/not-an-administrator-of-the-other/3",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_twin_with_a_fault_is_found_out(fault: str, bench: Any) -> None:
    """Each promise has a fault that breaks it, and the finding names the criterion of that promise."""
    name, before, after, rule = FAULTS[fault]
    workflow = rule.split("/")[0]
    with bench(name, before, after) as service:
        report = run_workflow(service.workflows, workflow, service.send, service.environment, runs=12, seed=1)
    errors = [finding.rule for finding in report.findings if finding.severity is Severity.ERROR]
    assert rule in errors


def test_every_promise_has_a_fault_that_breaks_it() -> None:
    """No workflow is there that nothing could turn red; that of generation is broken among the statistics."""
    broken = {(name, rule.split("/")[0]) for name, _, _, rule in FAULTS.values()}
    promised = {(name, workflow.id) for name in BUNDLED for workflow in load_workflows(name).workflows}
    assert promised - broken == {("roma-connect", "generate"), ("iotda", "generate")}


WITHOUT_PROBE = {
    "roma-empty-password-resets": "user-name-and-empty-password/rename/3",
    "roma-refused-yet-done": "refused-changes-nothing/look-at-the-password/2",
    "roma-other-device-too": "devices-apart/look/2",
    "roma-constant-generator": "generated-when-both-absent/generate-again/2",
}


@pytest.mark.parametrize("fault", WITHOUT_PROBE)
def test_effects_that_a_later_reply_tells_are_found_without_a_probe(fault: str, bench: Any) -> None:
    """ROMA's replies tell the password that holds, so that no login is needed."""
    name, before, after, _ = FAULTS[fault]
    rule = WITHOUT_PROBE[fault]
    with bench(name, before, after, with_probe=False) as service:
        report = run_workflow(service.workflows, rule.split("/")[0], service.send, service.environment, runs=12, seed=1)
    assert rule in [finding.rule for finding in report.findings if finding.severity is Severity.ERROR]


def test_a_finding_names_criterion_place_and_source_and_tells_no_secret(bench: Any) -> None:
    """The culprit line can be mended from the finding alone, and the finding can be shown to anybody."""
    name, before, after, rule = FAULTS["iotda-echo-in-upper-case"]
    with bench(name, before, after) as service:
        report = run_workflow(service.workflows, "given-secret-is-echoed", service.send, service.environment, seed=3)
        sent = [members(request).get("secret") for request in service.send.requests]
    finding = next(finding for finding in report.findings if finding.rule == rule)
    assert finding.operation == "iotda resetDeviceSecret"
    assert finding.location == "body#/secret"
    assert finding.side == "response"
    assert finding.case == "iotda/workflow/given-secret-is-echoed"
    assert finding.source == 'IoTDA "Reset a Device Secret", Function'
    assert finding.subject == "POST …/{device_id}/action → 200"
    assert "they differ in upper and lower case alone" in finding.message
    text = service.workflows.workflow("given-secret-is-echoed").clause.node.document.text.splitlines()
    assert finding.place
    assert "$response.body#/secret == $inputs.secret" in text[finding.place.line - 1]
    assert not any(secret in str(found) for secret in sent if secret for found in report.findings)


def test_a_reply_against_the_contract_is_found_too(bench: Any) -> None:
    """Every exchange of a workflow is judged by the contract as well."""
    after = reply(lambda body, _: body | {"secret_type": "TERTIARY"})
    with bench("iotda", unchanged, after) as service:
        report = run_workflow(service.workflows, "generate", service.send, service.environment)
    assert ("SecretType/enum", "body#/secret_type") in [(found.rule, found.location) for found in report.findings]


def _read_the_other_way(service: Any) -> list[str]:
    found = []
    for workflow in service.workflows.workflows:
        report = run_workflow(service.workflows, workflow.id, service.send, service.environment, runs=3, seed=2)
        found += [finding.rule for finding in report.findings if finding.severity is Severity.ERROR]
    return found


def _without_members(body: dict[str, Any], _request: Request) -> dict[str, Any]:
    return {}


def _empty_is_not_valid(request: Request, answer: Answer, application: Application) -> Answer:
    if answer.status == 200 and "" in members(request).values():
        return application.answer(_with_body(request, {"password": "short"}))[0]
    return answer


@pytest.mark.parametrize("name", ["iotda", "roma-connect"])
def test_replies_that_leave_every_member_out_break_nothing_documented(name: str, bench: Any) -> None:
    """No text says that a reply's members are always there: leaving them out gives observations only."""
    with bench(name, after=reply(_without_members), with_probe=False) as service:
        assert _read_the_other_way(service) == []


def test_kii_errors_that_leave_every_member_out_break_nothing_documented(bench: Any) -> None:
    """Neither do those of Kii."""
    with bench("kii", after=reply(_without_members, 400, 401, 404)) as service:
        assert _read_the_other_way(service) == []


def test_a_service_to_which_empty_strings_are_not_left_empty_breaks_nothing_documented(bench: Any) -> None:
    """That an empty string counts as left empty is our reading of ROMA's text: an observation otherwise."""
    with bench("roma-connect", after=_empty_is_not_valid, with_probe=False) as service:
        assert _read_the_other_way(service) == []


def test_every_workflow_is_listed_in_the_documentation() -> None:
    """docs/workflows.md has a line for each promise."""
    text = (Path(__file__).parents[2] / "docs" / "workflows.md").read_text("utf-8")
    for name in BUNDLED:
        section = text.partition(f"### {name}\n")[2].partition("\n#")[0]
        for workflow in load_workflows(name).workflows:
            assert f"`{workflow.id}`" in section


def test_the_example_of_the_documentation_runs(bench: Any, tmp_path: Path) -> None:
    """What docs/workflows.md shows can be copied."""
    text = (Path(__file__).parents[2] / "docs" / "workflows.md").read_text("utf-8")
    (tmp_path / "example.arazzo.yaml").write_text(text.partition("```yaml\n")[2].partition("```")[0])
    contract = bundled_folder() / "iotda.openapi.yaml"
    (tmp_path / "iotda.openapi.yaml").write_bytes(contract.read_bytes())
    workflows = load_workflows(tmp_path / "example.arazzo.yaml")
    with bench("iotda") as service:
        report = run_workflow(workflows, "given-secret-is-echoed", service.send, service.environment, runs=3)
    assert (workflows.findings, report.skipped, report.findings, report.requests) == ((), None, [], 6)
