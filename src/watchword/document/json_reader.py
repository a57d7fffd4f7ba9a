"""Where each value of a JSON text stands. The values themselves come from orjson."""

import re

from watchword.ground import render_pointer

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_ESCAPE = re.compile(r'\\(u[0-9a-fA-F]{4}|["\\/bfnrt])')
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def offsets(text: str) -> dict[str, int]:
    """Pointer -> offset (code points) of every member's key, item and the root, for a text known to be JSON."""
    found: dict[str, int] = {}
    containers: list[str] = []
    keys: list[str | int] = []
    awaiting_key = False
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token == ":":
            continue
        if token == ",":
            if containers[-1] == "[":
                keys[-1] = int(keys[-1]) + 1
            else:
                awaiting_key = True
            continue
        if token in "}]":
            containers.pop()
            keys.pop()
            awaiting_key = False
            continue
        if awaiting_key:
            keys[-1] = _unquote(token)
            found[render_pointer(keys)] = match.start()
            awaiting_key = False
            continue
        if not containers or containers[-1] == "[":
            found.setdefault(render_pointer(keys), match.start())
        if token in "{[":
            containers.append(token)
            keys.append(0 if token == "[" else "")
            awaiting_key = token == "{"
    return found


def _unquote(token: str) -> str:
    body = token[1:-1]
    return _ESCAPE.sub(lambda match: _unescape(match.group(1)), body) if "\\" in body else body


def _unescape(escape: str) -> str:
    return chr(int(escape[1:], 16)) if escape[0] == "u" else _SHORT.get(escape, escape)
