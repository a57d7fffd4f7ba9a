"""How an operation's requests and replies carry a device's secret: which member, and which slot it is for.

Read from the document: the secret is the string member of the body that says `format: password` or `writeOnly`, in the
body's object or in one inside of it, the outermost first; a slot is a member beside it with an `enum` of which the
target's slots are values.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from watchword.check.request_value import request_value
from watchword.contract import Contract, Media, Operation, Schema
from watchword.contract.kinds import json_types
from watchword.contract.secrets import is_secret
from watchword.contract.shape import properties
from watchword.ground import Certainty, Response, render_pointer
from watchword.strategies.instances import Impossible, Instances
from watchword.strategies.shape import node_of
from watchword.strategies.wire import body_bytes, media_kind, sent_type
from watchword.validation.decode import Undecodable, decode_json

Json = Any

NO_SLOT = ""
"""The slot of a device that has only one secret."""

_DEEPEST = 4
_MOST_OBJECTS = 500
_NEW = frozenset({"new", "next", "updated"})
_FORMER = frozenset({"current", "existing", "former", "old", "previous", "present"})


@dataclass(frozen=True, slots=True)
class SecretForm:
    """The members of one operation's body that set a secret.

    `path` are the names that lead to the secret. `slot` is absent where devices have one secret; `slots` are its values
    and `default_slot` what its absence means.
    """

    operation: Operation
    media: Media
    path: tuple[str, ...]
    slot: str | None
    slots: tuple[str, ...]
    default_slot: str

    @property
    def member(self) -> str:
        """The name of the secret's member."""
        return self.path[-1]

    @property
    def location(self) -> str:
        """Where it stands, as findings say it."""
        return f"body#{render_pointer(self.path)}"

    @property
    def media_type(self) -> str:
        """The Content-Type of the body that sets it."""
        return sent_type(self.media.media_type)

    def changes(self, content: bytes, secrets: tuple[str, ...]) -> list[tuple[str, str | None]]:
        """(slot, secret) for everything that a request may set, the secret `None` where the service makes one up.

        Also for a body that no service should accept: it is sent to see whether one does. `secrets` are those in a
        body that cannot be read.
        """
        try:
            body = request_value(self.operation, content) if content else {}
        except Undecodable:
            body = None
        if not isinstance(body, dict):
            return [(self.default_slot, secret) for secret in (None, *secrets)]
        beside = _within(body, self.path[:-1])
        members = beside if isinstance(beside, dict) else {}
        slot = members.get(self.slot, self.default_slot) if self.slot else NO_SLOT
        slots = [slot] if slot in self.slots or not self.slots else list(self.slots)
        secret = members.get(self.member)
        return [(str(each), None if secret in (None, "") else _text(secret)) for each in slots]

    def told_by(self, response: Response) -> str | None:
        """The secret that a reply states, where the request has it or in the reply's own object; `None` if none."""
        try:
            body = decode_json(response.body)
        except Undecodable:
            return None
        for path in (self.path, self.path[-1:]):
            secret = _within(body, path)
            if isinstance(secret, str) and secret:
                return secret
        return None

    def body(self, slot: str, secret: str) -> bytes:
        """The smallest body that sets one slot to a secret."""
        kind = media_kind(self.media_type) or "json"
        try:
            value = Instances(lambda _: Certainty.DOCUMENTED).planted(node_of(_schema(self.media)), self.path, secret)
        except Impossible:
            value = _nested(self.path, secret)
        if self.slot is not None:
            _within(value, self.path[:-1])[self.slot] = slot
        return body_bytes(self.media, kind, value)


def resetting(contract: Contract) -> SecretForm | None:
    """The form of the operation that sets a device's secret: the first whose path names a device, else the first."""
    forms = [form for operation in contract.operations if (form := secret_form(operation)) is not None]
    acting = [form for form in forms if any(each.where == "path" for each in form.operation.parameters)]
    return next(iter(acting or forms), None)


def secret_form(operation: Operation) -> SecretForm | None:
    """The form of an operation, JSON before any other; `None` where its requests set no secret.

    Of several secrets it is one that is called new, or else the first that is not called old. A secret that is an item
    of a list has no form: which of them is the device's, no contract says.
    """
    kinds = {"json": 0, "form": 1, "multipart": 2}
    content = operation.body.content if operation.body else ()
    known = [media for media in content if media.schema and media_kind(sent_type(media.media_type)) in kinds]
    for media in sorted(known, key=lambda each: kinds[media_kind(sent_type(each.media_type)) or ""]):
        nested = media_kind(sent_type(media.media_type)) == "json"
        forms = [
            form
            for path, members in islice(_objects(_schema(media), _DEEPEST if nested else 1), _MOST_OBJECTS)
            for form in _forms(operation, media, path, members)
        ]
        if forms:
            return min(forms, key=_age)
    return None


def _age(form: SecretForm) -> int:
    """0 for a secret that is called new, itself or an object around it, 2 for one that is about to be replaced."""
    words = set(re.sub("([a-z0-9])([A-Z])", r"\1 \2", " ".join(form.path)).lower().replace("_", " ").split())
    return 0 if words & _NEW else 2 if words & _FORMER else 1


def _schema(media: Media) -> Schema:
    assert media.schema is not None
    return media.schema


def _objects(schema: Schema, depth: int) -> Iterator[tuple[tuple[str, ...], Mapping[str, Json]]]:
    """The members of the body's object, then those of the objects in it, breadth first."""
    level: list[tuple[tuple[str, ...], Json, frozenset[object]]] = [((), schema.value, frozenset())]
    for _ in range(depth):
        below: list[tuple[tuple[str, ...], Json, frozenset[object]]] = []
        for path, value, above in level:
            known = value.get("$ref", id(value)) if isinstance(value, dict) else None
            if known is not None and known not in above:
                members = properties(value, schema.resolve)
                yield path, members
                below += [((*path, name), child, above | {known}) for name, child in members.items()]
        level = below


def _forms(
    operation: Operation, media: Media, path: tuple[str, ...], members: Mapping[str, Json]
) -> Iterator[SecretForm]:
    schema = _schema(media)
    for name, child in members.items():
        if is_secret(child, schema.resolve) and "string" in json_types(child, schema.resolve):
            slot, values, default = _slot(members, schema)
            yield SecretForm(operation, media, (*path, name), slot, values, default)


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


def _within(value: Json, path: tuple[str, ...]) -> Json:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _nested(path: tuple[str, ...], secret: str) -> Json:
    value: Json = secret
    for name in reversed(path):
        value = {name: value}
    return value


def _text(secret: Json) -> str:
    """What a careless service makes of a secret: a text stays, anything else becomes its JSON."""
    return secret if isinstance(secret, str) else json.dumps(secret)
