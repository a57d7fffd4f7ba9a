"""Hypothesis strategies for requests of an operation: valid ones, bad ones with a label, and whole exchanges."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import SearchStrategy

from watchword.contract import Contract, Media, Operation, Parameter, Reply, Scheme
from watchword.ground import Certainty, Exchange, PatternError, Request, Response, RuleTooLarge, Side
from watchword.language import Language
from watchword.strategies.case import Draft, Value
from watchword.strategies.drawn_strings import broken_from, drawn_from
from watchword.strategies.drawn_values import values_at
from watchword.strategies.enumeration import ELSEWHERE, EXAMPLE_TOKEN, UNSEEN, Judge, cases, service_url
from watchword.strategies.formats import SAMPLES
from watchword.strategies.frame import JOINTS, PARTED, Frame
from watchword.strategies.instances import Impossible
from watchword.strategies.languages import breakable, over, rules_at, sendable
from watchword.strategies.shape import Node, node_of, types_of, view
from watchword.strategies.string_cases import StringSite, string_sites
from watchword.strategies.wire import body_bytes, media_kind, parameter_wire, sent_type

Json = Any
Target = Callable[[Draft], Request]

_MOST_CASES = 400


@dataclass(frozen=True, slots=True)
class BadRequest:
    """A request with one thing wrong: the rule that it breaks, where, and how sure that rule is.

    `also` names assumed rules that it breaks besides.
    """

    request: Request
    rule: str
    location: str | None
    certainty: Certainty
    also: tuple[str, ...] = ()

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """What Hypothesis shows; else it would show the values that the request was made of."""
        printer.text(repr(self))


def requests(
    operation: Operation,
    *,
    contract: Contract | None = None,
    base_url: str | None = None,
    values: Mapping[str, str] | None = None,
    token: str = EXAMPLE_TOKEN,
) -> SearchStrategy[Request]:
    """Valid requests of an operation; they shrink to the smallest one.

    `values` fixes parameters by name, ids of devices above all; `token` is the credential. Raises InvalidArgument if
    no valid request can be made.
    """
    frame = _frame(operation, contract)
    finish = _target(operation, base_url, values or {}, token)
    return _drafts(frame, frozenset(values or ())).map(finish)


def bad_requests(
    operation: Operation,
    *,
    contract: Contract | None = None,
    base_url: str | None = None,
    values: Mapping[str, str] | None = None,
    token: str = EXAMPLE_TOKEN,
    judge: Judge | None = None,
) -> SearchStrategy[BadRequest]:
    """Requests in which one thing is wrong, with its label; a string that breaks a rule goes on doing so as it shrinks.

    Every rule of every string, and every enumerated refuse case that shows in the request itself; with a `judge`, as of
    `cases`, also those of which only that can tell.
    """
    frame = _frame(operation, contract)
    finish = _target(operation, base_url, values or {}, token)
    choices = [_broken_string(site, finish) for site in string_sites(frame) if site.sure]
    listed = [
        case
        for case, _ in zip(cases(operation, frame.contract, judge=judge), range(_MOST_CASES), strict=False)
        if case.side == "refuse" and case.rule not in UNSEEN | ELSEWHERE and not _optional(operation, case.rule)
    ]
    if listed:
        choices.append(
            st.sampled_from(listed).map(
                lambda case: BadRequest(finish(case.draft), case.rule, case.location, case.certainty, case.also)
            )
        )
    found = [choice for choice in choices if choice is not None]
    if not found:
        raise InvalidArgument(f"nothing about a request for {operation.id} can be wrong")
    return st.one_of(found)


def exchanges(
    operation: Operation,
    *,
    contract: Contract | None = None,
    base_url: str | None = None,
    values: Mapping[str, str] | None = None,
    token: str = EXAMPLE_TOKEN,
) -> SearchStrategy[Exchange]:
    """Valid requests with a reply that conforms: any documented status; what it says need not fit what was asked."""
    replies = [found for reply in operation.replies if (found := _reply(reply)) is not None]
    if not replies:
        raise InvalidArgument(f"{operation.id} has no reply that can be made")
    asked = requests(operation, contract=contract, base_url=base_url, values=values, token=token)
    return st.builds(Exchange, asked, st.one_of(replies))


def _frame(operation: Operation, contract: Contract | None) -> Frame:
    if not isinstance(operation, Operation):
        raise InvalidArgument(f"an operation is needed, not {type(operation).__name__}")
    return Frame(contract, operation) if contract else Frame.alone(operation)


def _target(operation: Operation, base_url: str | None, values: Mapping[str, str], token: str) -> Target:
    base = base_url if base_url is not None else service_url(operation)

    def credential(_: Scheme) -> str:
        return token

    return lambda draft: draft.request(operation, base_url=base, values=values, token=credential)


def _optional(operation: Operation, rule: str) -> bool:
    return rule == "missing-credential" and () in operation.security


def _drafts(frame: Frame, fixed: frozenset[str]) -> SearchStrategy[Draft]:
    try:
        _ = frame.required
    except Impossible as error:
        raise InvalidArgument(f"no valid request for {frame.operation.id}: {error}") from None
    parts = [_parameter(frame, parameter, fixed) for parameter in frame.parameters]
    body = _body(frame)
    empty = Draft(frame.operation.method, frame.operation.path)

    def assembled(values: tuple[Value | None, ...], content: tuple[str | None, bytes]) -> Draft:
        given = tuple(value for value in values if value is not None)
        return replace(empty, values=given, content_type=content[0], body=content[1])

    return st.builds(assembled, st.tuples(*parts), body)


def _parameter(frame: Frame, parameter: Parameter, fixed: frozenset[str]) -> SearchStrategy[Value | None]:
    if parameter.name in fixed:
        return st.just(frame.value(parameter))
    try:
        drawn = _wired(frame, parameter)
    except Impossible:
        return st.none()
    return drawn if parameter.required else st.none() | drawn


def _wired(frame: Frame, parameter: Parameter) -> SearchStrategy[Value | None]:
    node = frame.parameter_node(parameter)
    kinds = types_of(node.value, node.resolve)
    if kinds == {"string"} and parameter.media is None:
        texts = carried_strings(node, parameter.where)
        if texts is not None:
            return texts.map(lambda text: frame.given(parameter, text))
    fallback = frame.value(parameter)
    if parameter.media is None and kinds <= {"integer", "number", "boolean"}:
        return values_at(node).map(lambda value: frame.given(parameter, _whole(value)))

    def wired(value: Json) -> Value:
        try:
            return frame.given(parameter, value) if parameter_wire(parameter, value) else fallback
        except Impossible:
            return fallback

    if parameter.media is not None:
        return values_at(node).map(wired)
    if kinds in ({"array"}, {"object"}) and parameter.style in PARTED and not _is_spread(parameter, kinds):
        named = view(node, "object").members()
        return values_at(node).map(
            lambda value: wired(_whole(value)) if _is_parted(parameter, value, named) else fallback
        )
    return st.just(fallback)


def _is_spread(parameter: Parameter, kinds: frozenset[str]) -> bool:
    """Whether the members stand in the query as if they were parameters."""
    return parameter.style == "form" and parameter.explode and kinds == {"object"}


def _is_parted(parameter: Parameter, value: Json, named: Mapping[str, Any]) -> bool:
    """Whether a list or an object is told so that it is read as the same value."""
    joined = not (parameter.explode and parameter.style == "form")
    parts = value if isinstance(value, list) else list(value.values())
    if not parts or (isinstance(value, dict) and not value.keys() <= named.keys()):
        return False
    return all(
        not (joined and (part == "" or set(part) & JOINTS or not part.isprintable()))
        if isinstance(part, str)
        else isinstance(part, int | float)
        for part in parts
    )


def _whole(value: Json) -> Json:
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {name: _whole(item) for name, item in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def carried_strings(node: Node, where: str) -> SearchStrategy[str] | None:
    """Valid strings that a location can hold, or None where there is none."""
    try:
        language = sendable(rules_at(node).valid)
    except (PatternError, RuleTooLarge):
        return None
    if where == "path":
        language = language - _UNSEGMENTED
    elif where == "header":
        language = language & over(((0x21, 0x7E),))
    return None if language.is_empty else _formatted(node, language)


def _formatted(node: Node, language: Language) -> SearchStrategy[str] | None:
    formats = [keyword.value for keyword in view(node, "string").all("format") if keyword.value in SAMPLES]
    if not formats:
        return drawn_from(language)
    texts = [text for text in SAMPLES[formats[0]] if text in language]
    return st.sampled_from(texts) if texts else None


def _body(frame: Frame) -> SearchStrategy[tuple[str | None, bytes]]:
    operation = frame.operation
    choices: list[SearchStrategy[tuple[str | None, bytes]]] = []
    if operation.body is None or not operation.body.required:
        choices.append(st.just((None, b"")))
    for media in operation.body.content if operation.body else ():
        drawn = _content(media, Side.REQUEST)
        if drawn is None:
            drawn = _form(frame, media)
        if drawn is not None:
            choices.append(drawn)
    if not choices:
        raise InvalidArgument(f"no body of {operation.id} can be made")
    return st.one_of(choices)


def _content(media: Media, side: Side) -> SearchStrategy[tuple[str | None, bytes]] | None:
    """Bodies of a media type under their Content-Type; only JSON and text bodies are drawn."""
    sent = sent_type(media.media_type)
    kind = media_kind(sent)
    if kind not in ("json", "text"):
        return None
    if media.schema is None:
        return st.just((sent, b"{}" if kind == "json" else b"text"))
    node = node_of(media.schema)
    if kind == "text" and types_of(node.value, node.resolve) != {"string"}:
        return None
    return values_at(node, side).map(lambda value: (sent, _bytes(media, kind, value)))


def _form(frame: Frame, media: Media) -> SearchStrategy[tuple[str | None, bytes]] | None:
    """Drawn forms, without those members that a form cannot tell; the smallest one where a required one is such."""
    content = frame.content
    if content is None or content.media is not media or content.kind not in ("form", "multipart"):
        return None
    kind, node, sent = content.kind, content.node, sent_type(media.media_type)
    required = view(node, "object").required()
    try:
        smallest = frame.minimal
        drawn = values_at(node)
    except (Impossible, InvalidArgument):
        return None

    def written(value: Json) -> tuple[str | None, bytes]:
        members = value.items() if isinstance(value, dict) else ()
        told = {name: _whole(item) for name, item in members if _is_told(media, kind, name, item)}
        return sent, _bytes(media, kind, told if told and required.keys() <= told.keys() else smallest)

    return drawn.map(written)


def _is_told(media: Media, kind: str, name: str, value: Json) -> bool:
    """Whether a form tells a member so that it is read as the same value: texts, numbers, flags, and lists of them."""
    if isinstance(value, list):
        return bool(value) and all(not isinstance(item, list) and _is_told(media, kind, name, item) for item in value)
    if value is None or isinstance(value, dict) or any(each.name == name for each in media.encodings):
        return False
    return kind == "form" or not isinstance(value, str) or not set(value) & {"\r", "\n"}


def _bytes(media: Media, kind: str, value: Json) -> bytes:
    try:
        return body_bytes(media, kind, value)
    except Impossible:
        return b""


def _broken_string(site: StringSite, finish: Target) -> SearchStrategy[BadRequest] | None:
    try:
        found = dict(breakable(site.texts.rules))
    except (PatternError, RuleTooLarge):
        return None
    choices = []
    for rule, broken in found.items():
        language = broken.language
        if site.location.startswith("path."):
            language = language - _UNSEGMENTED
        elif site.location.startswith("header."):
            language = language & over(((0x21, 0x7E),))
        elif site.location == "body":
            language = language - _UNSEGMENTED
        if language.is_empty or site.texts.has_format:
            continue
        try:
            strings = broken_from(replace(broken, language=language))
        except RuleTooLarge:
            continue  # a length of hundreds of thousands
        certainty = site.texts.certainties[rule]
        choices.append(_made(strings.map(_labelled(site, finish, rule, certainty))))
    return st.one_of(choices) if choices else None


def _made(drawn: SearchStrategy[BadRequest | None]) -> SearchStrategy[BadRequest]:
    made: Any = drawn.filter(lambda bad: bad is not None)
    return made  # type: ignore[no-any-return]


def _labelled(site: StringSite, finish: Target, rule: str, certainty: Certainty) -> Callable[[str], BadRequest | None]:
    def labelled(text: str) -> BadRequest | None:
        try:
            return BadRequest(finish(site.put(text)), rule, site.location, certainty)
        except Impossible:
            return None  # a list in a parameter cannot tell a text with its own comma

    return labelled


def _reply(reply: Reply) -> SearchStrategy[Response] | None:
    status = _status(reply.status)
    headers = [_reply_header(header) for header in reply.headers if header.required]
    contents = [_content(media, Side.RESPONSE) for media in reply.content]
    known = [content for content in contents if content is not None]
    if None in headers or (reply.content and not known):
        return None
    fixed = tuple(header for header in headers if header is not None)

    def built(content: tuple[str | None, bytes]) -> Response:
        own = () if content[0] is None else (("Content-Type", content[0]),)
        return Response(status, (*fixed, *own), content[1])

    return st.one_of(known or [st.just((None, b""))]).map(built)


def _reply_header(header: Parameter) -> tuple[str, str] | None:
    for example in header.examples:
        if isinstance(example.value, str | int):
            return header.name, str(example.value)
    return None


def _status(status: str) -> int:
    if status.isdigit():
        return int(status)
    return int(status[0]) * 100 if status[:1].isdigit() else 500


_UNSEGMENTED = rules_at(Node({"enum": ["", ".", ".."]}, "", "segment", lambda _: (True, ""))).valid
