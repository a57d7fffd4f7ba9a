"""Services that accept a reset and do something else. Written by hand for the three twins."""

import html
import random
import secrets
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import orjson

from watchword.mock.answer import Answer, render_json
from watchword.mock.endpoint import Call, Endpoint, Fault
from watchword.mock.faults.named import NamedFault, Namer
from watchword.mock.faults.steps import misdone, with_path_value, with_request
from watchword.mock.fixtures import Fixtures

Json = Any


@dataclass(frozen=True, slots=True)
class _Form:
    """The members of one twin: of its requests and, where there are such, of its replies."""

    secret: str
    told: bool
    """Whether the reply tells the secret."""

    device: str
    """The path parameter that names the device."""

    user_name: str | None = None
    slot: str | None = None
    generates: bool = True


_FORMS = {
    "roma-connect": _Form("password", told=True, device="device_id", user_name="user_name"),
    "iotda": _Form("secret", told=True, device="device_id", slot="secret_type"),
    "kii": _Form("newPassword", told=False, device="vendorThingID", generates=False),
}


def effect_faults(namer: Namer, fixtures: Fixtures | None, sample: Callable[[str], str]) -> Iterator[NamedFault]:
    """The faults of the effects of one twin's operation; none for other contracts.

    `sample(member)` is a text of all characters that a member of the request may have: what a fault leaves of it as it
    was is no fault.
    """
    form = _FORMS.get(namer.contract)
    if form is None or fixtures is None:
        return
    for name, about, fault in _all(namer, form, fixtures, sample):
        yield namer.named("effect", name, about, fault)


Entry = tuple[str, str, Fault]


def _all(namer: Namer, form: _Form, fixtures: Fixtures, sample: Callable[[str], str]) -> Iterator[Entry]:
    yield from _stored(form, sample(form.secret))
    if form.told:
        yield from _echoed(form.secret, "echo", sample(form.secret))
    if form.generates:
        yield from _generated(namer, form)
    yield from _devices(namer, form, fixtures)
    yield "refused-changes", "a request that is refused sets the secret all the same", _refused_changes(form)
    yield "same-refused", "the secret that a device has already is refused", _same_refused(form)
    yield "not-stored", "nothing is set", _not_stored(form)
    yield "set-once", "only the first reset of a device takes effect", _set_once(form)
    if form.user_name:
        yield from _user_names(form, sample(str(form.user_name)))
    if form.slot:
        yield from _slots(form)
    if namer.contract == "kii":
        yield from _kii_errors()


# What is set, and what is told of it.


def _stored(form: _Form, sample: str) -> Iterator[Entry]:
    for name, about, change in _SPOILT:
        if change(sample) == sample:
            continue
        yield f"stored-{name}", f"the secret is set {about}, and told as given", _storing(form, change)


_SPOILT: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("cut-30", "up to its 30th character", lambda text: text[:30]),
    ("cut-16", "up to its 16th character", lambda text: text[:16]),
    ("trimmed", "without white space at its ends", str.strip),
    ("upper", "in capitals", str.upper),
    ("lower", "in small letters", str.lower),
    ("escaped", "with HTML entities", html.escape),
    ("percent-decoded", "with plus signs as spaces", lambda text: text.replace("+", " ")),
    ("without-backslashes", "without backslashes", lambda text: text.replace("\\", "")),
)


def _storing(form: _Form, change: Callable[[str], str]) -> Fault:
    def fault(endpoint: Endpoint) -> Endpoint:
        def act(call: Call) -> Answer:
            given = call.members().get(form.secret)
            if not isinstance(given, str) or change(given) == given:
                return endpoint.act(call)
            answer = endpoint.act(_with(call, form.secret, change(given)))
            return _told(answer, form.secret, given) if form.told else answer

        return replace(endpoint, act=act)

    return fault


def _echoed(member: str, prefix: str, sample: str) -> Iterator[Entry]:
    """The reply tells a given value otherwise."""
    for name, about, change in (
        *_SPOILT,
        ("empty", "as an empty text", lambda _: ""),
        ("masked", "masked", lambda text: text[:2] + "****" + text[-2:]),
        ("stars", "as stars", lambda text: "*" * len(text)),
        ("cut-by-one", "without its last character", lambda text: text[:-1]),
        ("reversed", "from its end", lambda text: text[::-1]),
    ):
        if change(sample) != sample:
            yield f"{prefix}-{name}", f"the reply tells {member} {about}", _echoing(member, change)
    yield f"{prefix}-stale", f"the reply tells the {member} before", _stale(member)
    yield f"{prefix}-null", f"the reply tells null as {member}", _echoing(member, lambda _: None)
    yield (
        f"{prefix}-constant",
        f"the reply always tells the same {member}",
        _echoing(member, lambda _: "Constant-Value-0001"),
    )


def _echoing(member: str, change: Callable[[str], Json]) -> Fault:
    def fault(endpoint: Endpoint) -> Endpoint:
        def act(call: Call) -> Answer:
            given = call.members().get(member)
            answer = endpoint.act(call)
            return _told(answer, member, change(given)) if isinstance(given, str) and given else answer

        return replace(endpoint, act=act)

    return fault


def _stale(member: str) -> Fault:
    def fault(endpoint: Endpoint) -> Endpoint:
        before: dict[str, Json] = {}

        def act(call: Call) -> Answer:
            answer = endpoint.act(call)
            if answer.status >= 300:
                return answer
            key = call.request.url
            now = orjson.loads(answer.body).get(member)
            old, before[key] = before.get(key, now), now
            return _told(answer, member, old)

        return replace(endpoint, act=act)

    return fault


def _not_stored(form: _Form) -> Fault:
    """Every reset is followed by one to a secret that nobody knows."""

    def fault(endpoint: Endpoint) -> Endpoint:
        def act(call: Call) -> Answer:
            answer = endpoint.act(call)
            if answer.status < 300 and isinstance(call.members().get(form.secret), str):
                endpoint.act(_with(call, form.secret, "Nobody-knows-this-0" + secrets.token_hex(4)))
            return answer

        return replace(endpoint, act=act)

    return fault


def _set_once(form: _Form) -> Fault:
    def fault(endpoint: Endpoint) -> Endpoint:
        first: dict[str, str] = {}

        def act(call: Call) -> Answer:
            given = call.members().get(form.secret)
            if not isinstance(given, str) or not given:
                return endpoint.act(call)
            kept = first.setdefault(call.path[form.device], given)
            answer = endpoint.act(_with(call, form.secret, kept))
            return _told(answer, form.secret, given) if form.told else answer

        return replace(endpoint, act=act)

    return fault


def _refused_changes(form: _Form) -> Fault:
    def fault(endpoint: Endpoint) -> Endpoint:
        def refuse(call: Call) -> Answer:
            given = call.members().get(form.secret)
            if isinstance(given, str) and given:
                endpoint.act(_with_members(call, {form.secret: given}))
            return endpoint.refuse(call)

        return replace(endpoint, refuse=refuse)

    return fault


def _same_refused(form: _Form) -> Fault:
    def fault(endpoint: Endpoint) -> Endpoint:
        current: dict[str, Json] = {}

        def act(call: Call) -> Answer:
            given, key = call.members().get(form.secret), call.path[form.device]
            if isinstance(given, str) and given and current.get(key) == given:
                return endpoint.refuse(call)
            answer = endpoint.act(call)
            if answer.status < 300:
                current[key] = given
            return answer

        return replace(endpoint, act=act)

    return fault


# Generated secrets.


def _generated(namer: Namer, form: _Form) -> Iterator[Entry]:
    tail = "-Aa0" if namer.contract == "roma-connect" else ""
    for name, about, make in (
        ("constant", "always the same", lambda _, __: "Generated-Secret-01"),
        ("counter", "a counter", lambda _, count: f"Generated-Aa-{count:08}"),
        ("by-device", "always the same for one device", lambda path, _: f"Generated-Aa-{sum(path.encode()):08}"),
        ("same-for-all", "the same on each device", lambda _, count: _pseudo(count, 20, tail)),
        ("few", "one of four", lambda _, __: f"Generated-Secret-0{secrets.randbelow(4)}"),
        (
            "short-tail",
            "a constant with four random digits",
            lambda _, __: f"Generated-Aa-{secrets.randbelow(10_000):04}",
        ),
        ("two-letters", "of two characters", lambda _, __: _drawn("ab", 20) + tail),
        ("digits", "of digits", lambda _, __: _drawn(string.digits, 20) + tail),
        ("too-short", "too short", lambda _, __: _drawn(string.ascii_letters, 4)),
        ("too-long", "too long", lambda _, __: _drawn(string.ascii_letters, 40) + tail),
        ("shortest", "valid but for its length", lambda _, __: _drawn(string.ascii_letters, 3) + tail),
        ("empty", "empty", lambda _, __: ""),
        (
            "foreign",
            "with a character that is not allowed",
            lambda _, __: _drawn(string.ascii_letters, 16) + "é " + tail,
        ),
    ):
        if name in ("empty", "foreign") and namer.contract == "roma-connect":
            continue  # empty means generate; that nothing else may occur is assumed
        yield f"generated-{name}", f"a generated secret is {about}", _generating(form, make)
    yield "generated-although-given", "a secret is generated although one is given", _generating_always(form)
    yield "generated-not-set", "a generated secret is told and not set", _generated_not_set(form)
    yield "not-generated", "without a given secret the old one stays", _not_generating(form)


def _drawn(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))


def _pseudo(count: int, length: int, tail: str) -> str:
    source = random.Random(count)  # noqa: S311 (a bad generator is what this is about)
    return "".join(source.choice(string.ascii_letters + string.digits) for _ in range(length)) + tail


def _asks_to_generate(form: _Form, call: Call) -> bool:
    members = call.members()
    empty = (None, "")
    return members.get(form.secret) in empty and (form.user_name is None or members.get(form.user_name) in empty)


def _generating(form: _Form, make: Callable[[str, int], str]) -> Fault:
    def fault(endpoint: Endpoint) -> Endpoint:
        counts: dict[str, int] = {}

        def act(call: Call) -> Answer:
            if not _asks_to_generate(form, call):
                return endpoint.act(call)
            path = call.path[form.device]
            counts[path] = counts.get(path, 0) + 1
            return endpoint.act(_with(call, form.secret, make(path, counts[path] + 1000)))

        return replace(endpoint, act=act)

    return fault


def _generating_always(form: _Form) -> Fault:
    return misdone(
        lambda call: _with_members(
            call, {k: v for k, v in call.members().items() if k not in (form.secret, form.user_name)}
        )
    )


def _generated_not_set(form: _Form) -> Fault:
    def fault(endpoint: Endpoint) -> Endpoint:
        def act(call: Call) -> Answer:
            answer = endpoint.act(call)
            if answer.status < 300 and _asks_to_generate(form, call):
                endpoint.act(call)
            return answer

        return replace(endpoint, act=act)

    return fault


def _not_generating(form: _Form) -> Fault:
    """Before the first given secret nothing is known that could stay."""

    def fault(endpoint: Endpoint) -> Endpoint:
        held: dict[tuple[str, Json], Json] = {}

        def act(call: Call) -> Answer:
            slot = call.members().get(form.slot, "PRIMARY") if form.slot else None
            key = (call.path[form.device], slot)
            if _asks_to_generate(form, call) and key in held:
                call = _with(call, form.secret, held[key])
            answer = endpoint.act(call)
            if answer.status < 300:
                held[key] = orjson.loads(answer.body)[form.secret]
            return answer

        return replace(endpoint, act=act)

    return fault


# Devices, slots, user names.


def _devices(namer: Namer, form: _Form, fixtures: Fixtures) -> Iterator[Entry]:
    first, second = fixtures.devices[:2]

    def at(call: Call, device: str) -> Call:
        url = with_path_value(namer.operation, call.request.url, form.device, device)
        return with_request(call, replace(call.request, url=url))

    def other(call: Call) -> str:
        mine = call.path[form.device]
        return second.path[form.device] if mine == first.path[form.device] else first.path[form.device]

    def is_own(call: Call) -> bool:
        return call.path[form.device] in (first.path[form.device], second.path[form.device])

    def instead(endpoint: Endpoint) -> Endpoint:
        def act(call: Call) -> Answer:
            if not is_own(call):
                return endpoint.act(call)
            answer = endpoint.act(at(call, other(call)))
            return _told(answer, form.device, call.path[form.device]) if b'"device_id"' in answer.body else answer

        return replace(endpoint, act=act)

    def besides(endpoint: Endpoint) -> Endpoint:
        def act(call: Call) -> Answer:
            if is_own(call) and endpoint.act(at(call, other(call))).status >= 300:
                return endpoint.act(call)
            return endpoint.act(call)

        return replace(endpoint, act=act)

    yield "other-device-instead", "the secret of another device is set in its place", instead
    yield "other-device-too", "the secret of another device is set too", besides
    if namer.contract == "iotda":

        def telling(device: Callable[[Call], str]) -> Fault:
            return _answered(lambda call, answer: _retold(answer, form.device, lambda _: device(call)))

        yield "other-device-told", "the reply names another device", telling(other)
        about = "the reply names the device by its first 20 characters"
        yield "device-told-cut", about, telling(lambda call: call.path[form.device][:20])


def _answered(change: Callable[[Call, Answer], Answer]) -> Fault:
    return lambda endpoint: replace(endpoint, act=lambda call: change(call, endpoint.act(call)))


def _user_names(form: _Form, sample: str) -> Iterator[Entry]:
    name = str(form.user_name)
    yield from _echoed(name, "user-name", sample)

    def emptied(call: Call) -> Call:
        members = call.members()
        if members.get(name) not in (None, "") and members.get(form.secret) in (None, ""):
            return _with_members(call, {})
        return call

    def reset_to_empty(endpoint: Endpoint) -> Endpoint:
        def act(call: Call) -> Answer:
            answer = endpoint.act(call)
            if answer.status < 300 and call.members().get(form.secret) == "":
                return _told(answer, form.secret, "")
            return answer

        return replace(endpoint, act=act)

    yield "empty-password-resets", "a user name alone resets the password", misdone(emptied)
    yield "empty-password-told", "an empty password is told as the new one", reset_to_empty
    lost = misdone(lambda call: _without(call, name) if call.members().get(form.secret) else call)
    yield "user-name-lost", "a user name beside a password is not set", lost
    swapped = lambda endpoint: replace(endpoint, act=lambda call: _swapped(endpoint.act(call), name, form.secret))  # noqa: E731
    yield "user-name-swapped", "the reply swaps user name and password", swapped


def _swapped(answer: Answer, one: str, other: str) -> Answer:
    if answer.status >= 300:
        return answer
    members = orjson.loads(answer.body)
    members[one], members[other] = members[other], members[one]
    return replace(answer, body=render_json(members))


def _slots(form: _Form) -> Iterator[Entry]:
    slot = str(form.slot)

    def acting(change: Callable[[Json], Json]) -> Fault:
        def fault(endpoint: Endpoint) -> Endpoint:
            def act(call: Call) -> Answer:
                asked = call.members().get(slot, "PRIMARY")
                answer = endpoint.act(_with(call, slot, change(asked)))
                return _told(answer, slot, asked)

            return replace(endpoint, act=act)

        return fault

    def both(endpoint: Endpoint) -> Endpoint:
        def act(call: Call) -> Answer:
            answer = endpoint.act(call)
            if answer.status < 300:
                secret = orjson.loads(answer.body)[form.secret]
                other = _other_slot(call.members().get(slot, "PRIMARY"))
                endpoint.act(_with_members(call, {form.secret: secret, slot: other}))
            return answer

        return replace(endpoint, act=act)

    yield "slots-swapped", "primary and secondary are taken for each other", acting(_other_slot)
    yield "slot-ignored", "the primary secret is set whatever is asked for", acting(lambda _: "PRIMARY")
    yield "both-slots", "both secrets are set", both
    wrong_default = misdone(lambda call: call if slot in call.members() else _with(call, slot, "SECONDARY"))
    yield "default-slot", "the secondary secret is set where nothing is said", wrong_default
    for name, about, change in (
        ("slot-told-primary", "the reply always tells PRIMARY", lambda _: "PRIMARY"),
        ("slot-told-other", "the reply tells the other slot", _other_slot),
        ("slot-told-lower", "the reply tells the slot in small letters", lambda value: str(value).lower()),
    ):
        yield name, about, _answered(lambda _, answer, change=change: _retold(answer, slot, change))  # type: ignore[misc]


def _retold(answer: Answer, member: str, change: Callable[[Json], Json]) -> Answer:
    if answer.status >= 300:
        return answer
    return _told(answer, member, change(orjson.loads(answer.body).get(member)))


def _other_slot(slot: Json) -> Json:
    return {"PRIMARY": "SECONDARY", "SECONDARY": "PRIMARY"}.get(slot, slot)


def _kii_errors() -> Iterator[Entry]:
    for status, member, name, about, value in (
        (404, "field", "field", "the reply 404 names the kind of id that was not used", "thingID"),
        (404, "value", "value", "the reply 404 tells another id", "thing-1"),
        (404, "value", "value-prefixed", "the reply 404 tells the id with its prefix", None),
        (404, "appID", "app", "the reply 404 names another application", "app2"),
        (401, "authenticatedAppID", "authenticated-app", "the reply 401 names the application asked for", ""),
    ):

        def change(
            call: Call, answer: Answer, status: int = status, member: str = member, value: Json = value
        ) -> Answer:
            if answer.status != status:
                return answer
            if value is None:
                return _told(answer, member, "VENDOR_THING_ID:" + call.path["vendorThingID"])
            return _told(answer, member, value or call.path["appID"])

        def fault(endpoint: Endpoint, change: Callable[[Call, Answer], Answer] = change) -> Endpoint:
            def admit(call: Call) -> Answer | None:
                answer = endpoint.admit(call)
                return None if answer is None else change(call, answer)

            return replace(endpoint, admit=admit, act=lambda call: change(call, endpoint.act(call)))

        yield f"error-{name}", about, fault


# Requests and replies with other members.


def _with(call: Call, member: str, value: Json) -> Call:
    return _with_members(call, {**call.members(), member: value})


def _without(call: Call, member: str) -> Call:
    return _with_members(call, {name: value for name, value in call.members().items() if name != member})


def _with_members(call: Call, members: dict[str, Json]) -> Call:
    return replace(call, request=replace(call.request, body=render_json(members)))


def _told(answer: Answer, member: str, value: Json) -> Answer:
    """The answer with another value of one member; refusals that have no such member stay."""
    if answer.status >= 300 and member not in answer.body.decode("utf-8", "replace"):
        return answer
    return replace(answer, body=render_json({**orjson.loads(answer.body), member: value}))
