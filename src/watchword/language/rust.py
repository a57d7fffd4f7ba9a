r"""ECMA-262 patterns for jsonschema-rs: its two engines differ from ECMA-262 and from each other in a few constructs.

Found by experiment with jsonschema-rs 0.60: `.` takes a carriage return; `\b` is Unicode's; beside look-around `\d`,
`\w` and `\s` are Unicode's and `\cX` is refused; `[]`, `[^]`, `[\b]`, `\0`, surrogate pairs in escapes, repeats of
nothing and a lone `{` are refused; `\<` means something else; and `a+b*a+` takes a single `a`, unless in brackets that
capture. Left as they are: `\p{..}`, for which its Unicode version decides.
"""

import re
from dataclasses import replace
from functools import lru_cache

from watchword.language.dialects import parse_pattern
from watchword.language.render import render_pattern
from watchword.language.simplify import fixed_length, nullable
from watchword.language.spelling import SPELLINGS
from watchword.language.syntax import Boundary, Chars, Choice, Group, Look, Node, Repeat, Sequence, walk

_OPENINGS = re.compile(r"\((?:\?:|\?<[A-Za-z_][A-Za-z0-9_]*>)?")


@lru_cache(maxsize=4096)
def rust_pattern(pattern: str) -> str:
    r"""The pattern with which jsonschema-rs decides as ECMA-262 does; unchanged if it already does.

    Raises UnsupportedPattern for a pattern that cannot be read, and for look-around or `\b` in a look-behind of varying
    length, which jsonschema-rs refuses or gets wrong however it is written.
    """
    root = parse_pattern(pattern)
    nodes = list(walk(root))
    if any(isinstance(node, Sequence) and _misread(node) for node in nodes):
        return render_pattern(_captured(root), "rust")
    return pattern if _same(nodes) else render_pattern(root, "rust")


def _same(nodes: list[Node]) -> bool:
    """Whether both engines read everything in the pattern alike."""
    keeps = SPELLINGS["rust, looking" if any(isinstance(node, Look) for node in nodes) else "rust"].keeps
    openings = []
    for node in nodes:
        match node:
            case Chars(source=source):
                same = bool(keeps(source))
            case Boundary():
                same = False
            case Repeat(item):
                same = fixed_length(item) != 0
            case Look(item, ahead):
                same = ahead or fixed_length(item) is not None
            case Group(opening=opening):
                same = opening in ("(", "(?:") or (bool(_OPENINGS.fullmatch(opening)) and opening not in openings)
                openings.append(opening)
            case _:
                same = True
        if not same:
            return False
    return True


def _misread(node: Sequence) -> bool:
    """Whether a repeat of once or more comes twice with only something optional between."""
    items = _opened(node)
    return any(
        isinstance(items[i], Repeat) and items[i] == items[i + 2] and nullable(items[i + 1])
        for i in range(len(items) - 2)
    )


def _opened(node: Node) -> list[Node]:
    """The items of a sequence, brackets that do not capture opened."""
    match node:
        case Sequence(items):
            return [inner for item in items for inner in _opened(item)]
        case Group(item, "(?:"):
            return _opened(item)
        case Repeat(Group(item, "(?:")):
            return _opened(replace(node, item=item))
        case _:
            return [node]


def _captured(node: Node) -> Node:
    """The tree with every repeat of once or more in capturing brackets."""
    match node:
        case Sequence(items):
            return Sequence(tuple(_captured(item) for item in items))
        case Choice(options):
            return Choice(tuple(_captured(option) for option in options))
        case Repeat(low=1, high=None):
            return Group(replace(node, item=_captured(node.item)), "(")
        case Repeat() | Group() | Look():
            return replace(node, item=_captured(node.item))
        case _:
            return node
