"""The few ways to spoil an endpoint that all faults are made of. Knows no contract.

What a service wrongly makes of a request is written as another request: the steps of the endpoint then see that one.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from watchword.contract import Operation
from watchword.ground import Finding, Request
from watchword.mock.answer import Answer
from watchword.mock.endpoint import Call, Endpoint, Fault
from watchword.validation.route import decoded, split_url

Change = Callable[[Request], Request]
ReplyChange = Callable[[Call, Answer], Answer]

REFUSED = "fault"
"""The rule of the finding with which a fault refuses a valid request."""


def misread(change: Change) -> Fault:
    """A service that takes each request for another one, in every step."""

    def fault(endpoint: Endpoint) -> Endpoint:
        def seen(call: Call) -> Call:
            return with_request(call, change(call.request))

        return replace(
            endpoint,
            judge=lambda request: endpoint.judge(change(request)),
            admit=lambda call: endpoint.admit(seen(call)),
            refuse=lambda call: endpoint.refuse(seen(call)),
            act=lambda call: endpoint.act(seen(call)),
        )

    return fault


def misjudged(change: Change) -> Fault:
    """A service that judges another request than the one on which it acts."""
    return lambda endpoint: replace(endpoint, judge=lambda request: endpoint.judge(change(request)))


def misdone(change: Callable[[Call], Call]) -> Fault:
    """A service that judges well and then acts on another request."""
    return lambda endpoint: replace(endpoint, act=lambda call: endpoint.act(change(call)))


def blind(overlooks: Callable[[Finding], bool]) -> Fault:
    """A service that does not see some of what is wrong with a request."""
    return lambda endpoint: replace(
        endpoint, judge=lambda request: [found for found in endpoint.judge(request) if not overlooks(found)]
    )


def prejudiced(refuses: Callable[[Request], bool]) -> Fault:
    """A service that refuses some valid requests as if they were not."""

    def fault(endpoint: Endpoint) -> Endpoint:
        def judge(request: Request) -> list[Finding]:
            findings = endpoint.judge(request)
            return (
                [*findings, Finding(REFUSED, "refused for no reason", location="body")]
                if refuses(request)
                else findings
            )

        return replace(endpoint, judge=judge)

    return fault


def replying(change: ReplyChange) -> Fault:
    """A service whose replies are changed, whichever step they come from."""

    def fault(endpoint: Endpoint) -> Endpoint:
        def admit(call: Call) -> Answer | None:
            answer = endpoint.admit(call)
            return None if answer is None else change(call, answer)

        return replace(
            endpoint,
            admit=admit,
            refuse=lambda call: change(call, endpoint.refuse(call)),
            act=lambda call: change(call, endpoint.act(call)),
        )

    return fault


def answering(answer: Callable[[Request], Answer | None]) -> Fault:
    """A service that answers some requests before it has looked at the caller."""

    def fault(endpoint: Endpoint) -> Endpoint:
        return replace(endpoint, admit=lambda call: answer(call.request) or endpoint.admit(call))

    return fault


def with_request(call: Call, request: Request) -> Call:
    """The call as if it had come with this request, its path parameters read anew."""
    return replace(call, request=request, path=path_values(call.operation, request.url))


def path_values(operation: Operation, url: str) -> Mapping[str, str]:
    """The path parameters of a URL, percent-decoded."""
    return {name: decoded(raw) for name, raw in raw_path_values(operation, url).items()}


def raw_path_values(operation: Operation, url: str) -> Mapping[str, str]:
    """The path parameters of a URL as they stand there."""
    match = _matched(operation, url)
    return {} if match is None else dict(zip(_names(operation), match.groups(), strict=True))


def with_path_value(operation: Operation, url: str, name: str, raw: str) -> str:
    """The URL with one path parameter replaced by a percent-encoded text."""
    match = _matched(operation, url)
    names = _names(operation)
    if match is None or name not in names:
        return url
    start, end = match.span(names.index(name) + 1)
    return url[:start] + raw + url[end:]


def _names(operation: Operation) -> list[str]:
    return re.findall(r"\{([^{}]*)\}", operation.path)


def _matched(operation: Operation, url: str) -> re.Match[str] | None:
    pattern = re.sub(r"\\\{[^{}]*\\\}", r"([^/]*)", re.escape(operation.path))
    return re.compile(f"{pattern}$").search(split_url(url)[0])
