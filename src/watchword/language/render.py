"""Writing a tree as a pattern of a dialect: the same language when searched for there.

Sets of characters are spelled in `spelling`. Raises UnsupportedPattern for what the dialect cannot say.
"""

import re
from itertools import pairwise

from watchword.ground import UnsupportedPattern
from watchword.language.simplify import fixed_length
from watchword.language.spelling import SPELLINGS, Spelling, spell
from watchword.language.syntax import (
    WORD,
    Boundary,
    Chars,
    Choice,
    End,
    Group,
    Look,
    Node,
    Repeat,
    Sequence,
    Start,
    walk,
)

_NAME = re.compile(r"\(\?<([A-Za-z_][A-Za-z0-9_]*)>")


def render_pattern(node: Node, dialect: str) -> str:
    """The pattern's text in a dialect; read back, it is searched for with the same result.

    A Rust or RE2 text cannot hold surrogates, so sets lose them. Raises UnsupportedPattern, its pattern being the
    ECMA-262 text, where the dialect has no look-around (RE2), or no look-behind of varying length (Java, Python).
    """
    if dialect == "rust":
        looking = any(isinstance(inner, Look | Boundary) for inner in walk(node))
        dialect = "rust, looking" if looking else dialect
    return _Writer(SPELLINGS[dialect], dialect, node).write(node)


class _Writer:
    def __init__(self, spelling: Spelling, dialect: str, root: Node) -> None:
        self._spelling = spelling
        self._dialect = dialect
        self._root = root
        openings = [inner.opening for inner in walk(root) if isinstance(inner, Group)]
        self._unique = {opening for opening in openings if openings.count(opening) == 1}

    def write(self, node: Node) -> str:
        """The node where a whole alternative may stand."""
        match node:
            case Choice(options):
                return "|".join(self._sequence(option) for option in options) if options else self._spelling.nothing
            case _:
                return self._sequence(node)

    def _sequence(self, node: Node) -> str:
        if not isinstance(node, Sequence):
            return self._item(node)
        texts = [self._item(item) for item in node.items]
        # A digit or brace after an escape or repeat must not become part of it.
        return "".join(text + ("(?:)" if _runs_on(text, after) else "") for text, after in pairwise([*texts, ""]))

    def _item(self, node: Node) -> str:
        match node:
            case Chars(members, source):
                return spell(members, self._spelling, source)
            case Start():
                return "^"
            case End():
                return self._spelling.end
            case Boundary():
                return self._boundary(node)
            case Group(item, opening):
                return f"{self._opening(opening)}{self.write(item)})"
            case Look(item, ahead, negated):
                return self._look(item, ahead=ahead, negated=negated)
            case Repeat():
                return self._repeat(node)
            case _:
                return f"(?:{self.write(node)})"

    def _opening(self, opening: str) -> str:
        if opening == "(":
            return opening
        named = self._spelling.names and opening in self._unique and _NAME.fullmatch(opening)
        return opening if named else "(?:"

    def _repeat(self, node: Repeat) -> str:
        if self._dialect.startswith("rust") and fixed_length(node.item) == 0:
            # Its engines refuse some repeats of nothing; once is enough, and none is needed if none will do.
            return f"(?:{self.write(node.item)})" if node.low else ""
        item = self._item(node.item) if isinstance(node.item, Chars | Group) else f"(?:{self.write(node.item)})"
        lazy = "?" if node.lazy else ""
        limit = self._spelling.repeat
        if limit is None or max(node.low, node.high or 0) <= limit:
            return item + _bounds(node.low, node.high) + lazy
        if not isinstance(node.item, Chars):
            raise self._unsupported(f"{self._dialect} repeats at most {limit} times")
        text, low = "", node.low
        while low > 0:
            text += item + _bounds(min(low, limit), min(low, limit))
            low -= limit
        spare = None if node.high is None else node.high - node.low
        while spare:
            text += item + _bounds(0, min(spare, limit))
            spare = max(0, spare - limit)
        return text if spare is not None else text + item + "*"

    def _look(self, item: Node, *, ahead: bool, negated: bool) -> str:
        if not self._spelling.looks:
            raise self._unsupported(f"{self._dialect} has no look-around")
        if not ahead and not self._spelling.wide_behind and fixed_length(item) is None:
            raise self._unsupported(f"a look-behind of varying length is not portable to {self._dialect}")
        nested = not ahead and fixed_length(item) is None and any(isinstance(n, Look | Boundary) for n in walk(item))
        if nested and self._dialect.startswith("rust"):
            raise self._unsupported("jsonschema-rs gets look-around in a look-behind of varying length wrong")
        return f"(?{'' if ahead else '<'}{'!' if negated else '='}{self.write(item)})"

    def _boundary(self, node: Boundary) -> str:
        plain = self._spelling.ascii_boundary
        if plain and node.word == WORD:
            return plain.upper() if node.negated else plain
        if not self._spelling.looks:
            raise self._unsupported(f"{self._dialect} has no such word boundary")
        word = spell(node.word, self._spelling)
        inside, outside = (f"(?<={word})", f"(?<!{word})")
        ahead, not_ahead = (f"(?={word})", f"(?!{word})")
        if node.negated:
            return f"(?:{inside}{ahead}|{outside}{not_ahead})"
        return f"(?:{inside}{not_ahead}|{outside}{ahead})"

    def _unsupported(self, reason: str) -> UnsupportedPattern:
        return UnsupportedPattern(reason, render_pattern(self._root, "ecma"), 0)


def _bounds(low: int, high: int | None) -> str:
    match low, high:
        case 0, None:
            return "*"
        case 1, None:
            return "+"
        case 0, 1:
            return "?"
        case _:
            return f"{{{low}}}" if low == high else f"{{{low},{'' if high is None else high}}}"


def _runs_on(text: str, after: str) -> bool:
    return bool(text) and after[:1].isdigit() and text.endswith("\\0")
