"""How each dialect spells a set of characters. Holds no structure of patterns; that is `render`."""

import re
from collections.abc import Callable

from watchword.ground import record
from watchword.language.ranges import EVERY_CODE_POINT, LAST, Ranges, complement, difference, size

SURROGATES: Ranges = ((0xD800, 0xDFFF),)

_SAFE_EVERYWHERE = re.compile(r"[A-Za-z0-9_ ]|\\[.$*+?()|{}\[\]^\\]|\[\^?(?:[A-Za-z0-9_](?:-[A-Za-z0-9_])?)+\]")
_PUNCTUATION = re.escape("!\"#$%&'()*+,-./:;=?@[\\]^_`{|}~ ")
_HEX = "[0-9A-Fa-f]"
_RUST_ESCAPE = (
    rf"\\[{_PUNCTUATION}nrtfv]|\\x{_HEX}{{2}}|\\u(?![Dd][89A-Fa-f]){_HEX}{{4}}|\\u\{{(?!0*[Dd][89A-Fa-f]..\}}){_HEX}+\}}"
    r"|\\[pP]\{[^}]+\}"
)
_RUST_PLAIN_ESCAPE = rf"{_RUST_ESCAPE}|\\[dDwWsS]|\\c[A-Za-z]"
_RUST_MEMBER = r"(?!&&|--|~~)[^\\\[\]]"
_RUST = re.compile(rf"[^\\.\[{{]|{_RUST_ESCAPE}|\[(?!\^\])\^?(?:{_RUST_MEMBER}|{_RUST_ESCAPE})+\]", re.DOTALL)
_RUST_PLAIN = re.compile(
    rf"[^\\.\[{{]|{_RUST_PLAIN_ESCAPE}|\[(?!\^\])\^?(?:{_RUST_MEMBER}|{_RUST_PLAIN_ESCAPE})+\]", re.DOTALL
)

_META = frozenset("^$\\.*+?()[]{}|")
_CLASS_META = frozenset("\\]^[-")


@record()
class Spelling:
    """What one dialect writes.

    `keeps` tells whether an ECMA-262 spelling means the same here, `code` escapes a code point. `looks` says whether
    there is look-around, `wide_behind` whether a look-behind may vary in length. `repeat` is the largest bound.
    """

    code: Callable[[int], str]
    keeps: Callable[[str], object]
    end: str
    nothing: str
    surrogates: bool = True
    looks: bool = True
    wide_behind: bool = True
    ascii_boundary: str | None = None
    names: bool = False
    repeat: int | None = None


def _short_code(point: int) -> str:
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\u{{{point:x}}}"


def _python_code(point: int) -> str:
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def _braced_code(point: int) -> str:
    return f"\\x{point:02x}" if point < 0x100 else f"\\x{{{point:x}}}"


SPELLINGS = {
    "ecma": Spelling(_short_code, bool, "$", "[]", ascii_boundary="\\b", names=True),
    "java": Spelling(_braced_code, _SAFE_EVERYWHERE.fullmatch, "\\z", "(?!)", wide_behind=False),
    "python": Spelling(_python_code, _SAFE_EVERYWHERE.fullmatch, "\\Z", "(?!)", wide_behind=False),
    "re2": Spelling(
        _braced_code,
        _SAFE_EVERYWHERE.fullmatch,
        "\\z",
        "[^\\x00-\\x{10ffff}]",
        surrogates=False,
        looks=False,
        ascii_boundary="\\b",
        repeat=1000,
    ),
    "rust": Spelling(_braced_code, _RUST_PLAIN.fullmatch, "$", "[^\\s\\S]", surrogates=False, names=True),
    "rust, looking": Spelling(_braced_code, _RUST.fullmatch, "$", "[^\\s\\S]", surrogates=False, names=True),
}
"""`rust, looking`: patterns with look-around, which another engine runs, with another idea of digits and spaces."""


def spell(members: Ranges, spelling: Spelling, source: str = "") -> str:
    """The set as one item of a pattern."""
    if source and spelling.keeps(source):
        return source
    if not spelling.surrogates:
        members = difference(members, SURROGATES)
        if members == complement(SURROGATES):
            members = EVERY_CODE_POINT
    if not members:
        return spelling.nothing
    if members == EVERY_CODE_POINT:
        return "[\\s\\S]"
    if size(members) == 1:
        return _character(members[0][0], _META, spelling)
    outside = complement(members) if spelling.surrogates else difference(complement(members), SURROGATES)
    if len(outside) < len(members) or members[-1][1] == LAST:
        return f"[^{_class(outside, spelling)}]"
    return f"[{_class(members, spelling)}]"


def _class(members: Ranges, spelling: Spelling) -> str:
    return "".join(
        _character(low, _CLASS_META, spelling)
        + ("" if low == high else ("" if high == low + 1 else "-") + _character(high, _CLASS_META, spelling))
        for low, high in members
    )


def _character(point: int, meta: frozenset[str], spelling: Spelling) -> str:
    character = chr(point)
    if character in meta:
        return "\\" + character
    return character if character.isprintable() else spelling.code(point)
