"""Recorded scenarios as reports may hold them: copies in which every value is hidden. Changes no original.

The copies go to every report alike, so that no format needs to be known here.
"""

from collections.abc import Mapping
from http.client import responses
from typing import Any

import schemathesis
from requests.structures import CaseInsensitiveDict
from schemathesis.core import NOT_SET
from schemathesis.core.failures import Failure
from schemathesis.engine.recorder import (
    CaseNode,
    CheckFailureInfo,
    CheckNode,
    Interaction,
    ReproductionStep,
    Request,
    ScenarioRecorder,
)
from schemathesis.generation.meta import (
    CaseMetadata,
    CoveragePhaseData,
    PhaseInfo,
)
from schemathesis.generation.stateful.state_machine import Transition

from watchword.schemathesis.checks import RuleBroken
from watchword.schemathesis.hiding import Hider
from watchword.schemathesis.peer import StCase, StResponse, freeze

_TELLING_NO_VALUE = frozenset(
    {"ServerError", "ResponseTimeExceeded", "UndefinedStatusCode", "MissingContentType", "MissingHeaders"}
    | {"UnsupportedMethodResponse", "IgnoredAuth", "MissingHeaderNotRejected", "UseAfterFree"}
)
"""Failures of Schemathesis whose messages are made of statuses, names and the document alone."""

_LEFT_OUT = "The message may hold a value and is left out."


def hidden_scenario(recorder: ScenarioRecorder, hider: Hider) -> ScenarioRecorder:
    """A recorder with the same cases, interactions and checks, fit for any report."""
    copy = ScenarioRecorder(label=recorder.label)
    for case_id, node in recorder.cases.items():
        case = hidden_case(node.value, hider)
        copy.cases[case_id] = CaseNode(case, node.parent_id, _hidden_transition(node), node.is_transition_applied)
    for case_id, interaction in recorder.interactions.items():
        copy.interactions[case_id] = _interaction(interaction, hider)
    for case_id, nodes in recorder.checks.items():
        copy.checks[case_id] = [_check(node, copy) for node in nodes]
    copy.filtered_failures.update(recorder.filtered_failures)
    return copy


def hidden_case(case: StCase, hider: Hider) -> StCase:
    """A case under the same id whose values are hidden."""
    body = case.body
    if isinstance(body, bytes):
        body = hider.content(body, case.headers.get("Content-Type") or case.media_type)
    elif body is not NOT_SET:
        body = hider.value(body)
    copy = schemathesis.Case(
        operation=case.operation,
        method=case.method,
        path=case.path,
        id=case.id,
        path_parameters={name: hider.path_value(value) for name, value in case.path_parameters.items()},
        headers=CaseInsensitiveDict({name: hider.header(name, str(value)) for name, value in case.headers.items()}),
        cookies={name: hider.header("cookie", str(value)) for name, value in case.cookies.items()},
        query={str(name): _query_value(value, hider) for name, value in case.query.items()},
        body=body,
        media_type=case.media_type,
        meta=_meta(case, hider),
    )
    freeze(copy)
    return copy


def _hidden_transition(node: CaseNode) -> Transition | None:
    """Which link a case came by, without the values that it took from a reply."""
    given = node.transition
    if given is None:
        return None
    return Transition(
        id=given.id, parent_id=given.parent_id, is_inferred=given.is_inferred, parameters={}, request_body=None
    )


def hide_failure(failure: Failure) -> None:
    """Takes out of a failure what may hold a value; the same failure is in the group that ends a scenario."""
    if not isinstance(failure, RuleBroken) and type(failure).__name__ not in _TELLING_NO_VALUE:
        failure.message = _LEFT_OUT


def _query_value(value: Any, hider: Hider) -> Any:
    return [hider.value(each) for each in value] if isinstance(value, list | tuple) else hider.value(value)


def _meta(case: StCase, hider: Hider) -> CaseMetadata | None:
    meta = case.meta
    if meta is None:
        return None
    ours = hider.service.intent(case.id) is not None
    phase, detail = meta.phase.name, meta.phase.data
    description = (detail.description or "") if ours else f"{meta.generation.mode.value} test case"
    hidden: Any
    if isinstance(detail, CoveragePhaseData):
        hidden = CoveragePhaseData(detail.scenario, description, detail.location, detail.parameter, None)
    else:
        hidden = type(detail)(
            description=description, parameter=detail.parameter, parameter_location=None, location=detail.location
        )
    return CaseMetadata(meta.generation, meta.components, PhaseInfo(name=phase, data=hidden))


def _interaction(interaction: Interaction, hider: Hider) -> Interaction:
    request = interaction.request
    body = hider.content(request.body, _media_type(request.headers))
    copy = Interaction(
        Request(
            request.method,
            hider.url(request.uri),
            body,
            None if body is None else len(body),
            _headers(request.headers, hider),
        ),
        None if interaction.response is None else hidden_response(interaction.response, hider),
    )
    copy.timestamp = interaction.timestamp
    return copy


def hidden_response(response: StResponse, hider: Hider) -> StResponse:
    """A response, with the request that it answers, whose values are hidden."""
    prepared = response.request.copy()
    media_type = prepared.headers.get("Content-Type")
    prepared.headers = CaseInsensitiveDict(
        {name: hider.header(name, str(value)) for name, value in prepared.headers.items()}
    )
    prepared.url = hider.url(prepared.url or "")
    sent = prepared.body.encode("utf-8", "surrogatepass") if isinstance(prepared.body, str) else prepared.body
    prepared.body = hider.content(
        sent if isinstance(sent, bytes) else None, None if media_type is None else str(media_type)
    )
    return schemathesis.Response(
        status_code=response.status_code,
        headers=_headers(response.headers, hider),
        content=hider.content(response.content, _media_type(response.headers)) or b"",
        request=prepared,
        elapsed=response.elapsed,
        verify=response.verify,
        message=responses.get(response.status_code, ""),
        http_version=response.http_version,
        encoding=response.encoding and "utf-8",  # it is a word of the reply; shapes are ASCII
    )


def _media_type(headers: Mapping[str, list[str]]) -> str | None:
    return next((values[0] for name, values in headers.items() if name.lower() == "content-type" and values), None)


def _headers(headers: Mapping[str, list[str]], hider: Hider) -> dict[str, list[str]]:
    return {name: [hider.header(name, str(value)) for value in values] for name, values in headers.items()}


def _check(node: CheckNode, copy: ScenarioRecorder) -> CheckNode:
    told = node.failure_info
    if told is None:
        return node
    hide_failure(told.failure)
    steps = [_step(step, copy) for step in told.steps]
    sample = steps[-1].curl if steps else ""
    return CheckNode(node.name, node.status, CheckFailureInfo(sample, told.failure, steps))


def _step(step: ReproductionStep, copy: ScenarioRecorder) -> ReproductionStep:
    """The step with the command of the hidden case: it shows what was sent, and sends nothing that was."""
    case = copy.cases[step.case_id].value
    headers = {name: values[0] for name, values in copy.interactions[step.case_id].request.headers.items()}
    curl = case.as_curl_command(headers=headers, verify=True)
    return ReproductionStep(step.case_id, step.operation, step.method, case.formatted_path, curl)
