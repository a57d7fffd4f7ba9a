r"""Unicode properties for `\p{..}`, read from the table `unicode.txt` when first asked for. Holds no pattern syntax.

The table is of the Unicode version that its first line names (17.0). It was written from the property escapes of an
ECMA-262 engine, one line a property: kind, comma-separated names, ranges (gap from the last range's end, then
length less one, in base 36). Engines of other Unicode versions differ in characters that were assigned in between.
"""

from functools import cache
from pathlib import Path

from watchword.language.ranges import Ranges

_KINDS = {
    "General_Category": "gc",
    "gc": "gc",
    "Script": "sc",
    "sc": "sc",
    "Script_Extensions": "scx",
    "scx": "scx",
}


def ecma_property(text: str) -> Ranges | None:
    r"""The members of `\p{text}` as ECMA-262 spells properties (22.2.1.1, tables 67 to 69), or None if unknown."""
    kind, sign, value = text.partition("=")
    if sign:
        return property_members(_KINDS[kind], value) if kind in _KINDS else None
    found = property_members("gc", text)
    return property_members("binary", text) if found is None else found


def loose_property(text: str) -> Ranges | None:
    """The members of a property spelled loosely (UAX #44, 5.9): case, spaces, `_` and `-` do not count."""
    kind, sign, value = text.replace(":", "=").partition("=")
    wanted = _loose(value if sign else text)
    kinds = [_KINDS.get(kind, "")] if sign else ["gc", "sc", "binary"]
    for candidate in kinds:
        for line_kind, name in _lines():
            if line_kind == candidate and _loose(name) == wanted:
                return property_members(candidate, name)
    return None


@cache
def property_members(kind: str, name: str) -> Ranges | None:
    """The members of one line: kind `gc`, `sc`, `scx` or `binary`, any of its names; None if there is no such line."""
    line = _lines().get((kind, name))
    if line is None:
        return property_members("sc", name) if kind == "scx" else None
    found, last = [], 0
    for item in line.split():
        gap, _, length = item.partition("-")
        low = last + int(gap, 36)
        last = low + int(length or "0", 36)
        found.append((low, last))
    return tuple(found)


@cache
def unicode_version() -> str:
    """The version of Unicode that the table holds."""
    return _table().partition("\n")[0].removeprefix("# Unicode ")


def _loose(name: str) -> str:
    return name.replace("_", "").replace("-", "").replace(" ", "").lower()


@cache
def _lines() -> dict[tuple[str, str], str]:
    found = {}
    for line in _table().splitlines()[1:]:
        kind, names, members = line.split("\t")
        found.update({(kind, name): members for name in names.split(",")})
    return found


def _table() -> str:
    return Path(__file__).with_name("unicode.txt").read_text(encoding="ascii")
