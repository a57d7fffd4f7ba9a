"""Targets that cannot be checked: one clear error or finding each, and no request more than it takes to know."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from watchword.cli import main
from watchword.contract import load_contract
from watchword.mock import Endpoint, app, load_fixtures, serve
from watchword.mock.answer import json_answer

FIXTURES = load_fixtures()["kii"]
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """`watchword check` in a folder of its own: exit code, standard output, standard error."""
    for name in ("STATE", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setenv("KII_ADMIN", next(iter(FIXTURES.credential.headers.values())))
    monkeypatch.setenv("KII_SECRET", "an example password")
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str, str]:
        code = main(words)
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


def settings(url: str, devices: str) -> None:
    Path("watchword.toml").write_text(
        f'[targets.bench]\ncontract = "kii"\nurl = "{url}"\ncredential = {{ env = "KII_ADMIN" }}\n{devices}\n'
    )


LISTED = 'devices = [ { appID = "app1", vendorThingID = "thing-1", secret = { env = "KII_SECRET" } } ]'


def test_remote_target_without_devices_is_refused_with_what_to_add(command: Command) -> None:
    """Elsewhere than on this machine nothing is touched that is not listed, and the option to list it is named."""
    settings("https://api.example.com", "")
    code, shown, told = command("check", "--target", "bench")
    assert (code, shown) == (2, "")
    assert told.startswith("error: https://api.example.com is not on this machine, and no device is listed")
    assert "--device appID=...,vendorThingID=..." in told
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize("variable", ["KII_ADMIN", "KII_SECRET"])
def test_missing_variable_is_named_before_anything_is_sent(
    command: Command, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Credential or secret: one line with file, place and variable."""
    asked: list[str] = []
    monkeypatch.delenv(variable)
    with serve(app([load_contract("kii")], log=asked.append)) as server:
        settings(server.url, LISTED)
        code, shown, told = command("check", "--target", "bench")
    assert (code, shown, asked) == (2, "", [])
    assert "watchword.toml: [targets.bench]" in told
    assert f"the environment variable {variable} is not set" in told
    assert len(told.splitlines()) == 1


def test_device_that_the_credential_may_not_touch_ends_the_check_at_once(command: Command) -> None:
    """A service that refuses everything about the device: a handful of requests, a reason, and `recover` names it."""
    asked: list[str] = []

    def closed(endpoint: Endpoint) -> Endpoint:
        return replace(endpoint, admit=lambda _: json_answer(403, {"message": "not yours"}))

    with serve(app([load_contract("kii")], fault=closed, log=asked.append)) as server:
        settings(server.url, LISTED)
        code, shown, _ = command("check", "--target", "bench", "--output", "report.json")
        rules = {finding["rule"] for finding in json.loads(Path("report.json").read_text())["findings"]}
        named, listing, _ = command("recover")
    assert code == 1
    assert len(asked) < 10
    assert "ended: the first valid requests were refused as unauthorised; is the credential right?" in shown
    assert "not-restored" in rules
    assert named == 1
    assert "vendorThingID=thing-1: may be" in listing
    assert "an example password" not in shown + listing


@pytest.mark.parametrize("secret", ["", ', secret = { env = "KII_SECRET" }'])
def test_service_that_is_not_there_leaves_no_device_in_doubt(command: Command, secret: str) -> None:
    """No request arrived, so that nothing is to be put back: one finding and one line, no matrix of nothing."""
    with serve(app([load_contract("kii")])) as server:
        url = server.url
    settings(url, f'devices = [ {{ appID = "app1", vendorThingID = "thing-1"{secret} }} ]')
    code, shown, told = command("check", "--target", "bench")
    assert code == 2
    assert "unreachable" in shown
    assert "kii: 1 request in " in shown
    assert "1 error, " in shown
    assert shown.endswith("\n1 error\n")
    assert "Password/first" not in shown
    assert "put back" not in shown
    assert told.splitlines()[-1].endswith("connection refused; is the service running there?")
    assert command("recover")[0] == 0
