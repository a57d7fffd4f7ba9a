"""Media types: which documented one a Content-Type names, and what kind of body that is. Decodes nothing.

RFC 9110 section 8.3.1 (syntax, case) and section 12.5.1 (ranges); RFC 6838 section 4.2.8 (`+json`).
"""

import re
from collections.abc import Sequence

from watchword.ground import record

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_MEDIA_TYPE = re.compile(rf"[ \t]*({_TOKEN})/({_TOKEN})[ \t]*(;.*)?", re.DOTALL)
# Compiled when a Content-Type has one: no other pattern takes as long.
_PARAMETER = rf';[ \t]*(?:({_TOKEN})=({_TOKEN}|"(?:[^"\\]|\\.)*")[ \t]*)?'


@record()
class MediaType:
    """Type and subtype in lower case (`*` in a range), parameters by lower-case name."""

    type: str
    subtype: str
    parameters: tuple[tuple[str, str], ...] = ()

    def parameter(self, name: str) -> str | None:
        """The value of a parameter, or `None`."""
        return next((value for key, value in self.parameters if key == name), None)

    @property
    def is_json(self) -> bool:
        """Whether a body of this type is one JSON text."""
        return self.subtype == "json" or self.subtype.endswith("+json")

    @property
    def is_form(self) -> bool:
        """Whether a body of this type is `a=b&c=d`."""
        return (self.type, self.subtype) == ("application", "x-www-form-urlencoded")

    @property
    def is_multipart_form(self) -> bool:
        """Whether a body of this type is a multipart form."""
        return (self.type, self.subtype) == ("multipart", "form-data")

    @property
    def is_text(self) -> bool:
        """Whether a body of this type is one string."""
        return self.type == "text" and self.subtype not in ("xml", "event-stream")


def parse_media_type(text: str) -> MediaType | None:
    """The media type or range, or `None` where the text is none."""
    match = _MEDIA_TYPE.fullmatch(text)
    if not match:
        return None
    parameters = []
    position, tail = 0, (match.group(3) or "").rstrip(" \t")
    while position < len(tail):
        found = re.compile(_PARAMETER, re.DOTALL).match(tail, position)
        if not found:
            return None
        if found.group(1):
            parameters.append((found.group(1).lower(), _unquoted(found.group(2))))
        position = found.end()
    return MediaType(match.group(1).lower(), match.group(2).lower(), tuple(parameters))


def best_match(given: MediaType, documented: Sequence[MediaType]) -> int | None:
    """The index of the most specific documented type or range that the given type falls under, or `None`.

    Parameters are set aside, unless two documented ones differ in nothing else.
    """
    ranked = [(rank, -index) for index, entry in enumerate(documented) if (rank := _rank(given, entry)) > 0]
    return -max(ranked)[1] if ranked else None


def _rank(given: MediaType, entry: MediaType) -> int:
    if (entry.type, entry.subtype) == (given.type, given.subtype):
        return 5 if set(entry.parameters) <= set(given.parameters) else 4
    if entry.type == given.type and entry.subtype.startswith("*+") and given.subtype.endswith(entry.subtype[1:]):
        return 3
    if entry.type == given.type and entry.subtype == "*":
        return 2
    return 1 if (entry.type, entry.subtype) == ("*", "*") else 0


def _unquoted(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1], flags=re.DOTALL) if value.startswith('"') else value
