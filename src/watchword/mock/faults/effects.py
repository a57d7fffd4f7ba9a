"""Services that accept a reset and set or tell something else. Written by hand for the three twins."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace

from watchword.mock.answer import Answer
from watchword.mock.endpoint import Call, Endpoint, Fault
from watchword.mock.faults.effect_form import (
    FORMS,
    Entry,
    Form,
    Json,
    told_with,
    with_member,
    with_members,
)
from watchword.mock.faults.effects_devices import devices, kii_errors, slots, user_names
from watchword.mock.faults.effects_echo import SPOILT, echoed
from watchword.mock.faults.effects_generated import generated
from watchword.mock.faults.named import NamedFault, Namer
from watchword.mock.fixtures import Fixtures


def effect_faults(namer: Namer, fixtures: Fixtures | None, sample: Callable[[str], str]) -> Iterator[NamedFault]:
    """The faults of the effects of one twin's operation; none for other contracts.

    `sample(member)` is a text of all characters that a member of the request may have: what a fault leaves of it as it
    was is no fault.
    """
    form = FORMS.get(namer.contract)
    if form is None or fixtures is None:
        return
    for name, about, fault in _all(namer, form, fixtures, sample):
        yield namer.named("effect", name, about, fault)


def _all(namer: Namer, form: Form, fixtures: Fixtures, sample: Callable[[str], str]) -> Iterator[Entry]:
    yield from _stored(form, sample(form.secret))
    if form.told:
        yield from echoed(form.secret, "echo", sample(form.secret))
    if form.generates:
        yield from generated(namer, form)
    yield from devices(namer, form, fixtures)
    yield "refused-changes", "a request that is refused sets the secret all the same", _refused_changes(form)
    yield "same-refused", "the secret that a device has already is refused", _same_refused(form)
    yield "not-stored", "nothing is set", _not_stored(form)
    yield "set-once", "only the first reset of a device takes effect", _set_once(form)
    if form.user_name:
        yield from user_names(form, sample(str(form.user_name)))
    if form.slot:
        yield from slots(form)
    if namer.contract == "kii":
        yield from kii_errors()


def _stored(form: Form, sample: str) -> Iterator[Entry]:
    for name, about, change in SPOILT:
        if change(sample) == sample:
            continue
        yield f"stored-{name}", f"the secret is set {about}, and told as given", _storing(form, change)


def _storing(form: Form, change: Callable[[str], str]) -> Fault:
    def fault(endpoint: Endpoint) -> Endpoint:
        def act(call: Call) -> Answer:
            given = call.members().get(form.secret)
            if not isinstance(given, str) or change(given) == given:
                return endpoint.act(call)
            answer = endpoint.act(with_member(call, form.secret, change(given)))
            return told_with(answer, form.secret, given) if form.told else answer

        return replace(endpoint, act=act)

    return fault


def _not_stored(form: Form) -> Fault:
    """Every reset is followed by one to a secret that nobody knows."""

    def fault(endpoint: Endpoint) -> Endpoint:
        def act(call: Call) -> Answer:
            answer = endpoint.act(call)
            if answer.status < 300 and isinstance(call.members().get(form.secret), str):
                endpoint.act(with_member(call, form.secret, "Nobody-knows-this-0" + secrets.token_hex(4)))
            return answer

        return replace(endpoint, act=act)

    return fault


def _set_once(form: Form) -> Fault:
    def fault(endpoint: Endpoint) -> Endpoint:
        first: dict[str, str] = {}

        def act(call: Call) -> Answer:
            given = call.members().get(form.secret)
            if not isinstance(given, str) or not given:
                return endpoint.act(call)
            kept = first.setdefault(call.path[form.device], given)
            answer = endpoint.act(with_member(call, form.secret, kept))
            return told_with(answer, form.secret, given) if form.told else answer

        return replace(endpoint, act=act)

    return fault


def _refused_changes(form: Form) -> Fault:
    def fault(endpoint: Endpoint) -> Endpoint:
        def refuse(call: Call) -> Answer:
            given = call.members().get(form.secret)
            if isinstance(given, str) and given:
                endpoint.act(with_members(call, {form.secret: given}))
            return endpoint.refuse(call)

        return replace(endpoint, refuse=refuse)

    return fault


def _same_refused(form: Form) -> Fault:
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
