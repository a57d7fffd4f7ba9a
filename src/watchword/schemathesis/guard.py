"""What may go out: every request of Schemathesis passes here, those that its checks make too. Judges no answer."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote

import orjson
import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import NewConnectionError

from watchword.contract import Operation
from watchword.ground import Request, Response, WatchwordError
from watchword.schemathesis.conversion import query_of
from watchword.schemathesis.peer import StCase, StResponse
from watchword.schemathesis.service import Service
from watchword.strategies import Draft

Send = Callable[..., StResponse]


def put_on_listed_device(service: Service, case: StCase) -> None:
    """Has a case of Schemathesis' own making act on a listed device; cases of ours do, or do not on purpose."""
    devices = service.devices
    if (
        service.intent(case.id) is not None
        or not devices
        or service.target.device_at(_plain_path(case)) in service.target.devices
    ):
        return
    path = dict(case.path_parameters)
    path.update({name: quote(value, safe="") for name, value in devices[0].path.items() if name in path})
    case.path_parameters = path


def as_planned(service: Service, case: StCase) -> None:
    """Gives an enumerated case the values back that it is about, where a configuration puts others in their place."""
    intent = service.intent(case.id)
    if intent is None or intent.planned is None:
        return
    planned = intent.planned
    found = service.raw_path(planned.request.method, planned.request.url)
    given = found[1] if found else {}
    meant = {name: value for name, value in given.items() if unquote(value) != planned.device.path.get(name)}
    if any(case.path_parameters.get(name) != value for name, value in meant.items()):
        case.path_parameters = {**case.path_parameters, **meant}
    if (planned.case.location or "").startswith("query."):
        case.query = query_of(planned.request)


def authorised(service: Service, case: StCase) -> StCase:
    """The case with the target's credential, where our command chose the target.

    Done where a case is made, not where it is sent: checks of Schemathesis derive cases without a credential.
    """
    known = service.operation(case.operation.method, case.operation.path)
    token = service.target.principal.token if service.target.principal else None
    if not service.appointed or known is None or token is None:
        return case
    request = Draft(known.method, known.path).request(known, base_url="", values={}, token=lambda _: token)
    for name, value in request.headers:
        case.headers[name] = value
    query = request.url.partition("?")[2]
    if query:
        name, _, value = query.partition("=")
        case.query = {**case.query, unquote(name): unquote(value)}
    return case


def guarded_send(service_of: Callable[[Any], Service | None], why_not: Callable[[Any], str], send: Send) -> Send:
    """A transport's `send` behind the guard: journal before, outcome after, no redirect followed.

    It raises `WatchwordError` for what may not go out, with `why_not` where there is no service for a document.
    """

    def guarded(case: StCase, *, session: Any = None, **options: Any) -> StResponse:
        service = service_of(case.operation.schema)
        if service is None:
            raise WatchwordError(f"not sent: {why_not(case.operation.schema)}")
        operation = _permitted(service, case)
        _require_target(service, case, options)
        options["max_redirects"] = 0
        if _is_about_credentials(service, case):
            session = None
            _bare(service, case, options)
        device = service.target.device_at(_plain_path(case))
        if operation is None or device is None:
            return send(case, session=session, **options)
        request = Request(case.method, operation.path, (), _content(case))
        entries = service.keeper.sending(operation, device, request, service.secrets(operation, request.body))
        try:
            response = send(case, session=session, **options)
        except requests.ConnectionError as problem:
            if isinstance(getattr(problem.args[0], "reason", None) if problem.args else None, NewConnectionError):
                service.keeper.unsent(entries)
            raise
        if entries:
            service.keeper.answered(operation, entries, Response(response.status_code, (), response.content or b""))
        return response

    return guarded


def _require_target(service: Service, case: StCase, options: dict[str, Any]) -> None:
    """Raises `WatchwordError` where a case would go to another service than the one whose devices are listed."""
    is_application = case.operation.app is not None or options.get("app") is not None
    if is_application and service.is_in_process:
        return
    base_url = (
        "an application in this process" if is_application else options.get("base_url") or case.operation.base_url
    )
    if not base_url or base_url.rstrip("/") != service.target.url.rstrip("/"):
        expected = "an application in this process" if service.is_in_process else service.target.url
        raise WatchwordError(
            f"not sent: the service is {expected}, and this would go to {base_url or 'no URL'}; "
            "say it once, for the whole document: schema.config.update(base_url=...)"
        )


def _is_about_credentials(service: Service, case: StCase) -> bool:
    intent = service.intent(case.id)
    return intent is not None and intent.planned is not None and intent.planned.case.draft.credential != "valid"


def _bare(service: Service, case: StCase, options: dict[str, Any]) -> None:
    """Takes back every credential that Schemathesis added to a case that lacks one on purpose, its session's too."""
    intent = service.intent(case.id)
    for name in ("headers", "auth", "cookies", "params"):
        options.pop(name, None)
    if intent is not None and intent.planned is not None:
        sent = dict(intent.planned.request.headers)
        if case.media_type is not None and sent.get("Content-Type") == case.media_type:
            del sent["Content-Type"]
        case.headers = CaseInsensitiveDict(sent)


def _permitted(service: Service, case: StCase) -> Operation | None:
    """The contract's operation of a case that may be sent. Raises `WatchwordError` for one that may not."""
    intent = service.intent(case.id)
    if intent is not None and intent.planned is not None:
        return intent.planned.operation
    operation = service.operation(case.method, case.path)
    if operation is None:
        raise WatchwordError(
            f"not sent: {case.method} is no documented method of {case.path}, and the target's devices are real"
        )
    if service.target.is_loopback or not service.target.devices:
        return operation
    if service.target.device_at(_plain_path(case)) is None:
        raise WatchwordError("not sent: the request names a device that the target does not list")
    return operation


def _plain_path(case: StCase) -> dict[str, str]:
    return {name: unquote(str(value)) for name, value in case.path_parameters.items()}


def _content(case: StCase) -> bytes:
    body: Any = case.body
    if isinstance(body, bytes):
        return body
    try:
        return orjson.dumps(body)
    except (orjson.JSONEncodeError, TypeError):
        return b"" if case.media_type is None else b"\0"  # content that no reader takes for an object
