"""What may go out: every request of Schemathesis passes here, those that its checks make too. Judges no answer."""

from collections.abc import Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import quote, unquote

import orjson
import requests
from requests.structures import CaseInsensitiveDict
from schemathesis.auths import AuthContext, set_on_case
from urllib3.exceptions import NewConnectionError

from watchword.check import Planned
from watchword.check.removal import reason, removes
from watchword.check.routes import plain
from watchword.contract import Operation
from watchword.ground import Request, Response, WatchwordError
from watchword.schemathesis.conversion import query_of
from watchword.schemathesis.peer import StCase, StResponse
from watchword.schemathesis.service import Service
from watchword.strategies import Draft

Send = Callable[..., StResponse]


def put_on_listed_device(service: Service, case: StCase) -> None:
    """Has a case of Schemathesis' own making act on a listed device; cases of ours do, or do not on purpose.

    Where nobody listed one, an id that a link took from a reply is as good as the document's example.
    """
    devices = service.devices
    if (
        service.intent(case.id) is not None
        or not devices
        or service.has_made_up_devices
        or service.target.device_at(_plain_path(service, case)) in service.target.devices
    ):
        return
    operation = service.operation(case.method, case.path)
    leads = operation.leads if operation else {}
    path = dict(case.path_parameters)
    named = {name: leads.get(name, "") + quote(value, safe="") for name, value in devices[0].path.items()}
    path.update({name: value for name, value in named.items() if name in path})
    case.path_parameters = path


def as_planned(service: Service, case: StCase) -> None:
    """Gives an enumerated case the values back that it is about, where a configuration puts others in their place."""
    intent = service.intent(case.id)
    if intent is None or intent.planned is None:
        return
    planned = intent.planned
    found = service.raw_path(planned.request.method, planned.request.url)
    given = found[1] if found else {}
    told = plain(planned.operation, given)
    listed = planned.device in service.target.devices
    meant = {name: value for name, value in given.items() if not listed or told[name] != planned.device.path.get(name)}
    if any(case.path_parameters.get(name) != value for name, value in meant.items()):
        case.path_parameters = {**case.path_parameters, **meant}
    if (planned.case.location or "").startswith("query."):
        kept = {name: value for name, value in case.query.items() if name in _credential_names(service, "query")}
        case.query = {**query_of(planned.request), **kept}
    own = _own_headers(planned)
    if own:
        given = {name: value for name, value in planned.request.headers if name.lower() in own}
        kept = {name: value for name, value in case.headers.items() if name.lower() not in own}
        case.headers = CaseInsensitiveDict({**kept, **given})
        authorised(service, case)


def authorised(service: Service, case: StCase) -> StCase:
    """The case with the configured credential, where it is known, and without an empty one where it is not.

    Done where a case is made, not where it is sent: checks of Schemathesis derive cases without a credential.
    """
    known = service.operation(case.operation.method, case.operation.path)
    if known is None or _is_about_credentials(service, case):
        return case
    request = Draft(known.method, known.path).request(known, base_url="", values={}, token=service.token)
    if not service.appointed:
        return _without_empty(service, case, request)
    for name, value in request.headers:
        if name == "Cookie":
            _put_cookies(case, {key: unquote(text) for key, text in _cookies(value).items()})
        else:
            case.headers[name] = value
    pairs = query_of(Request(known.method, request.url, (), b""))
    case.query = {**case.query, **{name: value for name, value in pairs.items() if _is_single(case.query.get(name))}}
    return case


def supplied(service: Service, case: StCase, auth_storage: Any = None) -> StCase:
    """A case of ours with the credential that Schemathesis alone knows how to get."""
    if not service.appointed and not _is_about_credentials(service, case):
        set_on_case(case, AuthContext(operation=case.operation, app=case.operation.app), auth_storage)
    return case


def _without_empty(service: Service, case: StCase, empty: Request) -> StCase:
    """A case of ours without the credential of nobody: what Schemathesis adds must not stand beside it."""
    if service.intent(case.id) is None:
        return case
    for name, value in empty.headers:
        if name == "Cookie":
            left = {key: text for key, text in _cookies(case.headers.get("Cookie", "")).items() if text}
            _set_or_drop(case.headers, "Cookie", "; ".join(f"{key}={text}" for key, text in left.items()))
        elif case.headers.get(name) == value:
            del case.headers[name]
    names = query_of(Request(empty.method, empty.url, (), b""))
    case.query = {name: value for name, value in case.query.items() if name not in names or value != ""}
    return case


def _is_single(value: Any) -> bool:
    return not isinstance(value, list)  # a name that is there twice is there so on purpose


def _cookies(header: str) -> dict[str, str]:
    """The cookies of a header as they stand there."""
    pairs = [pair.strip().partition("=") for pair in header.split(";") if pair.strip()]
    return {name: value for name, _, value in pairs}


def _put_cookies(case: StCase, given: Mapping[str, str]) -> None:
    """Gives a case cookies where it has its own: a header of a case stands in for its cookies."""
    header = case.headers.get("Cookie")
    if header is None:
        case.cookies = {**case.cookies, **given}
    else:
        case.headers["Cookie"] = "; ".join(f"{name}={text}" for name, text in {**_cookies(header), **given}.items())


def _set_or_drop(headers: MutableMapping[str, str], name: str, value: str) -> None:
    if value:
        headers[name] = value
    else:
        headers.pop(name, None)


def _credential_names(service: Service, where: str) -> frozenset[str]:
    """The names under which the document's schemes put a credential into a query or a cookie."""
    return frozenset(
        scheme.name
        for operation in service.contract.operations
        for alternative in operation.security
        for scheme in alternative
        if scheme.kind == "apiKey" and scheme.where == where
    )


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
        else:
            session = _with_own_headers(service, case, session, options)
        if case.media_type is None and isinstance(case.body, bytes):
            options["data"] = case.body  # Schemathesis writes no body that has no media type
        device = service.target.device_at(_plain_path(service, case))
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
    for name in ("headers", "auth", "cookies", "params"):
        options.pop(name, None)
    case._auth = None
    intent = service.intent(case.id)
    if intent is None or intent.planned is None:
        return
    sent = dict(intent.planned.request.headers)
    if case.media_type is not None and sent.get("Content-Type") == case.media_type:
        del sent["Content-Type"]
    case.headers = CaseInsensitiveDict(sent)
    names, planned = _credential_names(service, "query"), query_of(intent.planned.request)
    case.query = {name: value for name, value in case.query.items() if name not in names} | {
        name: value for name, value in planned.items() if name in names
    }
    names = _credential_names(service, "cookie")
    case.cookies = {name: value for name, value in case.cookies.items() if name not in names}


def _with_own_headers(service: Service, case: StCase, session: Any, options: dict[str, Any]) -> Any:
    """Has a case of ours keep its cookies and the header that it is about, where the configuration has the same.

    The session to send it with: none where that would put its own header there.
    """
    intent = service.intent(case.id)
    if intent is None:
        return session
    if "Cookie" in case.headers and case.cookies:
        _put_cookies(case, {name: str(value) for name, value in case.cookies.items()})
    own = _own_headers(intent.planned) if intent.planned else frozenset()
    headers = {**(getattr(session, "headers", None) or {}), **(options.get("headers") or {})}
    if not any(name.lower() in own for name in headers):
        return session
    options["headers"] = {name: value for name, value in headers.items() if name.lower() not in own}
    if getattr(session, "auth", None) is not None:
        options.setdefault("auth", session.auth)
    return None


def _own_headers(planned: Planned) -> frozenset[str]:
    """The header that an enumerated case is about, lower case."""
    where, _, name = (planned.case.location or "").partition("#")[0].partition(".")
    return frozenset({name.lower()} if where == "header" else {"cookie"} if where == "cookie" else ())


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
    target = service.target
    if removes(operation) and not target.is_made_up and target.device_at(_plain_path(service, case)) in target.devices:
        raise WatchwordError(f"{reason(operation)}; leave it out: --exclude-method DELETE")
    if target.is_loopback or not target.devices:
        return operation
    if target.device_at(_plain_path(service, case)) is None:
        raise WatchwordError("not sent: the request names a device that the target does not list")
    return operation


def _plain_path(service: Service, case: StCase) -> dict[str, str]:
    given = {name: str(value) for name, value in case.path_parameters.items()}
    operation = service.operation(case.method, case.path)
    return plain(operation, given) if operation else {name: unquote(value) for name, value in given.items()}


def _content(case: StCase) -> bytes:
    body: Any = case.body
    if isinstance(body, bytes):
        return body
    try:
        return orjson.dumps(body)
    except (orjson.JSONEncodeError, TypeError):
        return b"" if case.media_type is None else b"\0"  # content that no reader takes for an object
