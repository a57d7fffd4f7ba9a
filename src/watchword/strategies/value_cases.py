"""Cases about values that are no strings: types, numbers, lists, members. Bodies as values, never as bytes."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any
from urllib.parse import quote

from watchword.ground import Certainty
from watchword.strategies.case import Draft, Value
from watchword.strategies.frame import Frame, Sketch
from watchword.strategies.instances import Impossible, Site, bounds, candidates, literals, within
from watchword.strategies.misread import misread
from watchword.strategies.shape import Keyword, Node, View, type_rules, types_of
from watchword.strategies.wire import scalar_text

Json = Any

_OTHER_TYPES: tuple[tuple[str, str, Json], ...] = (
    ("null", "null", None),
    ("integer", "number", 10**20),  # beyond 64 bits
    ("array", "list", []),
    ("object", "object", {}),
    ("boolean", "boolean", True),
    ("string", "text", "text"),
    ("number", "fraction", 1.5),
)
_MOST_ITEMS = 200
_WRONG_NAMES = 6
_LIKE: dict[str, tuple[tuple[str, Json], ...]] = {
    "boolean": (("text-true", "true"), ("text-yes", "yes"), ("zero", 0), ("one", 1), ("text-empty", "")),
    "integer": (("text-1", "1"), ("text-empty", "")),
    "number": (("text-1", "1"),),
    "string": (("false", False),),
    "array": (("text-empty", ""),),
}


def wrong_values(frame: Frame) -> Iterator[Sketch]:
    """Members missing, values of wrong types and out of bounds, over the whole body, breadth first."""
    if frame.content is None:
        return
    root = Site((), frame.content.node, sure=True)
    yield from missing_members(frame, frame.places)
    if frame.content.kind == "json" and not frame.within:
        yield from _renamed(frame)
        yield from wrong_types(frame, root)
    for site in frame.sites:
        yield from (wrong_types if frame.content.kind == "json" else _wrong_texts)(frame, site)
    for site in frame.places:
        yield from out_of_bounds(frame, site)


def _sketch(
    frame: Frame, site: Site, rule: str, at: str, variant: str, about: str, value: Json, *, sure: bool = True
) -> Iterator[Sketch]:
    try:
        planted = frame.planted(site, value)
        draft = frame.spoken(planted) if site.path or site.parameter else planted
    except Impossible:
        return
    location = site.location
    certainty = frame.certainty(at, site.parameter.clause if site.parameter else None)
    yield Sketch("refuse", rule, variant, f"{location}: {about}", draft, certainty, location, sure=site.sure and sure)


def _broken(
    frame: Frame, site: Site, found: View, keyword: Keyword, variant: str, about: str, value: Json
) -> Iterator[Sketch]:
    """As `_sketch`, for a keyword of a view."""
    yield from _sketch(frame, site, keyword.rule, keyword.at, variant, about, value, sure=_is_sure(found))


def wrong_types(frame: Frame, site: Site) -> Iterator[Sketch]:
    """Values of every other type, and those that careless software takes for one of the right type."""
    kinds = types_of(site.node.value, site.node.resolve)
    rules = type_rules(site.node)
    if not rules or not kinds or len(kinds) == len(_OTHER_TYPES):
        return
    samples = [(kind, name, value) for kind, name, value in _OTHER_TYPES if kind not in kinds]
    if "string" in kinds:  # beyond signed 64 bits only: its digits are valid as many a text
        samples = [(kind, name, 2**63 if name == "number" else value) for kind, name, value in samples]
    if kinds == {"boolean"}:
        samples = [sample for sample in samples if sample[1] != "text"]  # texts that look like one are sent
    elif "array" not in kinds and "object" not in kinds and "string" not in kinds:
        samples = [sample for sample in samples if sample[1] != "object"]  # a list is no scalar either
    if "object" in kinds or "string" in kinds:
        samples = [sample for sample in samples if sample[1] != "boolean"]  # a number is sent, or `false`
    if not kinds & {"integer", "number"}:
        samples = [sample for sample in samples if sample[1] != "fraction"]  # another number is sent
    for expected in sorted(kinds):
        if expected == "string" and "array" not in kinds:
            samples.append(("array", "list-of-text", [_valid_text(frame, site)]))
        samples += [(_kind(value), name, value) for name, value in _LIKE.get(expected, ()) if _kind(value) not in kinds]
    told: set[str] = set()
    for _, name, value in samples:
        if name not in told:
            told.add(name)
            about = f"a value of a wrong type ({name.replace('-', ' ')})"
            for rule in sorted(rules):  # of several, a validator tells which one it is
                yield from _sketch(frame, site, rule, site.node.at, name, about, value, sure=len(rules) == 1)


def _wrong_texts(frame: Frame, site: Site) -> Iterator[Sketch]:
    """As `wrong_types` for a form, in which every value is a text."""
    kinds = types_of(site.node.value, site.node.resolve)
    rules = type_rules(site.node)
    try:
        text = scalar_text(frame.instances.minimal(site.node))
    except Impossible:
        return
    for name, wrong in misread(kinds, text):
        about = f"a text that is no {min(kinds)} ({name.replace('-', ' ')})"
        yield from _sketch(frame, site, min(rules), site.node.at, name, about, wrong, sure=len(rules) == 1)


def _valid_text(frame: Frame, site: Site) -> str:
    try:
        return frame.instances.texts(site.node).base or "text"
    except Impossible:
        return "text"


def _kind(value: Json) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "null")


def missing_members(frame: Frame, sites: Iterable[Site]) -> Iterator[Sketch]:
    """Each required member left out, one at a time."""
    for site in sites:
        if "object" not in types_of(site.node.value, site.node.resolve):
            continue
        found = frame.instances.view(site.node, "object")
        for name, keyword in found.required().items():
            if name in found.members() and name not in frame.instances.visible(found):
                continue
            try:
                smallest = frame.instances.minimal(site.node)
                value = {key: item for key, item in smallest.items() if key != name}
                draft = frame.planted(site, value or _with_another(frame, site, name))
                if not site.path and not site.parameter:
                    draft = _asked_for(draft, name, smallest.get(name))
            except Impossible:
                continue
            least = max((each.value for each in found.all("minProperties")), default=0)
            location = site.location
            yield Sketch(
                "refuse",
                keyword.rule,
                f"without-{name}",
                f"{location}: a required member left out",
                draft,
                frame.certainty(keyword.at, site.parameter.clause if site.parameter else None),
                location,
                sure=site.sure
                and found.sure
                and found.direct
                and len(value) >= least
                and _stated_once(found.all("required"), name),
            )


def _with_another(frame: Frame, site: Site, name: str) -> Json:
    """An object without a member: an empty one, or in a form, where that is no value at all, another one of them."""
    if site.parameter or (frame.content and frame.content.kind == "json"):
        return {}
    whole = frame.instances.full(site.node)
    return dict([(key, item) for key, item in whole.items() if key != name][:1])


def _renamed(frame: Frame) -> Iterator[Sketch]:
    """Each required member of the body under its name in another case: names are told apart by case."""
    if frame.content is None:
        return
    root = Site((), frame.content.node, sure=True)
    if "object" not in types_of(root.node.value, root.node.resolve):
        return
    found = frame.instances.view(root.node, "object")
    for name, keyword in found.required().items():
        others = [other for other in _spellings(name) if other not in found.members()]
        try:
            value = {key: item for key, item in frame.minimal.items() if key != name}
            value |= dict.fromkeys((*others, f" {name} "), frame.minimal.get(name))
            value["x_watchword"] = {name: frame.minimal.get(name)}
        except Impossible:
            return
        if others:
            about = "a required member under other spellings of its name, and in another member, only"
            closed = found.all("additionalProperties") or found.all("propertyNames")
            sure = found.sure and found.direct and not closed
            yield from _sketch(frame, root, keyword.rule, keyword.at, f"renamed-{name}", about, value, sure=sure)


def _asked_for(draft: Draft, name: str, value: Json) -> Draft:
    """The draft with a text as a parameter of its query too."""
    if not isinstance(value, str) or any(each.where == "query" and each.name == name for each in draft.values):
        return draft
    wire = f"{quote(name, safe='')}={quote(value, safe='', errors='surrogatepass')}"
    return replace(draft, values=(*draft.values, Value("query", name, value, wire, fixed=True)))


def _spellings(name: str) -> list[str]:
    """A name in upper case, in lower case, and as other languages write it: `user_name`, `user-name`, `userName`."""
    words = re.sub("([a-z0-9])([A-Z])", r"\1_\2", name).lower().replace("-", "_").split("_")
    camel = words[0] + "".join(word.capitalize() for word in words[1:])
    found = [name.upper(), name.lower(), "_".join(words), "-".join(words), camel, camel[:1].upper() + camel[1:]]
    return [each for each in dict.fromkeys(found) if each != name]


def _stated_once(keywords: list[Any], name: str) -> bool:
    return sum(name in keyword.value for keyword in keywords if isinstance(keyword.value, list)) == 1


def out_of_bounds(frame: Frame, site: Site) -> Iterator[Sketch]:
    """Numbers beyond their bounds, lists that are too short or too long or repeat, members that are not allowed."""
    kinds = types_of(site.node.value, site.node.resolve)
    if "integer" in kinds or "number" in kinds:
        yield from _wrong_numbers(frame, site, "integer" if "number" not in kinds else "number")
    for kind in sorted(kinds & {"integer", "number", "boolean"}):
        yield from _unlisted(frame, site, kind)
    if "array" in kinds:
        yield from _wrong_lists(frame, site)
    if "object" in kinds:
        yield from _extra_members(frame, site)
        yield from _wrong_sizes(frame, site)
        yield from _wrong_names(frame, site)
        yield from _without_dependents(frame, site)


def _is_told(frame: Frame, found: View) -> bool:
    """Whether a schema says what is wrong, at least to a validator."""
    return frame.daring or _is_sure(found)


def _is_sure(found: View) -> bool:
    """Whether it says so to anybody."""
    return found.sure and found.direct


def _wrong_numbers(frame: Frame, site: Site, kind: str) -> Iterator[Sketch]:
    found = frame.instances.view(site.node, kind)
    keywords = bounds(found)
    if literals(found) is not None or not _is_told(frame, found):
        return
    for keyword in keywords:
        others = [other for other in keywords if other is not keyword]
        wrong = [
            value
            for value in candidates(keywords, whole=kind == "integer")
            if within(value, others) and not within(value, [keyword])
        ]
        wrong.sort(key=lambda value, bound=keyword.value: abs(value - bound))  # type: ignore[misc]
        for number, value in enumerate(dict.fromkeys(wrong[:2]), start=1):
            about = f"a number beyond `{keyword.name}`"
            yield from _broken(frame, site, found, keyword, f"beyond-{number}", about, value)


def _unlisted(frame: Frame, site: Site, kind: str) -> Iterator[Sketch]:
    """Numbers and booleans that are none of those listed, next to one of them."""
    found = frame.instances.view(site.node, kind)
    lists = [*found.all("const"), *found.all("enum")]
    listed = literals(found)
    if len(lists) != 1 or not listed or not _is_told(frame, found):
        return
    near = [not listed[0]] if kind == "boolean" else [listed[-1] + 1, listed[0] - 1, max(listed) + 1]
    others = [value for value in near if value not in listed and within(value, bounds(found))]
    for number, value in enumerate(dict.fromkeys(others[:2]), start=1):
        about = f"a value that is not listed ({kind})"
        yield from _broken(frame, site, found, lists[0], f"unlisted-{number}", about, value)


def _wrong_lists(frame: Frame, site: Site) -> Iterator[Sketch]:
    found = frame.instances.view(site.node, "array")
    if literals(found) is not None or not _is_told(frame, found):
        return
    limits = [each for each in found.keywords if each.name in ("minItems", "maxItems", "uniqueItems")]
    for keyword in limits:
        others = [each for each in limits if each is not keyword]
        if keyword.name == "uniqueItems":
            if keyword.value is True:
                yield from _repeating(frame, site, found, keyword, others)
            continue
        count = keyword.value + (1 if keyword.name == "maxItems" else -1)
        if not 0 <= count <= _MOST_ITEMS or not _allow(others, count):
            continue
        try:
            value = frame.instances.items(found, count)
        except Impossible:
            continue
        about = f"a list of {count} items"
        yield from _broken(frame, site, found, keyword, f"{count}-items", about, value)


def _repeating(frame: Frame, site: Site, found: View, keyword: Keyword, others: list[Keyword]) -> Iterator[Sketch]:
    count = max([2, *(each.value for each in others if each.name == "minItems")])
    try:
        items = frame.instances.items(found, count - 1)
    except Impossible:
        return
    if count <= _MOST_ITEMS and _allow(others, count):
        value = [*items, items[0]]
        yield from _broken(frame, site, found, keyword, "same-twice", "a list with an item twice", value)


def _allow(limits: list[Keyword], count: int) -> bool:
    """Whether a list or an object of so many parts keeps the other limits."""
    least = max((each.value for each in limits if each.name.startswith("min")), default=0)
    return least <= count <= min((each.value for each in limits if each.name.startswith("max")), default=count)


def _extra_members(frame: Frame, site: Site) -> Iterator[Sketch]:
    found = frame.instances.view(site.node, "object")
    closed = [keyword for keyword in found.all("additionalProperties") if keyword.value is False]
    try:
        value = frame.instances.minimal(site.node)
    except Impossible:
        return
    if not isinstance(value, dict) or not _is_told(frame, found):
        return
    most = min((keyword.value for keyword in found.all("maxProperties")), default=None)
    if len(closed) == 1 and most is None:
        about = "a member that the contract does not name"
        extra = {**value, "x_watchword": 0}
        yield from _broken(frame, site, found, closed[0], "extra-member", about, extra)


def _wrong_names(frame: Frame, site: Site) -> Iterator[Sketch]:
    """Members whose name breaks a rule that names have."""
    found = frame.instances.view(site.node, "object")
    names = found.names()
    if names is None:
        return
    try:
        inner = frame.instances.members(found, len(found.required()) + 1)
        smallest, texts = frame.instances.minimal(site.node), frame.instances.texts(names)
    except Impossible:
        return
    value = next((item for name, item in inner.items() if name not in found.required()), 0)
    rule, about = f"{found.node.name}/propertyNames", "a member whose name breaks a rule"
    for refused in islice(texts.refused(), _WRONG_NAMES):
        wrong = {**smallest, refused.text: value}
        yield from _sketch(frame, site, rule, names.at, refused.variant, about, wrong, sure=False)


def _without_dependents(frame: Frame, site: Site) -> Iterator[Sketch]:
    """A member without another one that has to be there with it."""
    found = frame.instances.view(site.node, "object")
    for name in found.members():
        for need in found.dependents(name):
            try:
                whole = frame.instances.planted(site.node, (name,), frame.instances.full(site.node)[name])
            except (Impossible, KeyError):
                continue
            wrong = {key: item for key, item in whole.items() if key != need}
            about = "a member without another one that has to be there with it"
            rule = f"{found.node.name}/dependentRequired"
            yield from _sketch(frame, site, rule, found.node.at, f"{name}-without-{need}", about, wrong, sure=False)


def _wrong_sizes(frame: Frame, site: Site) -> Iterator[Sketch]:
    """Objects with a member too few or too many; where members may have any name, for another one may be forbidden."""
    found = frame.instances.view(site.node, "object")
    limits = [each for each in found.keywords if each.name in ("minProperties", "maxProperties")]
    if not _is_told(frame, found):
        return
    for keyword in limits:
        count = keyword.value + (1 if keyword.name == "maxProperties" else -1)
        if not 0 <= count <= _MOST_ITEMS or not _allow([each for each in limits if each is not keyword], count):
            continue
        try:
            value = frame.instances.members(found, count)
        except Impossible:
            continue
        about = f"an object of {count} members"
        yield from _broken(frame, site, found, keyword, f"{count}-members", about, value)


def accepted_values(frame: Frame) -> Iterator[Sketch]:
    """Each optional member alone; null and both booleans; listed numbers, numbers at their bounds, and lists."""
    if frame.content is None:
        return
    for site in frame.sites:
        yield from accepted_at(frame, site)


def accepted_at(frame: Frame, site: Site) -> Iterator[Sketch]:
    """What of that holds for the value at one place."""
    location = site.location
    for variant, about, value in _values(frame, site.node):
        try:
            draft = frame.planted(site, value)
        except Impossible:
            continue
        yield Sketch(
            "accept", site.node.name, variant, f"{location}: {about}", draft, location=location, sure=site.sure
        )


def _values(frame: Frame, node: Node) -> Iterator[tuple[str, str, Json]]:
    kinds = types_of(node.value, node.resolve)
    if "string" not in kinds:
        try:
            yield "alone", "an optional member alone", frame.instances.minimal(node)
        except Impossible:
            return
    if "null" in kinds and len(kinds) > 1:
        yield "null", "null, which is allowed", None
    if "array" in kinds:
        yield from _lists(frame, node)
    if "boolean" in kinds and literals(frame.instances.view(node, "boolean")) is None:
        yield "true", "true", True
        yield "false", "false", False
    for kind in sorted(kinds & {"integer", "number"}):
        found = frame.instances.view(node, kind)
        listed = literals(found)
        if not found.sure or (kind == "integer" and "number" in kinds):
            continue
        keywords = bounds(found)
        numbers = listed if listed is not None else _edges(keywords, whole=kind == "integer")
        for value in [value for value in numbers if within(value, keywords)][:12]:
            yield f"number-{value}", "a number at the edge of what is allowed", value


def _lists(frame: Frame, node: Node) -> Iterator[tuple[str, str, Json]]:
    """The shortest and the longest list that is allowed."""
    found = frame.instances.view(node, "array")
    for limit in ("minItems", "maxItems"):
        for count in {each.value for each in found.all(limit) if each.value <= _MOST_ITEMS}:
            try:
                yield f"{count}-items", f"a list of {count} items", frame.instances.items(found, count)
            except Impossible:
                continue


def _edges(keywords: list[Any], *, whole: bool) -> list[Json]:
    edges = [keyword.value for keyword in keywords if keyword.name != "multipleOf"]
    return [value for value in candidates(keywords, whole=whole) if any(abs(value - edge) <= 1 for edge in edges)]


def extra_members(frame: Frame) -> Iterator[Sketch]:
    """Members that the contract neither names nor forbids; whether a service takes them is not said."""
    content = frame.content
    if content is None or content.kind != "json" or types_of(content.node.value, content.node.resolve) != {"object"}:
        return
    found = frame.instances.view(content.node, "object")
    if not found.sure or any(found.all(name) for name in ("additionalProperties", "maxProperties")):
        return
    nested: Json = {}
    for _ in range(100):
        nested = {"a": nested}
    for variant, about, value in (
        ("extra-member", "a member that the contract does not name", 1),
        ("deep-member", "a member that the contract does not name, nested 100 levels deep", nested),
    ):
        try:
            body = frame.minimal
        except Impossible:
            return
        draft = frame.with_value(frame.draft(), {**body, "x_watchword": value})
        yield Sketch("accept", "extra-member", variant, f"body: {about}", draft, Certainty.ASSUMED, "body")
