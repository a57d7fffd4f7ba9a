"""What a twin is, and what the twins share: who a caller is, and fresh secrets. Holds no service."""

import secrets
from collections.abc import Mapping
from typing import Any, Protocol

from watchword.contract import Operation, Schema
from watchword.contract.shape import properties
from watchword.ground import WatchwordError
from watchword.language import Rules
from watchword.mock.answer import Answer
from watchword.mock.endpoint import Call
from watchword.mock.fixtures import Credential, Fixtures

Json = Any


class Twin(Protocol):
    """The in-memory stand-in of one vendor service: the steps of its operation (see `Endpoint`), and its state.

    Nothing in it awaits, so that every request is answered as a whole. A refused request changes nothing.
    """

    def admit(self, call: Call) -> Answer | None:
        """The refusal of a caller, or `None`."""

    def refuse(self, call: Call) -> Answer:
        """The answer to a request that breaks a rule of the contract."""

    def act(self, call: Call) -> Answer:
        """The answer to a valid request of an admitted caller."""

    def login(self, given: Mapping[str, Json]) -> bool:
        """Whether a device with this `id` and `secret` would be let in; `slot` narrows it to one secret."""

    def reset(self) -> None:
        """Put everything back to what the fixtures say."""


class Callers:
    """Credentials by the value of the one header that bears them."""

    def __init__(self, fixtures: Fixtures, header: str) -> None:
        self.header = header
        self._known = {_token(credential.headers[header]): credential for credential in fixtures.credentials}

    def find(self, call: Call) -> Credential | None:
        """The credential of a call; `None` where there is none, or none that is known."""
        value = call.header(self.header)
        return None if value is None else self._known.get(_token(value))


def _token(value: str) -> tuple[str, str]:
    """Scheme, in lower case (RFC 9110 section 11.1), and token; a bare token has no scheme."""
    scheme, _, token = value.strip().partition(" ")
    return (scheme.lower(), token.strip()) if token else ("", scheme)


class SecretSource:
    """Fresh secrets that obey a schema, each of all valid ones alike, from the operating system's random source."""

    def __init__(self, schema: Schema) -> None:
        rules = Rules.of(schema.value, name=schema.name, at=schema.at, resolve=schema.resolve)
        self._language = rules.valid
        self._random = secrets.SystemRandom()

    def draw(self) -> str:
        """A new secret."""
        return self._language.sample(self._random, law="uniform")


def reply_member(operation: Operation, status: str, name: str) -> Schema:
    """The schema of one member of a reply's first body. Raises `WatchwordError` where the document has none."""
    for reply in operation.replies:
        if reply.status == status and reply.content and reply.content[0].schema:
            schema = reply.content[0].schema
            child = properties(schema.value, schema.resolve).get(name)
            if child is not None:
                return Schema(child, name, schema.at, schema.clause, schema.resolve)
    raise WatchwordError(f"{operation.label}: the twin needs the member `{name}` in the reply {status}")
