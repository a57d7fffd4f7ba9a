"""Plain valid values of any schema, made from its keywords; and the members of an object that can be reached.

Raises `Impossible` where no value can be made for sure. Deterministic, and the smallest that is still telling.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Any

from watchword.contract import Parameter, subschemas
from watchword.contract.kinds import json_type
from watchword.ground import Certainty, PatternError, RuleTooLarge, render_pointer
from watchword.strategies.shape import Keyword, Node, View, has_flag, types_of, view
from watchword.strategies.texts import Texts

Json = Any
Certain = Callable[[str], Certainty]
Path = tuple[str | int, ...]
"""Names of members and numbers of items, from the outermost on."""

_DEEPEST = 8
_MOST_ITEMS = 200
_MOST_LEVELS = 7
_VARIED = 2
"""Levels of objects within which different items of a list differ."""
_MOST_AGAIN = 100
"""Places below schemas that stand elsewhere too."""

UNNAMED = "x_watchword"
"""The name of a member that a schema does not name."""

_ORDER = ("object", "array", "string", "integer", "number", "boolean", "null")


class Impossible(Exception):
    """No value can be made for sure; the message says of what."""


@dataclass(frozen=True, slots=True)
class Site:
    """A place in a request: in its body, or in the parameter; by the members and items that lead there.

    It is `sure` where breaking it breaks nothing else.
    """

    path: Path
    node: Node
    sure: bool
    parameter: Parameter | None = None

    @property
    def location(self) -> str:
        """As in findings: `body#/a/0`, `query.a#/0`."""
        whole = f"{self.parameter.where}.{self.parameter.name}" if self.parameter else "body"
        return f"{whole}#{render_pointer(self.path)}" if self.path else whole

    @property
    def member(self) -> str | None:
        """Its name, where it is a member of the value itself."""
        return self.path[0] if len(self.path) == 1 and isinstance(self.path[0], str) else None


class Instances:
    """Values for one contract. Remembers what it was asked about each address.

    A `daring` one takes the first of several alternatives, also where another one may hold as well (`oneOf`), or the
    one that is `chosen`, by the address of the list of them.
    """

    def __init__(self, certainty: Certain, *, daring: bool = False, chosen: Mapping[str, int] | None = None) -> None:
        self._daring = daring
        self._chosen = chosen or {}
        self._certainty = certainty
        self._texts: dict[tuple[str, str], Texts] = {}
        self._views: dict[tuple[str, str, str], View] = {}
        self._visible: dict[tuple[str, str], dict[str, list[Node]]] = {}

    def texts(self, node: Node) -> Texts:
        """The texts of a schema. Raises `Impossible` where its rules cannot be read."""
        key = (node.at, node.name)
        if key not in self._texts:
            try:
                self._texts[key] = Texts(node, self._certainty)
                _ = self._texts[key].base
            except (PatternError, RuleTooLarge):
                raise Impossible(f"strings at {node.at}") from None
        return self._texts[key]

    def view(self, node: Node, kind: str) -> View:
        """`shape.view`, remembered."""
        key = (node.at, node.name, kind)
        if key not in self._views:
            self._views[key] = view(node, kind, self._chosen)
        return self._views[key]

    # Values.

    def minimal(self, node: Node, depth: int = _DEEPEST) -> Json:
        """The smallest value, with nothing optional. Raises `Impossible`."""
        return self._value(node, depth, full=False)

    def full(self, node: Node, depth: int = _DEEPEST) -> Json:
        """A value with every optional member that can be there. Raises `Impossible`."""
        return self._value(node, depth, full=True)

    def _value(self, node: Node, depth: int, *, full: bool) -> Json:
        if depth == 0:
            raise Impossible(f"nested too deeply at {node.at}")
        allowed = types_of(node.value, node.resolve)
        kinds = [kind for kind in _ORDER if kind in allowed]
        if not kinds:
            raise Impossible(f"no type at {node.at}")
        kind = kinds[0] if kinds[0] != "integer" or "number" not in allowed else "number"
        found = self.view(node, kind)
        if found.all("oneOf") and not self._daring:
            raise Impossible(f"several alternatives at {node.at}")
        listed = literals(found)
        if listed is not None and kind != "string":
            if not listed:
                raise Impossible(f"no listed value at {node.at}")
            return listed[0]
        match kind:
            case "object":
                return self._object(found, depth, full=full)
            case "array":
                return self._array(found, depth, full=full)
            case "string":
                text = self.texts(node).base
                if text is None:
                    raise Impossible(f"no valid string at {node.at}")
                return text
            case "boolean":
                return True
            case "null":
                return None
            case _:
                return number(found)

    def _object(self, found: View, depth: int, *, full: bool) -> dict[str, Json]:
        if not found.sure and not self._daring and not _only_choices(found):
            raise Impossible(f"conditions at {found.node.at}")
        members = self.visible(found)
        closed = any(keyword.value is False for keyword in found.all("additionalProperties"))
        required = [name for name in found.required() if name in members or name not in found.members()]
        value: dict[str, Json] = {}
        for name in [*required, *(members if full and depth > 1 else ())]:
            if name in value:
                continue
            try:
                value[name] = self._member(members.get(name), found, depth, full=full, closed=closed)
            except Impossible:
                if name in required:
                    raise
        least = max((keyword.value for keyword in found.all("minProperties")), default=0)
        for name in members:
            if len(value) >= least:
                break
            if name not in value:
                value[name] = self._member(members[name], found, depth, full=False, closed=closed)
        value |= self._unnamed(found, least - len(value), closed=closed)
        most = min((keyword.value for keyword in found.all("maxProperties")), default=len(value))
        if len(value) < least or len(required) > most:
            raise Impossible(f"too few members at {found.node.at}")
        while len(value) > most:
            del value[next(name for name in reversed(value) if name not in required)]
        return value

    def _unnamed(self, found: View, count: int, *, closed: bool) -> dict[str, Json]:
        """So many members that the schema does not name, where it lets there be any."""
        others = None if closed else found.others() or None
        names = self.other_names(found, 0 if closed else min(count, _MOST_ITEMS))
        return {name: self._member(others, found, _DEEPEST, full=False, closed=closed) for name in names}

    def _member(self, nodes: list[Node] | None, found: View, depth: int, *, full: bool, closed: bool) -> Json:
        if nodes is None:
            extra = [keyword for keyword in found.all("additionalProperties") if keyword.value is not True]
            if closed or len(extra) > 1:
                raise Impossible(f"a required member that is not allowed at {found.node.at}")
            if not extra:
                return "0"
            return self._value(Node(extra[0].value, extra[0].at, "value", found.node.resolve), depth - 1, full=False)
        return self._value(combined(nodes), depth - 1, full=full)

    def visible(self, found: View) -> dict[str, list[Node]]:
        """The named members that a request may have: not `readOnly` ones, nor those that can have no value."""
        key = (found.node.at, found.node.name)
        if key not in self._visible:
            self._visible[key] = {
                name: nodes
                for name, nodes in found.members().items()
                if not any(has_flag(node, "readOnly") or node.value is False for node in nodes)
            }
        return self._visible[key]

    def other_names(self, found: View, count: int) -> list[str]:
        """So many names for members that a schema does not name. Raises `Impossible`."""
        schema = found.names()
        if schema is None:
            return [UNNAMED] if count == 1 else [f"{UNNAMED}_{number}" for number in range(count)]
        known = found.members()
        names = [each.text for each in self.texts(schema).accepted() if each.text not in known][:count]
        if len(names) < count:
            raise Impossible(f"{count} names of members at {found.node.at}")
        return names

    def members(self, found: View, count: int) -> dict[str, Json]:
        """An object of so many members: required ones, then named ones, then others. Raises `Impossible`."""
        named, others = self.visible(found), found.others() or None
        closed = any(keyword.value is False for keyword in found.all("additionalProperties"))
        names = list(dict.fromkeys([*found.required(), *named]))
        if len(found.required()) > count or (closed and len(names) < count):
            raise Impossible(f"an object of {count} members at {found.node.at}")
        value = {
            name: self._member(named.get(name, others), found, _DEEPEST, full=False, closed=closed)
            for name in names[:count]
        }
        return value | self._unnamed(found, count - len(value), closed=closed)

    def _array(self, found: View, depth: int, *, full: bool) -> list[Json]:
        least, most = _lengths(found)
        wanted = min(most, max(least, 1)) if full and depth > 1 else least
        if not wanted:
            return []
        if not found.sure or least > most or wanted > _MOST_ITEMS:
            raise Impossible(f"items at {found.node.at}")
        try:
            return self.items(found, wanted, depth, full=full)
        except Impossible:
            if least:
                raise
            return []

    def items(self, found: View, wanted: int, depth: int = _DEEPEST, *, full: bool = False) -> list[Json]:
        """So many items of an array, all different where they have to be. Raises `Impossible`."""
        nodes = found.items()
        item = combined(nodes) if nodes else Node(True, found.node.at, "item", found.node.resolve)
        if wanted > 1 and any(keyword.value is True for keyword in found.all("uniqueItems")):
            return self._distinct(item, wanted)
        return [self._value(item, depth - 1, full=full) for _ in range(wanted)]

    def _distinct(self, item: Node, wanted: int) -> list[Json]:
        found = list(islice(self._variants(item, _VARIED), wanted))
        if len(found) < wanted:
            raise Impossible(f"distinct items at {item.at}")
        return found

    def _variants(self, item: Node, depth: int) -> Iterator[Json]:
        """Different values of a schema: texts, numbers, or objects that differ in one member."""
        kinds = types_of(item.value, item.resolve)
        if "string" in kinds:
            yield from dict.fromkeys(accepted.text for accepted in self.texts(item).accepted())
        elif kinds & {"integer", "number"}:
            found = self.view(item, "number" if "number" in kinds else "integer")
            listed, limits = literals(found), bounds(found)
            numbers = listed if listed is not None else [*candidates(limits, whole=True), *range(_MOST_ITEMS)]
            yield from dict.fromkeys(value for value in numbers if within(value, limits))
        elif "object" in kinds and depth:
            most = [self.minimal(item)]
            for name, nodes in self.visible(self.view(item, "object")).items():
                try:
                    inner = list(islice(self._variants(combined(nodes), depth - 1), _MOST_ITEMS))
                    made = [self.planted(item, (name,), value) for value in inner]
                except Impossible:
                    continue
                most = max(most, made, key=len)
            yield from most

    # Places.

    def sites(self, node: Node, parameter: Parameter | None = None) -> Iterator[Site]:
        """The members that a value may have in a request, its first item, and theirs, breadth first, some levels down.

        First each schema where it is met first, then where it stands besides, up to a number of places; never below
        itself.
        """
        level: list[tuple[Site, frozenset[str], bool]] = [
            (Site((), node, sure=True, parameter=parameter), frozenset(), True)
        ]
        seen: set[str] = set()
        others: list[Site] = []
        for _ in range(_MOST_LEVELS):
            below: list[tuple[Site, frozenset[str], bool]] = []
            for site, above, first in level:
                is_first = first and site.node.at not in seen
                if site.node.at in above or not (is_first or len(others) < _MOST_AGAIN):
                    continue
                inner = list(self._below(site))
                seen |= {site.node.at} if inner else set()
                below += [(each, above | {site.node.at}, is_first) for each in inner]
                others += [] if is_first else inner
            yield from (site for site, _, is_first in below if is_first)
            level = below
        yield from others[:_MOST_AGAIN]

    def _below(self, site: Site) -> Iterator[Site]:
        kinds = types_of(site.node.value, site.node.resolve)
        if "object" in kinds:
            found = self.view(site.node, "object")
            for name, nodes in self._placed(found).items():
                certain = site.sure and found.sure and found.direct and len(nodes) == 1
                yield Site((*site.path, name), combined(nodes), certain, site.parameter)
        if "array" in kinds:
            found = self.view(site.node, "array")
            items = found.items()
            if items:
                certain = site.sure and found.sure and found.direct and len(items) == 1 and literals(found) is None
                yield Site((*site.path, 0), combined(items), certain, site.parameter)

    def _placed(self, found: View) -> dict[str, list[Node]]:
        """The named members that a request may have, and one of those that the schema describes without a name."""
        others = found.others()
        try:
            name = self.other_names(found, 1)[0] if others else UNNAMED
        except Impossible:
            return self.visible(found)
        return {**self.visible(found), **({name: others} if others and name not in found.members() else {})}

    def planted(self, node: Node, path: Path, value: Json, depth: int = _DEEPEST) -> Json:
        """The smallest value that has this one at the end of a path. Raises `Impossible`."""
        if not path:
            return value
        step, rest = path[0], path[1:]
        if isinstance(step, int):
            return self._planted_item(node, rest, value, depth)
        found = self.view(node, "object")
        nodes = self._placed(found).get(step)
        if nodes is None:
            raise Impossible(f"no member {step} at {node.at}")
        result = self._object_without(node, step, depth)
        result[step] = self.planted(combined(nodes), rest, value, depth - 1)
        members = self.visible(found)
        for name in found.dependents(step):
            if name not in result:
                result[name] = self._member(members.get(name), found, depth - 1, full=False, closed=False)
        most = min((keyword.value for keyword in found.all("maxProperties")), default=len(result))
        if len(result) > most:
            raise Impossible(f"no room for {step} at {node.at}")
        return result

    def _planted_item(self, node: Node, rest: Path, value: Json, depth: int) -> list[Json]:
        """The shortest list whose first item has the value at the end of the rest."""
        found = self.view(node, "array")
        items = found.items()
        least, most = _lengths(found)
        if not items or most < 1 or least > _MOST_ITEMS:
            raise Impossible(f"items at {node.at}")
        item = combined(items)
        first = self.planted(item, rest, value, depth - 1)
        if least < 2:
            return [first]
        unique = any(keyword.value is True for keyword in found.all("uniqueItems"))
        others = self._distinct(item, least) if unique else [self._value(item, depth - 1, full=False)] * (least - 1)
        return [first, *[other for other in others if not unique or other != first][: least - 1]]

    def _object_without(self, node: Node, name: str, depth: int) -> dict[str, Json]:
        """The smallest object; the member that is about to be planted need not be possible."""
        try:
            value = self._value(node, depth, full=False)
        except Impossible:
            found = self.view(node, "object")
            if name not in found.required() or len(found.required()) > 1:
                raise
            value = {}
        if not isinstance(value, dict):
            raise Impossible(f"no object at {node.at}")
        return value


def _lengths(found: View) -> tuple[int, int]:
    """The fewest and the most items of an array; one, where nothing says more."""
    least = max((keyword.value for keyword in found.all("minItems")), default=0)
    return least, min((keyword.value for keyword in found.all("maxItems")), default=max(least, 1))


def combined(nodes: list[Node]) -> Node:
    """One schema out of several that all hold."""
    if len(nodes) == 1:
        return nodes[0]
    first = nodes[0]
    return Node({"allOf": [node.value for node in nodes]}, first.at, first.name, first.resolve)


def literals(found: View) -> list[Json] | None:
    """The values of this type that `enum` and `const` leave, or None where there is neither."""
    listed: list[Json] | None = None
    for keyword in [*found.all("const"), *found.all("enum")]:
        values = [keyword.value] if keyword.name == "const" else list(keyword.value)
        fitting = [value for value in values if json_type(value) in (found.type, "integer" * (found.type == "number"))]
        listed = fitting if listed is None else [value for value in listed if value in fitting]
    return listed


def bounds(found: View) -> list[Keyword]:
    """The keywords that limit a number."""
    return [keyword for keyword in found.keywords if keyword.name in _BOUNDS and _is_number(keyword.value)]


def within(value: Json, keywords: list[Keyword]) -> bool:
    """Whether a number obeys all of them."""
    return all(_BOUNDS[keyword.name](value, keyword.value) for keyword in keywords)


def number(found: View) -> int | float:
    """The plainest number within all bounds: 1, 0, else next to a bound. Raises `Impossible`."""
    keywords = bounds(found)
    for candidate in candidates(keywords, whole=found.type == "integer"):
        if within(candidate, keywords):
            return candidate
    raise Impossible(f"no number at {found.node.at}")


def candidates(keywords: list[Keyword], *, whole: bool) -> Iterator[int | float]:
    """Numbers worth trying: small ones, and those at and next to each bound and its multiples."""
    yield from (1, 0, 2, 10, 100)
    for keyword in keywords:
        bound = keyword.value
        parts = [] if whole else [bound / 2] if keyword.name == "multipleOf" else [bound + 0.5, bound - 0.5]
        for candidate in (bound, bound + 1, bound - 1, bound * 2, *parts):
            if not whole or float(candidate).is_integer():
                yield int(candidate) if float(candidate).is_integer() else candidate
    for step in (keyword.value for keyword in keywords if keyword.name == "multipleOf" and keyword.value):
        for keyword in keywords:
            times = int(keyword.value // step)
            multiples = [times * step, (times + 1) * step]
            yield from (value for value in multiples if not whole or float(value).is_integer())


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_BOUNDS: dict[str, Callable[[Json, Json], bool]] = {
    "minimum": lambda value, bound: value >= bound,
    "maximum": lambda value, bound: value <= bound,
    "exclusiveMinimum": lambda value, bound: value > bound,
    "exclusiveMaximum": lambda value, bound: value < bound,
    "multipleOf": lambda value, step: Fraction(str(value)) % Fraction(str(step)) == 0 if step else True,
}


def _only_choices(found: View) -> bool:
    """Whether all that makes a view unsure is an `anyOf` of which the first branch was taken."""
    return not any(token in _CONDITIONS for token, _ in _keywords(found.node.value))


def _keywords(value: Json) -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict):
        yield from value.items()
        for tokens, child in subschemas(value):
            if tokens[0] in ("allOf", "anyOf"):
                yield from _keywords(child)


_CONDITIONS = frozenset(
    {"not", "if", "dependentSchemas", "dependentRequired", "patternProperties", "propertyNames", "dependencies"}
    | {"unevaluatedProperties", "$dynamicRef"}
)
