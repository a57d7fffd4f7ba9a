"""Method and URL to an operation: a tree over path segments. Knows nothing of parameters' types.

The cost of finding a route depends on the number of segments, not on the number of operations. Literals come before
partly literal segments, those before whole templates (OpenAPI 3.1.1, Paths Object: concrete definitions match first).

The tree decides. Plain URLs take a shortcut to the same answer: routes of one length whose literals stand at the same
positions share a table with those literals as key, and there are few such patterns however many routes there are.
"""

import re
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Generic, TypeVar
from urllib.parse import quote, unquote_to_bytes

Target = TypeVar("Target")

_TEMPLATE = re.compile(r"\{([^{}]*)\}")
_LITERAL, _PARTIAL, _WHOLE = 0, 1, 2
# Of one length; API descriptions have up to five.
_MOST_PATTERNS = 12


class _Partial(Generic[Target]):
    """A segment like `VENDOR_THING_ID:{id}`; the pattern has one group per template expression."""

    __slots__ = ("node", "pattern", "shape")

    def __init__(self, shape: str, pattern: re.Pattern[str], node: "_Node[Target]") -> None:
        self.shape = shape
        self.pattern = pattern
        self.node = node


class _Node(Generic[Target]):
    __slots__ = ("literals", "partials", "targets", "template")

    def __init__(self) -> None:
        self.literals: dict[str, _Node[Target]] = {}
        self.partials: list[_Partial[Target]] = []
        self.template: _Node[Target] | None = None
        self.targets: dict[str, Target] = {}


class _Pattern(Generic[Target]):
    """Routes of one method and length that have literals at the same positions, which count from the end."""

    __slots__ = ("kinds", "literals_of", "partials", "targets", "templates")

    def __init__(
        self, kinds: tuple[int, ...], literals_of: Callable[[list[str]], object], templates: list[int]
    ) -> None:
        self.kinds = kinds
        self.literals_of = literals_of
        self.templates = templates
        self.targets: dict[object, Target] = {}
        self.partials: dict[object, list[re.Pattern[str] | None]] = {}
        """For each position of a template the pattern of a partly literal segment, where a target has such a one."""


class Router(Generic[Target]):
    """Path templates with methods on one side, URLs on the other."""

    __slots__ = ("_by_the_tree", "_patterns", "_root")

    def __init__(self) -> None:
        self._root: _Node[Target] = _Node()
        self._patterns: dict[tuple[str, int], list[_Pattern[Target]]] = {}
        self._by_the_tree: set[tuple[str, int]] = set()
        """Methods and lengths whose routes the shortcut cannot tell apart."""

    def add(self, method: str, path: str, target: Target) -> None:
        """Adds a route; the first of two equal ones stays."""
        node = self._root
        segments = path.split("/")[1:]
        for segment in segments:
            node = _step(node, segment)
        node.targets.setdefault(method, target)
        self._add_shortcut(method, segments, target)

    def _add_shortcut(self, method: str, segments: list[str], target: Target) -> None:
        kinds = tuple(_kind(segment) for segment in segments)
        patterns = self._patterns.setdefault((method, len(segments)), [])
        pattern = next((each for each in patterns if each.kinds == kinds), None)
        if pattern is None:
            size = len(segments)
            literals = [index - size for index, kind in enumerate(kinds) if kind == _LITERAL]
            templates = [index - size for index, kind in enumerate(kinds) if kind != _LITERAL]
            pattern = _Pattern(kinds, itemgetter(*literals) if literals else _nothing, templates)
            patterns.append(pattern)
            patterns.sort(key=lambda each: each.kinds)
        key = pattern.literals_of(segments)
        partials = [_partial_pattern(segments[index]) for index in pattern.templates]
        if key in pattern.targets and partials != pattern.partials.get(key, [None] * len(partials)):
            self._by_the_tree.add((method, len(segments)))  # `a:{x}` beside `b:{x}`
        pattern.targets.setdefault(key, target)
        if any(partials):
            pattern.partials.setdefault(key, partials)
        if len(patterns) > _MOST_PATTERNS or any("%" in segment for segment in segments):
            self._by_the_tree.add((method, len(segments)))

    def find(self, method: str, url: str) -> tuple[Target, list[str], str] | None:
        """The target, the values of its template expressions in order, and the query; `None` without a route.

        Values and query are still percent-encoded: what a comma means depends on whether it was.
        """
        if "#" in url or "%" in url:
            return self._search(method, url)
        path, _, query = url.partition("?")
        segments = path.split("/")
        if segments[0]:
            if segments[1:2] != [""]:
                return None
            size = len(segments) - 3  # `https:`, nothing, the host
        else:
            size = len(segments) - 1
        if (method, size) in self._by_the_tree or not size:
            return self._search(method, url)
        for pattern in self._patterns.get((method, size), ()):
            key = pattern.literals_of(segments)
            target = pattern.targets.get(key)
            if target is not None:
                values = [segments[index] for index in pattern.templates]
                if key in pattern.partials:
                    values = _split_partials(values, pattern.partials[key])
                if "" not in values:
                    return target, values, query
        return None

    def methods(self, url: str) -> tuple[str, ...]:
        """The methods that some route has for this URL's path, in the order in which they were added."""
        segments = split_url(url)[0].split("/")[1:]
        found = (method for node, _ in _walk(self._root, segments, 0, []) for method in node.targets)
        return tuple(dict.fromkeys(found))

    def known_segments(self, url: str) -> list[str | None]:
        """The path's segments, those that are no literal of any route replaced by `None`."""
        segments: list[str | None] = []
        nodes = [self._root]
        for segment in split_url(url)[0].split("/")[1:]:
            text = decoded(segment)
            known = any(text in node.literals for node in nodes)
            segments.append(text if known else None)
            nodes = [after for node in nodes for after in _children(node, text)]
        return segments

    def _search(self, method: str, url: str) -> tuple[Target, list[str], str] | None:
        """As `find`, the long way: decoded literals, and back from a literal that leads nowhere to the template."""
        path, query = split_url(url)
        for node, values in _walk(self._root, path.split("/")[1:], 0, []):
            if method in node.targets:
                return node.targets[method], values, query
        return None


def _kind(segment: str) -> int:
    if not _TEMPLATE.search(segment):
        return _LITERAL
    return _WHOLE if _TEMPLATE.fullmatch(segment) else _PARTIAL


def _partial_pattern(segment: str) -> re.Pattern[str] | None:
    if _kind(segment) != _PARTIAL:
        return None
    literals = [re.escape(decoded(literal)) for literal in _TEMPLATE.sub("{}", segment).split("{}")]
    return re.compile("(.+?)".join(literals), re.DOTALL)


def _split_partials(values: list[str], partials: list[re.Pattern[str] | None]) -> list[str]:
    """The values of all template expressions, taken out of partly literal segments; an empty one where none fits."""
    found: list[str] = []
    for value, pattern in zip(values, partials, strict=True):
        if pattern is None:
            found.append(value)
            continue
        match = pattern.fullmatch(value)
        found.extend(match.groups() if match else [""])
    return found


def _nothing(_: list[str]) -> None:
    """The literals of a path that has none."""


def split_url(url: str) -> tuple[str, str]:
    """Path and query of an absolute URL or one that starts with `/`, still encoded; the fragment is dropped.

    Anything else (`*`) has no path.
    """
    path, _, query = url.partition("#")[0].partition("?")
    if not path.startswith("/"):
        segments = path.split("/")
        path = "/" + "/".join(segments[3:]) if segments[1:2] == [""] else ""
    return path, query


def decoded(text: str) -> str:
    """Percent-decoded UTF-8; bytes that are none become lone surrogates, which no JSON Schema value holds."""
    if "%" not in text:
        return text
    return unquote_to_bytes(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogateescape")


def template_names(path: str) -> list[str]:
    """The names in a path template, in order."""
    return _TEMPLATE.findall(path)


def _step(node: _Node[Target], segment: str) -> _Node[Target]:
    if "{" not in segment or not _TEMPLATE.search(segment):
        return node.literals.setdefault(decoded(segment), _Node())
    if _TEMPLATE.fullmatch(segment):
        if node.template is None:
            node.template = _Node()
        return node.template
    shape = _TEMPLATE.sub("{}", segment)
    for partial in node.partials:
        if partial.shape == shape:
            return partial.node
    pattern = _partial_pattern(segment)
    assert pattern is not None
    new: _Partial[Target] = _Partial(shape, pattern, _Node())
    node.partials.append(new)
    node.partials.sort(key=lambda partial: -len(partial.shape))
    return new.node


def _walk(
    node: _Node[Target], segments: list[str], depth: int, values: list[str]
) -> Iterator[tuple[_Node[Target], list[str]]]:
    """Every node that the segments lead to with the template values on the way, most concrete first."""
    if depth == len(segments):
        yield node, values
        return
    segment = segments[depth]
    text = decoded(segment)
    literal = node.literals.get(text)
    if literal is not None:
        yield from _walk(literal, segments, depth + 1, values)
    for partial in node.partials:
        match = partial.pattern.fullmatch(segment)
        groups = match.groups() if match else ()
        if match is None and (match := partial.pattern.fullmatch(text)):
            groups = tuple(quote(group, errors="surrogateescape") for group in match.groups())
        if match:
            yield from _walk(partial.node, segments, depth + 1, [*values, *groups])
    if node.template is not None and segment:
        yield from _walk(node.template, segments, depth + 1, [*values, segment])


def _children(node: _Node[Target], segment: str) -> Iterator[_Node[Target]]:
    if segment in node.literals:
        yield node.literals[segment]
    for partial in node.partials:
        yield partial.node
    if node.template is not None:
        yield node.template
