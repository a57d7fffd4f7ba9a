"""The request header `Prefer` (RFC 7240): which documented reply the client wants. Chooses nothing itself.

The names `code` and `example` are those of Prism.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
# Section 2: a preference is a token with an optional word, then parameters, which mean nothing here.
_PREFERENCE = re.compile(rf"[ \t]*({_TOKEN})(?:[ \t]*=[ \t]*({_TOKEN}|{_QUOTED})?)?", re.DOTALL)
_REST = re.compile(rf"(?:[^,\"]|{_QUOTED})*(?:,|$)", re.DOTALL)
_CODE = re.compile(r"[1-5][0-9][0-9]")


@dataclass(frozen=True, slots=True)
class Preference:
    """The wishes that we can follow; `None` where there is none."""

    code: int | None = None
    example: str | None = None


NO_PREFERENCE = Preference()


def parse_prefer(fields: Iterable[str]) -> Preference:
    """The wishes in all `Prefer` field lines. Of several with one name the first counts, what is no wish is ignored.

    >>> parse_prefer(['code=404, example="not here"'])
    Preference(code=404, example='not here')
    """
    found: dict[str, str] = {}
    for line in fields:
        for name, value in _preferences(line):
            found.setdefault(name, value)
    code = found.get("code", "")
    return Preference(int(code) if _CODE.fullmatch(code) else None, found.get("example") or None)


def _preferences(line: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(line):
        match = _PREFERENCE.match(line, position)
        if match:
            yield match.group(1).lower(), _word(match.group(2) or "")
            position = match.end()
        rest = _REST.match(line, position)
        if rest is None or rest.end() == position:
            return
        position = rest.end()


def _word(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL) if text.startswith('"') else text
