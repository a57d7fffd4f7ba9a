"""Services that act on another device, slot or user name, or name the wrong thing in errors. Written by hand."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import orjson

from watchword.mock.answer import Answer, render_json
from watchword.mock.endpoint import Call, Endpoint, Fault
from watchword.mock.faults.effect_form import Entry, Form, Json, told_with, with_member, with_members, without_member
from watchword.mock.faults.effects_echo import echoed
from watchword.mock.faults.named import Namer
from watchword.mock.faults.steps import misdone, with_path_value, with_request
from watchword.mock.fixtures import Fixtures


def devices(namer: Namer, form: Form, fixtures: Fixtures) -> Iterator[Entry]:
    """The secret of another device is set, or more than one."""
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
            return told_with(answer, form.device, call.path[form.device]) if b'"device_id"' in answer.body else answer

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


def user_names(form: Form, sample: str) -> Iterator[Entry]:
    """The user name is told, set or taken for the secret otherwise."""
    name = str(form.user_name)
    yield from echoed(name, "user-name", sample)

    def emptied(call: Call) -> Call:
        members = call.members()
        if members.get(name) not in (None, "") and members.get(form.secret) in (None, ""):
            return with_members(call, {})
        return call

    def reset_to_empty(endpoint: Endpoint) -> Endpoint:
        def act(call: Call) -> Answer:
            answer = endpoint.act(call)
            if answer.status < 300 and call.members().get(form.secret) == "":
                return told_with(answer, form.secret, "")
            return answer

        return replace(endpoint, act=act)

    yield "empty-password-resets", "a user name alone resets the password", misdone(emptied)
    yield "empty-password-told", "an empty password is told as the new one", reset_to_empty
    lost = misdone(lambda call: without_member(call, name) if call.members().get(form.secret) else call)
    yield "user-name-lost", "a user name beside a password is not set", lost
    swapped = lambda endpoint: replace(endpoint, act=lambda call: _swapped(endpoint.act(call), name, form.secret))  # noqa: E731
    yield "user-name-swapped", "the reply swaps user name and password", swapped


def _swapped(answer: Answer, one: str, other: str) -> Answer:
    if answer.status >= 300:
        return answer
    members = orjson.loads(answer.body)
    members[one], members[other] = members[other], members[one]
    return replace(answer, body=render_json(members))


def slots(form: Form) -> Iterator[Entry]:
    """Another slot of the device is set, told or lost."""
    slot = str(form.slot)

    def acting(change: Callable[[Json], Json]) -> Fault:
        def fault(endpoint: Endpoint) -> Endpoint:
            def act(call: Call) -> Answer:
                asked = call.members().get(slot, "PRIMARY")
                answer = endpoint.act(with_member(call, slot, change(asked)))
                return told_with(answer, slot, asked)

            return replace(endpoint, act=act)

        return fault

    def both(endpoint: Endpoint) -> Endpoint:
        def act(call: Call) -> Answer:
            answer = endpoint.act(call)
            if answer.status < 300:
                secret = orjson.loads(answer.body)[form.secret]
                other = _other_slot(call.members().get(slot, "PRIMARY"))
                endpoint.act(with_members(call, {form.secret: secret, slot: other}))
            return answer

        return replace(endpoint, act=act)

    yield "slots-swapped", "primary and secondary are taken for each other", acting(_other_slot)
    yield "slot-ignored", "the primary secret is set whatever is asked for", acting(lambda _: "PRIMARY")
    yield "both-slots", "both secrets are set", both
    wrong_default = misdone(lambda call: call if slot in call.members() else with_member(call, slot, "SECONDARY"))
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
    return told_with(answer, member, change(orjson.loads(answer.body).get(member)))


def _other_slot(slot: Json) -> Json:
    return {"PRIMARY": "SECONDARY", "SECONDARY": "PRIMARY"}.get(slot, slot)


def kii_errors() -> Iterator[Entry]:
    """Kii's error bodies name another app, field or value than was asked for."""
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
                return told_with(answer, member, "VENDOR_THING_ID:" + call.path["vendorThingID"])
            return told_with(answer, member, value or call.path["appID"])

        def fault(endpoint: Endpoint, change: Callable[[Call, Answer], Answer] = change) -> Endpoint:
            def admit(call: Call) -> Answer | None:
                answer = endpoint.admit(call)
                return None if answer is None else change(call, answer)

            return replace(endpoint, admit=admit, act=lambda call: change(call, endpoint.act(call)))

        yield f"error-{name}", about, fault
