"""The only way a value gets into a message. Secrets become their shape; anything else becomes JSON text, cut.

Fail-closed: a caller that does not know whether a value is secret leaves `secret` at its default.
"""

import json
import string
from collections import Counter
from typing import Any

LIMIT = 80

_SPECIAL = frozenset(string.punctuation)
_KINDS = ("lower", "upper", "digit", "special", "space", "control", "other")


def redact(value: object, *, secret: bool = True) -> str:
    """Text for a message: the shape of a secret, or the JSON of a value known to be public, at most 80 characters.

    >>> redact("correct Horse 7!")
    '<16 characters: 11 lower, 1 upper, 1 digit, 1 special, 2 space>'
    >>> redact("resetSecret", secret=False)
    '"resetSecret"'
    """
    if secret:
        return shape(value)
    return cut(json.dumps(value, ensure_ascii=True, default=lambda other: f"<{type(other).__name__}>"))


def cut(text: str, limit: int = LIMIT) -> str:
    """The text, shortened to `limit` characters with an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def shape(value: object) -> str:
    """What can be said of a value without telling it: type and size, and the kinds of character of a string."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "<boolean>"
    if isinstance(value, int):
        return f"<integer of {_plural(len(str(abs(value))) if abs(value) < 10**4000 else 4000, 'digit')}>"
    if isinstance(value, float):
        return "<number>"
    if isinstance(value, str):
        return _string_shape(value)
    if isinstance(value, bytes):
        return f"<{_plural(len(value), 'byte')}>"
    if isinstance(value, dict):
        return f"<object of {_plural(len(value), 'member')}>"
    if isinstance(value, list | tuple):
        return f"<array of {_plural(len(value), 'item')}>"
    return f"<{type(value).__name__}>"


class Secret(str):
    """A string that shows itself as its shape wherever it is shown as an object; `str` and JSON have its value.

    >>> Secret("correct horse"), f"{Secret('correct horse')}"
    (<13 characters: 12 lower, 1 space>, 'correct horse')
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return shape(self)

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """Hypothesis and IPython ask this before they show how a value was made."""
        printer.text(repr(self))


def _string_shape(text: str) -> str:
    if not text:
        return '""'
    counts = dict.fromkeys(_KINDS, 0)
    for character, count in Counter(text).items():
        counts[_kind(character)] += count
    parts = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    return f"<{_plural(len(text), 'character')}: {parts}>"


def _kind(character: str) -> str:
    if not character.isascii():
        return "other"
    if character.islower():
        return "lower"
    if character.isupper():
        return "upper"
    if character.isdigit():
        return "digit"
    if character == " ":
        return "space"
    return "special" if character in _SPECIAL else "control"


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
