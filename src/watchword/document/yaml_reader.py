"""YAML 1.2 text to a JSON tree, by PyYAML's C parser. Holds the core schema's tags; knows nothing of files.

PyYAML resolves YAML 1.1 (`no` is false, `010` is eight, `2020-01-01` is a date). The loader here has the resolvers
of YAML 1.2.2, section 10.3 instead, so that a scalar means what it means in JSON.
"""

import re
from math import isfinite
from typing import Any

import yaml

from watchword.document.depth import MAX_DEPTH, TOO_DEEP
from watchword.ground import cut, parse_pointer

# Aliases can make a small file describe an astronomically large tree; one of this many nodes is no API description.
MAX_NODES = 5_000_000
# Below that, a tree of so many nodes may be this many times what was written: anchors save some writing, not all of it.
_FREE_NODES = 100_000
_MOST_TIMES = 20
# PyYAML's C composer recurses without a limit and ends the process at some 30,000 levels; far below, it is safe.
_SAFE_DEPTH = 2_000

_INDENTATION = re.compile(r"^[ ?:-]+", re.MULTILINE)
_TAG = "tag:yaml.org,2002:"
_STR, _INT, _FLOAT, _BOOL, _NULL, _MERGE, _MAP, _SEQ = (
    _TAG + name for name in ("str", "int", "float", "bool", "null", "merge", "map", "seq")
)


class YamlProblem(Exception):
    """The text is no YAML of the core schema; `line` and `column` count from 1."""

    def __init__(self, reason: str, line: int, column: int) -> None:
        self.reason = reason
        self.line = line
        self.column = column
        super().__init__(reason)


_SCALARS = {
    _NULL: re.compile(r"(?:~|null|Null|NULL|)\Z"),
    _BOOL: re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"),
    _INT: re.compile(r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\Z"),
    _FLOAT: re.compile(
        r"(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z"
    ),
    _MERGE: re.compile(r"<<\Z"),
}
# The tags that a plain scalar can have by its first character, and `!!str` if it is written as none of them.
_TAGS = {
    **dict.fromkeys(["", *"~nN"], (_NULL,)),
    **dict.fromkeys("tTfF", (_BOOL,)),
    **dict.fromkeys("-+0123456789", (_INT, _FLOAT)),
    ".": (_FLOAT,),
    "<": (_MERGE,),
}


class _CoreLoader(yaml.CSafeLoader):
    """The C loader with the implicit tags of YAML 1.2's core schema, and the merge key that everybody uses.

    It calls these three for each value; PyYAML's own do the same at twice the price, for paths that nobody uses here.
    """

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        if kind is not yaml.ScalarNode:
            return _MAP if kind is yaml.MappingNode else _SEQ
        if implicit[0]:
            for tag in _TAGS.get(value[:1], ()):
                if _SCALARS[tag].match(value):
                    return tag
        return _STR

    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass


def compose(text: str) -> yaml.Node | None:
    """The node graph of the only document in the text; `None` for an empty text.

    Raises `YamlProblem` for a syntax error, more than one document, or nesting beyond the parser.
    """
    try:
        _guard_the_composer(text)
        node: yaml.Node | None = yaml.compose(text, Loader=_CoreLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlProblem(_reason(error, text), mark.line + 1 if mark else 1, mark.column + 1 if mark else 1) from None
    except yaml.reader.ReaderError as error:
        before = text.encode()[: error.position].decode(errors="ignore")  # the C parser counts bytes
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise YamlProblem(f"character {_code_point(error.character)} is not allowed in YAML", line, column) from None
    return node


def _guard_the_composer(text: str) -> None:
    """Raises `YamlProblem` for nesting that would crash the composer; reads the text twice where it might."""
    indentation = max(map(len, _INDENTATION.findall(text)), default=0)
    if 2 * indentation + text.count("[") + text.count("{") < _SAFE_DEPTH:
        return
    depth = 0
    for event in yaml.parse(text, Loader=_CoreLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise _problem(TOO_DEEP, event)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _reason(error: yaml.MarkedYAMLError, text: str) -> str:
    problem, context = error.problem or "", error.context or ""
    mark = error.problem_mark
    if mark is not None and problem.startswith("found character that cannot start") and _at(text, mark) == "\t":
        return "a tab where only spaces can indent"
    if problem == "second occurrence":
        return "an anchor is declared twice"
    if problem.startswith("but "):
        problem, context = context, problem
    return f"{problem} {context}".strip() or "not YAML"


def _at(text: str, mark: yaml.Mark) -> str:
    lines = text.splitlines()
    return lines[mark.line][mark.column : mark.column + 1] if mark.line < len(lines) else ""


def construct(node: yaml.Node | None) -> Any:
    """The JSON value of a node graph. Keys are strings as written (`200:` is `"200"`); aliases share one value.

    Raises `YamlProblem` for a duplicate key, a key that is no scalar, an unknown tag, a cycle, a number that JSON
    cannot hold, more than `MAX_DEPTH` levels or an oversized expansion.
    """
    if node is None:
        return None
    try:
        return _Constructor().whole(node)
    except RecursionError:
        raise _problem(TOO_DEEP, node) from None


def mark_of(root: yaml.Node | None, pointer: str) -> tuple[int, int]:
    """Line and column (from 1) of a value: its key where it has one, else its first character.

    A pointer that leads nowhere gets the place of its deepest existing ancestor.
    """
    node, place = root, (1, 1) if root is None else _start(root)
    for token in parse_pointer(pointer):
        found = _child(node, token)
        if found is None:
            break
        place, node = _start(found[0]), found[1]
    return place


class _Constructor:
    def __init__(self) -> None:
        self.done: dict[int, _Built] = {}
        self.open: set[int] = set()
        self.written = 0
        self.first_large: yaml.Node | None = None

    def whole(self, root: yaml.Node) -> Any:
        """The value of the root; raises `YamlProblem` also where aliases make it far larger than what was written."""
        value, size, _ = self.build(root)
        if self.first_large is not None and size > _MOST_TIMES * self.written:
            raise _problem(f"aliases expand {self.written:,} values to {size:,}", self.first_large)
        return value

    def build(self, node: yaml.Node) -> "_Built":
        if isinstance(node, yaml.ScalarNode):
            self.written += 1
            return _scalar(node), 1, 0
        key = id(node)
        if key in self.done:
            return self.done[key]
        if key in self.open:
            raise _problem("an alias refers to a value that contains it", node)
        self.open.add(key)
        self.written += 1
        value, size, depth = self._mapping(node) if isinstance(node, yaml.MappingNode) else self._sequence(node)
        if size > _FREE_NODES and self.first_large is None:
            self.first_large = node
        if size > MAX_NODES:
            raise _problem(f"aliases expand to more than {MAX_NODES:,} values", node)
        if depth > MAX_DEPTH:
            raise _problem(TOO_DEEP, node)
        self.open.discard(key)
        self.done[key] = value, size, depth
        return self.done[key]

    def _sequence(self, node: yaml.Node) -> "_Built":
        _expect_tag(node, "seq")
        built = [self.build(child) for child in node.value]
        return [value for value, _, _ in built], 1 + sum(size for _, size, _ in built), _above(built)

    def _mapping(self, node: yaml.MappingNode) -> "_Built":
        _expect_tag(node, "map")
        result: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        built = []
        for key, child in node.value:
            built.append(self.build(child))
            value = built[-1][0]
            if key.tag == _MERGE:
                for source in value if isinstance(value, list) else [value]:
                    if not isinstance(source, dict):
                        raise _problem("a merge key needs a mapping or a list of mappings", child)
                    merged = {**source, **merged}
                continue
            if not isinstance(key, yaml.ScalarNode):
                raise _problem("a key must be a scalar", key)
            if key.value in result:
                raise _problem(f"duplicate key `{cut(key.value)}`", key)
            result[key.value] = value
        return ({**merged, **result} if merged else result), 1 + sum(size for _, size, _ in built), _above(built)


_Built = tuple[Any, int, int]
"""A value, the number of nodes that it would have without sharing, and how many levels it has (a scalar none)."""


def _above(built: list[_Built]) -> int:
    return 1 + max((depth for _, _, depth in built), default=0)


def _scalar(node: yaml.ScalarNode) -> Any:
    text: str = node.value
    tag = node.tag
    if tag in (_STR, _MERGE):
        return text
    if tag not in _SCALARS:
        raise _problem(f"tag `{tag.replace(_TAG, '!!')}` is not in YAML's core schema", node)
    if not _SCALARS[tag].match(text):
        raise _problem(f"cannot be read as {tag.removeprefix(_TAG)}", node)
    if tag == _INT:
        return _integer(text, node)
    if tag == _FLOAT:
        value = float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
        if not isfinite(value):
            raise _problem("JSON has no such number", node)
        return value
    return None if tag == _NULL else text.lower() == "true"


def _integer(text: str, node: yaml.Node) -> int:
    try:
        return int(text, 8) if text.startswith("0o") else int(text, 16) if text.startswith("0x") else int(text)
    except ValueError:  # Python converts no longer texts
        raise _problem("has too many digits", node) from None


def _expect_tag(node: yaml.Node, name: str) -> None:
    if node.tag != _TAG + name:
        raise _problem(f"tag `{node.tag.replace(_TAG, '!!')}` is not in YAML's core schema", node)


def _child(node: yaml.Node | None, token: str) -> tuple[yaml.Node, yaml.Node] | None:
    """The node that marks the place of a member or item, and its value."""
    if isinstance(node, yaml.SequenceNode):
        index = int(token) if token.isdecimal() and len(token) < 10 else len(node.value)
        return (node.value[index],) * 2 if index < len(node.value) else None
    if not isinstance(node, yaml.MappingNode):
        return None
    for key, value in node.value:
        if key.value == token and key.tag != _MERGE:
            return key, value
    for key, value in node.value:
        if key.tag == _MERGE:
            for source in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                found = _child(source, token)
                if found:
                    return found
    return None


def _start(node: yaml.Node | yaml.Event) -> tuple[int, int]:
    assert node.start_mark is not None
    return node.start_mark.line + 1, node.start_mark.column + 1


def _problem(reason: str, node: yaml.Node | yaml.Event) -> YamlProblem:
    return YamlProblem(reason, *_start(node))


def _code_point(character: Any) -> str:
    return f"U+{character if isinstance(character, int) else ord(character):04X}"
