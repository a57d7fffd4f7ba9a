"""Devices of a kind with rules of its own: they are fuzzed, too, each by the rules of its kind."""

from pathlib import Path

import pytest
from tests.schemathesis.conftest import Run

from watchword.check import Device, Principal, Target, make_plan
from watchword.contract import load_contract
from watchword.mock import app, load_fixtures, serve
from watchword.schemathesis.keeping import Keeper
from watchword.schemathesis.service import Service


def target(folder: Path, url: str, kinds: dict[str, str | None]) -> dict[str, str]:
    """A watchword.toml whose devices are of the given kinds, and the variables that it names."""
    fixtures = load_fixtures()["iotda"]
    project = fixtures.devices[0].path["project_id"]
    devices = [
        f'{{ project_id = "{project}", device_id = "{name}"' + (f', profile = "{kind}" }}' if kind else " }")
        for name, kind in kinds.items()
    ]
    (folder / "watchword.toml").write_text(
        f'[targets.bench]\ncontract = "iotda"\nurl = "{url}"\ncredential = {{ env = "TOKEN" }}\n'
        f"devices = [ {', '.join(devices)} ]\n"
    )
    return {"TOKEN": next(iter(fixtures.credential.headers.values()))}


def test_an_operation_is_read_as_its_device_has_it() -> None:
    """Requests for a device are drawn from and judged by the contract of its kind; others by the plain one."""
    contract = load_contract("iotda")
    fixtures = load_fixtures()["iotda"]
    devices = tuple(Device(each.path, profile=each.profile) for each in (*fixtures.devices, *fixtures.profiled))
    given = Target("iotda", "http://127.0.0.1:1", Principal("caller", "token"), devices=devices)
    service = Service(make_plan(contract, given), Keeper(contract, given, journaled=False))
    plain = contract.operations[0]
    assert [kind[0].label for kind in service.kinds(plain, {})] == [
        "iotda resetDeviceSecret", "iotda.coap resetDeviceSecret", "iotda.nb-iot resetDeviceSecret"
    ]  # fmt: skip
    nb_iot = next(each for each in fixtures.profiled if each.profile == "nb-iot").path
    assert [kind[2] for kind in service.kinds(plain, nb_iot)] == [Device(nb_iot, profile="nb-iot")]
    assert service.as_of(plain, nb_iot).label == "iotda.nb-iot resetDeviceSecret"
    assert service.as_of(plain, {"device_id": "nobody"}) is plain
    assert {device.profile for device in service.devices} == {None}


@pytest.mark.slow
@pytest.mark.parametrize("phase", ["coverage", "fuzzing"])
def test_the_rules_of_a_kind_are_tried_on_its_devices(fuzz: Run, tmp_path: Path, phase: str) -> None:
    """A device that takes what its kind refuses is found, beside one without a kind that rightly takes it."""
    fixtures = load_fixtures()["iotda"]
    plain, other = (device.path["device_id"] for device in fixtures.devices)
    nb_iot = next(device.path["device_id"] for device in fixtures.profiled if device.profile == "nb-iot")
    with serve(app([load_contract("iotda")])) as server:
        url = server.url + fixtures.base_path
        arguments = ("--target", "bench", "--phases", phase, "--seed", "1", "--max-examples", "60")
        sound = fuzz(*arguments, **target(tmp_path, url, {plain: None, nb_iot: "nb-iot"}))
        assert sound.returncode == 0, sound.stdout + sound.stderr
        wrong = fuzz(*arguments, **target(tmp_path, url, {plain: None, other: "nb-iot"}))
    assert wrong.returncode == 1, wrong.stdout + wrong.stderr
    assert "NbIotSecret/" in wrong.stdout
