"""Finished requests of ours as cases of Schemathesis that go over the wire in the same way. Chooses no values."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson
from requests.structures import CaseInsensitiveDict
from schemathesis import GenerationMode
from schemathesis.core import NOT_SET
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import (
    CaseMetadata,
    ComponentInfo,
    CoveragePhaseData,
    CoverageScenario,
    FuzzingPhaseData,
    GenerationInfo,
    PhaseInfo,
    TestPhase,
)

from watchword.ground import Request
from watchword.schemathesis.peer import StCase, StOperation, freeze
from watchword.schemathesis.service import Intent, Service
from watchword.validation.media import parse_media_type

Json = Any


def case_from(
    service: Service,
    operation: StOperation,
    request: Request,
    intent: Intent,
    *,
    negative: bool,
    phase: TestPhase = TestPhase.FUZZING,
) -> StCase | None:
    """The case that sends a request, or `None` where Schemathesis would send another one.

    It is remembered what the case is about, by its id.
    """
    path = _path_values(service, operation, request)
    if path is None or request.method != operation.method.upper():
        return None  # a method that nobody documented is not tried on a credential
    headers = CaseInsensitiveDict(dict(request.headers))
    content_type = headers.get("Content-Type")
    is_bare = bool(request.body) and content_type is None
    body, media_type = _body(operation, request.body, content_type)
    if (media_type is None and body is not NOT_SET) or (is_bare and service.is_in_process):
        return None
    if media_type is not None and content_type == media_type:
        del headers["Content-Type"]
    query = query_of(request)
    case = operation.Case(
        path_parameters=path,
        headers=headers,
        query=query,
        body=body,
        media_type=media_type,
        _meta=_meta(intent, {"query": query, "body": body}, negative=negative, phase=phase),
    )
    if is_bare:
        case.body, case.media_type = request.body, None
    freeze(case)
    service.remember(case.id, intent)
    return case


def _path_values(service: Service, operation: StOperation, request: Request) -> dict[str, str] | None:
    """The values as they stand in the URL, escapes and all."""
    raw = service.raw_path(operation.method.upper(), request.url)
    if raw is None or raw[0].path != operation.path:
        return None
    return raw[1]


def query_of(request: Request) -> dict[str, Any]:
    """The decoded values of a request's query; a list where a name is there more than once."""
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(urlsplit(request.url).query, keep_blank_values=True):
        values.setdefault(name, []).append(value)
    return {name: given[0] if len(given) == 1 else given for name, given in values.items()}


def _body(operation: StOperation, content: bytes, content_type: str | None) -> tuple[Json, str | None]:
    """The body as a value where that is written to the same bytes, else as bytes."""
    if not content and content_type is None:
        return NOT_SET, None
    known = list(operation.get_request_payload_content_types())
    media_type = content_type if content_type in known else (known[0] if known else None)
    given = parse_media_type(media_type or "")
    if given is not None and given.is_json and content:
        try:
            value = orjson.loads(content)
        except orjson.JSONDecodeError:
            return content, media_type
        # What `requests` writes differs in spaces only.
        same = value is not None and content.isascii() and orjson.dumps(value) == content
        return (value if same else content), media_type
    return content, media_type


def _meta(intent: Intent, given: dict[str, Any], *, negative: bool, phase: TestPhase) -> CaseMetadata:
    mode = GenerationMode.NEGATIVE if negative else GenerationMode.POSITIVE
    where = (intent.location or "").partition("#")[0].partition(".")[0]
    location = _LOCATIONS.get(where, ParameterLocation.BODY)
    modes = {ParameterLocation.PATH: GenerationMode.POSITIVE, ParameterLocation.HEADER: GenerationMode.POSITIVE}
    if given["query"]:
        modes[ParameterLocation.QUERY] = GenerationMode.POSITIVE
    if given["body"] is not NOT_SET:
        modes[ParameterLocation.BODY] = GenerationMode.POSITIVE
    if negative:
        modes[location] = mode
    text = intent.planned.case.about if intent.planned else f"breaks {intent.rule}" if negative else "valid"
    description = f"{intent.planned.case.id}: {text}" if intent.planned else text
    told = location if negative else None
    detail: CoveragePhaseData | FuzzingPhaseData
    if phase is TestPhase.COVERAGE:
        scenario = CoverageScenario.INVALID_PATTERN if negative else CoverageScenario.VALID_STRING
        detail = CoveragePhaseData(scenario, description, intent.location, None, told)
    else:
        detail = FuzzingPhaseData(description, None, told, intent.location)
    return CaseMetadata(
        generation=GenerationInfo(time=0.0, mode=mode),
        components={place: ComponentInfo(mode=each) for place, each in modes.items()},
        phase=PhaseInfo(name=phase, data=detail),
    )


_LOCATIONS = {
    "path": ParameterLocation.PATH,
    "query": ParameterLocation.QUERY,
    "header": ParameterLocation.HEADER,
    "cookie": ParameterLocation.COOKIE,
    "body": ParameterLocation.BODY,
}
