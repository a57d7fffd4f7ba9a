"""A service by whatever it is named, to the guarded plan of its check."""

from pathlib import Path

import pytest

from watchword.check import HttpTransport
from watchword.ground import WatchwordError
from watchword.service import Choice, chosen


def test_mock_of_two_contracts_gives_a_plan_for_each_twin() -> None:
    """Each contract gets a twin on a port of its own, with the devices that it may touch."""
    with chosen(Choice(contracts=("kii", "roma-connect"), mock=True)) as plans:
        assert [plan.contract.name for plan in plans] == ["kii", "roma-connect"]
        assert len({plan.target.url.split("/")[2] for plan in plans}) == 2
        assert all(plan.planned and plan.target.devices for plan in plans)


def test_url_with_devices_and_credential_gives_their_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is named beside a URL reaches the target, and the command that repeats a case names it once more."""
    monkeypatch.setenv("KII_ADMIN", "Bearer token")
    devices = ("appID=a,vendorThingID=mine thing",)
    choice = Choice(("kii",), url="https://api.example.com/", credential_env="KII_ADMIN", devices=devices, rate="10/s")
    with chosen(choice, phases=("cases",)) as (plan,):
        assert plan.target.principal is not None
        assert plan.target.principal.token == "token"
        assert plan.target.rate == 10
        assert {each.device.path["vendorThingID"] for each in plan.planned} == {"mine thing"}
        assert plan.target.options == (
            "--url https://api.example.com/ --credential-env KII_ADMIN --device 'appID=a,vendorThingID=mine thing'"
        )


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        (Choice(("kii",)), "name one service"),
        (Choice(("kii",), mock=True, url="http://127.0.0.1:1"), "name one service"),
        (Choice(("kii", "iotda"), url="http://127.0.0.1:1"), "name the contract"),
        (Choice(mock=True), "name the contract"),
        (Choice(("kii",), url="http://127.0.0.1:1", credential_env="WATCHWORD_NOT_SET"), "WATCHWORD_NOT_SET is not"),
        (Choice(target="bench"), "no watchword.toml"),
    ],
)
def test_choice_that_names_no_single_service_is_refused(
    choice: Choice, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No service, two of them, or one without its contract, credential or settings: one clear error."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WatchwordError, match=told), chosen(choice):
        pass


def test_mock_of_a_document_is_below_the_path_of_its_server(tmp_path: Path) -> None:
    """Requests for a document whose server has a path reach the operations of its mock."""
    path = tmp_path / "shop.openapi.yaml"
    path.write_text(
        "openapi: 3.1.0\ninfo: {title: shop, version: '1'}\nservers: [{url: 'https://shop.example/v1/{stage}'}]\n"
        "paths: {/orders: {get: {operationId: order, responses: {'204': {description: none}}}}}\n",
        encoding="utf-8",
    )
    with chosen(Choice(contracts=(str(path),), mock=True), phases=("cases",)) as (plan,):
        transport = HttpTransport(plan.target.url)
        assert {transport.send(each.request).status for each in plan.planned if each.case.side == "accept"} == {204}
        transport.close()
