"""How a path value that only the target knows is changed before it is sent. Holds no judgement of the result."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Form = Literal[
    "as it is",
    "full-width",
    "Arabic-Indic digits",
    "Cyrillic letters",
    "other case",
    "underscore inside",
    "space inside",
    "hexadecimal",
    "cut",
    "plus 2^64",
    "plus 2^32",
    "percent escape",
    "percent wildcard",
    "underscore wildcard",
    "star wildcard",
    "twice",
    "octal",
    "other separators",
    "last part",
    "another",
]


@dataclass(frozen=True, slots=True)
class Spelling:
    """`before` + the value in some form + `after`, percent-encoded byte by byte where `percent` says so.

    A shorter text is filled up to `length` characters.
    """

    before: str = ""
    after: str = ""
    form: Form = "as it is"
    percent: bool = False
    length: int = 0

    def of(self, text: str) -> str:
        """The changed text."""
        return (self.before + _FORMS[self.form](text) + self.after).ljust(self.length, "x")


PLAIN = Spelling()

_FULL_WIDTH = {point: point + 0xFEE0 for point in range(0x21, 0x7F)}
_ARABIC_INDIC = {0x30 + digit: 0x660 + digit for digit in range(10)}
_CYRILLIC = str.maketrans("aceiopxyABCEHKMOPTXS", "асеіорхуАВСЕНКМОРТХЅ")


def full_width(text: str) -> str:
    """Visible ASCII as full-width forms, which Unicode normalisation (NFKC) turns back."""
    return text.translate(_FULL_WIDTH)


def arabic_indic(text: str) -> str:
    r"""ASCII digits as Arabic-Indic ones, which `int` and `\d` of some languages take."""
    return text.translate(_ARABIC_INDIC)


def cyrillic(text: str) -> str:
    """Latin letters as the Cyrillic ones that look alike, where there are such."""
    return text.translate(_CYRILLIC)


def percent_encoded(text: str) -> str:
    """Every byte as `%XX` (RFC 3986 section 2.1): the same value to whoever decodes."""
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))


def _another(text: str) -> str:
    """A text of the same look: in the other case, or where it has none with another last character."""
    return text.swapcase() if text.swapcase() != text else text[:-1] + ("1" if text[-1:] != "1" else "2")


def _last_part(text: str) -> str:
    """What follows the first `_`, `-`, `:` or `.`, where there is one: a name without the group that it stands in."""
    return re.split("[_:.-]", text, maxsplit=1)[-1]


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.lstrip("-").isdigit() else 1


_FORMS: dict[Form, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "full-width": full_width,
    "Arabic-Indic digits": arabic_indic,
    "Cyrillic letters": cyrillic,
    "other case": str.swapcase,
    "underscore inside": lambda text: f"{text[:1]}_{text[1:] or '0'}",
    "space inside": lambda text: f"{text[:1]} {text[1:] or '0'}",
    "hexadecimal": lambda text: hex(_whole(text)),
    "cut": lambda text: text[:-1],
    "plus 2^64": lambda text: str(_whole(text) + 2**64),
    "plus 2^32": lambda text: str(_whole(text) + 2**32),
    "percent escape": lambda text: f"%{ord(text[:1] or 'a') % 256:02X}{text[1:]}",
    "percent wildcard": lambda _: "%",
    "underscore wildcard": lambda text: "_" * len(text),
    "star wildcard": lambda text: text[:1] + "*",
    "twice": lambda text: f"{text},{text}",
    "octal": lambda text: f"0{_whole(text):o}",
    "other separators": lambda text: text.translate(str.maketrans("-_", "_-")),
    "last part": _last_part,
    "another": _another,
}
