"""Services that let in whom they must refuse, or act on another device than the one that was named."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import quote

import orjson

from watchword.ground import Certainty, Request
from watchword.mock.answer import Answer, render_json
from watchword.mock.endpoint import Call, Endpoint, Fault
from watchword.mock.faults.named import NamedFault, Namer
from watchword.mock.faults.steps import misread, path_values, replying, with_path_value, with_request
from watchword.mock.fixtures import Device, Fixtures

Read = Callable[[str | None], str | None]


def access_faults(namer: Namer, fixtures: Fixtures | None) -> Iterator[NamedFault]:
    """The faults about credentials and devices; about devices only where a twin has some."""
    operation = namer.operation
    if operation.security:
        optional = Certainty.ASSUMED if () in operation.security else Certainty.DOCUMENTED
        fault: Fault = lambda endpoint: replace(endpoint, admit=lambda _: None)  # noqa: E731
        yield namer.named("access", "credential/not-checked", "credentials are not looked at", fault)
    if fixtures is None:
        return
    yield from _credentials(namer, fixtures, optional)
    yield from _devices(namer, fixtures)


def _credentials(namer: Namer, fixtures: Fixtures, optional: Certainty) -> Iterator[NamedFault]:
    (header, valid), *_ = fixtures.credential.headers.items()
    word = valid.partition(" ")[0] + " " if " " in valid else ""
    token = valid.removeprefix(word)
    known = {each.headers[header] for each in fixtures.credentials}
    others = known - {valid}
    readings: list[tuple[str, str, Read, Certainty]] = [
        ("absent", "no credential is needed", lambda given: valid if given is None else given, optional),
        (
            "empty",
            "an empty credential is taken",
            lambda g: valid if g is not None and g.strip() in ("", word.strip()) else g,
            optional,
        ),
        (
            "forged",
            "any credential is taken",
            lambda g: valid if g and g.strip() != word.strip() and g not in known else g,
            _SURE,
        ),
        (
            "cut",
            "the beginning of a credential is enough",
            lambda g: valid if g and len(g) > len(word) + 3 and valid.startswith(g) else g,
            _SURE,
        ),
        (
            "long",
            "a credential of the right length is enough",
            lambda g: valid if g and len(g) == len(valid) else g,
            _SURE,
        ),
        ("other", "the credential of anybody known is taken", lambda g: valid if g in known else g, _SURE),
    ]
    if word:
        wrong = lambda g: valid if g and g.endswith(f" {token}") else g  # noqa: E731
        readings.append(("scheme", "the scheme of the credential is not looked at", wrong, _SURE))
    for number, other in enumerate(sorted(others), start=1):
        readings.append((f"other-{number}", f"principal {number} of the others is taken", _only(other, valid), _SURE))
    for name, about, read, certainty in readings:
        yield namer.named("access", f"credential/{name}", about, misread(_with_header(header, read)), certainty)
    yield from _answers(namer, header, valid, known, optional)


_SURE = Certainty.DOCUMENTED


def _only(other: str, valid: str) -> Read:
    return lambda given: valid if given == other else given


def _answers(namer: Namer, header: str, valid: str, known: set[str], optional: Certainty) -> Iterator[NamedFault]:
    """Refusals of a caller that are none, or that are failures."""
    for name, about, meant in (
        ("absent-failure", "500 without a credential", lambda given: given is None),
        ("empty-failure", "500 for an empty credential", lambda given: given is not None and len(given) < 8),
        ("forged-failure", "500 for an unknown credential", lambda given: bool(given) and given not in known),
        ("other-failure", "500 for another principal", lambda given: given in known and given != valid),
    ):

        def fails(call: Call, answer: Answer, meant: Callable[[str | None], bool] = meant) -> Answer:
            return replace(answer, status=500) if meant(call.header(header)) else answer

        yield namer.named("access", f"credential/{name}", about, replying(fails))
    telling = {reply.status for reply in namer.operation.replies if reply.clause.certainty is _SURE}
    if "401" in telling or "403" in telling:

        def confuses(call: Call, answer: Answer) -> Answer:
            return _as_documented(call, answer, 400) if answer.status in (401, 403) else answer

        yield namer.named(
            "access", "credential/as-400", "400 where the caller is the reason", replying(confuses), optional
        )


def _with_header(header: str, read: Read) -> Callable[[Request], Request]:
    def change(request: Request) -> Request:
        given = next((value for name, value in request.headers if name.lower() == header.lower()), None)
        new = read(given)
        if new == given or new is None:
            return request
        kept = tuple(pair for pair in request.headers if pair[0].lower() != header.lower())
        return replace(request, headers=(*kept, (header, new)))

    return change


def _devices(namer: Namer, fixtures: Fixtures) -> Iterator[NamedFault]:
    own = fixtures.devices[0]
    name = list(own.path)[-1]
    for kind, about, devices in (
        ("unknown", "a device that does not exist is reset", fixtures.unknown),
        ("foreign", "a device of somebody else is reset", fixtures.foreign),
    ):
        fault = _accepting(namer, own, devices)
        yield namer.named("access", f"device/{kind}-accepted", about, fault)
    for index, device in enumerate(fixtures.foreign, start=1):
        fault = _accepting(namer, own, (device,))
        about = f"device {index} of somebody else is reset"
        yield namer.named("access", f"device/foreign-{index}-accepted", about, fault)
    # 403 for an unknown device hides that it does not exist, which is good practice.
    telling = {reply.status for reply in namer.operation.replies if reply.clause.certainty is _SURE}
    for status in (400, 401, 500):
        if str(status) in telling:
            fault = _unknown_as(fixtures.unknown, status)
            yield namer.named("access", f"device/unknown-as-{status}", f"{status} for an unknown device", fault)
    for kind, about, matches in _MATCHES:
        numbers = all(device.path[name].isdecimal() for device in fixtures.devices)
        if (kind in _OF_TEXTS and numbers) or (kind.startswith("modulo") and not numbers):
            continue
        fault = _finding_more(_found(name, fixtures, matches), namer, name)
        yield namer.named("access", f"device/{kind}", about, fault)


def _accepting(namer: Namer, own: Device, devices: tuple[Device, ...]) -> Fault:
    """The request acts on a device of the caller's; the reply names the one that was asked for."""
    paths = [dict(device.path) for device in devices]

    def fault(endpoint: Endpoint) -> Endpoint:
        def admit(call: Call) -> Answer | None:
            return None if dict(call.path) in paths else endpoint.admit(call)

        def act(call: Call) -> Answer:
            if dict(call.path) not in paths:
                return endpoint.act(call)
            answer = endpoint.act(_at(namer, call, own.path))
            return replace(answer, body=_renamed(answer.body, own, call))

        return replace(endpoint, admit=admit, act=act)

    return fault


def _at(namer: Namer, call: Call, path: object) -> Call:
    url = call.request.url
    for name, value in path.items():  # type: ignore[attr-defined]
        url = with_path_value(namer.operation, url, name, value)
    return with_request(call, replace(call.request, url=url))


def _renamed(body: bytes, own: Device, call: Call) -> bytes:
    for name, value in own.path.items():
        body = body.replace(render_json(value), render_json(call.path[name]))
    return body


def _unknown_as(unknown: tuple[Device, ...], status: int) -> Fault:
    paths = [dict(device.path) for device in unknown]

    def change(call: Call, answer: Answer) -> Answer:
        return _as_documented(call, answer, status) if dict(call.path) in paths and answer.status == 404 else answer

    return replying(change)


def _as_documented(call: Call, answer: Answer, status: int) -> Answer:
    """A reply of another status, with the body that is documented for it."""
    for reply in call.operation.replies:
        if reply.status == str(status) and reply.content and reply.content[0].examples:
            media = reply.content[0]
            return Answer(status, (("Content-Type", media.media_type),), orjson.dumps(media.examples[0].value))
    return replace(answer, status=status)


def _found(name: str, fixtures: Fixtures, matches: Callable[[str, str], bool]) -> Callable[[Call], Call]:
    """An id that is no device's finds the first one that it matches."""
    known = [device.path[name] for device in fixtures.existing]

    def change(call: Call) -> Call:
        given = call.path.get(name, "")
        if given in known:
            return call
        found = next((each for each in known if matches(given, each)), None)
        if found is None:
            return call
        return replace(call, path={**call.path, name: found})

    return change


def _like(given: str, known: str) -> bool:
    """SQL's `LIKE` without an escape."""
    pattern = "".join(".*" if c == "%" else "." if c == "_" else re.escape(c) for c in given)
    return re.fullmatch(pattern, known, re.DOTALL) is not None


def _finding_more(change: Callable[[Call], Call], namer: Namer, name: str) -> Fault:
    """The device is looked up before anything else is judged."""

    def read(request: Request) -> Request:
        call = change(Call(namer.operation, request, path_values(namer.operation, request.url)))
        raw = quote(call.path.get(name, ""), safe="", errors="surrogateescape")
        return replace(request, url=with_path_value(namer.operation, request.url, name, raw))

    return misread(read)


_OF_TEXTS = frozenset({"other-case", "normalised", "percent-wildcard", "underscore-wildcard", "like", "cut-at-nul"})

_MATCHES: tuple[tuple[str, str, Callable[[str, str], bool]], ...] = (
    ("like", "`%` and `_` in an id are wildcards", _like),
    ("percent-wildcard", "`%` stands for any id", lambda given, _: given == "%"),
    (
        "underscore-wildcard",
        "`_` stands for any character of an id",
        lambda g, k: "_" in g and "%" not in g and _like(g, k),
    ),
    ("other-case", "ids differ in more than case", lambda given, known: given.lower() == known.lower()),
    ("trimmed", "white space around an id is dropped", lambda given, known: given.strip() == known),
    ("cut-at-nul", "an id ends at a NUL", lambda given, known: given.partition("\0")[0] == known),
    ("normalised", "ids are normalised", lambda given, known: unicodedata.normalize("NFKC", given) == known),
    ("modulo", "ids are cut to 64 bits", lambda g, k: g.isdecimal() and len(g) < 60 and str(int(g) % 2**64) == k),
    ("modulo-32", "ids are cut to 32 bits", lambda g, k: g.isdecimal() and len(g) < 60 and str(int(g) % 2**32) == k),
)
