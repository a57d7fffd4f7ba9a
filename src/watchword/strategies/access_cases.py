"""Cases about who calls and which device is meant. What a contract promises of them stands in its replies."""

from collections.abc import Iterator
from dataclasses import replace

from watchword.contract import Operation, Scheme
from watchword.ground import Certainty, PatternError, RuleTooLarge
from watchword.strategies.case import Credential, Draft
from watchword.strategies.frame import Frame, Sketch
from watchword.strategies.instances import Impossible
from watchword.strategies.parameter_cases import with_escapes
from watchword.strategies.shape import Node, types_of
from watchword.strategies.spelling import Spelling
from watchword.strategies.texts import Texts

_REFUSED: tuple[tuple[Credential, str, str], ...] = (
    ("forged", "forged-credential", "a credential of the right form that nobody handed out"),
    ("truncated", "forged-credential", "a credential without its last character"),
    ("lengthened", "forged-credential", "a credential with a character more at its end"),
    ("listed", "forged-credential", "a credential as the second of a list"),
    ("escaped", "forged-credential", "a credential with a percent escape in it"),
    ("other-case", "forged-credential", "a credential in which upper and lower case are exchanged"),
)


def credential_cases(frame: Frame, draft: Draft) -> Iterator[Sketch]:
    """Requests without a credential, with an empty, forged or cut one, under a wrong scheme, of another principal."""
    operation = frame.operation
    schemes = next((alternative for alternative in operation.security if alternative), ())
    if not schemes or any(scheme.kind == "mutualTLS" for scheme in schemes):
        return
    optional = () in operation.security
    certainty = _least(scheme.clause.certainty for scheme in schemes)
    missing = Certainty.ASSUMED if optional else certainty
    sure = len(operation.security) == 1 or optional
    about = "no credential, and everything else that there may be"
    told = {(value.where, value.name) for value in draft.values}
    more = tuple(value for value in frame.every if (value.where, value.name) not in told)
    changed = replace(draft, values=(*draft.values, *more), credential="none")
    yield Sketch("refuse", "missing-credential", "none", about, changed, missing, "security", sure=sure)
    changed = replace(draft, credential="empty")
    yield Sketch(
        "refuse", "missing-credential", "empty", "an empty credential", changed, missing, "security", sure=sure
    )
    changed = replace(draft, credential="elsewhere", hazard=True)  # whatever keeps URLs must not keep this one
    about = "the credential in other headers, in cookies and in the query only"
    yield Sketch("refuse", "missing-credential", "elsewhere", about, changed, missing, "security", sure=sure)
    if _has_word(schemes) and not optional:
        changed = replace(draft, credential="wrong-scheme")
        about = "the credential under another scheme"
        yield Sketch("refuse", "wrong-scheme", "basic", about, changed, certainty, "security", sure=sure)
        changed = replace(draft, credential="bare")
        about = "the credential without the name of its scheme"
        yield Sketch("refuse", "wrong-scheme", "none", about, changed, certainty, "security", sure=sure)
    refusing = certainty if _promises(operation, ("400", "401", "403", "4XX")) else Certainty.ASSUMED
    for credential, rule, about in _REFUSED:
        changed = replace(draft, credential=credential)
        yield Sketch("refuse", rule, credential, about, changed, refusing, "security")
    stranger = certainty if _promises(operation, ("401", "403", "404", "4XX")) else Certainty.ASSUMED
    changed = replace(draft, credential="other")
    yield Sketch("refuse", "other-credential", "other", "another principal's credential", changed, stranger, "security")
    for variant, way, asked in _other_ways(frame):
        changed = replace(asked, credential="other")
        about = f"another principal's credential, with {way}"
        yield Sketch("refuse", "other-credential", f"other-{variant}", about, changed, stranger, "security")


def _other_ways(frame: Frame) -> Iterator[tuple[str, str, Draft]]:
    """The request as the one that asks who calls may not expect it: a role may be checked on one path only."""
    try:
        least = frame.draft()
        yield "least", "the smallest request and a path that is percent-encoded", with_escapes(frame, least)
        if frame.companions and frame.content is not None:
            most = {**frame.instances.full(frame.content.node), **frame.companions}
            yield "most", "everything in the request that may be in it", frame.with_value(least, most)
    except Impossible:
        return


def device_cases(frame: Frame, draft: Draft) -> Iterator[Sketch]:
    """Requests about a device that does not exist, or that is not the caller's; ids that are nearly the target's."""
    device = next((value for value in reversed(frame.required) if value.where == "path"), None)
    if device is None or not _promises(frame.operation, ("404", "4XX", "DEFAULT"), assumed=True):
        return
    certainty = _promised(frame.operation, ("404", "4XX", "DEFAULT"))
    location = f"path.{device.name}"
    unknown = replace(with_escapes(frame, draft), device="unknown")
    yield Sketch("refuse", "unknown-device", "unknown", "a device that does not exist", unknown, certainty, location)
    foreign = replace(draft, device="foreign")
    about = "a device that is somebody else's"
    strange = _promised(frame.operation, ("401", "403", "404", "4XX", "DEFAULT"))
    yield Sketch("refuse", "foreign-device", "foreign", about, foreign, strange, location)
    here = replace(draft, device="foreign-here", hazard=True)
    about = "a device that is somebody else's, beneath our own path"
    yield Sketch("refuse", "foreign-device", "foreign-here", about, here, strange, location)
    there = replace(draft, device="own-there", hazard=True)
    about = "our own device's id, beneath somebody else's path"
    yield Sketch("refuse", "foreign-device", "own-there", about, there, Certainty.ASSUMED, location)
    nodes = {each.name: frame.parameter_node(each) for each in frame.operation.parameters if each.where == "path"}
    for parent in frame.required:
        other = Spelling(form="another")
        if (
            parent.where == "path"
            and parent is not device
            and parent.wire is None
            and _may_be(frame, nodes[parent.name], other.of(parent.text))
        ):
            spelt = replace(parent, spelling=other)
            values = tuple(spelt if value is parent else value for value in draft.values)
            about = f"our own device's id, beneath another {parent.name}"
            changed = replace(draft, values=values, hazard=True)
            yield Sketch("refuse", "unknown-parent", parent.name, about, changed, Certainty.ASSUMED, location)
    if any(frame.operation.security):
        hidden = replace(unknown, credential="none")
        about = "no credential, and a device that does not exist"
        yield Sketch("refuse", "unknown-device", "no-credential", about, hidden, Certainty.ASSUMED, location)
    node = nodes[device.name]
    kinds = types_of(node.value, node.resolve)
    for name, near, hazard in _NEAR[min(kinds)] if kinds in ({"string"}, {"integer"}) else ():
        spelling = near
        if near.length:
            spelling = Spelling(length=_longest(frame.instances.texts(node)))
        spelt = replace(device, spelling=spelling)
        values = tuple(spelt if value is device else value for value in draft.values)
        text = spelling.of(device.text)
        if text == device.text or not _may_be(frame, node, text):
            continue
        changed = replace(draft, values=values, hazard=hazard)
        about = f"an id that is nearly the target's ({name.replace('-', ' ')})"
        expected = Certainty.ASSUMED if name in _MAY_BE else certainty
        yield Sketch("refuse", "unknown-device", name, about, changed, expected, location)


def _may_be(frame: Frame, node: Node, text: str) -> bool:
    """Whether a text breaks no rule that a schema has for texts."""
    is_text = types_of(node.value, node.resolve) == {"string"}
    return not is_text or _allowed(frame.instances.texts(node), text)


_LONG = 300
"""More than the 255 characters that a column of a database often has."""


def _longest(texts: Texts) -> int:
    """The greatest length of an id, as far as it matters."""
    try:
        return min(texts.rules.valid.longest or _LONG, _LONG)
    except (PatternError, RuleTooLarge):
        return _LONG


_NEAR: dict[str, tuple[tuple[str, Spelling, bool], ...]] = {
    "integer": (
        ("plus-2-64", Spelling(form="plus 2^64"), False),
        ("plus-2-32", Spelling(form="plus 2^32"), True),
        ("minus", Spelling(before="-"), True),
    ),
    "string": (
        ("percent-wildcard", Spelling(form="percent wildcard"), True),
        ("underscore-wildcard", Spelling(form="underscore wildcard"), True),
        ("space-after", Spelling(after=" "), False),
        ("newline-after", Spelling(after="\n"), False),
        ("nul-after", Spelling(after="\0"), False),
        ("cut", Spelling(form="cut"), True),
        ("filled-up", Spelling(length=_LONG), False),
        ("full-width", Spelling(form="full-width"), True),
        ("other-case", Spelling(form="other case"), True),
        ("percent-escaped", Spelling(form="percent escape"), False),
        ("quote-after", Spelling(after="' or ''='"), True),
        ("space-before", Spelling(before=" "), False),
        ("second-line", Spelling(after="\n!"), False),
        ("slash-after", Spelling(after="/"), False),
        ("path-parameter", Spelling(after=";x"), False),
        ("star-wildcard", Spelling(form="star wildcard"), True),
        ("colon-after", Spelling(after=":x"), False),
        ("zero-width-after", Spelling(after="\N{ZERO WIDTH SPACE}"), False),
        ("accent-after", Spelling(after="\N{COMBINING ACUTE ACCENT}"), False),
        ("extension-after", Spelling(after=".json"), False),
        ("list", Spelling(form="twice"), True),
        ("separators", Spelling(form="other separators"), True),
        ("last-part", Spelling(form="last part"), True),
    ),
}
_MAY_BE = frozenset({"slash-after", "path-parameter"})
"""Spellings that some servers take for the target's id before the service sees them (RFC 3986 section 3.3)."""


def _allowed(texts: Texts, text: str) -> bool:
    return not texts.has_format and texts.rules.accepts(text)


def _has_word(schemes: tuple[Scheme, ...]) -> bool:
    return any(scheme.kind in ("http", "oauth2", "openIdConnect") for scheme in schemes) and len(schemes) == 1


def _promises(operation: Operation, statuses: tuple[str, ...], *, assumed: bool = False) -> bool:
    return any(
        reply.status.upper() in statuses and (assumed or reply.clause.certainty is Certainty.DOCUMENTED)
        for reply in operation.replies
    )


def _promised(operation: Operation, statuses: tuple[str, ...]) -> Certainty:
    return Certainty.DOCUMENTED if _promises(operation, statuses) else Certainty.ASSUMED


def _least(certainties: object) -> Certainty:
    return Certainty.ASSUMED if Certainty.ASSUMED in list(certainties) else Certainty.DOCUMENTED  # type: ignore[call-overload]
