"""Workflows run many times: seeds, shrinking, budgets, and what is never written anywhere."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from watchword.ground import Request, Response, Unreachable, WatchwordError
from watchword.workflow import Device, Environment, check_generated, check_workflow, load_workflows, run_workflow

Write = Callable[..., Path]
ENVIRONMENT = Environment(
    "http://host",
    token=lambda _: "token-of-the-test",
    devices=(Device({"project_id": "default", "instance_id": "default", "device_id": "1000001"}),),
)
ROMA = load_workflows("roma-connect")


class Service:
    """ROMA's operation in a few lines, with a mind of its own about passwords."""

    def __init__(self, change: Callable[[str], str]) -> None:
        self.change = change
        self.sent: list[str] = []

    def __call__(self, request: Request) -> Response:
        body = json.loads(request.body)
        self.sent.append(body["password"])
        reply = {"user_name": body["user_name"], "password": self.change(body["password"])}
        return Response(200, (("Content-Type", "application/json"),), json.dumps(reply).encode())


def without_greater_than(password: str) -> str:
    return password.replace(">", "?")


def test_a_failure_shrinks_to_the_smallest_input() -> None:
    """A service that changes one character is shown the shortest password that has it."""
    service = Service(without_greater_than)
    report = check_workflow(ROMA, "given-is-echoed", service, ENVIRONMENT, max_examples=100, seed=4)
    assert [finding.rule for finding in report.findings] == ["given-is-echoed/reset/3"]
    smallest = min((password for password in service.sent if ">" in password), key=len)
    assert len(smallest) == 16
    assert service.sent[-1].count(">") == 1
    assert len(service.sent[-1]) == 16
    assert "they differ in 1 of 16 characters" in report.findings[0].message


@pytest.mark.slow
def test_a_truncating_service_shrinks_to_one_character_too_many() -> None:
    """Thirty characters are kept: the smallest failure has thirty-one."""
    service = Service(lambda password: password[:30])
    check_workflow(ROMA, "given-is-echoed", service, ENVIRONMENT, max_examples=60, seed=1)
    assert len(service.sent[-1]) == 31


def test_the_same_seed_sends_the_same_requests() -> None:
    """With and without Hypothesis; another seed sends others."""
    for check in (
        lambda service, seed: check_workflow(ROMA, "given-is-echoed", service, ENVIRONMENT, max_examples=5, seed=seed),
        lambda service, seed: run_workflow(ROMA, "given-is-echoed", service, ENVIRONMENT, runs=5, seed=seed),
    ):
        runs = []
        for seed in (1, 1, 2):
            service = Service(str)
            check(service, seed)
            runs.append(service.sent)
        assert runs[0] == runs[1]
        assert runs[0] != runs[2]


def test_requests_are_counted_and_bounded() -> None:
    """No run is begun once the budget is used up, neither to explore nor to shrink."""
    service = Service(without_greater_than)
    report = check_workflow(ROMA, "given-is-echoed", service, ENVIRONMENT, max_examples=100, seed=4, max_requests=20)
    assert report.requests == len(service.sent) <= 21


def test_nothing_that_was_drawn_is_printed_or_stored(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No example reaches the terminal, a database or a finding."""
    monkeypatch.chdir(tmp_path)
    roma = load_workflows("roma-connect")
    service = Service(without_greater_than)
    report = check_workflow(roma, "given-is-echoed", service, ENVIRONMENT, max_examples=50, seed=4)
    output = capfd.readouterr()
    told = output.out + output.err + str(report) + repr(report)
    assert report.findings
    assert not any(password in told for password in service.sent)
    assert "token-of-the-test" not in told
    assert [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_service_that_fails_only_sometimes_is_still_told() -> None:
    """A failure that cannot be repeated is a failure."""
    numbers = iter(range(10_000))
    service = Service(lambda password: password if next(numbers) else password[::-1])
    report = check_workflow(ROMA, "given-is-echoed", service, ENVIRONMENT, max_examples=10)
    assert [finding.rule for finding in report.findings] == ["given-is-echoed/reset/3"]


@pytest.mark.parametrize("check", [check_workflow, run_workflow, check_generated])
def test_an_unreachable_target_ends_a_check_with_the_reason(check: Any) -> None:
    """Once: nobody waits for a hundred timeouts."""
    calls = []

    def send(_: Request) -> Response:
        calls.append(1)
        raise Unreachable("http://host: connection refused")

    report = check(ROMA, "generate", send, ENVIRONMENT)
    assert str(report.problem) == "http://host: connection refused"
    assert len(calls) == 1


@pytest.mark.parametrize(
    ("workflow", "reason"),
    [
        ("devices-apart", "the target names no second device"),
        ("unknown-device-is-refused", "the target names no unknown device"),
    ],
)
def test_a_workflow_that_the_target_cannot_have_is_skipped(workflow: str, reason: str) -> None:
    """The reason says what the target would have to name; nothing is sent."""
    report = run_workflow(ROMA, workflow, lambda _: pytest.fail("sent"), ENVIRONMENT)
    assert (report.skipped, report.requests, report.runs) == (reason, 0, 0)


def test_a_workflow_about_another_principal_needs_one() -> None:
    """Without other credentials there is nobody to refuse."""
    kii = load_workflows("kii")
    devices = tuple(Device({"appID": "a", "vendorThingID": thing}) for thing in "xy")
    environment = replace(ENVIRONMENT, devices=devices)
    report = run_workflow(kii, "refused-caller-is-named", lambda _: pytest.fail("sent"), environment)
    assert report.skipped == "the target names no other principal"


def test_a_workflow_that_generates_nothing_is_refused() -> None:
    """The caller is told which member is missing."""
    with pytest.raises(WatchwordError, match="x-watchword-generated"):
        check_generated(ROMA, "given-is-echoed", lambda _: pytest.fail("sent"), ENVIRONMENT)


def test_inputs_that_a_workflow_rules_out_are_drawn_anew(document: Write, answering: Any) -> None:
    """`x-watchword-assume` holds for every run."""
    path = document("""
workflows:
  - workflowId: one
    x-watchword-assume: [{condition: $inputs.a != $inputs.b}]
    inputs: {type: object, required: [a, b], properties: {a: {enum: [x, y]}, b: {enum: [x, y]}}}
    steps:
      - stepId: s
        operationId: writePet
        parameters: [{name: petId, in: path, value: 1}]
        requestBody: {payload: [$inputs.a, $inputs.b]}
""")
    workflows = load_workflows(path)
    for check, count in ((run_workflow, {"runs": 10}), (check_workflow, {"max_examples": 10})):
        send, requests = answering({})
        check(workflows, "one", send, ENVIRONMENT, **count)
        assert {request.body for request in requests} <= {b'["x", "y"]', b'["y", "x"]'}
        assert requests


def test_reading_and_running_workflows_load_no_hypothesis() -> None:
    """Start-up time is for everybody; shrinking is for those who ask for it."""
    program = (
        "import sys; from watchword.workflow import load_workflows, run_workflow; load_workflows('kii'); "
        "assert not {'hypothesis', 'uvicorn', 'rich', 'click'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


KEYS = Path(__file__).parents[1] / "fixtures" / "check" / "keys.openapi.yaml"
MADE = """
arazzo: 1.1.0
info: {title: effects, version: '1'}
sourceDescriptions: [{name: keys, url: keys.openapi.yaml, type: openapi}]
workflows:
  - workflowId: keys-are-random
    x-watchword-generated: {output: key, schema: {type: string, minLength: 8}}
    steps:
      - stepId: make
        operationId: createKey
        parameters: [{name: userId, in: path, value: 7}]
        requestBody: {payload: {label: ci}}
        successCriteria: [{condition: $statusCode == 201}]
        outputs: {key: $response.body#/kye}
    outputs: {key: $steps.make.outputs.key}
"""


def test_generated_output_that_is_never_there_is_an_error_of_the_document(tmp_path: Path) -> None:
    """A document that looks for the secret where the reply has none is told so: nothing was judged."""
    shutil.copy(KEYS, tmp_path / "keys.openapi.yaml")
    path = tmp_path / "keys.arazzo.yaml"
    path.write_text(MADE)
    body = json.dumps({"id": "00000000-0000-4000-8000-000000000000", "key": "ak_" + "Q7" * 16}).encode()
    answer = Response(201, (("Content-Type", "application/json"),), body)
    report = check_generated(load_workflows(path), "keys-are-random", lambda _: answer, ENVIRONMENT, generations=5)
    (finding,) = report.findings
    assert finding.rule == "generated-secret/none"
    assert finding.message.startswith("no secret was seen in 5 of 5 runs")
    assert "`$response.body#/kye`" in finding.message
    assert finding.place is not None
    assert finding.place.pointer == "/workflows/0/steps/0/outputs/key"
