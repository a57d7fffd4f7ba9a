"""How an operation's requests and replies carry a device's secret: which member, and which slot it is for.

Read from the document: the secret is the string member of the body that says `format: password` or `writeOnly`; a slot
is a member with an `enum` of which the target's slots are values.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from watchword.contract import Media, Operation, Schema
from watchword.contract.kinds import json_types
from watchword.ground import Response
from watchword.validation.book import is_secret
from watchword.validation.decode import Undecodable, decode_json
from watchword.validation.media import parse_media_type
from watchword.validation.shape import properties

Json = Any

NO_SLOT = ""
"""The slot of a device that has only one secret."""


@dataclass(frozen=True, slots=True)
class SecretForm:
    """The members of one operation's JSON body that set a secret.

    `slot` is absent where devices have one secret; `slots` are its values and `default_slot` what its absence means.
    """

    operation: Operation
    media_type: str
    member: str
    slot: str | None
    slots: tuple[str, ...]
    default_slot: str

    def changes(self, content: bytes, secrets: tuple[str, ...]) -> list[tuple[str, str | None]]:
        """(slot, secret) for everything that a request may set, the secret `None` where the service makes one up.

        Also for a body that no service should accept: it is sent to see whether one does. `secrets` are those in a
        body that cannot be read.
        """
        try:
            body = decode_json(content) if content else {}
        except Undecodable:
            body = None
        if not isinstance(body, dict):
            return [(self.default_slot, secret) for secret in (None, *secrets)]
        slot = body.get(self.slot, self.default_slot) if self.slot else NO_SLOT
        slots = [slot] if slot in self.slots or not self.slots else list(self.slots)
        secret = body.get(self.member)
        return [(str(each), None if secret in (None, "") else _text(secret)) for each in slots]

    def told_by(self, response: Response) -> str | None:
        """The secret that a reply states, or `None`."""
        try:
            body = decode_json(response.body)
        except Undecodable:
            return None
        secret = body.get(self.member) if isinstance(body, dict) else None
        return secret if isinstance(secret, str) and secret else None

    def body(self, slot: str, secret: str) -> bytes:
        """The body that sets one slot to a secret."""
        members = {self.member: secret}
        if self.slot is not None:
            members[self.slot] = slot
        return orjson.dumps(members)


def _text(secret: Json) -> str:
    """What a careless service makes of a secret: a text stays, anything else becomes its JSON."""
    return secret if isinstance(secret, str) else json.dumps(secret)


def secret_form(operation: Operation) -> SecretForm | None:
    """The form of an operation, or `None` where its requests set no secret."""
    for media in operation.body.content if operation.body else ():
        given = parse_media_type(media.media_type)
        if given is not None and given.is_json and media.schema is not None:
            form = _form(operation, media, media.schema)
            if form is not None:
                return form
    return None


def _form(operation: Operation, media: Media, schema: Schema) -> SecretForm | None:
    members = properties(schema.value, schema.resolve)
    secrets = [
        name
        for name, child in members.items()
        if is_secret(child, schema.resolve) and "string" in json_types(child, schema.resolve)
    ]
    if not secrets:
        return None
    slot, values, default = _slot(members, schema)
    return SecretForm(operation, media.media_type, secrets[0], slot, values, default)


def _slot(members: Mapping[str, Json], schema: Schema) -> tuple[str | None, tuple[str, ...], str]:
    """The first member whose values are an `enum` with a default: what is left out then has a meaning."""
    for name, child in members.items():
        target = _target(child, schema)
        values = target.get("enum")
        default = (child.get("default") if isinstance(child, dict) else None) or target.get("default")
        if isinstance(values, list) and default in values and all(isinstance(value, str) for value in values):
            return name, tuple(values), str(default)
    return None, (), NO_SLOT


def _target(child: Json, schema: Schema) -> Mapping[str, Json]:
    while isinstance(child, dict) and isinstance(child.get("$ref"), str):
        child = schema.resolve(child["$ref"])[0]
    return child if isinstance(child, dict) else {}
