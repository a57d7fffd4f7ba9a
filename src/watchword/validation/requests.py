"""Requests against their operation, both ways: `conforms` decides fast, `findings` tells everything.

`conforms` takes the straight road for what traffic looks like nearly always, plain URLs and single header lines, and
leaves the rest to `findings`: the two cannot disagree there.
"""

from collections.abc import Iterator

import orjson

from watchword.contract import Operation
from watchword.ground import Finding, Headers, Request, Side
from watchword.validation.bodies import Content, body_findings, decoded_conforms
from watchword.validation.engine import Engine
from watchword.validation.parameters import (
    CompiledParameter,
    accepts_anything,
    compile_parameter,
    missing_parameter,
    parameter_findings,
)
from watchword.validation.route import template_names
from watchword.validation.scene import Scene
from watchword.validation.security import required_header, security_problems
from watchword.validation.styles import Pairs, parse_pairs


class CompiledRequest:
    """One operation's requests."""

    __slots__ = (
        "_body_required",
        "_content",
        "_cookies",
        "_credential",
        "_headers",
        "_is_special",
        "_path_checks",
        "_paths",
        "_query",
        "_scheme",
        "operation",
    )

    def __init__(self, operation: Operation, path: str, engine: Engine) -> None:
        self.operation = operation
        compiled = [compile_parameter(parameter, engine, Side.REQUEST) for parameter in operation.parameters]
        by_name = {each.parameter.name: each for each in compiled if each.parameter.where == "path"}
        names = template_names(operation.path)
        first = len(template_names(path)) - len(names)  # variables of the server's base path come before
        self._paths = [(index, by_name[name]) for index, name in enumerate(names, first) if name in by_name]
        self._path_checks = [
            (index, each.quick or each.accepts) for index, each in self._paths if each.quick is not accepts_anything
        ]
        self._query = [each for each in compiled if each.parameter.where in ("query", "querystring")]
        self._headers = [(each.parameter.name.lower(), each) for each in compiled if each.parameter.where == "header"]
        self._cookies = [each for each in compiled if each.parameter.where == "cookie"]
        self._content = Content(operation.body.content, engine, Side.REQUEST) if operation.body else None
        self._body_required = operation.body is not None and operation.body.required
        credential = required_header(operation)
        self._credential, self._scheme = credential or ("", "")
        self._is_special = credential is None or bool(self._cookies)

    def conforms(self, request: Request, values: list[str], query: str) -> bool | None:
        """Whether there is no finding; `None` where it takes `findings` to tell.

        `values` and `query` are what the route found, still percent-encoded.
        """
        url = request.url
        headers = {name.lower(): value for name, value in request.headers}
        if self._is_special or len(headers) != len(request.headers) or "%" in url or not url.isascii():
            return None
        for index, check in self._path_checks:
            if not check(values[index]):
                return False
        if self._credential:
            given = headers.get(self._credential)
            if not given:
                return False
            if self._scheme:
                size = len(self._scheme)
                if given[:size].lower() != self._scheme or len(given) == size or given[size] == " ":
                    return None
            elif given[0] == " ":
                return None
        for name, parameter in self._headers:
            given = headers.get(name)
            if given is None:
                if parameter.parameter.required:
                    return False
            elif parameter.quick and given.isascii():
                if not parameter.quick(given):
                    return False
            elif not parameter.accepts(given):
                return False
        if self._query and not self._query_conforms(query):
            return False
        body = request.body
        if not body or self._content is None:
            return not self._body_required or bool(body)
        content_type = headers.get("content-type", "")
        media = self._content.known.get(content_type) or self._content.find(content_type)
        if media is None:
            return False
        if not media.is_json:
            return None
        try:
            value = orjson.loads(body)
        except orjson.JSONDecodeError:
            return decoded_conforms(body, media.compiled)
        compiled = media.compiled
        return compiled is None or compiled.is_valid(value)

    def _query_conforms(self, query: str) -> bool:
        pairs = parse_pairs(query)
        for parameter in self._query:
            held = pairs.get(parameter.parameter.name)
            if parameter.quick and held and len(held) == 1 and held[0] and "+" not in held[0]:
                if not parameter.quick(held[0]):
                    return False
            elif not _left_empty(parameter, pairs) and not parameter.accepts(_held(parameter, pairs, query)):
                return False
        return True

    def findings(self, scene: Scene, values: list[str], query: str) -> Iterator[Finding]:
        """One finding per broken clause: path, query, headers, cookies, credentials, body."""
        request = scene.exchange.request
        headers = joined(request.headers)
        pairs = parse_pairs(query)
        cookies = parse_pairs(headers.get("cookie", "").replace("; ", ";"), ";")
        for index, parameter in self._paths:
            yield from parameter_findings(scene, parameter, values[index])
        for parameter in self._query:
            if not _left_empty(parameter, pairs):
                yield from parameter_findings(scene, parameter, _held(parameter, pairs, query))
        for name, parameter in self._headers:
            if name in headers:
                yield from parameter_findings(scene, parameter, headers[name])
            elif parameter.parameter.required:
                yield missing_parameter(scene, parameter)
        for parameter in self._cookies:
            yield from parameter_findings(scene, parameter, cookies)
        for rule, scheme, message in security_problems(self.operation, headers, pairs, cookies):
            yield scene.finding(rule, message, "security", scheme.clause)
        body = self.operation.body
        if body is None or self._content is None:
            return
        if request.body:
            yield from body_findings(scene, self._content, request.body, headers.get("content-type"))
        elif body.required:
            yield scene.finding("missing-body", "has no body, one is required", "body", body.clause)


def _held(parameter: CompiledParameter, pairs: Pairs, query: str) -> Pairs:
    """The pairs that a parameter reads; `querystring` (OpenAPI 3.2) is the whole query under its own name."""
    if parameter.parameter.where != "querystring":
        return pairs
    return {parameter.parameter.name: [query]} if query else {}


def _left_empty(parameter: CompiledParameter, pairs: Pairs) -> bool:
    return parameter.parameter.allow_empty and pairs.get(parameter.parameter.name) == [""]


def joined(headers: Headers) -> dict[str, str]:
    """Lower-case name -> value, several field lines joined by a comma (RFC 9110 section 5.3)."""
    found: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found
