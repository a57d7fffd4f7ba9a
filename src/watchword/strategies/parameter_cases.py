"""Cases about parameters beyond their strings: absent, given twice, of another form, and the spellings of a path."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from watchword.contract import Parameter
from watchword.ground import Certainty
from watchword.strategies.case import Draft, Value
from watchword.strategies.fitting import Unfit, fits
from watchword.strategies.frame import Frame, Sketch
from watchword.strategies.instances import Impossible, Site, bounds, literals, within
from watchword.strategies.misread import NO_BOOLEANS, NO_INTEGERS, NO_NUMBERS, misread
from watchword.strategies.shape import node_of, types_of, view
from watchword.strategies.spelling import Spelling, percent_encoded
from watchword.strategies.texts import Texts
from watchword.strategies.value_cases import accepted_at, missing_members, out_of_bounds, wrong_types
from watchword.strategies.wire import form_pairs, scalar_text

Json = Any

_WITHIN = ("word", "letter-after", "yes")
_FOREIGN_PATHS: tuple[tuple[str, Spelling], ...] = (
    ("space-after", Spelling(after=" ")),
    ("space-before", Spelling(before=" ")),
    ("newline-after", Spelling(after="\n")),
    ("nul-after", Spelling(after="\0")),
    ("list", Spelling(form="twice")),
    ("full-width", Spelling(form="full-width")),
    ("cyrillic", Spelling(form="Cyrillic letters")),
    ("arabic-indic-digits", Spelling(form="Arabic-Indic digits")),
    ("extension-after", Spelling(after=".json")),
    ("percent-escaped", Spelling(form="percent escape")),
    ("second-line", Spelling(after="\n!")),
    ("percent-wildcard", Spelling(form="percent wildcard")),
    ("star-after", Spelling(after="*")),
    ("zero-width-space-after", Spelling(after="\N{ZERO WIDTH SPACE}")),
    ("accent-after", Spelling(after="\N{COMBINING ACUTE ACCENT}")),
    ("semicolon-after", Spelling(after=";x")),
    ("quote-after", Spelling(after="'")),
)


def accepted_paths(frame: Frame) -> Iterator[Sketch]:
    """The values of path and query percent-encoded byte by byte: the same address (RFC 3986 section 6.2.2)."""
    values = [value for value in frame.required if value.where == "path" and value.wire is None]
    if values:
        draft = with_escapes(frame, frame.draft())
        about = "the values of the path, percent-encoded"
        yield Sketch("accept", "path", "percent-encoded", about, draft, location=f"path.{values[-1].name}")


def with_escapes(frame: Frame, draft: Draft) -> Draft:
    """The draft with the plain values of its path and its query percent-encoded byte by byte."""
    encoded = {parameter.name for parameter in frame.parameters if _is_plain_query(parameter)}
    return replace(draft, values=tuple(_percent_encoded(value, encoded) for value in draft.values))


def _percent_encoded(value: Value, encoded: set[str]) -> Value:
    if value.where == "path" and value.wire is None:
        return replace(value, spelling=Spelling(percent=True))
    if value.where == "query" and value.name in encoded and value.wire is not None:
        name, mark, text = value.wire.partition("=")
        return replace(value, wire=f"{name}{mark}{percent_encoded(unquote(text))}", fixed=True)
    return value


def _is_plain_query(parameter: Parameter) -> bool:
    """Whether a value stands in the query as it is, and no target has another one of that name."""
    return (
        parameter.where == "query" and parameter.media is None and parameter.style == "form" and _is_listed(parameter)
    )


def _is_listed(parameter: Parameter) -> bool:
    return parameter.schema is not None and bool(literals(view(node_of(parameter.schema), "string")))


def accepted_parameters(frame: Frame) -> Iterator[Sketch]:
    """Each optional parameter alone, both booleans, the listed values."""
    for parameter in frame.parameters:
        if parameter.where == "path":
            continue
        location = f"{parameter.where}.{parameter.name}"
        for variant, value in _values(frame, parameter):
            try:
                draft = frame.draft(value)
            except Impossible:
                continue
            yield Sketch("accept", parameter.name, variant, f"{location}: a valid value", draft, location=location)
        for site in frame.parameter_sites(parameter):
            if site.path or "array" in types_of(site.node.value, site.node.resolve):
                yield from accepted_at(frame, site)


def _values(frame: Frame, parameter: Parameter) -> Iterator[tuple[str, Value]]:
    try:
        node = frame.parameter_node(parameter)
        if not parameter.required:
            yield "alone", frame.value(parameter)
    except Impossible:
        return
    kinds = types_of(node.value, node.resolve)
    if parameter.media is not None or "string" in kinds:
        return
    values: list[Json] = [True, False] if "boolean" in kinds else []
    for kind in sorted(kinds & {"integer", "number"}):
        found = frame.instances.view(node, kind)
        keywords = bounds(found)
        listed = literals(found)
        if found.sure and listed is not None:
            values += listed
        elif found.sure:
            values += [keyword.value for keyword in keywords if within(keyword.value, keywords) and keyword.value]
    for value in dict.fromkeys(values):
        if (not isinstance(value, float) or value.is_integer()) and abs(value) < 2**53:
            whole = value if isinstance(value, bool) or not isinstance(value, float) else int(value)
            yield scalar_text(whole), frame.given(parameter, whole)


def refused_parameters(frame: Frame) -> Iterator[Sketch]:
    """Required parameters left out, given twice, and values that have not the form of their type."""
    for parameter in frame.parameters:
        try:
            node = frame.parameter_node(parameter)
        except Impossible:
            continue
        yield from _absent(frame, parameter)
        sites = frame.parameter_sites(parameter)
        if parameter.media:
            yield from missing_members(frame, sites)
        for site in sites:
            yield from out_of_bounds(frame, site)
            if parameter.media:
                yield from wrong_types(frame, site)
            elif site.path:
                yield from _malformed_within(frame, parameter, site)
        kinds = types_of(node.value, node.resolve)
        if parameter.media is not None or parameter.style not in ("simple", "form"):
            continue
        yield from _twice(frame, parameter, kinds)
        yield from _renamed(frame, parameter)
        yield from _malformed(frame, parameter, kinds)


def _absent(frame: Frame, parameter: Parameter) -> Iterator[Sketch]:
    if parameter.required and parameter.where != "path":
        try:
            draft = frame.spoken(frame.draft(without=parameter.name))
        except Impossible:
            return
        location = f"{parameter.where}.{parameter.name}"
        about = f"{location}: a required parameter left out"
        certainty = parameter.clause.certainty
        yield Sketch("refuse", "missing-parameter", parameter.name, about, draft, certainty, location)


def _twice(frame: Frame, parameter: Parameter, kinds: frozenset[str]) -> Iterator[Sketch]:
    if parameter.where != "query" or not kinds or kinds & {"array", "object"}:
        return
    try:
        value = frame.value(parameter)
        wire = f"{value.wire}&{value.wire}"
        draft = frame.draft(replace(value, wire=wire, fixed=True))
    except Impossible:
        return
    location = f"query.{parameter.name}"
    about = f"{location}: a parameter given twice"
    yield Sketch("either", "parameter-format", f"{parameter.name}-twice", about, draft, location=location)


def _renamed(frame: Frame, parameter: Parameter) -> Iterator[Sketch]:
    """A required parameter under a name in another case: names in a query are told apart by case."""
    if parameter.where != "query" or not parameter.required:
        return
    try:
        value = frame.value(parameter)
        other = replace(value, wire=(value.wire or "").replace(value.name, value.name.swapcase(), 1), fixed=True)
        draft = _told_in_the_body(frame, frame.spoken(frame.draft(other, without=parameter.name)), value)
    except Impossible:
        return
    if draft.values and other.wire != value.wire:
        location = f"query.{parameter.name}"
        about = f"{location}: a required parameter under its name in another case, and in the body"
        certainty = parameter.clause.certainty
        yield Sketch("refuse", "missing-parameter", f"{parameter.name}-renamed", about, draft, certainty, location)


def _told_in_the_body(frame: Frame, draft: Draft, value: Value) -> Draft:
    """The draft with a parameter as a member of its body too, where that may have members of any name."""
    if frame.content is None or frame.content.kind != "json" or not draft.body:
        return draft
    body = json.loads(draft.body)
    try:
        added = {**body, value.name: value.text}
        fits(frame.instances, frame.content.node, added)
    except (TypeError, Unfit, Impossible):
        return draft
    return frame.with_value(draft, added)


def _malformed(frame: Frame, parameter: Parameter, kinds: frozenset[str]) -> Iterator[Sketch]:
    """Texts that are no integer, number or boolean, though careless software takes them for one."""
    changed: list[tuple[str, Value]] = []
    try:
        if kinds in ({"integer"}, {"integer", "number"}):
            base = frame.value(parameter)
            entries = NO_INTEGERS if kinds == {"integer"} else NO_NUMBERS
            for name, spelling in entries:
                changed += _spelt(parameter, base, name, spelling)
        elif kinds == {"boolean"}:
            changed = [(name, _raw(parameter, text)) for name, text in NO_BOOLEANS if _sendable(parameter, text)]
    except Impossible:
        return
    location = f"{parameter.where}.{parameter.name}"
    for name, value in changed:
        try:
            draft = frame.spoken(frame.draft(value))
        except Impossible:
            continue
        if name == "octal":  # another device's id to whoever reads it as a decimal number
            draft = replace(draft, hazard=True)
        about = f"{location}: a value that is no {min(kinds)} ({name.replace('-', ' ')})"
        certainty = parameter.clause.certainty
        yield Sketch("refuse", "parameter-format", f"{parameter.name}-{name}", about, draft, certainty, location)


def _spelt(parameter: Parameter, base: Value, name: str, spelling: Spelling) -> list[tuple[str, Value]]:
    if parameter.where == "path":
        return [(name, replace(base, spelling=spelling))] if base.wire is None else []
    text = spelling.of(base.text)
    return [(name, _raw(parameter, text))] if _sendable(parameter, text) else []


def _raw(parameter: Parameter, text: str) -> Value:
    wire = text if parameter.where == "header" else form_pairs(parameter.name, text, "form", explode=True)
    if parameter.where == "path":
        return Value("path", parameter.name, text, None, fixed=True)
    return Value(parameter.where, parameter.name, text, wire, fixed=True)


def _sendable(parameter: Parameter, text: str) -> bool:
    if parameter.where == "header":
        return text == text.strip() and all(" " <= c <= "~" for c in text)
    return parameter.where != "path" or bool(text)


def _malformed_within(frame: Frame, parameter: Parameter, site: Site) -> Iterator[Sketch]:
    """As `_malformed`, for an item or a member of the parameter."""
    kinds = types_of(site.node.value, site.node.resolve)
    location = f"{parameter.where}.{parameter.name}"
    for name, text in misread(kinds, "1"):
        if name in _WITHIN:
            try:
                draft = frame.spoken(frame.planted(site, text))
            except Impossible:
                continue
            about = f"{location}: holds what is no {min(kinds)} ({name.replace('-', ' ')})"
            rule, certainty = "parameter-format", parameter.clause.certainty
            yield Sketch(
                "refuse", rule, f"{parameter.name}-holds-{name}", about, draft, certainty, location, sure=site.sure
            )


def refused_paths(frame: Frame) -> Iterator[Sketch]:
    """The target's own values with something that their rule forbids, so that trimming or folding finds the device."""
    for parameter in frame.parameters:
        if parameter.where != "path" or parameter.media is not None or parameter.style != "simple":
            continue
        try:
            node = frame.parameter_node(parameter)
            if types_of(node.value, node.resolve) != {"string"}:
                continue
            texts = frame.instances.texts(node)
            base = frame.value(parameter)
        except Impossible:
            continue
        location = f"path.{parameter.name}"
        for name, spelling in _FOREIGN_PATHS:
            judged = _same_for_all(texts, spelling, base.text)
            if judged is not None:
                changed = frame.spoken(frame.draft(replace(base, spelling=spelling)))
                draft = replace(changed, hazard=name == "percent-wildcard")
                about = f"{location}: the target's own value, changed ({name.replace('-', ' ')})"
                certainty = texts.certainties.get(judged[0], Certainty.DOCUMENTED)
                yield Sketch("refuse", judged[0], name, about, draft, certainty, location, judged[1])


def _same_for_all(texts: Texts, spelling: Spelling, text: str) -> tuple[str, tuple[str, ...]] | None:
    """The rule that the changed text breaks, if the change matters and does not depend on this very text's length."""
    if not texts.restricts or spelling.of(text) == text:
        return None
    judged = texts.judged(spelling.of(text))
    return judged if judged is not None and judged == texts.judged(spelling.of(text[:-1] or text)) else None
