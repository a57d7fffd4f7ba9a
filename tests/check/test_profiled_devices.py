"""Devices of a profile are checked by the rules of their profile, against the twin of IoTDA."""

import json
from dataclasses import replace

import pytest

from watchword.check import Device, HttpTransport, Options, Outcome, Plan, guarded, make_plan, run
from watchword.contract import load_contract
from watchword.ground import WatchwordError
from watchword.mock import Endpoint, Fault, app
from watchword.mock.answer import json_answer
from watchword.service import twin

CONTRACT = load_contract("iotda")


def checked(profiles: set[str | None], fault: Fault | None = None, *, random: bool = False) -> tuple[Plan, Outcome]:
    """A check with those of the twin's devices that have one of these profiles."""
    with twin("iotda", CONTRACT, app([CONTRACT], fault=fault)) as target:
        devices = tuple(device for device in target.devices if device.profile in profiles)
        plan = make_plan(CONTRACT, guarded(replace(target, devices=devices), CONTRACT))
        transport = HttpTransport(target.url, 5.0)
        phases = ("examples", "cases", "random") if random else ("examples", "cases")
        try:
            return plan, run(plan, transport, options=Options(phases=phases))
        finally:
            transport.close()


def secrets(plan: Plan, side: str) -> set[str]:
    """The texts that a plan's cases about the secret give it."""
    bodies = (
        each.request.body for each in plan.planned if each.case.side == side and each.case.location == "body#/secret"
    )
    given = (json.loads(body).get("secret") for body in bodies)
    return {secret for secret in given if isinstance(secret, str)}


def is_hexadecimal(text: str) -> bool:
    return set(text) <= set("0123456789abcdefABCDEF")


def test_target_of_nb_iot_devices_alone_gets_hexadecimal_cases() -> None:
    """Every secret that must be accepted is hexadecimal, some that must not are so but for one character."""
    plan, outcome = checked({"nb-iot"}, random=True)
    assert outcome.findings == []
    assert {each.device.profile for each in plan.planned if each.case.draft.device == "touchable"} == {"nb-iot"}
    assert secrets(plan, "accept")
    assert all(map(is_hexadecimal, secrets(plan, "accept")))
    assert any(not is_hexadecimal(text) and text.isalnum() for text in secrets(plan, "refuse"))
    assert outcome.matrix["iotda.nb-iot resetDeviceSecret", "NbIotSecret/hexadecimal", "refuse"].cases
    assert outcome.matrix["iotda.nb-iot resetDeviceSecret", "random", "accept"].cases


def test_plain_and_profiled_devices_get_the_cases_that_differ() -> None:
    """Beside a plain device, one of a profile is asked only what its profile is about."""
    plan, outcome = checked({None, "nb-iot", "coap"})
    assert outcome.findings == []
    extra = [each for each in plan.planned if each.device.profile]
    assert {each.case.location for each in extra} == {"body#/secret", "body#/secret_type"}
    assert len(extra) < 25
    assert len({each.case.id for each in plan.planned}) == len(plan.planned)
    refused = [each.request.body for each in extra if each.device.profile == "coap" and each.case.side == "refuse"]
    assert any(json.loads(body)["secret_type"] == "SECONDARY" for body in refused)


@pytest.mark.parametrize(("profile", "rule"), [("nb-iot", "NbIotSecret/hexadecimal"), ("coap", "CoapSecretType/enum")])
@pytest.mark.parametrize("alone", [True, False])
def test_service_that_forgets_a_profile_is_found(profile: str, rule: str, *, alone: bool) -> None:
    """A service that treats every device alike breaks the rule of the profile, with plain devices listed or without."""

    def forget(endpoint: Endpoint) -> Endpoint:
        def act(call):  # type: ignore[no-untyped-def]
            answer = endpoint.act(call)
            if answer.status != 400:
                return answer
            told = {"device_id": call.path["device_id"], "secret": "0123456789abcdef", "secret_type": "PRIMARY"}
            return json_answer(200, told | call.members())

        return replace(endpoint, act=act)

    _, outcome = checked({profile} if alone else {None, profile}, forget)
    assert {finding.rule for finding in outcome.findings if finding.case and "/refuse/" in finding.case} >= {rule}


def test_unknown_profile_is_one_clear_error() -> None:
    """A mistyped profile stops the check before anything is sent, with those that there are."""
    with twin("iotda", CONTRACT) as target:
        device = Device(target.devices[0].path, profile="nbiot")
        with pytest.raises(WatchwordError, match="unknown profile 'nbiot'; known are nb-iot, coap"):
            guarded(replace(target, devices=(device,)), CONTRACT)
