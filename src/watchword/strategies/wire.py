"""Values as the text of a request: parameter styles (OpenAPI 3.1.1, Parameter Object, "Style Examples") and bodies.

Raises `Impossible` for what a location cannot carry. Judges nothing.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from watchword.contract import Media, Parameter
from watchword.strategies.instances import Impossible

Json = Any

BOUNDARY = "watchword-7f1d0c52"
_DELIMITERS = {"spaceDelimited": "%20", "pipeDelimited": "%7C"}


def scalar_text(value: Json) -> str:
    """A value that is neither array nor object, as the text of a parameter."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)


def parameter_wire(parameter: Parameter, value: Json) -> str:
    """What a parameter's location holds for a value: a path piece, `a=1&a=2`, a header's value, or `a=1`."""
    if parameter.where == "querystring":
        raise Impossible("a whole query string")
    if parameter.media is not None:
        text = json.dumps(value)
        return text if parameter.where == "header" else _named(parameter, _quoted(text))
    if parameter.where == "header":
        return header_text(_simple(parameter, value, encode=False))
    if parameter.where == "path":
        return _path(parameter, value)
    return form_pairs(parameter.name, value, parameter.style, explode=parameter.explode)


def header_text(text: str) -> str:
    """The text, if a header's value can hold it (RFC 9110 section 5.5). Raises `Impossible`."""
    if text != text.strip() or not all(" " <= c <= "~" for c in text):
        raise Impossible("a header's value")
    return text


def _named(parameter: Parameter, text: str) -> str:
    return text if parameter.where == "path" else f"{_quoted(parameter.name)}={text}"


def _quoted(text: str) -> str:
    """The text percent-encoded. Raises `Impossible` for half of a surrogate pair."""
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        raise Impossible("half of a surrogate pair in a URL") from None


def _simple(parameter: Parameter, value: Json, *, encode: bool) -> str:
    def text(item: Json) -> str:
        found = scalar_text(item)
        if encode:
            return _quoted(found)
        if isinstance(value, list | dict) and "," in found:
            raise Impossible("a comma in a list that a header holds")
        return found

    if isinstance(value, list):
        return ",".join(text(item) for item in value)
    if isinstance(value, dict):
        joint = "=" if parameter.explode else ","
        return ",".join(f"{text(name)}{joint}{text(item)}" for name, item in value.items())
    return text(value)


def _path(parameter: Parameter, value: Json) -> str:
    if parameter.style == "matrix":
        return _matrix(parameter, value)
    text = _simple(parameter, value, encode=True)
    if parameter.style == "label":
        return "." + (text.replace(",", ".") if parameter.explode else text)
    if text in ("", ".", ".."):
        raise Impossible("a segment of a path that means another path")
    return text


def _matrix(parameter: Parameter, value: Json) -> str:
    name = parameter.name
    if isinstance(value, list) and parameter.explode:
        return "".join(f";{name}={_quoted(scalar_text(item))}" for item in value)
    if isinstance(value, dict) and parameter.explode:
        return "".join(f";{_quoted(key)}={_quoted(scalar_text(item))}" for key, item in value.items())
    return f";{name}={_simple(parameter, value, encode=True)}"


def form_pairs(name: str, value: Json, style: str, *, explode: bool) -> str:
    """A value as `a=1&a=2` in one of the styles of a query, a form or the cookies."""
    if isinstance(value, dict):
        return _object_pairs(name, value, style, explode=explode)
    key = _quoted(name)
    if isinstance(value, list):
        texts = [_quoted(scalar_text(item)) for item in value]
        if not texts:
            return ""
        if explode and style == "form":
            return "&".join(f"{key}={text}" for text in texts)
        return f"{key}={_DELIMITERS.get(style, ',').join(texts)}"
    return f"{key}={_quoted(scalar_text(value))}"


def _object_pairs(name: str, value: Mapping[str, Json], style: str, *, explode: bool) -> str:
    if any(isinstance(item, list | dict) for item in value.values()):
        raise Impossible("an object in an object in a query")
    texts = {_quoted(key): _quoted(scalar_text(item)) for key, item in value.items()}
    if style == "deepObject":
        return "&".join(f"{_quoted(name)}%5B{key}%5D={text}" for key, text in texts.items())
    if explode:
        return "&".join(f"{key}={text}" for key, text in texts.items())
    return f"{_quoted(name)}={','.join(f'{key},{text}' for key, text in texts.items())}"


def body_bytes(media: Media, kind: str, value: Json) -> bytes:
    """A value as a body of a media type's kind: `json`, `form`, `multipart` or `text`; a value, not an absent body."""
    if kind == "json":
        return json.dumps(value).encode("ascii")
    if kind == "text":
        if value == "":
            raise Impossible("an empty text, which is no body at all")
        return scalar_text(value).encode("utf-8", "surrogatepass")
    if not isinstance(value, dict) or not value:
        raise Impossible("a form without members")
    if any(item == [] for item in value.values()):
        raise Impossible("an empty list in a form, which is no member at all")
    return _form(media, value) if kind == "form" else _multipart(value)


def _form(media: Media, value: Mapping[str, Json]) -> bytes:
    encodings = {encoding.name: encoding for encoding in media.encodings}
    pairs = []
    for name, item in value.items():
        encoding = encodings.get(name)
        if encoding and encoding.content_type and "json" in encoding.content_type:
            pairs.append(f"{_quoted(name)}={_quoted(json.dumps(item))}")
        elif encoding:
            pairs.append(form_pairs(name, item, encoding.style, explode=encoding.explode))
        elif isinstance(item, dict) or (isinstance(item, list) and any(isinstance(x, list | dict) for x in item)):
            raise Impossible("an object in a form, in no style that is told")
        else:
            pairs.append(form_pairs(name, item, "form", explode=True))
    return "&".join(pair for pair in pairs if pair).encode("ascii")


def _multipart(value: Mapping[str, Json]) -> bytes:
    """RFC 7578; an array is one part for each item."""
    parts = []
    for name, item in value.items():
        for single in item if isinstance(item, list) else [item]:
            is_json = isinstance(single, list | dict)
            head = f'Content-Disposition: form-data; name="{quote(name, safe=" -_.[]")}"'
            head += "\r\nContent-Type: application/json" if is_json else ""
            content = json.dumps(single) if is_json else scalar_text(single)
            parts.append(f"--{BOUNDARY}\r\n{head}\r\n\r\n{content}\r\n".encode("utf-8", "surrogatepass"))
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def media_kind(media_type: str) -> str | None:
    """How bodies of a media type are written here, or None: `json`, `form`, `multipart`, `text`."""
    name = media_type.partition(";")[0].strip().lower()
    if name.endswith(("/json", "+json")):
        return "json"
    if name == "application/x-www-form-urlencoded":
        return "form"
    if name == "multipart/form-data":
        return "multipart"
    return "text" if name.startswith("text/") and name not in ("text/xml", "text/event-stream") else None


def sent_type(media_type: str) -> str:
    """The Content-Type to send for a documented media type or range."""
    if "*" in media_type:
        return {"*/*": "application/json", "application/*": "application/json"}.get(media_type, "text/plain")
    return f"{media_type}; boundary={BOUNDARY}" if media_kind(media_type) == "multipart" else media_type
