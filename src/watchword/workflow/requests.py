"""A step to the request that it sends. Sends nothing, and leaves credentials to the environment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from watchword.contract import Media, Operation, Parameter, Scheme
from watchword.ground import Request, parse_pointer
from watchword.strategies.case import Credential, Draft
from watchword.strategies.case import Value as Piece
from watchword.strategies.instances import Impossible
from watchword.strategies.wire import body_bytes, media_kind, parameter_wire, scalar_text, sent_type
from watchword.workflow.context import Context
from watchword.workflow.environment import Environment
from watchword.workflow.expression import Template
from watchword.workflow.model import Plain, RequestBody, Step
from watchword.workflow.queries import QueryProblem, selected_pointers, with_value

Json = Any


class Unsendable(Exception):
    """A step whose request cannot be made; says why, and tells no value."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request with the path parameters that it was made of."""

    request: Request
    path: Mapping[str, Json]


def prepared(step: Step, operation: Operation, context: Context, environment: Environment) -> Prepared:
    """The request of a step. Raises `Unsendable`."""
    given = [(each.where or "query", each.name, context.value(each.value)) for each in step.parameters]
    path = {name: value for where, name, value in given if where == "path"}
    for parameter in operation.parameters:
        if parameter.where == "path" and path.get(parameter.name) is None:
            raise Unsendable(f"there is no value for the path parameter `{parameter.name}`")
    content_type, body = _body(step.body, operation, context)
    credential, token = _credential(step, operation, environment, given)
    draft = Draft(
        method=operation.method,
        path=operation.path,
        values=tuple(_pieces(operation, given)),
        content_type=content_type,
        body=body,
        credential=credential,
    )
    base_url = environment.url_of(step.source)
    return Prepared(draft.request(operation, base_url=base_url, values={}, token=token), path)


def _pieces(operation: Operation, given: Sequence[tuple[str, str, Json]]) -> list[Piece]:
    declared: dict[tuple[str, str], Parameter] = {
        (parameter.where, parameter.name): parameter for parameter in operation.parameters
    }
    found = []
    for where, name, value in given:
        if value is None and where != "path":
            continue
        parameter = declared.get((where, name))
        try:
            wire = _wire(where, name, value, parameter)
        except Impossible as reason:
            raise Unsendable(f"the {where} parameter `{name}` cannot be sent: {reason}") from None
        found.append(Piece(where, name, wire=wire, fixed=True))
    return found


def _wire(where: str, name: str, value: Json, parameter: Parameter | None) -> str:
    if where == "querystring":
        return scalar_text(value)
    if parameter is not None:
        return parameter_wire(parameter, value)
    text = scalar_text(value) if not isinstance(value, dict | list) else ",".join(map(scalar_text, value))
    if where == "header":
        return text
    return quote(text, safe="") if where == "path" else f"{quote(name, safe='')}={quote(text, safe='')}"


def _body(body: RequestBody | None, operation: Operation, context: Context) -> tuple[str | None, bytes]:
    if body is None or (body.payload == Plain(None) and not body.replacements):
        return None, b""
    value = _replaced(body, context)
    content = operation.body.content if operation.body else ()
    content_type = body.content_type or (sent_type(content[0].media_type) if content else "application/json")
    bare = content_type.partition(";")[0].strip().lower()
    media = next((each for each in content if each.media_type.partition(";")[0].strip().lower() == bare), None)
    if isinstance(value, str) and isinstance(body.payload, Plain | Template):  # a text that is written as it goes
        return content_type, value.encode("utf-8", "surrogatepass")
    kind = media_kind(content_type)
    if kind is None:
        raise Unsendable(f"bodies of `{content_type}` can be sent as texts only")
    try:
        return content_type, body_bytes(media or Media(content_type, None, (), (), body.clause), kind, value)
    except Impossible as reason:
        raise Unsendable(f"the body cannot be sent: {reason}") from None


def _replaced(body: RequestBody, context: Context) -> Json:
    """The payload with its replacements put in; where a target leads nowhere, nothing could be put."""
    value = context.value(body.payload)
    for replacement in body.replacements:
        new = context.value(replacement.value)
        try:
            if replacement.type == "jsonpath":
                for tokens in selected_pointers(replacement.target, value):
                    value = with_value(value, tokens, new)
            else:
                value = with_value(value, parse_pointer(replacement.target), new)
        except (KeyError, QueryProblem):
            raise Unsendable(f"the target `{replacement.target}` is not in the payload") from None
    return value


def _credential(
    step: Step, operation: Operation, environment: Environment, given: Sequence[tuple[str, str, Json]]
) -> tuple[Credential, Any]:
    """What is done about credentials; a step that gives one as a parameter of its own needs no other."""
    schemes: list[Scheme] = next((list(each) for each in operation.security if each), [])
    own = {name.lower() for where, name, value in given if where == "header" and value is not None}
    carriers = {(scheme.name if scheme.kind == "apiKey" else "Authorization").lower() for scheme in schemes}
    if step.credential == "other":
        if environment.other_token is None:
            raise Unsendable("the environment names no other principal")
        return "other", environment.other_token
    if environment.token is None or (own & carriers and step.credential == "valid"):
        return "none", lambda _: ""
    return step.credential, environment.token
