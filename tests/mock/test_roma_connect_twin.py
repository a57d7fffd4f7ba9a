"""The twin of ROMA Connect does what the vendor's prose says; every reply is judged by the contract on the way."""

import pytest

from watchword.language import Rules

DEVICE = "1000001"
OLD = "Initial-Pass-0001"
NEW = "Example-Pass-0001"


def test_given_password_is_stored_and_repeated(roma, reading):
    """A given user name and password hold from now on, and the reply says both."""
    answer = roma.send({"user_name": "device-9", "password": NEW})
    assert answer.status == 200
    assert reading(answer) == {"user_name": "device-9", "password": NEW}
    assert roma.login(DEVICE, NEW)
    assert not roma.login(DEVICE, OLD)


@pytest.mark.parametrize("body", [{"user_name": "device-9"}, {"user_name": "device-9", "password": ""}])
def test_user_name_with_empty_password_leaves_the_password(roma, reading, body):
    """A password left empty beside a user name is not reset; the reply has the one that holds."""
    assert reading(roma.send(body)) == {"user_name": "device-9", "password": OLD}
    assert roma.login(DEVICE, OLD)


@pytest.mark.parametrize("body", [{"password": NEW}, {"user_name": "", "password": NEW}])
def test_password_with_empty_user_name_leaves_the_user_name(roma, reading, body):
    """The reply has the current user name."""
    assert reading(roma.send(body)) == {"user_name": "device01", "password": NEW}


@pytest.mark.parametrize("body", [..., {}, {"user_name": ""}, {"password": ""}, {"user_name": "", "password": ""}])
def test_both_empty_generates_a_fresh_valid_password(roma, reading, body):
    """With both members empty or absent a password is made up, by the rule, anew on each call and each device."""
    schema = next(iter(roma.application.contracts)).operations[0].body.content[0].schema
    value, at = schema.resolve("#/components/schemas/Password")
    rules = Rules.of(value, name="Password", at=at, resolve=schema.resolve)
    made = [reading(roma.send(body))["password"] for _ in range(20)]
    made += [reading(roma.send(body, device=dict(roma.fixtures.devices[1].path)))["password"] for _ in range(20)]
    assert len(set(made)) == 40
    assert all(rules.accepts(password) for password in made)
    assert reading(roma.send({"user_name": "device-9"}))["password"] == made[19]
    assert roma.login(DEVICE, made[19])
    assert not roma.login(DEVICE, made[18])


def test_devices_keep_apart(roma):
    """A reset of one device leaves the other's password."""
    roma.send({"password": NEW})
    assert roma.login("1000002", "Initial-Pass-0002")
    assert not roma.login("1000002", NEW)


@pytest.mark.parametrize("headers", [{}, {"X-Auth-Token": ""}, {"X-Auth-Token": "roma-token-that-nobody-issued"}])
def test_missing_or_unknown_token_is_refused_with_400(roma, reading, headers):
    """The decision of docs/contracts.md; nothing changes, and the token is looked at before the input."""
    for body in ({"password": NEW}, {"password": "short"}):
        answer = roma.send(body, headers=headers)
        assert (answer.status, reading(answer)["error_code"]) == (400, "APIGW.0301")
    assert roma.login(DEVICE, OLD)


def test_lacking_permission_is_refused_with_403(roma):
    """So are devices of another account, in the same project or in another one."""
    mere_user, other_account = roma.fixtures.credentials[1:]
    assert roma.send({"password": NEW}, headers=dict(mere_user.headers)).status == 403
    assert roma.send({"password": NEW}, headers=dict(other_account.headers)).status == 403
    for device in roma.fixtures.foreign:
        assert roma.send({"password": NEW}, device=dict(device.path)).status == 403
        assert roma.login(device.id, device.secrets["password"])
    assert roma.login(DEVICE, OLD)


def test_other_account_may_reset_its_own_device(roma):
    """Each credential is good in its own scope."""
    other_account = roma.fixtures.credentials[2]
    answer = roma.send(
        {"password": NEW}, device=dict(roma.fixtures.foreign[1].path), headers=dict(other_account.headers)
    )
    assert answer.status == 200


@pytest.mark.parametrize("number", ["x", "1.0", "+1000001", "1000001%20", "0x1", "%D9%A1", "01000001"])
def test_device_id_that_is_no_integer_is_refused_with_400(roma, number):
    """An integer is what JSON calls one."""
    assert roma.send({}, device=dict(roma.fixtures.devices[0].path) | {"device_id": number}).status == 400


@pytest.mark.parametrize("number", ["1999999", "-1000001", "9" * 40])
def test_unknown_device_is_404(roma, reading, number):
    """The message names the device that was asked for."""
    answer = roma.send({}, device=dict(roma.fixtures.devices[0].path) | {"device_id": number})
    assert answer.status == 404
    assert number in reading(answer)["error_msg"]


@pytest.mark.parametrize("where", [{"project_id": "nowhere"}, {"instance_id": "nowhere"}])
def test_unknown_project_or_instance_is_500(roma, reading, where):
    """As in the vendor's own example, with both ids in the message."""
    answer = roma.send({}, device=dict(roma.fixtures.devices[0].path) | where)
    assert answer.status == 500
    assert "nowhere" in reading(answer)["error_msg"]


@pytest.mark.parametrize(
    "body",
    [
        {"password": "Example-Pass-01"},
        {"password": "Example-Pass-0001é"},
        {"password": None},
        {"user_name": "under_score", "password": NEW},
        {"user_name": 7},
        [],
        "text",
    ],
)
def test_invalid_body_is_refused_and_changes_nothing(roma, reading, body):
    """The error names rules, never a value."""
    answer = roma.send(body)
    assert answer.status == 400
    assert reading(answer)["error_code"] == "SCB.00000000"
    assert "Example" not in answer.body.decode()
    assert roma.login(DEVICE, OLD)
    assert reading(roma.send({"user_name": "device01"})) == {"user_name": "device01", "password": OLD}


def test_request_ids_differ(roma, reading):
    """Each error bears an id of its own."""
    ids = {reading(roma.send({"password": "x"}))["request_id"] for _ in range(5)}
    assert len(ids) == 5
