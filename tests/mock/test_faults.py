"""Faults: named, repeatable, proved; a service with one is a defective one, and only at its own operation."""

from pathlib import Path

import pytest

from watchword.contract import BUNDLED, Operation, load_contract
from watchword.ground import Request
from watchword.mock import app
from watchword.mock.faults import GROUPS, faults
from watchword.strategies import cases, example_request

STYLES = Path(__file__).parents[1] / "strategies" / "styles.openapi.yaml"


@pytest.mark.parametrize("name", BUNDLED)
def test_faults_are_the_same_each_time_and_have_ids_of_their_own(name: str) -> None:
    """A fault's id names one fault, stays, and tells its contract and its group."""
    listed = faults(load_contract(name))
    ids = [fault.id for fault in listed]
    assert ids == [fault.id for fault in faults(load_contract(name))]
    assert len(ids) == len(set(ids))
    assert all(fault.id.startswith(f"{name}/") and fault.group in GROUPS and fault.about for fault in listed)


@pytest.mark.parametrize("name", BUNDLED)
def test_every_group_has_faults(name: str) -> None:
    """No kind of defect is left out for any of the three services."""
    assert {fault.group for fault in faults(load_contract(name))} == set(GROUPS)


def test_fault_of_an_assumed_rule_is_not_derived() -> None:
    """A service that reads an assumed rule the other way is no faulty one."""
    ids = [fault.id for fault in faults(load_contract("roma-connect"))]
    assert not any("password/not-enforced/alphabet" in each for each in ids)
    assert any("password/not-enforced/digit" in each for each in ids)


def _answer(fault_id: str, body: bytes) -> int:
    contract = load_contract("kii")
    fault = next(each for each in faults(contract) if each.id.endswith(fault_id))
    url = "/api/apps/app1/things/VENDOR_THING_ID:thing-1/ownership/password"
    media_type = "application/vnd.kii.ChangeThingPasswordRequest+json"
    headers = (("Authorization", "Bearer kii-token-of-the-administrator"), ("Content-Type", media_type))
    request = Request("PUT", url, headers, body)
    sound, faulty = app([contract]), app([contract], fault=fault.fault)
    assert sound.answer(request)[0].status != faulty.answer(request)[0].status
    return faulty.answer(request)[0].status


@pytest.mark.parametrize(
    ("fault_id", "body", "status"),
    [
        ("too-lax/newPassword/not-enforced/first", b'{"newPassword":""}', 204),
        ("too-lax/body/trailing-comma", b'{"newPassword":"abc",}', 204),
        ("too-lax/newPassword/number-as-text", b'{"newPassword":12345}', 204),
        ("too-strict/newPassword/refuses-format", b'{"newPassword":"a %s b"}', 400),
        ("rare-input/newPassword/percent/", b'{"newPassword":"100%"}', 500),
    ],
)
def test_fault_shows_for_the_request_that_it_is_about(fault_id: str, body: bytes, status: int) -> None:
    """A sound service answers that request otherwise."""
    assert _answer(fault_id.rstrip("/"), body) == status


@pytest.mark.parametrize(
    "fault_id",
    [
        "everyStyle/too-strict/plain/refuses-U+0021",
        "everyStyle/too-strict/crumb/longest",
        "everyStyle/too-lax/crumb/takes-U+002B",
        "everyStyle/too-lax/X-Marks.0/not-enforced/pattern",
        "everyStyle/too-strict/deep.b/longest",
        "everyStyle/too-strict/json.x/refuses-U+0025",
        "sendForm/too-strict/name/shortest",
        "sendForm/too-strict/tags.0/longest",
        "sendForm/too-lax/name/takes-U+002B",
        "sendFile/too-lax/title/not-required",
        "sendFile/too-strict/title/shortest",
        "sendFile/rare-input/title/percent",
        "sendText/too-strict/body/longest",
        "sendText/rare-input/emoji/failure",
        "nest/too-lax/lines.0.sku/trimmed",
    ],
)
def test_fault_shows_wherever_its_place_is(fault_id: str) -> None:
    """In a form, a multipart body, a text, a cookie, a list or an object of a parameter."""
    contract = load_contract(str(STYLES))
    known = {each.id: each for each in faults(contract)}
    fault = known[f"styles/{fault_id}"]
    operation: Operation = contract.operation(fault_id.partition("/")[0])
    sound, faulty = app([contract]), app([contract], fault=fault.fault)
    requests = [example_request(case, operation) for case in cases(operation, contract)]
    assert any(sound.answer(each)[0].status != faulty.answer(each)[0].status for each in requests)
