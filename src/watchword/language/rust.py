r"""ECMA-262 patterns for jsonschema-rs: its two engines differ from ECMA-262 and from each other in a few constructs.

Found by experiment with jsonschema-rs 0.60: `.` takes a carriage return; `\b` is Unicode's; beside look-around `\d`,
`\w` and `\s` are Unicode's and `\cX` is refused; `[]`, `[^]`, `[\b]`, `\0`, surrogate pairs in escapes and a lone
`{` are refused; `\<` means something else.
"""

import re
from functools import lru_cache

from watchword.language.dialects import parse_pattern
from watchword.language.render import render_pattern
from watchword.language.simplify import fixed_length
from watchword.language.spelling import SPELLINGS
from watchword.language.syntax import Boundary, Chars, Group, Look, Repeat, walk

_OPENINGS = re.compile(r"\((?:\?:|\?<[A-Za-z_][A-Za-z0-9_]*>)?")


@lru_cache(maxsize=4096)
def rust_pattern(pattern: str) -> str:
    r"""The pattern with which jsonschema-rs decides as ECMA-262 does; unchanged if it already does.

    Raises UnsupportedPattern for a pattern that cannot be read, and for look-around or `\b` in a look-behind of varying
    length, which jsonschema-rs refuses or gets wrong however it is written.
    """
    root = parse_pattern(pattern)
    nodes = list(walk(root))
    keeps = SPELLINGS["rust, looking" if any(isinstance(node, Look) for node in nodes) else "rust"].keeps
    same = all(keeps(node.source) for node in nodes if isinstance(node, Chars))
    openings = [node.opening for node in nodes if isinstance(node, Group) and node.opening not in ("(", "(?:")]
    same = same and len(set(openings)) == len(openings) and all(_OPENINGS.fullmatch(opening) for opening in openings)
    behind = any(isinstance(node, Look) and not node.ahead and fixed_length(node.item) is None for node in nodes)
    repeats = [node.item for node in nodes if isinstance(node, Repeat)]
    same = same and not any(fixed_length(item) == 0 for item in repeats)
    if same and not behind and not any(isinstance(node, Boundary) for node in nodes):
        return pattern
    return render_pattern(root, "rust")
