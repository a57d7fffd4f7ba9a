"""Hypothesis strategies for values of any JSON Schema: strings by the language room, numbers by hypothesis-jsonschema.

Objects and lists are put together here. Where a schema takes more than that (`oneOf`, `not`, `if`, ...), and only
there, values that do not fit are filtered out. A schema that goes round in circles is followed three times.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import SearchStrategy
from hypothesis_jsonschema import from_schema

from watchword.contract import Schema
from watchword.ground import PatternError, RuleTooLarge, Secret, Side
from watchword.strategies.bundle import checker, translated
from watchword.strategies.drawn_strings import drawn_from
from watchword.strategies.formats import SAMPLES
from watchword.strategies.instances import Impossible, bounds, combined, literals
from watchword.strategies.languages import rules_at, valid_language
from watchword.strategies.shape import TYPES, Node, View, alternatives, has_flag, node_of, types_of, view

Json = Any

_ROUNDS = 3
_MORE_ITEMS = 5
_SIMPLEST_FIRST = tuple(reversed(TYPES))

ANYTHING: SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
"""Any JSON value."""


_FORMATS: dict[str, SearchStrategy[str]] = {
    "date": st.dates().map(str),
    "date-time": st.datetimes().map(lambda moment: moment.isoformat(timespec="milliseconds") + "Z"),
    "ipv4": st.ip_addresses(v=4).map(str),
    "ipv6": st.ip_addresses(v=6).map(str),
    "uuid": st.uuids().map(str),
}
"""The asserted formats that Hypothesis knows exactly; of the others a few samples are drawn."""


def values(schema: Schema | dict[str, Any] | bool, *, side: Side = Side.REQUEST) -> SearchStrategy[Json]:
    """JSON values that a schema accepts: a schema of a contract, or a JSON Schema 2020-12 as a dict or bool.

    On the request side `readOnly` members are left out, on the response side `writeOnly` ones. Strings of schemas that
    say `format: password` or `writeOnly` are `Secret`s, which no falsifying example shows. Raises InvalidArgument for
    what is no schema, or accepts nothing.
    """
    if isinstance(schema, Schema):
        return values_at(node_of(schema), side, hides=True)
    if isinstance(schema, dict | bool):
        return values_at(Node(schema, "", "value", _Within(schema)), side, hides=True)
    raise InvalidArgument(f"a schema is needed, not {type(schema).__name__}")


def values_at(node: Node, side: Side = Side.REQUEST, *, hides: bool = False) -> SearchStrategy[Json]:
    """As `values`, for a schema where it stands; secrets are plain strings unless it `hides` them."""
    maker = _Maker(side, hides)
    try:
        drawn = maker.any(node, {})
    except Impossible as error:
        raise InvalidArgument(f"no value can be made: {error}") from None
    if not maker.doubtful:
        return drawn
    fits = checker(node, side)
    return drawn.filter(lambda value: fits(_plain(value)) if hides else fits(value))


@dataclass
class _Maker:
    """Puts together the strategy of one schema; `doubtful` once something in it needs a judge."""

    side: Side
    hides: bool = False
    doubtful: bool = False

    def any(self, node: Node, rounds: dict[str, int]) -> SearchStrategy[Json]:
        """Values of every type that the schema allows. Raises `Impossible` if there is none."""
        drawn = self._any(node, rounds)
        return drawn.map(_hidden) if self.hides and node.is_secret else drawn

    def _any(self, node: Node, rounds: dict[str, int]) -> SearchStrategy[Json]:
        if node.value is True or node.value == {}:
            return ANYTHING
        rounds = self._once_more(node, rounds)
        branches = alternatives(node)
        if branches:
            self.doubtful = True
            return self._first_of([(branch, None) for branch in branches], rounds)
        kinds = types_of(node.value, node.resolve)
        return self._first_of(
            [
                (node, kind)
                for kind in _SIMPLEST_FIRST
                if kind in kinds and not (kind == "integer" and "number" in kinds)
            ],
            rounds,
        )

    @staticmethod
    def _once_more(node: Node, rounds: dict[str, int]) -> dict[str, int]:
        """The count of visits to each schema, one more for this one."""
        here = f"{node.at} {types_of(node.value, node.resolve)}" if alternatives(node) else node.at
        if rounds.get(here, 0) >= _ROUNDS:
            raise Impossible(f"a schema that never ends at {node.at}")
        return {**rounds, here: rounds.get(here, 0) + 1} if node.at else rounds

    def _first_of(self, choices: list[tuple[Node, str | None]], rounds: dict[str, int]) -> SearchStrategy[Json]:
        found = []
        for node, kind in choices:
            try:
                found.append(self.any(node, rounds) if kind is None else self._of(node, kind, rounds))
            except Impossible:
                continue
        if not found:
            raise Impossible("nothing fits")
        return st.one_of(found)

    def _of(self, node: Node, kind: str, rounds: dict[str, int]) -> SearchStrategy[Json]:
        if kind == "string":
            return self._strings(node)
        found = view(node, kind)
        self.doubtful = self.doubtful or not found.sure
        listed = literals(found)
        if listed is not None:
            if not listed:
                raise Impossible(f"no listed value at {node.at}")
            return st.sampled_from(listed)
        match kind:
            case "object":
                return self._objects(found, rounds)
            case "array":
                return self._lists(found, rounds)
            case "boolean":
                return st.booleans()
            case "null":
                return st.none()
            case _:
                return _numbers(found)

    def _strings(self, node: Node) -> SearchStrategy[Json]:
        formats = [keyword.value for keyword in view(node, "string").all("format") if keyword.value in SAMPLES]
        try:
            language = valid_language(rules_at(node))
        except (PatternError, RuleTooLarge):
            self.doubtful = True
            return _unread(node)
        if language.is_empty:
            raise Impossible(f"no valid string at {node.at}")
        if not formats:
            return drawn_from(language)
        own = None if rules_at(node).names else _FORMATS.get(formats[0])
        texts = [text for text in SAMPLES[formats[0]] if text in language]
        if own is None and not texts:
            raise Impossible(f"no valid string at {node.at}")
        return own if own is not None else st.sampled_from(texts)

    def _objects(self, found: View, rounds: dict[str, int]) -> SearchStrategy[dict[str, Json]]:
        flag = "readOnly" if self.side is Side.REQUEST else "writeOnly"
        named = found.members()
        hidden = {name for name, nodes in named.items() if any(has_flag(node, flag) for node in nodes)}
        extra = [keyword for keyword in found.all("additionalProperties") if keyword.value is not True]
        required: dict[str, SearchStrategy[Json]] = {}
        optional: dict[str, SearchStrategy[Json]] = {}
        for name in [*found.required(), *named]:
            if name in hidden or name in required or name in optional:
                continue
            try:
                drawn = self._member(named.get(name), extra, found, rounds)
            except Impossible:
                if name in found.required():
                    raise
                continue
            (required if name in found.required() else optional)[name] = drawn
        limits = [keyword for keyword in found.keywords if keyword.name in ("minProperties", "maxProperties")]
        if named or required:
            self.doubtful = self.doubtful or bool(limits)
            return st.fixed_dictionaries(required, optional=optional)
        return self._maps(found, extra, rounds)

    def _member(
        self, nodes: list[Node] | None, extra: list[Any], found: View, rounds: dict[str, int]
    ) -> SearchStrategy[Json]:
        if nodes is not None:
            return self.any(combined(nodes), rounds)
        if not extra:
            return ANYTHING
        return self.any(Node(extra[0].value, extra[0].at, "value", found.node.resolve), rounds)

    def _maps(self, found: View, extra: list[Any], rounds: dict[str, int]) -> SearchStrategy[dict[str, Json]]:
        least = max((keyword.value for keyword in found.all("minProperties")), default=0)
        most = min((keyword.value for keyword in found.all("maxProperties")), default=least + _MORE_ITEMS)
        try:
            member = self._member(None, extra, found, rounds)
        except Impossible:
            if least:
                raise
            return st.just({})
        return st.dictionaries(st.text(), member, min_size=least, max_size=min(most, least + _MORE_ITEMS))

    def _lists(self, found: View, rounds: dict[str, int]) -> SearchStrategy[list[Json]]:
        least = max((keyword.value for keyword in found.all("minItems")), default=0)
        most = min((keyword.value for keyword in found.all("maxItems")), default=least + _MORE_ITEMS)
        most = min(most, least + _MORE_ITEMS)
        items = found.items()
        try:
            item = self.any(combined(items), rounds) if items else ANYTHING
        except Impossible:
            if least:
                raise
            return st.just([])
        if any(keyword.value is True for keyword in found.all("uniqueItems")):
            return st.lists(item, min_size=least, max_size=most, unique_by=_identity)
        return st.lists(item, min_size=least, max_size=most)


def _identity(value: Json) -> str:
    return json.dumps(value, sort_keys=True)


def _numbers(found: View) -> SearchStrategy[Json]:
    schema: dict[str, Json] = {"type": found.type}
    parts = [{"type": found.type, keyword.name: keyword.value} for keyword in bounds(found)]
    return from_schema({"allOf": parts} if parts else schema)


def _unread(node: Node) -> SearchStrategy[Json]:
    """Strings of a pattern that is no regular language, or too large: what the other library makes of it.

    A pattern that no engine reads counts as absent, as validation has it. Raises `Impossible` for one that only Python
    does not read.
    """
    keywords = view(node, "string").keywords
    schema = {
        each.name: each.value for each in keywords if each.name in ("pattern", "minLength", "maxLength", "format")
    }
    if not _is_read_by_python(schema.get("pattern", "")):  # the other library would warn, and then forget it
        if translated(schema["pattern"]) is not None:
            raise Impossible(f"no string can be drawn at {node.at}")
        del schema["pattern"]
    return from_schema({"type": "string", **schema})


def _is_read_by_python(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _hidden(value: Json) -> Json:
    return Secret(value) if isinstance(value, str) else value


def _plain(value: Json) -> Json:
    """The value for jsonschema-rs, which knows no subclasses of str."""
    if isinstance(value, Secret):
        return str(value)
    if isinstance(value, dict):
        return {name: _plain(child) for name, child in value.items()}
    return [_plain(child) for child in value] if isinstance(value, list) else value


@dataclass(frozen=True)
class _Within:
    """References inside of a plain schema."""

    document: Json

    def __call__(self, reference: str) -> tuple[Json, str]:
        found = self.document
        for escaped in reference.removeprefix("#").split("/")[1:]:
            token = escaped.replace("~1", "/").replace("~0", "~")
            try:
                found = found[int(token)] if isinstance(found, list) else found[token]
            except (LookupError, ValueError, TypeError):
                raise InvalidArgument(f"`$ref` {reference!r} leads nowhere") from None
        return found, reference.removeprefix("#")
