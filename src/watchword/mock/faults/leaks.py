"""Services whose replies repeat what they must not: the secret of a request, or the caller's credential."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import quote

from watchword.ground import Certainty
from watchword.mock.answer import Answer
from watchword.mock.endpoint import Call, Fault
from watchword.mock.faults.named import NamedFault, Namer
from watchword.mock.faults.replies import changed_reply
from watchword.mock.faults.steps import replying
from watchword.mock.fixtures import Fixtures
from watchword.strategies.frame import Frame


def leak_faults(namer: Namer, frame: Frame, fixtures: Fixtures | None) -> Iterator[NamedFault]:
    """The faults of an operation that takes a secret or a credential."""
    member = next((site.member for site in frame.sites if site.member and site.node.is_secret), None)
    if member is not None:
        for name, about, spelt in _SPELT:
            fault = _telling(_secret(member), spelt, lambda answer: answer.status >= 400)
            yield namer.named("leak", f"secret/{name}", f"errors hold the secret {about}", fault)
        telling = {reply.status for reply in namer.operation.replies if reply.clause.certainty is Certainty.DOCUMENTED}
        for status in (400, 401, 404):
            if str(status) in telling:
                fault = _telling(_secret(member), str, lambda answer, status=status: answer.status == status)  # type: ignore[misc]
                yield namer.named("leak", f"secret/in-{status}", f"the reply {status} holds the secret", fault)
        fault = _in_header(_secret(member), lambda answer: answer.status < 300)
        yield namer.named("leak", "secret/header", "a header of accepted requests holds the secret", fault)
        fault = _in_header(_secret(member), lambda answer: answer.status >= 400)
        yield namer.named("leak", "secret/error-header", "a header of errors holds the secret", fault)
        fault = _with_member(_secret(member), "debug")
        yield namer.named("leak", "secret/other-member", "an error has one more member, the secret", fault)
    if fixtures is not None:
        header = next(iter(fixtures.credential.headers))
        for name, about, applies in (
            ("error", "errors hold the caller's credential", lambda answer: answer.status >= 400),
            ("refusal", "refusals of the caller hold the credential", lambda answer: answer.status in (401, 403)),
        ):
            fault = _telling(_token(header), str, applies)
            yield namer.named("leak", f"credential/{name}", about, fault)
        fault = _in_header(_token(header), lambda _: True)
        yield namer.named("leak", "credential/header", "a header holds the caller's credential", fault)


Find = Callable[[Call], str]


def _secret(member: str) -> Find:
    def find(call: Call) -> str:
        value = call.members().get(member)
        return value if isinstance(value, str) else ""

    return find


def _token(header: str) -> Find:
    return lambda call: (call.header(header) or "").rpartition(" ")[2]


def _telling(find: Find, spelt: Callable[[str], str], applies: Callable[[Answer], bool]) -> Fault:
    def change(call: Call, answer: Answer) -> Answer:
        text = spelt(find(call))
        if not text or not applies(answer):
            return answer
        told = changed_reply(lambda members: {name: _with(name, value, text) for name, value in members.items()})
        return told(answer)

    return replying(change)


def _with(name: str, value: object, text: str) -> object:
    return f"{value} Given: {text}" if name in ("message", "error_msg", "detail") else value


def _with_member(find: Find, name: str) -> Fault:
    def change(call: Call, answer: Answer) -> Answer:
        text = find(call)
        if not text or answer.status < 400:
            return answer
        return changed_reply(lambda members: {**members, name: text})(answer)

    return replying(change)


def _in_header(find: Find, applies: Callable[[Answer], bool]) -> Fault:
    def change(call: Call, answer: Answer) -> Answer:
        text = find(call)
        if not text or not applies(answer) or not text.isascii() or not text.isprintable():
            return answer
        return replace(answer, headers=(*answer.headers, ("X-Debug", f"given {text}")))

    return replying(change)


_SPELT: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("plain", "as it is", str),
    ("quoted", "as a literal", repr),
    ("base64", "in Base64", lambda text: base64.b64encode(text.encode("utf-8", "replace")).decode()),
    ("percent", "percent-encoded", lambda text: quote(text, safe="", errors="replace")),
    ("beginning", "but for its last characters", lambda text: text[: max(len(text) - 4, 0)]),
)
