"""Replies against their operation, both ways, as `requests` does for the other side."""

from collections.abc import Iterator

import orjson

from watchword.contract import Operation, Reply
from watchword.ground import Finding, Response, Side
from watchword.validation.bodies import Content, body_findings, decoded_conforms
from watchword.validation.engine import Engine
from watchword.validation.media import parse_media_type
from watchword.validation.parameters import CompiledParameter, compile_parameter, parameter_findings
from watchword.validation.requests import joined
from watchword.validation.scene import Scene

# RFC 9110 sections 6.4.1 and 15.4.5: these replies have no content, whatever a document says.
_WITHOUT_CONTENT = frozenset({204, 205, 304})

# RFC 9110 sections 15.4.2 to 15.4.9 recommend a short hypertext note, for users whose client does not follow.
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LONGEST_NOTE = 4096


class CompiledReply:
    """One documented reply of one operation."""

    __slots__ = ("_content", "_headers", "_never_has_content", "reply")

    def __init__(self, reply: Reply, operation: Operation, engine: Engine) -> None:
        self.reply = reply
        self._content = Content(reply.content, engine, Side.RESPONSE) if reply.content else None
        self._headers: list[tuple[str, CompiledParameter]] = [
            (header.name.lower(), compile_parameter(header, engine, Side.RESPONSE)) for header in reply.headers
        ]
        self._never_has_content = operation.method == "HEAD"

    def conforms(self, response: Response) -> bool | None:
        """Whether there is no finding; `None` where it takes `findings` to tell."""
        content = self._content
        if self._headers or (content is None) is bool(response.body):
            return None
        if content is None:
            return True
        content_type = ""
        for name, value in response.headers:
            if name.lower() == "content-type":
                if content_type:
                    return None
                content_type = value
        media = content.known.get(content_type) or content.find(content_type)
        if media is None:
            return False
        if not media.is_json:
            return None
        try:
            value = orjson.loads(response.body)
        except orjson.JSONDecodeError:
            return decoded_conforms(response.body, media.compiled)
        compiled = media.compiled
        return compiled is None or compiled.is_valid(value)

    def findings(self, scene: Scene) -> Iterator[Finding]:
        """One finding per broken clause: headers, then body."""
        response = scene.exchange.response
        if response is None:
            return
        headers = joined(response.headers)
        for name, header in self._headers:
            if name in headers:
                yield from parameter_findings(scene, header, headers[name])
            elif header.parameter.required:
                message = f"header `{header.parameter.name}` is missing"
                yield scene.finding("missing-header", message, header.location, header.parameter.clause)
        yield from self._content_findings(scene, response, headers.get("content-type"))

    def _content_findings(self, scene: Scene, response: Response, content_type: str | None) -> Iterator[Finding]:
        clause = self.reply.clause
        if response.body and self._content is None:
            if _is_note(response, content_type):
                return
            count = len(response.body)
            message = f"has a body of {count} byte{'s' if count != 1 else ''}, none is documented"
            yield scene.finding("unexpected-body", message, "body", clause)
        elif response.body and self._content is not None:
            yield from body_findings(scene, self._content, response.body, content_type)
        elif self._content is not None and not self._never_has_content and response.status not in _WITHOUT_CONTENT:
            clause = self._content.documented[0].clause
            yield scene.finding("missing-body", "has no body, one is documented", "body", clause)


def _is_note(response: Response, content_type: str | None) -> bool:
    """Whether a body is what a redirect tells a human reader; frameworks add it by themselves."""
    if response.status not in _REDIRECTS or len(response.body) > _LONGEST_NOTE:
        return False
    given = parse_media_type(content_type or "")
    return given is not None and given.type == "text" and given.subtype in ("html", "plain")


class CompiledReplies:
    """All documented replies of one operation, found by status."""

    __slots__ = ("_by_status", "_default", "_ranges", "operation")

    def __init__(self, operation: Operation, engine: Engine) -> None:
        self.operation = operation
        compiled = {reply.status: CompiledReply(reply, operation, engine) for reply in operation.replies}
        self._by_status = {int(status): reply for status, reply in compiled.items() if status.isdecimal()}
        self._ranges = {
            int(status[0]): reply for status, reply in compiled.items() if status[1:] == "XX" and status[0].isdecimal()
        }
        self._default = compiled.get("default")

    def find(self, status: int) -> CompiledReply | None:
        """The reply documented for a status: itself, its range (`2XX`), or `default` (3.1.1, Responses Object)."""
        return self._by_status.get(status) or self._ranges.get(status // 100) or self._default

    def conforms(self, response: Response) -> bool | None:
        """Whether there is no finding; `None` where it takes `findings` to tell."""
        reply = self._by_status.get(response.status) or self.find(response.status)
        return reply is not None and reply.conforms(response)

    def findings(self, scene: Scene) -> Iterator[Finding]:
        """One finding per broken clause of the reply that the status selects."""
        response = scene.exchange.response
        if response is None:
            return
        reply = self.find(response.status)
        if reply is not None:
            yield from reply.findings(scene)
            return
        documented = ", ".join(reply.status for reply in self.operation.replies) or "none"
        message = f"`{response.status}` is not documented; documented are {documented}"
        clause = self.operation.clause
        responses = clause.node.get("responses")
        yield scene.finding("reply-status", message, "statusCode", clause.within(responses) if responses else clause)
