"""How a device uses its secret: a request that logs in, or a program that does. Says whether a secret opens."""

import re
import subprocess
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Protocol
from urllib.parse import quote

import orjson

from watchword.check.transport import HttpTransport
from watchword.ground import Exchange, Headers, Request, WatchwordError
from watchword.workflow.condition import Condition, ConditionProblem, parse_condition
from watchword.workflow.context import Context
from watchword.workflow.verdict import evaluated, truthy

Json = Any

_NAME = re.compile(r"\{([^{}]+)\}")
_PLACEHOLDER = re.compile(r"(?<!\$)\{([A-Za-z_][A-Za-z0-9_.-]*)\}")
_REQUEST = frozenset({"method", "url", "headers", "json", "body"})
_COMMAND_SECONDS = 30


class Probe(Protocol):
    """Tries a secret."""

    def opens(self, path: Mapping[str, str], secret: str, slot: str) -> bool:
        """Whether a device, by its path parameters, is let in with a secret. Raises `WatchwordError`."""

    def close(self) -> None:
        """Lets go of what it holds open; it can be used again."""


@dataclass(frozen=True, slots=True)
class RequestProbe:
    """One request; `{name}` in its texts stands for a path parameter, `{secret}` and `{slot}`."""

    method: str
    url: str
    headers: Headers
    json: Json
    body: str | None
    accepted: Condition
    _transports: dict[str, HttpTransport] = field(default_factory=dict, repr=False, compare=False)

    def opens(self, path: Mapping[str, str], secret: str, slot: str) -> bool:
        """Sends the request and evaluates `accepted` on the reply."""
        values = {**path, "secret": secret, "slot": slot}
        url = _filled(self.url, {name: quote(value, safe="") for name, value in values.items()})
        body, headers = b"", [(name, _filled(value, values)) for name, value in self.headers]
        if self.json is not None:
            body = orjson.dumps(_filled_json(self.json, values))
            headers.append(("Content-Type", "application/json"))
        elif self.body is not None:
            body = _filled(self.body, values).encode()
        request = Request(self.method, url, tuple(headers), body)
        origin = "/".join(url.split("/")[:3])
        transport = self._transports.setdefault(origin, HttpTransport(origin))
        exchange = Exchange(request, transport.send(request))
        return truthy(evaluated(self.accepted, Context(inputs={}, exchange=exchange), exact=True))

    def close(self) -> None:
        """Closes the connections."""
        for transport in self._transports.values():
            transport.close()


@dataclass(frozen=True, slots=True)
class CommandProbe:
    """A program that gets the secret on its standard input and exits with 0 if it opens."""

    words: tuple[str, ...]

    def opens(self, path: Mapping[str, str], secret: str, slot: str) -> bool:
        """Runs the program; its output is not read."""
        values = {**path, "slot": slot}
        words = [_filled(word, values) for word in self.words]
        try:
            done = subprocess.run(  # noqa: S603
                words,
                input=secret.encode("utf-8", "surrogatepass"),
                capture_output=True,
                check=False,
                timeout=_COMMAND_SECONDS,
                process_group=0,  # Ctrl-C is for the check: a program that it killed would seem to refuse the secret
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise WatchwordError(f"the probe {words[0]} did not run: {type(error).__name__}") from None
        return done.returncode == 0

    def close(self) -> None:
        """A program holds nothing open."""


def strange_name(probe: Probe, known: Collection[str]) -> str | None:
    """The first `{name}` of a probe that stands for nothing.

    In a program's words only one that is nearly a known name: braces mean much to shells.
    """
    if isinstance(probe, RequestProbe):
        found = [name for text in _templates(probe) for name in _PLACEHOLDER.findall(text)]
        return next((name for name in found if name not in known), None)
    words = probe.words if isinstance(probe, CommandProbe) else ()
    found = [name for word in words for name in _PLACEHOLDER.findall(word) if name not in known]
    return next((name for name in found if get_close_matches(name, known)), None)


def tells_slots(probe: Probe) -> bool:
    """Whether a probe tries the secret of one slot, and not of whichever it comes upon."""
    texts = _templates(probe) if isinstance(probe, RequestProbe) else getattr(probe, "words", ("{slot}",))
    return any("{slot}" in text for text in texts)


def _templates(probe: RequestProbe) -> list[str]:
    return [probe.url, *(value for _, value in probe.headers), probe.body or "", *_texts(probe.json)]


def _texts(template: Json) -> Iterator[str]:
    if isinstance(template, str):
        yield template
    for child in template.values() if isinstance(template, dict) else template if isinstance(template, list) else ():
        yield from _texts(child)


def read_probe(table: Json, where: str) -> Probe:
    """The probe of a settings table. Raises `WatchwordError` for anything that is none."""
    if not isinstance(table, dict) or not set(table) <= {"request", "accepted", "command"}:
        raise WatchwordError(f"{where}: a probe has `request` and `accepted`, or `command`")
    if "command" in table:
        words = table["command"]
        if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
            raise WatchwordError(f"{where}: `command` is a list of words; the secret comes on its standard input")
        return CommandProbe(tuple(words))
    request, accepted = table.get("request"), table.get("accepted")
    if not isinstance(request, dict) or not isinstance(accepted, str) or not set(request) <= _REQUEST:
        raise WatchwordError(f"{where}: `request` has {', '.join(sorted(_REQUEST))}; `accepted` is a condition")
    if not isinstance(request.get("url"), str):
        raise WatchwordError(f"{where}: `request` needs a `url`")
    try:
        condition = parse_condition(accepted)
    except ConditionProblem as problem:
        caret = " " * problem.position
        raise WatchwordError(
            f"{where}: `accepted` is no condition: {problem.reason}\n  {accepted}\n  {caret}^"
        ) from None
    headers = request.get("headers", {})
    return RequestProbe(
        str(request.get("method", "POST")),
        request["url"],
        tuple((str(name), str(value)) for name, value in headers.items()),
        request.get("json"),
        request.get("body"),
        condition,
    )


def _filled(text: str, values: Mapping[str, str]) -> str:
    """Every `{name}` at once: a secret that looks like a name stays what it is."""
    return _NAME.sub(lambda match: values.get(match.group(1), match.group()), text)


def _filled_json(template: Json, values: Mapping[str, str]) -> Json:
    if isinstance(template, str):
        return _filled(template, values)
    if isinstance(template, dict):
        return {name: _filled_json(child, values) for name, child in template.items()}
    if isinstance(template, list):
        return [_filled_json(child, values) for child in template]
    return template
