"""Method and URL to an operation: a tree over path segments. Knows nothing of parameters' types.

The cost of finding a route depends on the number of segments, not on the number of operations. Literals come before
partly literal segments, those before whole templates (OpenAPI 3.1.1, Paths Object: concrete definitions match first).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import quote, unquote_to_bytes

Target = TypeVar("Target")

_TEMPLATE = re.compile(r"\{([^{}]*)\}")


@dataclass(slots=True)
class _Partial(Generic[Target]):
    """A segment like `VENDOR_THING_ID:{id}`; the pattern has one group per template expression."""

    shape: str
    pattern: re.Pattern[str]
    node: "_Node[Target]"


@dataclass(slots=True)
class _Node(Generic[Target]):
    literals: "dict[str, _Node[Target]]" = field(default_factory=dict)
    partials: "list[_Partial[Target]]" = field(default_factory=list)
    template: "_Node[Target] | None" = None
    targets: dict[str, Target] = field(default_factory=dict)


class Router(Generic[Target]):
    """Path templates with methods on one side, URLs on the other."""

    __slots__ = ("_root",)

    def __init__(self) -> None:
        self._root: _Node[Target] = _Node()

    def add(self, method: str, path: str, target: Target) -> None:
        """Adds a route; the first of two equal ones stays."""
        node = self._root
        for segment in path.split("/")[1:]:
            node = _step(node, segment)
        node.targets.setdefault(method, target)

    def find(self, method: str, url: str) -> tuple[Target, list[str], str] | None:
        """The target, the values of its template expressions in order, and the query; `None` without a route.

        Values and query are still percent-encoded: what a comma means depends on whether it was.
        """
        if "#" in url:
            url = url[: url.index("#")]
        path, _, query = url.partition("?")
        segments = path.split("/")
        if segments[0]:
            if segments[1:2] != [""]:
                return self._search(method, url)
            del segments[:3]  # `https:`, nothing, the host
        else:
            del segments[0]
        node = self._root
        values: list[str] = []
        for segment in segments:
            after = node.literals.get(segment)
            if after is None:
                after = node.template
                if node.partials:
                    match = node.partials[0].pattern.fullmatch(segment)
                    if match is None or len(node.partials) > 1:
                        return self._search(method, url)
                    after = node.partials[0].node
                    values.extend(match.groups())
                elif after is None or not segment or ("%" in segment and node.literals):
                    return self._search(method, url)
                else:
                    values.append(segment)
            node = after
        target = node.targets.get(method)
        return self._search(method, url) if target is None else (target, values, query)

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
    literals = [re.escape(decoded(literal)) for literal in shape.split("{}")]
    new: _Partial[Target] = _Partial(shape, re.compile("(.+?)".join(literals), re.DOTALL), _Node())
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
