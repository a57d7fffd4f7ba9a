"""Cases about the strings of a request, wherever they stand: in members of the body, in parameters and headers."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest

from watchword.ground import Certainty, render_pointer
from watchword.strategies.case import Draft
from watchword.strategies.frame import Frame, Sketch
from watchword.strategies.instances import Impossible, Path, Site
from watchword.strategies.shape import types_of
from watchword.strategies.texts import Accepted, Refused, Texts

_FOR_AN_ID = 2


@dataclass(frozen=True, slots=True)
class StringSite:
    """A place that holds a string: how to put one there, and whether nothing else then changes."""

    location: str
    texts: Texts
    put: Callable[[str], Draft]
    sure: bool
    acts: bool
    """Whether it says on what the request acts: then no made-up value is a valid one."""
    path: Path
    """Where it stands in the body's value, or the parameter's."""


def string_sites(frame: Frame) -> Iterator[StringSite]:
    """The strings of the body, breadth first, then those of the parameters, that have a rule."""
    content = frame.content
    if content is not None and content.kind == "text":
        yield from _site(frame, Site((), content.node, sure=True))
    for site in frame.sites:
        yield from _site(frame, site)
    for parameter in () if frame.chosen else frame.parameters:
        for site in frame.parameter_sites(parameter):
            yield from _site(frame, site)


def _site(frame: Frame, site: Site) -> Iterator[StringSite]:
    kinds = types_of(site.node.value, site.node.resolve)
    if "string" not in kinds or not kinds <= {"string", "null"}:
        return
    try:
        texts = frame.instances.texts(site.node)
    except Impossible:
        return
    acts = site.parameter is not None and site.parameter.where == "path"
    if texts.base is not None:
        yield StringSite(site.location, texts, partial(frame.planted, site), site.sure, acts, site.path)


def refused_strings(frame: Frame) -> Iterator[Sketch]:
    """One broken rule after the other, over all sites, then the next witness of each."""
    rounds = [list(_refused(frame, site)) for site in string_sites(frame) if site.texts.restricts]
    firsts = []
    rest = []
    for sketches in rounds:
        seen: set[str] = set()
        firsts.append([s for s in sketches if s.rule not in seen and not seen.add(s.rule)])  # type: ignore[func-returns-value]
        first = {id(sketch) for sketch in firsts[-1]}
        rest.append([sketch for sketch in sketches if id(sketch) not in first])
    for sketches in firsts:
        yield from sketches
    for row in zip_longest(*rest):
        yield from (sketch for sketch in row if sketch is not None)


def _refused(frame: Frame, site: StringSite) -> Iterator[Sketch]:
    told: Counter[str] = Counter()
    for refused in site.texts.refused():
        told[refused.rule] += 1
        if site.acts and told[refused.rule] > _FOR_AN_ID:
            continue  # an id that is none is unknown besides: a service that forgot the rule refuses it too
        try:
            draft = frame.spoken(site.put(refused.text))
            if told[refused.rule] % 2 == 0:  # every other time, for a rule may be checked on one path only
                draft = frame.accompanied(draft, plainly=told[refused.rule] % 4 == 0)
        except Impossible:
            continue
        yield _refusal(site, refused, draft)


def _refusal(site: StringSite, refused: Refused, draft: Draft) -> Sketch:
    return Sketch(
        "refuse",
        refused.rule,
        refused.variant,
        f"{site.location}: {refused.about}",
        draft,
        site.texts.certainties.get(refused.rule, Certainty.DOCUMENTED),
        site.location,
        refused.also,
        site.sure,
    )


def accepted_strings(frame: Frame) -> Iterator[Sketch]:
    """The valid texts of all sites, one of each in turn; the path is left to the target."""
    shown = _lengths_shown(frame)
    rounds = [_accepted(site, shown.get(site.location, set())) for site in string_sites(frame) if not site.acts]
    for row in zip_longest(*rounds):
        yield from (sketch for sketch in row if sketch is not None)


def _lengths_shown(frame: Frame) -> dict[str, set[int]]:
    """By location, the lengths of the texts in the document's own examples: those need no case more."""
    found: dict[str, set[int]] = {}
    for media in frame.operation.body.content if frame.operation.body else ():
        for example in media.examples:
            for name, value in example.value.items() if isinstance(example.value, dict) else ():
                if isinstance(value, str):
                    found.setdefault(f"body#{render_pointer([name])}", set()).add(len(value))
    return found


def _accepted(site: StringSite, shown: set[int]) -> Iterator[Sketch]:
    if not site.texts.restricts and not site.location.startswith("body"):
        return  # a name of something that only the target knows
    for accepted in site.texts.accepted():
        if accepted.variant in ("shortest", "longest") and len(accepted.text) in shown:
            continue
        try:
            draft = site.put(accepted.text)
        except Impossible:
            continue
        yield _acceptance(site, accepted, draft)


def _acceptance(site: StringSite, accepted: Accepted, draft: Draft) -> Sketch:
    name = site.texts.rules.name
    about = f"{site.location}: {accepted.about}"
    return Sketch("accept", name, accepted.variant, about, draft, accepted.certainty, site.location, sure=site.sure)


def narrowed(frame: Frame, location: str | None, draft: Draft) -> Iterator[Sketch]:
    """What a packed valid text was made of, one thing at a time; nothing where the draft is no such text."""
    for site in string_sites(frame):
        if site.location != location or site.acts:
            continue
        for accepted in site.texts.accepted():
            if accepted.variant.startswith(("members-", "fragments-", "lone-")) and _puts(site, accepted.text) == draft:
                for single in site.texts.singles(accepted.text):
                    yield _acceptance(site, single, site.put(single.text))


def _puts(site: StringSite, text: str) -> Draft | None:
    try:
        return site.put(text)
    except Impossible:
        return None
