"""Several devices at once: order per device, the same findings, budgets and custody as with one worker."""

import asyncio
import json
import threading
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from watchword.check import (
    Device,
    HttpTransport,
    Journal,
    Options,
    Outcome,
    Plan,
    Planned,
    Principal,
    Target,
    guarded,
    make_plan,
    run,
)
from watchword.check.lanes import in_plan_order
from watchword.contract import load_contract
from watchword.ground import Unreachable, WatchwordError
from watchword.mock import Answer, Call, Endpoint, app, serve
from watchword.service import twin, twin_probe

CONTRACT = load_contract("kii")
DEVICES = tuple(Device({"appID": "app1", "vendorThingID": f"thing-{number}"}, {"": "old"}) for number in range(4))


class Slow:
    """A service that takes a moment for each request, and notes which device it was about and which had two at once."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.seen: dict[str, list[bytes]] = defaultdict(list)
        self.busy: dict[str, int] = defaultdict(int)
        self.overlapped: set[str] = set()
        self.most_at_once = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        device = next((each.name for each in DEVICES if f":{each.name}/" in scope["path"]), "another")
        self.busy[device] += 1
        self.most_at_once = max(self.most_at_once, sum(self.busy.values()))
        if self.busy[device] > 1:
            self.overlapped.add(device)
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message["body"], message["more_body"]
        await asyncio.sleep(self.seconds)
        self.seen[device].append(body)
        self.busy[device] -= 1
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def plan_for(url: str, workers: int, **more: Any) -> Plan:
    target = Target("kii", url, Principal("x", "token"), devices=DEVICES, **more)
    plan = make_plan(CONTRACT, guarded(target, CONTRACT))
    return replace(plan, planned=tuple(filter(_names_its_device, plan.planned))[:80])


def _names_its_device(planned: Planned) -> bool:
    """Some paths name another device, one that looks like it."""
    return f"VENDOR_THING_ID:{planned.device.name}/" in planned.request.url and planned.device in DEVICES


def outcome_of(plan: Plan, workers: int, journal: Journal | None = None, **more: Any) -> Outcome:
    transport = HttpTransport(plan.target.url, 5.0)
    try:
        return run(plan, transport, journal=journal, options=Options(workers=workers, **more))
    finally:
        transport.close()


def test_requests_to_one_device_keep_their_order_and_devices_run_at_once() -> None:
    """With four workers each device gets its requests one after the other, four devices at once, in far less time."""
    seconds = {}
    for workers in (1, 4):
        service = Slow(0.02)
        with serve(service) as server:
            plan = plan_for(server.url, workers)
            started = time.monotonic()
            outcome = outcome_of(plan, workers)
            seconds[workers] = time.monotonic() - started
        assert outcome.requests == len(plan.planned) == 80
        assert service.overlapped == set()
        assert service.most_at_once == workers
        expected = defaultdict(list)
        for each in plan.planned:
            expected[each.device.name].append(each.request.body)
        assert len(expected) == len(DEVICES)
        for device, bodies in expected.items():
            assert service.seen[device][: len(bodies)] == bodies
    assert seconds[4] < seconds[1] * 0.7  # a quarter, on a machine that has nothing else to do


def lenient(endpoint: Endpoint) -> Endpoint:
    """A service that enforces no length, and refuses a percent sign."""

    def judge(request: Any) -> Any:
        return [found for found in endpoint.judge(request) if "length" not in found.rule]

    def act(call: Call) -> Answer:
        return endpoint.refuse(call) if "%" in str(call.members().get("newPassword")) else endpoint.act(call)

    return replace(endpoint, judge=judge, act=act)


def test_findings_are_those_of_one_worker_in_the_order_of_the_plan() -> None:
    """Whoever is first, the report is the same."""
    told = []
    for workers in (1, 2):
        with twin("kii", CONTRACT, app([CONTRACT], fault=lenient)) as target:
            assert len(target.devices) >= 2
            plan = make_plan(CONTRACT, guarded(target, CONTRACT))
            outcome = outcome_of(plan, workers)
            told.append([(each.rule, each.message, each.location, each.case) for each in outcome.findings])
    assert told[0] == told[1]
    assert len(told[0]) > 2


def test_budget_holds_for_all_workers_together() -> None:
    """`--max-requests` counts the requests of every worker, and what was learned until then is kept."""
    with serve(Slow(0.001)) as server:
        outcome = outcome_of(plan_for(server.url, 4), 4, most_requests=21)
    assert outcome.ended is not None
    assert "21 requests" in outcome.ended
    assert outcome.requests == 21
    assert sum(cell.cases for cell in outcome.matrix.values()) > 0


def test_rate_holds_for_all_workers_together() -> None:
    """The target's rate is that of the whole check."""
    with serve(Slow(0.0)) as server:
        plan = plan_for(server.url, 4, rate=100.0)
        outcome = outcome_of(replace(plan, planned=plan.planned[:30]), 4)
    assert outcome.seconds >= 0.28


def test_dead_service_ends_every_worker() -> None:
    """A service that is gone is told once, and no worker goes on alone."""
    with serve(Slow(0.0)) as server:
        url = server.url
    outcome = outcome_of(plan_for(url, 4), 4)
    assert isinstance(outcome.problem, Unreachable)
    told = [finding.rule for finding in outcome.findings]
    assert told.count("unreachable") == 1
    assert set(told) == {"unreachable", "not-restored"}
    assert outcome.requests < 30


def test_interrupted_workers_put_every_device_back(tmp_path: Path) -> None:
    """Told to stop in the middle, no worker sends anything more, and the journal knows all devices to be as before."""
    stop = threading.Event()
    service = Slow(0.002)

    async def interrupted(scope: Any, receive: Any, send: Any) -> None:
        await service(scope, receive, send)
        if sum(map(len, service.seen.values())) == 20:
            stop.set()

    with serve(interrupted) as server, Journal(tmp_path / "j.sqlite", tmp_path / "j.key") as journal:
        outcome = outcome_of(plan_for(server.url, 4), 4, journal, stop=stop)
        standings = list(journal.standings())
    assert outcome.ended == "interrupted"
    assert outcome.requests <= 24
    assert {standing.device["vendorThingID"] for standing in standings} == {each.name for each in DEVICES}
    assert not any(standing.is_changed for standing in standings)
    last = [json.loads(bodies[-1]) for name, bodies in service.seen.items() if name != "another"]
    assert all(body == {"newPassword": "old"} for body in last)


@pytest.mark.parametrize("workers", [1, 2])
def test_effects_are_verified_with_several_workers(workers: int) -> None:
    """A sound service is found so: no worker judges a device that another one is changing."""
    with twin("kii", CONTRACT) as target:
        known = tuple(replace(each, secrets={"": f"initial password of {each.name}"}) for each in target.devices)
        plan = make_plan(CONTRACT, guarded(replace(target, devices=known), CONTRACT))
        plan = replace(plan, target=replace(plan.target, probe=twin_probe(plan)))
        outcome = outcome_of(plan, workers)
    assert outcome.findings == []


def test_problem_in_one_lane_keeps_what_the_others_did() -> None:
    """Where one worker fails, results that are there still come, in the order of the plan, and then the problem."""
    plan = plan_for("http://127.0.0.1:1", 4).planned[:8]
    reached = threading.Barrier(4)

    def judge(planned: Any) -> str:
        if planned in plan[:4]:
            reached.wait(5)
        if planned is plan[1]:
            raise WatchwordError("broken")
        return str(planned.case.id)

    taken: list[str] = []
    with pytest.raises(WatchwordError, match="broken"):
        taken.extend(result for _, result in in_plan_order(plan, judge, 4))
    ids = [each.case.id for each in plan]
    assert [each for each in ids if each in taken] == taken
    assert {ids[0], ids[2], ids[3]} <= set(taken)
    assert ids[1] not in taken
