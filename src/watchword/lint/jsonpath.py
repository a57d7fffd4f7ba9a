"""The JSONPath that rulesets in Spectral's form use for `given`. No arithmetic, no slices, no scripts.

`$`, `.name`, `['name']`, `[0]`, `[*]`, `.*`, `..`, unions (`[get,put]`), `~` (the key) and filters on one member:
`[?(@.in == 'query')]`, `[?(@.in)]`, `[?(@property === 'get')]`, `[?(@property.match(/^x-/))]`. (RFC 9535, and JSONPath
Plus for `~` and `@property`.)
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from watchword.document import Node
from watchword.ground import WatchwordError, cut

_STEP = re.compile(
    r"""(?P<deep>\.\.)|\.(?P<all>\*)|\.(?P<name>[A-Za-z_$][\w$-]*)|\[(?P<star>\*)\]"""
    r"""|\[\?\((?P<filter>(?:[^()\[\]]|\([^()]*\)|\[[^\]]*\])*)\)\]|\[(?P<union>[^\[\]?]+)\]|(?P<key>~)"""
)
_BARE = re.compile(r"(?P<all>\*)|(?P<name>[A-Za-z_$][\w$-]*)")
_COMPARISON = re.compile(
    r"""^\s*@(?P<what>\.(?P<member>[\w$-]+)|property)\s*(?:(?P<sign>===?|!==?)\s*(?P<value>'[^']*'|"[^"]*"|true|false|-?\d+))?\s*$"""
)
_MATCHING = re.compile(r"^\s*@(?:\.(?P<member>[\w$-]+)|property)\.match\(/(?P<pattern>.+)/(?P<flags>[a-z]*)\)\s*$")


@dataclass(frozen=True, slots=True)
class Hit:
    """A value that a path leads to; `key` is its name or index in its owner."""

    node: Node
    key: str
    is_key: bool = False


Step = Callable[[Hit], Iterable[Hit]]


def parse_path(path: str) -> Callable[[Node], Iterator[Hit]]:
    """The search that a path stands for. Raises `WatchwordError` for one that goes beyond the list above."""
    steps = list(_steps(path))

    def search(root: Node) -> Iterator[Hit]:
        hits: Iterable[Hit] = [Hit(root, "")]
        for step in steps:
            hits = [found for hit in hits for found in step(hit)]
        seen: set[tuple[int, str]] = set()
        for hit in hits:
            key = (id(hit.node.document), hit.node.pointer)
            if key not in seen:
                seen.add(key)
                yield hit

    return search


def _steps(path: str) -> Iterator[Step]:
    if not path.startswith("$"):
        raise WatchwordError(f"JSONPath `{cut(path)}` does not begin with `$`")
    position = 1
    while position < len(path):
        match = _STEP.match(path, position)
        if match is None:
            raise WatchwordError(f"JSONPath `{cut(path)}`: `{cut(path[position:], 30)}` is not understood")
        position = match.end()
        if match["deep"]:
            yield _deep
            if position < len(path) and path[position] != "[":
                match = _BARE.match(path, position)
                if match is None:
                    raise WatchwordError(f"JSONPath `{cut(path)}` ends in `..`")
                position = match.end()
                yield _children if match["all"] else _named([match["name"]])
        elif match["all"] or match["star"]:
            yield _children
        elif match["name"]:
            yield _named([match["name"]])
        elif match["key"]:
            yield _key
        elif match["union"]:
            yield _named([part.strip().strip("'\"") for part in match["union"].split(",")])
        else:
            yield _filtered(match["filter"] or "", path)


def _children(hit: Hit) -> Iterator[Hit]:
    for name, node in hit.node.members():
        yield Hit(node, name)
    for index, node in enumerate(hit.node.items()):
        yield Hit(node, str(index))


def _named(names: list[str]) -> Step:
    wanted = frozenset(names)
    return lambda hit: (child for child in _children(hit) if child.key in wanted)


def _deep(hit: Hit) -> Iterator[Hit]:
    pending = [hit]
    while pending:
        each = pending.pop()
        yield each
        pending.extend(reversed(list(_children(each))))


def _key(hit: Hit) -> Iterator[Hit]:
    yield Hit(hit.node, hit.key, is_key=True)


def _filtered(text: str, path: str) -> Step:
    tests = [[_test(part, path) for part in option.split("&&")] for option in text.split("||")]
    return lambda hit: (
        child for child in _children(hit) if any(all(test(child) for test in option) for option in tests)
    )


def _test(text: str, path: str) -> Callable[[Hit], bool]:
    if match := _MATCHING.match(text):
        pattern, member = re.compile(match["pattern"], re.IGNORECASE if "i" in match["flags"] else 0), match["member"]
        return lambda hit: isinstance(value := _value(hit, member), str) and pattern.search(value) is not None
    match = _COMPARISON.match(text)
    if match is None:
        raise WatchwordError(f"JSONPath `{cut(path)}`: the filter `{cut(text, 40)}` is not understood")
    member, given = match["member"], match["value"]
    if given is None:
        return lambda hit: bool(_value(hit, member))
    wanted: object = given[1:-1] if given[0] in "'\"" else {"true": True, "false": False}.get(given)
    if wanted is None:
        wanted = int(given)
    is_equal = match["sign"].startswith("=")
    return lambda hit: (_value(hit, member) == wanted) == is_equal


def _value(hit: Hit, member: str | None) -> object:
    if member is None:
        return hit.key
    return hit.node.value.get(member) if isinstance(hit.node.value, dict) else None
