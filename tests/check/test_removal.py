"""Operations that remove devices: what is never sent to a listed one, and what comes last."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest

from watchword.check import (
    PHASES,
    Device,
    Options,
    Outcome,
    Plan,
    Principal,
    Target,
    guarded,
    make_plan,
    properties,
    run,
)
from watchword.contract import load_contract
from watchword.ground import Request, Response

DOCUMENT = """
openapi: 3.1.0
info: {title: Doors, version: "1"}
security: [key: []]
paths:
  /doors/{door}:
    parameters: [{name: door, in: path, required: true, schema: {type: string, pattern: '^[a-z]+$'}, example: front}]
    delete:
      operationId: removeDoor
      parameters: [{name: mode, in: query, schema: {type: string, enum: [now, later]}}]
      responses: &replies
        '204': {description: done}
        '400': {description: invalid}
        '401': {description: unknown caller}
        '404': {description: no such door}
  /doors/{door}/code:
    parameters: [{name: door, in: path, required: true, schema: {type: string, pattern: '^[a-z]+$'}, example: front}]
    put:
      operationId: setCode
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [code]
              properties: {code: {type: string, format: password, minLength: 4, maxLength: 9}}
      responses: *replies
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
"""
WORKFLOWS = """
arazzo: 1.1.0
info: {title: effects, version: '1'}
sourceDescriptions: [{name: doors, url: doors.openapi.yaml, type: openapi}]
workflows:
  - workflowId: gone-is-gone
    inputs: {type: object, required: [door], properties: {door: {type: object, x-watchword-from: device}}}
    steps:
      - stepId: remove
        operationId: removeDoor
        parameters: [{name: door, in: path, value: $inputs.door#/door}]
        successCriteria: [{condition: $statusCode == 204}]
"""


class Doors:
    """A sound service that has these doors, and knows what was asked."""

    def __init__(self, *names: str) -> None:
        self.names = set(names)
        self.asked: list[Request] = []

    def send(self, request: Request) -> Response:
        self.asked.append(request)
        path, _, query = request.url.partition("?")
        door = unquote(path.split("/")[4])
        body = request.body.decode("utf-8", "replace")
        if ("X-Key", "token-of-anybody") not in request.headers:
            return Response(401, (), b"")
        if request.method == "DELETE":
            if query not in ("", "mode=now", "mode=later"):
                return Response(400, (), b"")
            return Response(204 if door in self.names and not self.names.discard(door) else 404, (), b"")
        if door not in self.names:
            return Response(404, (), b"")
        return Response(204 if body else 400, (), b"")


def plan_of(folder: Path, *devices: Device) -> Plan:
    path = folder / "doors.openapi.yaml"
    path.write_text(DOCUMENT)
    (folder / "doors.arazzo.yaml").write_text(WORKFLOWS)
    contract = load_contract(path)
    target = Target("doors", "http://127.0.0.1:1", Principal("anybody", "token-of-anybody"), devices=devices)
    return make_plan(contract, guarded(target, contract))


def checked(plan: Plan, service: Doors) -> Outcome:
    return run(plan, service, options=Options(PHASES))


LISTED = Device({"door": "cellar"})


def test_listed_device_is_never_removed(tmp_path: Path) -> None:
    """No phase sends a request that a sound service would follow; those that must be refused are sent all the same."""
    plan = plan_of(tmp_path, LISTED)
    service = Doors("cellar")
    outcome = checked(plan, service)
    assert service.names == {"cellar"}
    reason = "not sent: DELETE /doors/{door} would remove a listed device"
    assert reason in {skipped.reason for skipped in outcome.skipped}
    assert f"workflow gone-is-gone skipped: {reason}" in outcome.notes
    sides = {each.case.side for each in plan.planned if each.operation.method == "DELETE"}
    assert sides == {"refuse"}
    assert any(request.method == "DELETE" for request in service.asked)
    drawn = [(each.operation.id, each.side) for each in properties(plan)]
    assert drawn == [("setCode", "accept"), ("setCode", "refuse"), ("removeDoor", "refuse")]


def test_made_up_device_is_removed_once_and_last(tmp_path: Path) -> None:
    """After everything else, for nothing can be asked of a device that is gone."""
    plan = plan_of(tmp_path)
    without_workflow = Options(("examples", "cases", "random"))
    service = Doors("front")
    outcome = run(plan, service, options=without_workflow)
    assert service.names == set()
    removals = [each for each in plan.planned if each.operation.method == "DELETE"]
    assert plan.planned[-len(removals) :] == tuple(removals)
    assert [each.case.side for each in removals if each.case.side != "refuse"] == ["accept"]
    assert service.asked[-1] == removals[-1].request
    assert [finding for finding in outcome.findings if "404" in finding.message] == []


@pytest.mark.parametrize("devices", [(), (LISTED,)])
def test_every_case_is_planned_or_told_to_be_skipped(tmp_path: Path, devices: tuple[Device, ...]) -> None:
    """What is not sent stands in the matrix as skipped, with the reason."""
    plan = plan_of(tmp_path, *devices)
    either = {each.case.id for each in (*plan.planned, *plan.skipped)}
    elsewhere = plan_of(tmp_path, replace(LISTED, path={"door": "attic"}))
    assert either == {each.case.id for each in (*elsewhere.planned, *elsewhere.skipped)}
