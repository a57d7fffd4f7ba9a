"""Which device a case gets: all of them in turn, the same one each time, and none that its id names by chance."""

from collections import defaultdict
from dataclasses import replace

import pytest

from watchword.check import Device, HttpTransport, Plan, Principal, Target, guarded, make_plan, narrowed, run
from watchword.contract import load_contract
from watchword.ground import Request
from watchword.mock import Call, Endpoint, app
from watchword.service import twin

CONTRACT = load_contract("kii")
TWO = ("thing-1", "thing-2")


def plan_of(*names: str, **more: object) -> Plan:
    devices = tuple(Device({"appID": "app1", "vendorThingID": name}) for name in names)
    refused = (Principal("ordinary user", "token-of-a-user"), Principal("expired", "token-of-yesterday"))
    target = Target("kii", "http://127.0.0.1:1", Principal("admin", "token-of-admin"), refused, devices)
    return make_plan(CONTRACT, guarded(target, CONTRACT), **more)  # type: ignore[arg-type]


def test_cases_of_a_rule_take_turns_over_all_devices() -> None:
    """Each rule with several cases meets every device, and both sides of the secret do."""
    met = defaultdict(list)
    for each in plan_of(*TWO).planned:
        met[each.case.side, each.case.rule, each.case.location].append(each.device.name)
    assert all(set(names) == set(TWO) for names in met.values() if len(names) > 1)
    sides = {side: {name for key, names in met.items() if key[0] == side for name in names} for side, _, _ in met}
    assert sides == {side: set(TWO) for side in sides}


def test_every_other_credential_meets_every_device() -> None:
    """One that may act on the second device alone is not missed."""
    found = defaultdict(set)
    for each in plan_of(*TWO).planned:
        if each.case.rule == "other-credential":
            token = next(value for name, value in each.request.headers if name == "Authorization")
            found[token].add(each.device.name)
    assert set(map(len, found.values())) == {2}
    assert len(found) == 2


def test_device_of_a_case_is_the_same_whatever_else_is_asked_for() -> None:
    """A repeated case is the same request: alone, with other phases, with its narrower ones."""

    def requests(plan: Plan) -> dict[str, Request]:
        return {each.case.id: each.request for each in plan.planned}

    whole = requests(plan_of(*TWO))
    for part in (
        plan_of(*TWO, phases=("cases",)),
        plan_of(*TWO, phases=("examples",)),
        narrowed(plan_of(*TWO, with_narrower=True), ["kii/changeThingPassword/refuse/*"]),
    ):
        found = requests(part)
        assert found
        assert {case_id: whole[case_id] for case_id in found} == found


@pytest.mark.parametrize("names", [("rack7", "thing-1"), ("thing-1", "rack7")])
def test_id_that_stays_as_it_is_makes_no_refusal(names: tuple[str, ...]) -> None:
    """An id without a separator has no last part: that case gets another device, or is skipped with the reason."""
    last = "kii/changeThingPassword/refuse/unknown-device/last-part"
    both = {each.case.id: each.device.name for each in plan_of(*names).planned}
    assert both[last] == "thing-1"
    alone = plan_of("rack7")
    assert last not in {each.case.id for each in alone.planned}
    assert "no device of the target has an id that this can be made of" in {
        each.reason for each in alone.skipped if each.case.id == last
    }


def test_case_never_names_another_device_by_chance() -> None:
    """An id cut by one character may be that of a listed device, which exists."""
    for each in plan_of("thing-1", "thing-12").planned:
        if each.case.location == "path.vendorThingID" and each.case.side == "refuse":
            assert "VENDOR_THING_ID:thing-1/" not in each.request.url


def test_rule_that_is_not_enforced_for_the_second_device_is_found() -> None:
    """With one worker, too: nobody has to ask for more."""

    def fault(endpoint: Endpoint) -> Endpoint:
        def refuse(call: Call):  # type: ignore[no-untyped-def]
            return endpoint.act(call) if call.path["vendorThingID"] == second else endpoint.refuse(call)

        return replace(endpoint, refuse=refuse)

    second = ""
    with twin("kii", CONTRACT, app([CONTRACT], fault=fault)) as target:
        second = target.devices[1].path["vendorThingID"]
        transport = HttpTransport(target.url, 5.0)
        try:
            outcome = run(make_plan(CONTRACT, guarded(target, CONTRACT)), transport)
        finally:
            transport.close()
    assert {"Password/first", "Password/type"} <= {finding.rule for finding in outcome.findings}
