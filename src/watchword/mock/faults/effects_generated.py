"""Services that generate weak or repeated secrets, or generate when they should not. Written by hand."""

import random
import secrets
import string
from collections.abc import Callable, Iterator
from dataclasses import replace

import orjson

from watchword.mock.answer import Answer
from watchword.mock.endpoint import Call, Endpoint, Fault
from watchword.mock.faults.effect_form import (
    Entry,
    Form,
    Json,
    with_member,
    with_members,
)
from watchword.mock.faults.named import Namer
from watchword.mock.faults.steps import misdone


def generated(namer: Namer, form: Form) -> Iterator[Entry]:
    """Generated secrets that are weak, that repeat, or that are not what is set."""
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


def _asks_to_generate(form: Form, call: Call) -> bool:
    members = call.members()
    empty = (None, "")
    return members.get(form.secret) in empty and (form.user_name is None or members.get(form.user_name) in empty)


def _generating(form: Form, make: Callable[[str, int], str]) -> Fault:
    def fault(endpoint: Endpoint) -> Endpoint:
        counts: dict[str, int] = {}

        def act(call: Call) -> Answer:
            if not _asks_to_generate(form, call):
                return endpoint.act(call)
            path = call.path[form.device]
            counts[path] = counts.get(path, 0) + 1
            return endpoint.act(with_member(call, form.secret, make(path, counts[path] + 1000)))

        return replace(endpoint, act=act)

    return fault


def _generating_always(form: Form) -> Fault:
    return misdone(
        lambda call: with_members(
            call, {k: v for k, v in call.members().items() if k not in (form.secret, form.user_name)}
        )
    )


def _generated_not_set(form: Form) -> Fault:
    def fault(endpoint: Endpoint) -> Endpoint:
        def act(call: Call) -> Answer:
            answer = endpoint.act(call)
            if answer.status < 300 and _asks_to_generate(form, call):
                endpoint.act(call)
            return answer

        return replace(endpoint, act=act)

    return fault


def _not_generating(form: Form) -> Fault:
    """Before the first given secret nothing is known that could stay."""

    def fault(endpoint: Endpoint) -> Endpoint:
        held: dict[tuple[str, Json], Json] = {}

        def act(call: Call) -> Answer:
            slot = call.members().get(form.slot, "PRIMARY") if form.slot else None
            key = (call.path[form.device], slot)
            if _asks_to_generate(form, call) and key in held:
                call = with_member(call, form.secret, held[key])
            answer = endpoint.act(call)
            if answer.status < 300:
                held[key] = orjson.loads(answer.body)[form.secret]
            return answer

        return replace(endpoint, act=act)

    return fault
