"""The command that a finding gives repeats that finding, whatever phase it is of."""

import json
import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from watchword.cli import main
from watchword.contract import load_contract
from watchword.mock import Answer, Call, Endpoint, app, load_fixtures, serve

FIXTURES = load_fixtures()["kii"]


def forgetful(endpoint: Endpoint) -> Endpoint:
    """Refuses a password with a percent sign or of many characters, takes one beyond ASCII, and resets for anybody."""

    def judge(request: Any) -> Any:
        return [
            found for found in endpoint.judge(request) if "printable" not in found.rule and "first" not in found.rule
        ]

    def act(call: Call) -> Answer:
        password = str(call.members().get("newPassword"))
        return endpoint.refuse(call) if "%" in password or len(password) > 20 else endpoint.act(call)

    return replace(endpoint, judge=judge, act=act)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serve(app([load_contract("kii")], fault=forgetful)) as server:
        yield server.url + FIXTURES.base_path


def findings(words: list[str], report: Path) -> list[dict[str, Any]]:
    main([*words, "--format", "json", "--output", str(report)])
    return list(json.loads(report.read_text())["findings"])


@pytest.mark.parametrize(
    "phase",
    [pytest.param("cases", marks=pytest.mark.slow), "random", pytest.param("workflows", marks=pytest.mark.slow)],
)
def test_repeat_command_gives_the_finding_again(
    phase: str, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each finding names one case, property or workflow; its command sends just that, and finds the same."""
    monkeypatch.setenv("KII_ADMIN", next(iter(FIXTURES.credential.headers.values())))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    device = ",".join(f"{name}={value}" for name, value in FIXTURES.devices[0].path.items())
    words = ["check", "kii", "--url", url, "--credential-env", "KII_ADMIN", "--device", device, "--phases", phase]
    first = findings([*words, "--seed", "7", "-n", "10"], tmp_path / "first.json")
    by_case = {each["case"]: each for each in first}
    assert by_case
    for each in list(by_case.values())[:4]:
        again = shlex.split(each["repeat"])
        assert again[0] == "watchword"
        assert again[again.index("--case") + 1] == each["case"]
        repeated = findings(again[1:], tmp_path / "again.json")
        assert {one["case"] for one in repeated} == {each["case"]}
        assert (each["rule"], each["location"], each["message"]) in [
            (one["rule"], one["location"], one["message"]) for one in repeated
        ]
