"""Every twin against hand-judged exchanges and generated requests: what it answers is what is documented."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watchword.contract import BUNDLED, load_contract
from watchword.ground import Exchange, Request, Response
from watchword.mock import TWINS, app, load_fixtures
from watchword.mock import twins as twins_package
from watchword.validation import Validator

EXCHANGES = Path(__file__).parents[1] / "fixtures" / "exchanges"
VALIDATORS = {name: Validator(load_contract(name)) for name in BUNDLED}
TOKEN = "token-of-the-example"


def judged_requests(contract):
    """(id, request with the twin's own token, whether the contract takes it) of each hand-judged line."""
    for line in (EXCHANGES / f"{contract}.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        asked = entry["request"]
        pairs = asked["headers"].items() if isinstance(asked["headers"], dict) else asked["headers"]
        token = next(iter(load_fixtures()[contract].credential.headers.values())).rpartition(" ")[2]
        headers = tuple((name, value.replace(TOKEN, token)) for name, value in pairs)
        if asked.get("body_base64") is not None:
            continue
        body = (asked.get("body") or "").encode("utf-8", "surrogatepass")
        url = asked["url"][asked["url"].find("/", 8) :] if "://" in asked["url"] else asked["url"]
        yield entry["id"], Request(asked["method"], url, headers, body), entry["expect"]


@pytest.mark.parametrize("contract", BUNDLED)
def test_judged_requests_get_conforming_replies(contract, shared_application):
    """A request that the contract takes is never refused as bad input, one that it does not take never succeeds."""
    validator = VALIDATORS[contract]
    count = 0
    for name, request, expected in judged_requests(contract):
        shared_application.reset()
        answer, call = shared_application.answer(request)
        if expected["operation"] is None:
            assert answer.status in (404, 405), name
            continue
        count += 1
        response = Response(answer.status, answer.headers, answer.body)
        findings = [each for each in validator.findings(Exchange(request, response)) if each.side == "response"]
        assert findings == [], (name, answer)
        if expected["request"] == "valid":
            assert call.findings == (), name
            assert answer.status != 400, (name, answer)
        else:
            assert 400 <= answer.status < 500, (name, answer)
    assert count > 100


STATUSES = {
    "roma-connect": {200, 400, 403, 404, 500},
    "iotda": {200, 400, 401, 403, 404, 500},
    "kii": {204, 400, 401, 404},
}


@pytest.mark.parametrize("contract", BUNDLED)
def test_every_documented_status_can_be_reached(contract, shared_application):
    """Each one by an ordinary request, or with `Prefer`; 401 of ROMA Connect is the assumed reading not followed."""
    shared_application.reset()
    fixtures = load_fixtures()[contract]
    operation = load_contract(contract).operations[0]
    query = "?action_id=resetSecret" if contract == "iotda" else ""
    good = {"Content-Type": operation.body.content[0].media_type, **fixtures.credential.headers}
    example = json.dumps(operation.body.content[0].examples[0].value).encode()

    def sent(device, headers, body=example):
        path = operation.path
        for name, value in device.path.items():
            path = path.replace("{" + name + "}", value)
        return shared_application.answer(Request(operation.method, path + query, tuple(headers.items()), body))[
            0
        ].status

    found = {sent(device, good) for device in (*fixtures.devices, *fixtures.foreign, *fixtures.unknown)}
    found |= {sent(fixtures.devices[0], good | dict(each.headers)) for each in fixtures.refused}
    found |= {sent(fixtures.devices[0], good, b"[]"), sent(fixtures.devices[0], good | {"Prefer": "code=500"})}
    documented = {int(reply.status) for reply in operation.replies}
    assert found == STATUSES[contract] == documented - ({401} if contract == "roma-connect" else set())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
MEMBERS = st.sampled_from(["user_name", "password", "secret", "secret_type", "force_disconnect", "newPassword", "x"])
BODIES = (
    st.binary(max_size=60)
    | JSON.map(lambda value: json.dumps(value).encode())
    | st.dictionaries(MEMBERS, JSON | st.sampled_from(["", "SECONDARY", "Example-Pass-0001"]), max_size=4).map(
        lambda value: json.dumps(value).encode()
    )
)
SEGMENTS = st.text(max_size=12) | st.sampled_from(["%", "%zz", "%ff", "%2F", "..", "1000001", "thing-1", "default"])


REQUESTS = {
    "contract": st.sampled_from(BUNDLED),
    "segment": st.none() | SEGMENTS,
    "token": st.none() | st.text(max_size=20),
    "media_type": st.none() | st.text(max_size=20),
    "body": BODIES,
}
TWINS_ONLY = app([load_contract(name) for name in BUNDLED])


def check_reply(contract, segment, token, media_type, body):
    """The reply is documented, or the mock's own 404 or 405."""
    operation = VALIDATORS[contract].contract.operations[0]
    fixtures = load_fixtures()[contract]
    path = operation.path
    for name, value in fixtures.devices[0].path.items():
        path = path.replace("{" + name + "}", value if segment is None else segment)
    credential = next(iter(fixtures.credential.headers.items()))
    headers = (
        (credential[0], credential[1] if token is None else token),
        ("Content-Type", operation.body.content[0].media_type if media_type is None else media_type),
    )
    request = Request(operation.method, path + "?action_id=resetSecret", headers, body)
    answer, call = TWINS_ONLY.answer(request)
    assert b"failed" not in answer.body
    if call is None:
        assert answer.status in (404, 405)
        return
    response = Response(answer.status, answer.headers, answer.body)
    findings = VALIDATORS[contract].findings(Exchange(request, response))
    assert [finding for finding in findings if finding.side == "response"] == []


@given(**REQUESTS)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_any_request_gets_a_conforming_reply(contract, segment, token, media_type, body):
    """Whatever the path values, headers and bytes."""
    check_reply(contract, segment, token, media_type, body)


@pytest.mark.slow
@given(**REQUESTS)
@settings(max_examples=2_000, deadline=None, derandomize=True)
def test_any_of_many_requests_gets_a_conforming_reply(contract, segment, token, media_type, body):
    """The same, for longer."""
    check_reply(contract, segment, token, media_type, body)


def test_registry_is_what_the_folder_holds():
    """One file, one twin, one line; each for an operation that its contract has, each with fixtures."""
    files = {path.stem for path in Path(twins_package.__file__).parent.glob("*.py")} - {"__init__"}
    assert {make.__module__.rpartition(".")[2] for make in TWINS.values()} == files
    assert {name.replace("-", "_") for name, _ in TWINS} == files
    for name, operation_id in TWINS:
        assert load_contract(name).operation(operation_id)
        assert name in load_fixtures()


def test_two_applications_share_no_state(all_contracts):
    """Each has devices of its own."""
    first, second = app(all_contracts), app(all_contracts)
    login = Request("POST", "/_twin/kii/login", (), b'{"id": "thing-1", "secret": "x"}')
    headers = (
        ("Authorization", "Bearer kii-token-of-the-administrator"),
        ("Content-Type", "application/vnd.kii.ChangeThingPasswordRequest+json"),
    )
    change = Request(
        "PUT", "/api/apps/app1/things/VENDOR_THING_ID:thing-1/ownership/password", headers, b'{"newPassword": "x"}'
    )
    assert first.answer(change)[0].status == 204
    assert json.loads(first.answer(login)[0].body) == {"ok": True}
    assert json.loads(second.answer(login)[0].body) == {"ok": False}
