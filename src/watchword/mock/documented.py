"""Replies taken from the document alone: an author's example, else a value made for the schema.

The twin of every operation that has none. Each reply is checked by the validator before it is served the first time;
what does not conform is not served, and the client is told so. The secrets in a success are new in every reply, unless
the client asked for an example of the document; members with `x-watchword-echo` repeat what was asked.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from watchword.contract import Media, Operation, Parameter, Reply
from watchword.ground import Exchange, Finding, Headers, Request, Response, Side
from watchword.mock.accept import Unacceptable, acceptable
from watchword.mock.answer import Answer, problem
from watchword.mock.echoed import echoed
from watchword.mock.endpoint import Call, broken_rules
from watchword.mock.fresh import FreshSecrets
from watchword.mock.instance import NoInstance, instance
from watchword.mock.prefer import NO_PREFERENCE, Preference, parse_prefer
from watchword.mock.render import Unwritable, concrete, render_body, render_header
from watchword.validation import Validator
from watchword.validation.decode import decode_json
from watchword.validation.engine import Engine
from watchword.validation.media import parse_media_type
from watchword.validation.route import template_names

_WITHOUT_CONTENT = frozenset({204, 205, 304})
_REFUSALS = ("400", "422", "4XX", "default")
_UNMET = ("401", "403", *_REFUSALS)


_Key = tuple[str, int, str | None, str]
"""Documented status, the one to serve, media type, name of the example."""


class NotServed(Exception):
    """There is no such reply (404, 406), or none could be made (500)."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class DocumentedReplies:
    """The steps of one operation (see `Endpoint`), answered from its document. Holds no state but finished replies."""

    def __init__(self, operation: Operation, validator: Validator) -> None:
        self._operation = operation
        self._validator = validator
        self._engine = Engine()
        self._known: dict[_Key, Answer | NotServed] = {}
        self._fresh: dict[_Key, FreshSecrets | None] = {}

    def admit(self, call: Call) -> Answer | None:
        """A documented refusal, or 401, where a credential that the document asks for is not there."""
        if not call.unmet:
            return None
        return self._refusal(_UNMET) or problem(
            401, "No credential was given that this operation accepts.", _told(call.unmet), self._challenge()
        )

    def refuse(self, call: Call) -> Answer:
        """A documented refusal: 400, else 422, else 4XX or default as 400; where there is none, a problem."""
        return self._refusal(_REFUSALS) or problem(
            400, "The request does not conform to the document.", _told(call.findings)
        )

    def act(self, call: Call) -> Answer:
        """The reply that `Prefer` and `Accept` choose, by default the lowest documented success."""
        preference = _preference(call)
        try:
            reply, status = self._reply(preference)
            answer = self._answer(reply, status, preference.example, call.header("accept"))
            answer = answer if preference.example else self._repeating(answer, reply, call)
        except NotServed as error:
            return problem(error.status, error.reason)
        applied = _applied(preference)
        return Answer(answer.status, (*answer.headers, *applied), answer.body) if applied else answer

    def wanted(self, call: Call) -> Answer | None:
        """The reply that `Prefer: code=...` asks for, or `None` for a request without it."""
        return self.act(call) if _preference(call).code is not None else None

    def _repeating(self, answer: Answer, reply: Reply, call: Call) -> Answer:
        """The reply with what it must repeat; as it was where that would break its schema."""
        for media in reply.content if answer.body else ():
            if _is_written_as(media, _media_type(answer)):
                repeating = echoed(answer, media, call)
                return repeating if repeating is answer or not self._wrong(repeating) else answer
        return answer

    def _refusal(self, statuses: Iterable[str]) -> Answer | None:
        replies = {reply.status: reply for reply in self._operation.replies}
        for status in statuses:
            if status in replies:
                try:
                    return self._answer(replies[status], int(status) if status.isdecimal() else 400, None, None)
                except NotServed:
                    continue
        return None

    def _reply(self, preference: Preference) -> tuple[Reply, int]:
        replies = {reply.status: reply for reply in self._operation.replies}
        if preference.code is not None:
            code = str(preference.code)
            for status in (code, f"{code[0]}XX", "default"):
                if status in replies:
                    return replies[status], preference.code
            raise NotServed(404, f"No reply {code} is documented; documented are {', '.join(replies) or 'none'}.")
        for status in sorted(replies, key=_rank):
            return replies[status], int(status.replace("XX", "00")) if status != "default" else 200
        raise NotServed(500, "The document names no reply for this operation.")

    def _answer(self, reply: Reply, status: int, example: str | None, accept: str | None) -> Answer:
        if not 200 <= status <= 599:
            raise NotServed(500, f"{status} is not the status of a final reply.")
        if not reply.content or status in _WITHOUT_CONTENT:
            return self._finished(reply, status, None, example)
        try:
            choices = acceptable(reply.content, accept)
        except Unacceptable as error:
            raise NotServed(406, str(error)) from None
        failed: NotServed | None = None
        for media in choices:
            try:
                return self._finished(reply, status, media, example)
            except NotServed as error:
                failed = failed or error
        raise failed or NotServed(500, "The document gives this reply no media type.")

    def _finished(self, reply: Reply, status: int, media: Media | None, example: str | None) -> Answer:
        """A reply made once and then remembered, refusals to make it included."""
        names = [each.name for each in media.examples] if media else []
        if example is not None and example not in names:  # not remembered: clients can think of any name
            raise NotServed(404, f"There is no such example; the examples here are {', '.join(names) or 'none'}.")
        key = (reply.status, status, media.media_type if media else None, example or "")
        if key not in self._known:
            try:
                self._known[key] = self._made(reply, status, media, example)
            except NotServed as error:
                self._known[key] = error
        known = self._known[key]
        if isinstance(known, NotServed):
            raise NotServed(known.status, known.reason)
        return self._renewed(key, known, media) if media and example is None and 200 <= status < 300 else known

    def _renewed(self, key: "_Key", answer: Answer, media: Media) -> Answer:
        """The reply with secrets of its own; as it was where it has none, or others would not conform."""
        if key not in self._fresh:
            self._fresh[key] = _fresh(answer, media)
        fresh = self._fresh[key]
        if not fresh:
            return answer
        renewed = replace(answer, body=render_body(fresh.drawn(), _media_type(answer)))
        return answer if self._wrong(renewed) else renewed

    def _made(self, reply: Reply, status: int, media: Media | None, example: str | None) -> Answer:
        reason = f"No conforming reply {status} can be made."
        for headers in self._headers(reply):
            for body in self._bodies(media, example):
                answer = Answer(status, (*body.headers, *headers), body.body)
                findings = self._wrong(answer)
                if not findings:
                    return answer
                reason = (
                    f"No conforming reply {status} can be made: the last one tried breaks {broken_rules(findings)}."
                )
        raise NotServed(500, reason)

    def _bodies(self, media: Media | None, example: str | None) -> Iterator[Answer]:
        """Body and Content-Type, most wanted first. Raises `NotServed` where there is none."""
        if media is None:
            yield Answer(200)
            return
        try:
            media_type = concrete(media.media_type)
            yield from self._contents(media, media_type, example)
        except (NoInstance, Unwritable) as error:
            raise NotServed(500, f"No body can be made: {error}.") from None

    def _contents(self, media: Media, media_type: str, example: str | None) -> Iterator[Answer]:
        header = (("Content-Type", media_type),)
        for each in media.examples:
            if example in (None, each.name):
                yield Answer(200, header, render_body(each.value, media_type))
        if example is not None:
            return
        if media.schema is None:
            yield Answer(200, header, render_body("example", media_type))
        else:
            value = instance(media.schema, self._engine, Side.RESPONSE)
            yield Answer(200, header, render_body(value, media_type) or b" ")

    def _headers(self, reply: Reply) -> Iterator[Headers]:
        """The documented headers that are required or have an example; then the required ones alone."""
        required = [header for header in reply.headers if header.required]
        for chosen in ([header for header in reply.headers if header.required or header.examples], required):
            try:
                yield tuple((header.name, self._header_text(header)) for header in chosen)
            except (NoInstance, Unwritable) as error:
                if chosen == required:
                    raise NotServed(500, f"No header can be made: {error}.") from None

    def _header_text(self, header: Parameter) -> str:
        schema = header.schema or (header.media.schema if header.media else None)
        examples = header.examples or (header.media.examples if header.media else ())
        if examples:
            return render_header(examples[0].value, header)
        return render_header(instance(schema, self._engine, Side.RESPONSE) if schema else "example", header)

    def _wrong(self, answer: Answer) -> tuple[Finding, ...]:
        """What the validator finds in a reply, whatever the request was."""
        path = self._operation.paths[0]
        for name in template_names(path):
            path = path.replace("{" + name + "}", "0")
        response = Response(answer.status, answer.headers, answer.body)
        exchange = Exchange(Request(self._operation.method, path), response)
        return tuple(
            finding
            for finding in self._validator.findings(exchange)
            if finding.side is Side.RESPONSE or finding.rule == "unknown-operation"
        )

    def _challenge(self) -> Headers:
        """RFC 9110 section 11.6.1: a 401 says which schemes are accepted."""
        schemes = [scheme.scheme for each in self._operation.security for scheme in each if scheme.kind == "http"]
        return tuple(("WWW-Authenticate", scheme.capitalize()) for scheme in dict.fromkeys(schemes))


def _is_written_as(media: Media, media_type: str) -> bool:
    try:
        return concrete(media.media_type) == media_type
    except Unwritable:
        return False


def _fresh(answer: Answer, media: Media) -> FreshSecrets | None:
    """The secrets in a JSON body; `None` in any other."""
    given = parse_media_type(_media_type(answer))
    if media.schema is None or given is None or not given.is_json:
        return None
    return FreshSecrets(decode_json(answer.body), media.schema)


def _media_type(answer: Answer) -> str:
    return next((value for name, value in answer.headers if name == "Content-Type"), "")


def _preference(call: Call) -> Preference:
    fields = [value for name, value in call.request.headers if name.lower() == "prefer"]
    return parse_prefer(fields) if fields else NO_PREFERENCE


def _applied(preference: Preference) -> Headers:
    """RFC 7240 section 3: which wishes were followed."""
    told: list[str] = []
    if preference.code is not None:
        told.append(f"code={preference.code}")
    if preference.example is not None:
        told.append("example")
    return (("Preference-Applied", ", ".join(told)),) if told else ()


def _told(findings: Sequence[Finding]) -> dict[str, list[dict[str, str]]]:
    """The broken rules, as an extension member of a problem; neither values nor keys that were sent."""
    return {
        "findings": [
            {"rule": finding.rule, "location": (finding.location or "").partition("#")[0]} for finding in findings
        ]
    }


def _rank(status: str) -> tuple[int, str]:
    """Successes before all else, an exact status before a range before `default`."""
    if status == "default":
        return 2, status
    success = status.startswith("2")
    if status.endswith("XX"):
        return (1 if success else 4), status
    return (0 if success else 3), status
