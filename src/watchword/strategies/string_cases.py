"""Cases about the strings of a request, wherever they stand: in members of the body, in parameters and headers."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from watchword.contract import Parameter
from watchword.ground import Certainty
from watchword.strategies.case import Draft
from watchword.strategies.frame import Frame, Sketch, body_location
from watchword.strategies.instances import Impossible, Path
from watchword.strategies.shape import Node, is_secret, types_of
from watchword.strategies.texts import Accepted, Refused, Texts

_LONGEST_IN_URL = 2_000
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
    path: Path = ()
    """Where it stands below the body's value."""


def string_sites(frame: Frame) -> Iterator[StringSite]:
    """The strings of the body, breadth first, then those of the parameters, that have a rule."""
    content = frame.content
    if content is not None and content.kind == "text":
        yield from _site(frame, "body", content.node, lambda text: frame.planted((), text), sure=True)
    for site in frame.sites:
        yield from _site(
            frame,
            body_location(site.path),
            site.node,
            lambda text, path=site.path: frame.planted(path, text),  # type: ignore[misc]
            sure=site.sure,
            path=site.path,
        )
    for parameter in frame.operation.parameters:
        if parameter.media is None:
            yield from _parameter_site(frame, parameter)


def _parameter_site(frame: Frame, parameter: Parameter) -> Iterator[StringSite]:
    try:
        node = frame.parameter_node(parameter)
    except Impossible:
        return

    def put(text: str) -> Draft:
        draft = frame.draft(frame.given(parameter, text))
        secrets = (text,) if is_secret(node) else ()
        if parameter.where in ("path", "query", "cookie") and len(text) > _LONGEST_IN_URL:
            raise Impossible("a URL that no server reads to its end")
        return replace(draft, secrets=(*draft.secrets, *secrets))

    location = f"{parameter.where}.{parameter.name}"
    yield from _site(frame, location, node, put, sure=True, acts=parameter.where == "path")


def _site(
    frame: Frame,
    location: str,
    node: Node,
    put: Callable[[str], Draft],
    *,
    sure: bool,
    acts: bool = False,
    path: Path = (),
) -> Iterator[StringSite]:
    kinds = types_of(node.value, node.resolve)
    if "string" not in kinds or not kinds <= {"string", "null"}:
        return
    try:
        texts = frame.instances.texts(node)
    except Impossible:
        return
    if texts.base is not None:
        yield StringSite(location, texts, put, sure, acts, path)


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
                draft = frame.accompanied(draft)
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
                    found.setdefault(body_location((name,)), set()).add(len(value))
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
