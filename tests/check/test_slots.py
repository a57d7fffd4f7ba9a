"""Devices with several secrets: what a probe sees that does not say which it tries, and what is told to configure."""

from dataclasses import replace
from pathlib import Path

import pytest

from watchword.check import (
    PHASES,
    HttpTransport,
    Journal,
    Options,
    Outcome,
    Phase,
    guarded,
    make_plan,
    read_target,
    run,
)
from watchword.check.probe import read_probe, tells_slots
from watchword.check.target import Target
from watchword.contract import load_contract
from watchword.mock import Answer, Call, Endpoint, Fault, app
from watchword.mock.answer import json_answer
from watchword.service import twin

CONTRACT = load_contract("iotda")
SECRETS = ({"PRIMARY": "initial-primary_1"}, {"PRIMARY": "initial-primary_2"})
BOTH = (
    {"PRIMARY": "initial-primary_1", "SECONDARY": "initial-secondary_1"},
    {"PRIMARY": "initial-primary_2", "SECONDARY": "initial-secondary_2"},
)


def checked(
    slot: str | None,
    secrets: tuple[dict[str, str], ...] = SECRETS,
    fault: Fault | None = None,
    journal: Journal | None = None,
    phases: tuple[Phase, ...] = PHASES,
) -> Outcome:
    """A check of the twin with a login for this slot, or with the secret of any, whichever the request was about."""
    with twin("iotda", CONTRACT, app([CONTRACT], fault=fault)) as found:
        given = {"id": "{device_id}", "secret": "{secret}"} | ({"slot": slot} if slot else {})
        request = {"url": f"{'/'.join(found.url.split('/')[:3])}/_twin/iotda/login", "json": given}
        probe = read_probe({"request": request, "accepted": "$response.body#/ok == true"}, "twin")
        target = replace(with_secrets(found, secrets), probe=probe)
        transport = HttpTransport(target.url, 5.0)
        try:
            plan = make_plan(CONTRACT, guarded(target, CONTRACT), phases=phases)
            return run(plan, transport, journal=journal, options=Options(phases=phases))
        finally:
            transport.close()


def with_secrets(target: Target, secrets: tuple[dict[str, str], ...]) -> Target:
    plain = [device for device in target.devices if device.profile is None]
    return replace(
        target, devices=tuple(replace(device, secrets=own) for device, own in zip(plain, secrets, strict=True))
    )


@pytest.mark.parametrize("secrets", [SECRETS, BOTH])
def test_login_with_either_secret_is_no_finding_on_a_sound_service(secrets: tuple[dict[str, str], ...]) -> None:
    """What opens may do so by the other secret: that says nothing, and the run says what was not tried and how to."""
    outcome = checked(None, secrets)
    assert outcome.findings == []
    (note,) = [each for each in outcome.notes if each.startswith("not exercised")]
    assert "which of PRIMARY and SECONDARY it tries" in note
    assert "`{slot}`" in note
    assert ("nor was any login with SECONDARY" in note) is (secrets is SECRETS)


def test_login_with_the_primary_secret_alone_is_no_finding_on_a_sound_service() -> None:
    """A secondary secret that does not open may be one that devices never log in with."""
    assert checked("PRIMARY").findings == []


def test_reset_without_effect_is_found_without_a_slot() -> None:
    """That the new secret does not open says enough, of the slots that the login is known to try."""

    def forget_primary(endpoint: Endpoint) -> Endpoint:
        return forgetting(endpoint, "PRIMARY")

    def forget_secondary(endpoint: Endpoint) -> Endpoint:
        return forgetting(endpoint, "SECONDARY")

    cases = ("examples", "cases")
    rules = {finding.rule for finding in checked(None, fault=forget_primary, phases=cases).findings}
    assert "new-secret-refused" in rules
    rules = {finding.rule for finding in checked(None, BOTH, forget_secondary, phases=cases).findings}
    assert "new-secret-refused" in rules
    assert checked(None, fault=forget_secondary, phases=cases).findings == []


def forgetting(endpoint: Endpoint, slot: str) -> Endpoint:
    """A service that answers a reset of one slot and does nothing."""

    def act(call: Call) -> Answer:
        members = call.members()
        if members.get("secret_type", "PRIMARY") != slot:
            return endpoint.act(call)
        secret = members.get("secret") or f"made-up-secret-{len(made)}"
        made.append(secret)
        return json_answer(200, {"device_id": call.path["device_id"], "secret": secret, "secret_type": slot})

    made: list[str] = []
    return replace(endpoint, act=act)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"request": {"url": "http://x/{slot}"}, "accepted": "true"}, True),
        ({"request": {"url": "http://x", "json": {"a": [{"b": "{slot}"}]}}, "accepted": "true"}, True),
        ({"request": {"url": "http://x", "headers": {"Slot": "{slot}"}}, "accepted": "true"}, True),
        ({"request": {"url": "http://x", "body": "s={secret}"}, "accepted": "true"}, False),
        ({"command": ["login", "{slot}"]}, True),
        ({"command": ["login"]}, False),
    ],
)
def test_probe_tells_slots_where_it_names_the_slot(table: dict[str, object], told: bool) -> None:
    """Anywhere in its request, or in its words."""
    assert tells_slots(read_probe(table, "here")) is told


def test_what_stays_changed_is_told_with_its_slot_and_what_to_configure(tmp_path: Path) -> None:
    """The secret that nobody configured, by its slot, and how the configuration names both."""
    journal = Journal(tmp_path / "journal.sqlite", tmp_path / "journal.key")
    with journal:
        outcome = checked(None, journal=journal, phases=("examples",))
    (note,) = [each for each in outcome.notes if "put back" in each]
    assert note.startswith("the secret SECONDARY of ")
    assert '`secret = { PRIMARY = { env = "…" }, SECONDARY = { env = "…" } }`' in note


def test_documented_target_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of docs/contracts.md are read, with a secret for each slot and a probe that tells them apart."""
    page = (Path(__file__).parents[2] / "docs" / "contracts.md").read_text("utf-8")
    (tmp_path / "watchword.toml").write_text(page.split("```toml\n")[1].split("```")[0], "utf-8")
    for name in ("IOTDA_TOKEN", "METER_1", "METER_1_SECOND"):
        monkeypatch.setenv(name, "value-of-a-variable")
    target, _ = read_target(tmp_path / "watchword.toml", "meters")
    assert set(target.devices[0].secrets) == {"PRIMARY", "SECONDARY"}
    assert target.probe is not None
    assert tells_slots(target.probe)
