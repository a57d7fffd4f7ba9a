"""The twin of IoTDA does what the vendor's prose says; every reply is judged by the contract on the way."""

import re

import pytest

DEVICE = "7f3c1a52-0b6d-4e8f-9a21-5c4d3e2f1b0a"
PRIMARY, SECONDARY = "initial-primary_1", "initial-secondary_1"
NEW = "example-secret_01"


def profiled(client, profile):
    return next(dict(device.path) for device in client.fixtures.profiled if device.profile == profile)


def test_given_secret_becomes_the_primary_one(iotda, reading):
    """Without a secret_type the primary secret is meant; the secondary one stays."""
    answer = iotda.send({"secret": NEW})
    assert answer.status == 200
    assert reading(answer) == {"device_id": DEVICE, "secret": NEW, "secret_type": "PRIMARY"}
    assert iotda.login(DEVICE, NEW)
    assert not iotda.login(DEVICE, PRIMARY)
    assert iotda.login(DEVICE, SECONDARY)


def test_secondary_secret_leaves_the_primary_alone(iotda, reading):
    """The two slots are kept apart; a probe can ask for one of them."""
    assert reading(iotda.send({"secret": NEW, "secret_type": "SECONDARY"}))["secret_type"] == "SECONDARY"
    assert iotda.login(DEVICE, PRIMARY, slot="PRIMARY")
    assert iotda.login(DEVICE, NEW, slot="SECONDARY")
    assert not iotda.login(DEVICE, NEW, slot="PRIMARY")
    assert not iotda.login(DEVICE, SECONDARY)


@pytest.mark.parametrize("body", [..., {}, {"secret_type": "SECONDARY"}])
def test_omitted_secret_is_generated(iotda, reading, body):
    """By the rule, and anew each time."""
    made = [reading(iotda.send(body)) for _ in range(30)]
    secrets = [each["secret"] for each in made]
    assert len(set(secrets)) == 30
    assert all(re.fullmatch("[A-Za-z0-9_-]{8,32}", secret) for secret in secrets)
    assert iotda.login(DEVICE, secrets[-1], slot=made[-1]["secret_type"])
    assert not iotda.login(DEVICE, secrets[-2])


def test_nb_iot_device_demands_hexadecimal(iotda, reading):
    """A secret with other characters is refused for that device alone; a generated one is hexadecimal."""
    path = profiled(iotda, "nb-iot")
    answer = iotda.send({"secret": "example-secret_01"}, device=path)
    assert (answer.status, "hexadecimal" in reading(answer)["error_msg"]) == (400, True)
    assert iotda.login(path["device_id"], "0123456789abcdef")
    assert iotda.send({"secret": "00FFee1122"}, device=path).status == 200
    assert all(re.fullmatch("[0-9a-fA-F]{8,32}", reading(iotda.send({}, device=path))["secret"]) for _ in range(20))


def test_coap_device_has_no_secondary_secret(iotda):
    """Resetting it is refused; the primary one works."""
    path = profiled(iotda, "coap")
    assert iotda.send({"secret_type": "SECONDARY"}, device=path).status == 400
    assert iotda.send({"secret_type": "PRIMARY"}, device=path).status == 200


def test_force_disconnect_ends_the_connection(iotda):
    """A device that is connected stays so, unless the request says otherwise; the default is false."""
    twin = iotda.application.twins["iotda"]
    assert not twin.is_connected(DEVICE)
    assert iotda.login(DEVICE, PRIMARY)
    for body in ({"secret": NEW}, {"secret": NEW, "force_disconnect": False}):
        iotda.send(body)
        assert twin.is_connected(DEVICE)
    iotda.send({"secret": NEW, "force_disconnect": True})
    assert not twin.is_connected(DEVICE)


@pytest.mark.parametrize("headers", [{}, {"X-Auth-Token": "iotda-token-that-nobody-issued"}])
def test_missing_or_unknown_token_is_401(iotda, headers):
    """Before the input is looked at; nothing changes."""
    assert iotda.send({"secret": NEW}, headers=headers).status == 401
    assert iotda.send({"secret": "short"}, headers=headers).status == 401
    assert iotda.login(DEVICE, PRIMARY)


def test_foreign_project_or_device_is_403(iotda):
    """A device of another principal, in one's own project or not, and one's own device with another's token."""
    for device in iotda.fixtures.foreign:
        assert iotda.send({"secret": NEW}, device=dict(device.path)).status == 403
        assert iotda.login(device.id, device.secrets["PRIMARY"])
    for credential in iotda.fixtures.credentials[1:]:
        assert iotda.send({"secret": NEW}, headers=dict(credential.headers)).status == 403
    assert iotda.login(DEVICE, PRIMARY)


def test_device_of_another_project_is_unknown_in_ones_own(iotda):
    """A device is named by its project too."""
    path = dict(iotda.fixtures.devices[0].path) | {"device_id": "device-of-another-project"}
    assert iotda.send({}, device=path).status == 404


def test_unknown_device_is_404(iotda):
    """For an id that obeys its rule; one that does not is bad input."""
    assert iotda.send({}, device=dict(iotda.fixtures.unknown[0].path)).status == 404
    path = dict(iotda.fixtures.devices[0].path)
    assert iotda.send({}, device=path | {"device_id": "a" * 128}).status == 404
    assert iotda.send({}, device=path | {"device_id": "a" * 129}).status == 400
    assert iotda.send({}, device=path | {"device_id": "7f3c1a52%2D0b6d-4e8f-9a21-5c4d3e2f1b0a"}).status == 200


@pytest.mark.parametrize("query", ["", "?action_id=other", "?action_id=resetSecret&action_id=resetSecret"])
def test_wrong_action_is_400(iotda, query):
    """The query names what to do."""
    assert iotda.send({}, query=query).status == 400


@pytest.mark.parametrize(
    "body",
    [
        {"secret": "short"},
        {"secret": ""},
        {"secret": None},
        {"secret": "white space"},
        {"secret": "a" * 33},
        {"secret_type": "THIRD"},
        {"force_disconnect": "true"},
        [],
        7,
    ],
)
def test_invalid_body_is_refused_and_changes_nothing(iotda, body):
    """An empty secret is no absent one."""
    assert iotda.send(body).status == 400
    assert iotda.login(DEVICE, PRIMARY)


def test_preferred_code_is_answered_from_the_document(iotda):
    """`Prefer: code=500` shows a client what a failure looks like; the twin's state stays."""
    assert iotda.send({"secret": NEW}, more={"Prefer": "code=500"}).status == 500
    assert iotda.login(DEVICE, PRIMARY)
    assert iotda.send({"secret": NEW}, headers={}, more={"Prefer": "code=200"}).status == 401
