"""The value of a request's body, whatever it is written as, and which secrets it alone tells. Judges nothing."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from watchword.contract import Operation
from watchword.contract.secrets import texts_of
from watchword.ground import Request
from watchword.strategies.wire import media_kind, sent_type
from watchword.validation.decode import Undecodable, decode_json
from watchword.validation.forms import form_decoder, multipart_decoder
from watchword.validation.media import parse_media_type

Json = Any


def request_value(operation: Operation, content: bytes) -> Json:
    """The value of a body: of a form an object whose members are as their types want them. Raises `Undecodable`.

    What is JSON is read as that, under whatever media type it was sent; a form only where the operation takes one.
    """
    try:
        return decode_json(content)
    except Undecodable:
        for media in operation.body.content if operation.body else ():
            kind = media_kind(sent_type(media.media_type))
            if kind == "form" and b"=" in content:
                return form_decoder(media)(content)[0]
            boundary = _boundary(content) if kind == "multipart" else ""
            given = parse_media_type(f'multipart/form-data; boundary="{boundary}"') if boundary else None
            if given is not None:
                return multipart_decoder(media, given)(content)[0]
        raise


def told_alone(operation: Operation, request: Request, secrets: Sequence[str]) -> tuple[str, ...]:
    """The secrets that stand nowhere else in a request: a reply with a text that was sent twice may mean the other."""
    try:
        body = request_value(operation, request.body) if request.body else None
    except Undecodable:
        return tuple(secrets)
    url = urlsplit(request.url)
    asked = [*map(unquote, url.path.split("/")), *(text for _, text in parse_qsl(url.query))]
    texts = Counter([*texts_of(body), *asked])
    texts.subtract(secrets)
    others = [text for text, count in texts.items() if count > 0]
    return tuple(secret for secret in secrets if not any(secret in text for text in others))


def _boundary(content: bytes) -> str:
    """What stands between the parts of a multipart body: its first line without two hyphens (RFC 2046, 5.1.1)."""
    line = content.lstrip(b"\r\n").partition(b"\n")[0].strip()
    return line[2:].decode("latin-1").replace('"', "") if line.startswith(b"--") else ""
