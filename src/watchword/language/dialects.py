"""The dialects that patterns are read in and written for. Holds the list and the way in; each grammar is elsewhere."""

from functools import lru_cache
from typing import Literal

from watchword.language.ecma import parse_ecma
from watchword.language.syntax import Node

Dialect = Literal["ecma", "java", "python", "re2", "rust"]


def parse_pattern(pattern: str, dialect: Dialect = "ecma") -> Node:
    """The tree of a pattern as it is searched for. Raises UnsupportedPattern."""
    return parse_noted(pattern, dialect)[0]


# As many as a very large document has: each is asked for by several readers, one sweep of the document after another.
@lru_cache(maxsize=262_144)
def parse_noted(pattern: str, dialect: Dialect = "ecma") -> tuple[Node, tuple[str, ...]]:
    """The tree, and what in the pattern not every engine of the dialect reads. Raises UnsupportedPattern."""
    if dialect == "ecma":
        return parse_ecma(pattern)
    from watchword.language.foreign import READERS  # start-up time: validation reads ECMA-262 only

    reader = READERS[dialect](pattern)
    return reader.parse(), tuple(reader.notes)
