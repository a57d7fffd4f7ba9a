"""What faults of effects share: the members of each twin, and requests and replies with other members."""

from dataclasses import dataclass, replace
from typing import Any

import orjson

from watchword.mock.answer import Answer, render_json
from watchword.mock.endpoint import Call, Fault

Json = Any


@dataclass(frozen=True, slots=True)
class Form:
    """The members of one twin: of its requests and, where there are such, of its replies."""

    secret: str
    told: bool
    """Whether the reply tells the secret."""

    device: str
    """The path parameter that names the device."""

    user_name: str | None = None
    slot: str | None = None
    generates: bool = True


FORMS = {
    "roma-connect": Form("password", told=True, device="device_id", user_name="user_name"),
    "iotda": Form("secret", told=True, device="device_id", slot="secret_type"),
    "kii": Form("newPassword", told=False, device="vendorThingID", generates=False),
}

Entry = tuple[str, str, Fault]
"""Name, what is wrong, and the fault."""


def with_member(call: Call, member: str, value: Json) -> Call:
    """The call with another value of one member of its body."""
    return with_members(call, {**call.members(), member: value})


def without_member(call: Call, member: str) -> Call:
    """The call without one member of its body."""
    return with_members(call, {name: value for name, value in call.members().items() if name != member})


def with_members(call: Call, members: dict[str, Json]) -> Call:
    """The call with other members in its body."""
    return replace(call, request=replace(call.request, body=render_json(members)))


def told_with(answer: Answer, member: str, value: Json) -> Answer:
    """The answer with another value of one member; refusals that have no such member stay."""
    if answer.status >= 300 and member not in answer.body.decode("utf-8", "replace"):
        return answer
    return replace(answer, body=render_json({**orjson.loads(answer.body), member: value}))
