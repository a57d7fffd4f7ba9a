"""Effects seen through a probe: what a device can do with its secrets after each request."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from watchword.check import HttpTransport, Outcome, guarded, make_plan, read_target, run
from watchword.check.probe import read_probe
from watchword.contract import load_contract
from watchword.ground import WatchwordError
from watchword.mock import Answer, Call, Endpoint, Fault, app, serve

SETTINGS = Path(__file__).parents[1] / "fixtures" / "check" / "iotda.toml"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in {
        "IOTDA_TOKEN": "iotda-token-of-the-project-user",
        "P1": "initial-primary_1",
        "S1": "initial-secondary_1",
        "P2": "initial-primary_2",
        "S2": "initial-secondary_2",
    }.items():
        monkeypatch.setenv(name, value)
    return tmp_path / "watchword.toml"


def checked(settings: Path, fault: Fault | None = None, wanted: str = "accept/example") -> Outcome:
    with serve(app([load_contract("iotda")], fault=fault)) as server:
        settings.write_text(SETTINGS.read_text().replace("URL", server.url))
        target, contract = read_target(settings, "bench")
        plan = make_plan(contract, guarded(target, contract))
        plan = replace(plan, planned=tuple(each for each in plan.planned if wanted in each.case.id))
        transport = HttpTransport(server.url, 5.0)
        try:
            return run(plan, transport)
        finally:
            transport.close()


def test_sound_service_has_the_effects_it_promises(settings: Path) -> None:
    """New secrets open, old ones do not, slots and devices stay apart: no finding, over accepted and refused cases."""
    assert checked(settings).findings == []
    assert checked(settings, wanted="refuse/Secret/length").findings == []


def test_reset_that_changes_nothing_is_found(settings: Path) -> None:
    """A service that answers and forgets: the new secret does not open, the old one still does."""

    def fault(endpoint: Endpoint) -> Endpoint:
        def act(call: Call) -> Answer:
            members = call.members()
            secret = members.get("secret") or "made-up-secret-000"
            body = {
                "device_id": call.path["device_id"],
                "secret": secret,
                "secret_type": members.get("secret_type", "PRIMARY"),
            }
            return Answer(200, (("Content-Type", "application/json"),), json.dumps(body).encode())

        return replace(endpoint, act=act)

    rules = {finding.rule for finding in checked(settings, fault).findings}
    assert {"new-secret-refused", "old-secret-accepted"} <= rules


def test_reset_of_the_wrong_slot_is_found(settings: Path) -> None:
    """A service that mixes up its slots changes one that the request was not about."""

    def fault(endpoint: Endpoint) -> Endpoint:
        swap = {"PRIMARY": "SECONDARY", "SECONDARY": "PRIMARY"}

        def act(call: Call) -> Answer:
            members = call.members()
            given = str(members.get("secret_type", "PRIMARY"))
            body = json.dumps({**members, "secret_type": swap[given]}).encode()
            answer = endpoint.act(replace(call, request=replace(call.request, body=body)))
            return replace(answer, body=json.dumps({**json.loads(answer.body), "secret_type": given}).encode())

        return replace(endpoint, act=act)

    rules = {finding.rule for finding in checked(settings, fault).findings}
    assert "other-slot-changed" in rules


def test_refused_request_that_resets_all_the_same_is_found(settings: Path) -> None:
    """A service that stores first and validates afterwards is found by its refusals."""

    def fault(endpoint: Endpoint) -> Endpoint:
        def refuse(call: Call) -> Answer:
            endpoint.act(call)
            return endpoint.refuse(call)

        return replace(endpoint, refuse=refuse)

    rules = {finding.rule for finding in checked(settings, fault, "refuse/Secret/length").findings}
    assert rules & {"refused-secret-accepted", "refused-request-changed"}


def test_program_gets_the_secret_on_its_input() -> None:
    """A probe may be a program: the secret is not on its command line, and its exit code is the verdict."""
    probe = read_probe({"command": ["sh", "-c", "test \"$(cat)\" = 'open {id}'", "{id}"]}, "here")
    assert probe.opens({"id": "sesame"}, "open sesame", "")
    assert not probe.opens({"id": "sesame"}, "open barley", "")


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ({"request": {"url": "http://x"}}, "`accepted` is a condition"),
        ({"request": {"url": "http://x"}, "accepted": "$statusCode =="}, "no condition"),
        ({"request": {"method": "GET"}, "accepted": "true"}, "needs a `url`"),
        ({"command": "login"}, "list of words"),
        ({"url": "http://x"}, "a probe has"),
    ],
)
def test_mistake_in_a_probe_is_one_clear_error(table: dict[str, object], reason: str) -> None:
    """What is wrong with a probe's table, and what it should have."""
    with pytest.raises(WatchwordError, match=reason):
        read_probe(table, "watchword.toml: [targets.bench] probe")
