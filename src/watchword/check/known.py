"""Secrets that a run has set or was told, and the texts that it sent in the open. Judges nothing.

A reply must tell none of these secrets where the contract puts none, whoever asked; unless the run said it openly.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from watchword.check.acceptance import accepts
from watchword.contract import Media, Operation
from watchword.contract.secrets import marked
from watchword.ground import Request, Response
from watchword.validation.decode import Undecodable, decode_json

_MOST = 400


@dataclass(eq=False, slots=True)
class Known:
    """What one run knows. For several threads at once."""

    _secrets: dict[str, None] = field(default_factory=dict, repr=False)
    _said: dict[str, None] = field(default_factory=dict, repr=False)
    _noting: threading.Lock = field(default_factory=threading.Lock)

    def note(self, operation: Operation, request: Request, response: Response) -> None:
        """Takes in one answered request."""
        own = {parameter.name.lower() for parameter in operation.parameters if parameter.where == "header"}
        said = [unquote(request.url), *(value for name, value in request.headers if name.lower() in own)]
        told = list(_texts(request.body, operation.body.content if operation.body else ()))
        secrets = [text for text, is_marked in told if is_marked] if accepts(operation, response.status) else []
        secrets += marked_texts(operation, response)
        with self._noting:
            self._said.update(dict.fromkeys([*said, *(text for text, is_marked in told if not is_marked)]))
            for secret in secrets:
                self._secrets.pop(secret, None)
                self._secrets[secret] = None
            for secret in list(self._secrets)[:-_MOST]:
                del self._secrets[secret]

    def secrets(self) -> list[str]:
        """Those that are or were some device's, newest first."""
        with self._noting:
            return list(reversed(self._secrets))

    def is_said(self, text: str) -> bool:
        """Whether a text is a part of one that the run itself sent in the open."""
        with self._noting:
            return any(text in said for said in self._said)


def marked_texts(operation: Operation, response: Response) -> list[str]:
    """The texts of a reply in members that are marked secret."""
    reply = operation.reply(response.status)
    return [text for text, is_marked in _texts(response.body, reply.content if reply else ()) if is_marked]


def _texts(content: bytes, kinds: tuple[Media, ...]) -> Iterator[tuple[str, bool]]:
    """Each text of a member that the contract names, and whether it marks that as secret."""
    try:
        value = decode_json(content) if content else None
    except Undecodable:
        return
    schema = next((media.schema for media in kinds if media.schema is not None), None)
    if schema is not None:
        yield from marked(value, schema.value, schema.resolve)
