"""Workflows carried out against transports without a server: what is sent, what is judged, where a run goes on."""

# ruff: noqa: E501 (tables of documents on one line)

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from watchword.ground import Request, Response, Unreachable
from watchword.workflow import Environment, Outcome, load_workflows, run

Write = Callable[..., Path]
HERE = Environment("http://host/base")


def carried_out(path: Path, send: Any, inputs: dict[str, Any] | None = None, **more: Any) -> Outcome:
    environment = replace(HERE, **more)
    return run(load_workflows(path), "one", inputs or {}, send, environment)


def statuses(outcome: Outcome) -> list[int]:
    return [exchange.response.status for exchange in outcome.exchanges if exchange.response]


WRITE_STEP = """
workflows:
  - workflowId: one
    inputs: {{type: object, properties: {{name: {{type: string}}, tags: {{}}, id: {{}}}}}}
    steps:
      - stepId: write
        operationId: writePet
        parameters: [{{name: petId, in: path, value: $inputs.id}}]
        requestBody: {body}
"""


@pytest.mark.parametrize(
    ("body", "content_type", "sent"),
    [
        ("{payload: {name: $inputs.name, n: [1, $inputs.tags]}}", "application/json", b'{"name": "Rex", "n": [1, ["a"]]}'),
        ("{payload: $inputs.tags}", "application/json", b'["a"]'),
        ("{payload: $inputs.name}", "application/json", b'"Rex"'),
        ("{payload: '{\"n\": \"{$inputs.name}\", \"t\": {$inputs.tags}}'}", "application/json", b'{"n": "Rex", "t": ["a"]}'),
        ("{contentType: application/x-www-form-urlencoded, payload: {name: $inputs.name, k: 'a b'}}",
         "application/x-www-form-urlencoded", b"name=Rex&k=a%20b"),
        ("{contentType: text/plain, payload: 'is {$inputs.name}'}", "text/plain", b"is Rex"),
        ("{payload: {a: {b: [0, 1]}}, replacements: [{target: /a/b/1, value: $inputs.name}, {target: /a/c, value: 5}]}",
         "application/json", b'{"a": {"b": [0, "Rex"], "c": 5}}'),
        ("{payload: [{k: 1}, {k: 2}], replacements: [{target: '$[?@.k == 2].k', targetSelectorType: jsonpath, value: 9}]}",
         "application/json", b'[{"k": 1}, {"k": 9}]'),
        ("{payload: {t: {context: $inputs.tags, selector: '$[0]', type: jsonpath}}}", "application/json", b'{"t": "a"}'),
        ("{payload: {t: {context: $inputs.tags, selector: /0, type: jsonpointer}}}", "application/json", b'{"t": "a"}'),
    ],
)  # fmt: skip
def test_a_body_is_built_from_its_payload(
    document: Write, answering: Any, body: str, content_type: str, sent: bytes
) -> None:
    """Literals, expressions, templates, forms, replacements and selectors."""
    send, requests = answering({})
    outcome = carried_out(document(WRITE_STEP.format(body=body)), send, {"name": "Rex", "tags": ["a"], "id": 7})
    assert outcome.findings == ()
    assert requests[0].method == "PUT"
    assert requests[0].url == "http://host/base/pets/7"
    assert dict(requests[0].headers)["Content-Type"] == content_type
    assert requests[0].body == sent


def test_parameters_go_where_they_belong(document: Write, answering: Any) -> None:
    """Declared ones in their style, others plainly; an absent one is left out."""
    path = document("""
workflows:
  - workflowId: one
    inputs: {type: object, properties: {id: {}, none: {}}}
    steps:
      - stepId: read
        operationId: readPet
        parameters:
          - {name: petId, in: path, value: $inputs.id}
          - {name: fields, in: query, value: [a, b c]}
          - {name: other, in: query, value: 'x&{$inputs.id}'}
          - {name: none, in: query, value: $inputs.none}
          - {name: X-Trace, in: header, value: 't{$inputs.id}'}
          - {name: session, in: cookie, value: s}
""")
    send, requests = answering({})
    carried_out(path, send, {"id": 7})
    assert requests[0].url == "http://host/base/pets/7?fields=a&fields=b%20c&other=x%267"
    assert dict(requests[0].headers) == {"X-Trace": "t7", "Cookie": "session=s"}


def test_a_path_parameter_without_a_value_is_a_finding(document: Write, answering: Any) -> None:
    """Nothing is sent."""
    send, requests = answering({})
    outcome = carried_out(document(WRITE_STEP.format(body="{payload: {}}")), send, {})
    assert [finding.rule for finding in outcome.findings] == ["one/write/request"]
    assert "`petId`" in outcome.findings[0].message
    assert requests == []


def test_a_replacement_without_a_place_is_a_finding(document: Write, answering: Any) -> None:
    """The target is named, the payload is not told."""
    send, _ = answering({})
    body = "{payload: {a: 1}, replacements: [{target: /b/c, value: 1}]}"
    outcome = carried_out(document(WRITE_STEP.format(body=body)), send, {"id": 1})
    assert "`/b/c` is not in the payload" in outcome.findings[0].message


CHAIN = """
workflows:
  - workflowId: one
    steps:
      - stepId: first
        operationId: readPet
        parameters: [{name: petId, in: path, value: 1}]
        successCriteria:
          - condition: $statusCode == 200
          - {context: $response.body, condition: '$.tags[?@.id > 3]', type: jsonpath}
          - {context: $statusCode, condition: '^2\\d{2}$', type: regex}
        outputs:
          next: $response.body#/next
          whole: $response.body
          tag: {context: $response.body, selector: "$.tags[0].id", type: jsonpath}
      - stepId: second
        operationId: readPet
        parameters: [{name: petId, in: path, value: $steps.first.outputs.next}]
        successCriteria: [{condition: $response.body#/next == $steps.first.outputs.whole#/tags/0/id}]
        outputs: {status: $statusCode}
    outputs:
      status: $steps.second.outputs.status
      tag: $steps.first.outputs.tag
"""


def test_outputs_of_one_step_are_inputs_of_the_next(document: Write, answering: Any) -> None:
    """And those of the workflow are made of them."""
    send, requests = answering({"next": 2, "tags": [{"id": 5}]}, {"next": 5})
    outcome = carried_out(document(CHAIN), send)
    assert outcome.succeeded
    assert outcome.outputs == {"status": 200, "tag": 5}
    assert [request.url[-1] for request in requests] == ["1", "2"]


def test_each_criterion_of_a_step_is_judged(document: Write, answering: Any) -> None:
    """All of them, with their numbers; the run ends there."""
    send, requests = answering({"tags": [{"id": 1}]})
    outcome = carried_out(document(CHAIN), send)
    assert [finding.rule for finding in outcome.findings] == ["one/first/2"]
    assert [verdict.holds for verdict in outcome.steps[0].verdicts] == [True, False, True]
    assert not outcome.succeeded
    assert len(requests) == 1


def test_a_criterion_about_something_that_is_not_there_does_not_hold(document: Write, answering: Any) -> None:
    """A body that is no JSON has no members."""
    send, _ = answering(Response(200, (), b"<html>"))
    outcome = carried_out(document(CHAIN), send)
    assert "it cannot be evaluated" in outcome.findings[0].message


def test_a_step_without_criteria_fails_for_an_error_status(document: Write, answering: Any) -> None:
    """Otherwise a run would go on after a refusal."""
    send, _ = answering(404)
    outcome = carried_out(document(WRITE_STEP.format(body="{payload: {}}")), send, {"id": 1})
    assert "one/write/status" in [finding.rule for finding in outcome.findings]
    assert "reply-status" in [finding.rule for finding in outcome.findings]


ACTIONS = """
workflows:
  - workflowId: one
    steps:
      - stepId: read
        operationId: readPet
        parameters: [{{name: petId, in: path, value: 1}}]
        successCriteria: [{{condition: $statusCode == 200}}]
        {actions}
      - stepId: write
        operationId: writePet
        parameters: [{{name: petId, in: path, value: 2}}]
        requestBody: {{payload: {{}}}}
      - stepId: last
        operationId: readPet
        parameters: [{{name: petId, in: path, value: 3}}]
  - workflowId: two
    inputs: {{type: object, properties: {{id: {{}}}}}}
    steps:
      - stepId: other
        operationId: readPet
        parameters: [{{name: petId, in: path, value: $inputs.id}}]
        outputs: {{status: $statusCode}}
    outputs: {{status: $steps.other.outputs.status}}
"""


@pytest.mark.parametrize(
    ("actions", "replies", "urls", "rules"),
    [
        ("outputs: {}", [{}], "123", []),
        ("onSuccess: [{name: e, type: end}]", [{}], "1", []),
        ("onSuccess: [{name: g, type: goto, stepId: last}]", [{}], "13", []),
        ("onSuccess: [{name: e, type: end, criteria: [{condition: $statusCode == 201}]}, {name: g, type: goto, stepId: last}]",
         [{}], "13", []),
        ("onSuccess: [{name: g, type: goto, workflowId: two, parameters: [{name: id, value: 9}]}]", [{}], "19", []),
        ("onFailure: [{name: g, type: goto, stepId: last}]", [503, {}], "13", []),
        ("onFailure: [{name: e, type: end}]", [503, {}], "1", ["one/read/1"]),
        ("onFailure: [{name: r, type: retry}]", [503, {}], "1123", []),
        ("onFailure: [{name: r, type: retry}]", [503], "11", ["one/read/1"]),
        ("onFailure: [{name: r, type: retry, retryLimit: 3}]", [503, 503, 503, {}], "111123", []),
        ("onFailure: [{name: r, type: retry, retryLimit: 2}, {name: g, type: goto, stepId: last}]", [503, 503, 503, {}],
         "1113", []),
        ("onFailure: [{name: r, type: retry, stepId: last}]", [503, {}], "13123", []),
        ("onFailure: [{name: r, type: retry, workflowId: two, parameters: [{name: id, value: 9}]}]", [503, {}], "19123", []),
        ("onFailure: [{name: r, type: retry, criteria: [{condition: $statusCode == 404}]}]", [503], "1", ["one/read/1"]),
    ],
)  # fmt: skip
def test_actions_say_where_a_run_goes_on(
    document: Write, answering: Any, actions: str, replies: list[Any], urls: str, rules: list[str]
) -> None:
    """End, goto and retry, with their criteria, limits and places; a failure that was provided for is no finding."""
    send, requests = answering(*replies)
    outcome = carried_out(document(ACTIONS.format(actions=actions)), send, sleep=lambda _: None)
    assert "".join(request.url[-1] for request in requests) == urls
    assert [finding.rule for finding in outcome.findings] == rules


def test_a_goto_to_a_workflow_gives_its_outputs(document: Write, answering: Any) -> None:
    """Control does not come back."""
    send, _ = answering({})
    actions = "onSuccess: [{name: g, type: goto, workflowId: two, parameters: [{name: id, value: 9}]}]"
    assert carried_out(document(ACTIONS.format(actions=actions)), send).outputs == {"status": 200}


def test_waiting_before_a_retry_is_as_long_as_the_service_says_and_bounded(document: Write, answering: Any) -> None:
    """`Retry-After` comes before `retryAfter`; nobody waits longer than half a minute."""
    later = Response(503, (("Retry-After", "2"),), b"")
    never = Response(503, (("Retry-After", "86400"),), b"")
    send, _ = answering(later, 503, never, {})
    waits: list[float] = []
    actions = "onFailure: [{name: r, type: retry, retryAfter: 0.5, retryLimit: 5}]"
    carried_out(document(ACTIONS.format(actions=actions)), send, sleep=waits.append)
    assert waits == [2.0, 0.5, 30.0]


def test_a_run_in_a_circle_is_ended(document: Write, answering: Any) -> None:
    """A goto backwards without an end is a finding after two hundred attempts."""
    send, requests = answering({})
    actions = "onSuccess: [{name: g, type: goto, stepId: read}]"
    outcome = carried_out(document(ACTIONS.format(actions=actions)), send)
    assert [finding.rule for finding in outcome.findings] == ["one/read/endless"]
    assert len(requests) == 200


NESTED = """
workflows:
  - workflowId: one
    dependsOn: [before]
    parameters: [{{name: petId, in: path, value: 4}}]
    steps:
      - stepId: call
        workflowId: inner
        parameters: [{{name: id, value: $workflows.before.outputs.id}}]
        successCriteria: [{{condition: $outputs.id == {wanted}}}]
        outputs: {{id: $outputs.id}}
      - {{stepId: read, operationId: readPet}}
    outputs: {{id: $steps.call.outputs.id}}
  - workflowId: inner
    inputs: {{type: object, properties: {{id: {{}}}}}}
    steps:
      - stepId: read
        operationId: readPet
        parameters: [{{name: petId, in: path, value: $inputs.id}}]
        outputs: {{id: $response.body#/id}}
    outputs: {{id: $steps.read.outputs.id}}
  - workflowId: before
    steps:
      - stepId: read
        operationId: readPet
        parameters: [{{name: petId, in: path, value: 1}}]
        outputs: {{id: $response.body#/id}}
    outputs: {{id: $steps.read.outputs.id}}
"""


def test_workflows_call_and_depend_on_workflows(document: Write, answering: Any) -> None:
    """What is depended on comes first, what is called gets parameters as inputs and gives outputs."""
    send, requests = answering({"id": 2}, {"id": 3}, {})
    outcome = carried_out(document(NESTED.format(wanted=3)), send)
    assert [request.url[-1] for request in requests] == ["1", "2", "4"]
    assert (outcome.outputs, outcome.findings) == ({"id": 3}, ())


def test_a_called_workflow_that_fails_makes_its_step_fail(document: Write, answering: Any) -> None:
    """Its findings are told, and the run ends."""
    send, requests = answering({"id": 2}, 404)
    outcome = carried_out(document(NESTED.format(wanted=3)), send)
    assert not outcome.succeeded
    assert "inner/read/status" in [finding.rule for finding in outcome.findings]
    assert len(requests) == 2


def test_a_workflow_whose_dependency_fails_is_not_begun(document: Write, answering: Any) -> None:
    """Only what failed is told."""
    send, requests = answering(404)
    outcome = carried_out(document(NESTED.format(wanted=3)), send)
    assert "before/read/status" in [finding.rule for finding in outcome.findings]
    assert len(requests) == 1


def test_steps_that_depend_on_others_wait_for_them(document: Write, answering: Any) -> None:
    """Arazzo 1.1: the order of steps satisfies `dependsOn` and references to outputs."""
    send, requests = answering({"id": 5})
    path = document("""
workflows:
  - workflowId: one
    steps:
      - {stepId: a, operationId: readPet, dependsOn: [c], parameters: [{name: petId, in: path, value: 1}]}
      - {stepId: b, operationId: readPet, parameters: [{name: petId, in: path, value: $steps.c.outputs.id}]}
      - {stepId: c, operationId: readPet, parameters: [{name: petId, in: path, value: 3}], outputs: {id: $response.body#/id}}
""")
    carried_out(path, send)
    assert [request.url[-1] for request in requests] == ["3", "1", "5"]


def test_an_answer_after_the_timeout_fails_the_step(document: Write, answering: Any) -> None:
    """Arazzo 1.1: `timeout` is in milliseconds."""
    send, _ = answering({})
    clock = iter([0.0, 0.2, 1.0, 1.01])
    path = document("""
workflows:
  - workflowId: one
    steps:
      - {stepId: a, operationId: readPet, timeout: 100, parameters: [{name: petId, in: path, value: 1}]}
""")
    outcome = carried_out(path, send, now=lambda: next(clock))
    assert [finding.rule for finding in outcome.findings] == ["one/a/timeout"]


def test_what_a_transport_raises_gets_through(document: Write) -> None:
    """A run does not hide that a target cannot be reached."""

    def send(_: Request) -> Response:
        raise Unreachable("gone")

    with pytest.raises(Unreachable):
        carried_out(document(WRITE_STEP.format(body="{payload: {}}")), send, {"id": 1})


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[", b"null", json.dumps({"next": "\ud800"}).encode(), b"1e999"])
@pytest.mark.parametrize("headers", [(), (("Content-Type", "application/json"),), (("Content-Type", "\x00"),)])
def test_no_answer_makes_a_run_raise(document: Write, answering: Any, body: bytes, headers: Any) -> None:
    """Whatever a service sends becomes findings."""
    send, _ = answering(Response(200, headers, body))
    assert not carried_out(document(CHAIN), send).succeeded


def test_an_assumed_criterion_gives_an_observation_and_the_run_goes_on(document: Write, answering: Any) -> None:
    """What the vendor's text does not say never fails a step."""
    send, requests = answering({})
    path = document("""
workflows:
  - workflowId: one
    steps:
      - stepId: a
        operationId: readPet
        parameters: [{name: petId, in: path, value: 1}]
        successCriteria: [{condition: $response.body#/id == 1, x-certainty: assumed, x-source: "a text, clause 1"}]
      - {stepId: b, operationId: readPet, parameters: [{name: petId, in: path, value: 2}]}
""")
    outcome = carried_out(path, send)
    assert [(finding.severity, finding.source) for finding in outcome.findings] == [("observation", "a text, clause 1")]
    assert outcome.succeeded
    assert len(requests) == 2
