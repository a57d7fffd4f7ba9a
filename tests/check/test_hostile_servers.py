"""Servers that misbehave: one clear finding or error each, in bounded time and memory, and no device is lost."""

import json
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.check.hostile import ANSWERED, SILENT, Service, hostile_service, redirection, says

from watchword.check import Device, HttpTransport, Journal, Outcome, Principal, Target, guarded, make_plan, run
from watchword.contract import load_contract
from watchword.ground import Request
from watchword.mock import load_fixtures

FIXTURES = load_fixtures()["iotda"]
CONTRACT = load_contract("iotda")
TIMEOUT = 0.4
REQUESTS = 14
BAD = 8
CONFIGURED = "initial-primary_1"
FAST = ("closes", "stalls", "half-a-body", "hundred-megabytes", "dripping-headers", "endless-continue")
WAYS = [pytest.param(way, marks=() if way in FAST else pytest.mark.slow) for way in SILENT]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "journal.sqlite", tmp_path / "key") as opened:
        yield opened


def target(url: str) -> Target:
    device = FIXTURES.devices[0]
    token = next(iter(FIXTURES.credential.headers.values()))
    return Target("iotda", url, Principal("valid", token), devices=(Device(device.path, dict(device.secrets)),))


def checked(service: Service, journal: Journal) -> tuple[Outcome, float]:
    """The outcome of a short check, and its seconds."""
    plan = make_plan(CONTRACT, guarded(target(service.url), CONTRACT), phases=("examples", "cases"))
    accepted = [each for each in plan.planned if each.case.side == "accept"]
    transport = HttpTransport(service.url, TIMEOUT)
    start = time.monotonic()
    outcome = run(replace(plan, planned=tuple(accepted[:REQUESTS]), skipped=()), transport, journal=journal)
    transport.close()
    return outcome, time.monotonic() - start


def is_current(service: Service, slot: str, secret: str) -> bool:
    twin = service.application.twins["iotda"]
    return twin.login({"id": FIXTURES.devices[0].path["device_id"], "secret": secret, "slot": slot})


@pytest.mark.parametrize("way", WAYS)
def test_one_request_without_an_answer_is_one_finding(way: str, journal: Journal) -> None:
    """The case is named with what happened, the others are judged, and the device has its secrets again."""
    with hostile_service("iotda", SILENT[way], {BAD, BAD + 1}) as service:  # the second is the first once more
        outcome, seconds = checked(service, journal)
        assert is_current(service, "PRIMARY", CONFIGURED)
        assert is_current(service, "SECONDARY", "initial-secondary_1")
    assert {finding.rule for finding in outcome.findings} == {"no-answer"}
    assert all(finding.case and finding.repeat for finding in outcome.findings)
    assert 1 <= len(outcome.findings) <= 2
    assert outcome.problem is None
    assert not any(standing.is_changed for standing in journal.standings())
    assert seconds < 2 * TIMEOUT * len(outcome.findings) + 3


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("acts", [True, False], ids=["acting", "idle"])
def test_service_that_goes_away_ends_the_check_and_the_journal_knows_the_secret(
    way: str, acts: bool, journal: Journal
) -> None:
    """After three requests in a row without an answer; the device was not put back, is named, and can be recovered."""
    with hostile_service("iotda", SILENT[way], range(BAD, 10_000), acts=acts) as service:
        outcome, seconds = checked(service, journal)
        held = {standing.slot: standing for standing in journal.standings()}
        for slot in ("PRIMARY", "SECONDARY"):
            assert held[slot].unknown or any(is_current(service, slot, each) for each in held[slot].candidates), slot
    assert outcome.problem is not None
    rules = {finding.rule for finding in outcome.findings}
    assert rules == {"no-answer", "unreachable", "not-restored"}
    assert held["PRIMARY"].is_changed
    assert seconds < 2 * TIMEOUT * 6 + 3


@pytest.mark.parametrize("way", ANSWERED)
def test_strange_answer_is_judged_as_one(way: str, journal: Journal) -> None:
    """What is an answer by HTTP is a finding about the reply; a redirection is not followed."""
    answer, rule = ANSWERED[way]
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0)
        if way == "redirects":
            answer = redirection(f"http://127.0.0.1:{other.getsockname()[1]}/")
        with hostile_service("iotda", answer, {BAD}) as service:
            outcome, _ = checked(service, journal)
        with pytest.raises(BlockingIOError):
            other.accept()
    assert rule in {finding.rule for finding in outcome.findings}
    assert all(finding.case == outcome.findings[0].case for finding in outcome.findings)
    assert outcome.problem is None
    assert not any(standing.is_changed for standing in journal.standings())


def test_lost_reply_of_a_reset_is_in_the_journal_before_it_is_sent_again(journal: Journal) -> None:
    """Whatever arrives at the service, once or twice, the journal had before: the secret, or that one is made up."""
    arrived: list[bytes] = []
    unknown: list[bytes] = []

    with hostile_service("iotda", says(b""), range(3, 10_000, 3)) as service:
        sound = service.application.answer

        def answer(request: Request) -> object:
            arrived.append(request.body)
            secret = json.loads(request.body or b"{}").get("secret")
            standings = [each for each in journal.standings() if secret is None or secret in each.candidates]
            if not standings or (secret is None and not any(each.unknown for each in standings)):
                unknown.append(request.body)
            return sound(request)

        service.application.answer = answer  # type: ignore[method-assign, assignment]
        outcome, _ = checked(service, journal)
    assert not unknown
    assert len(arrived) > outcome.requests > 5, "some were sent again"
    assert len(arrived) < 2 * outcome.requests
