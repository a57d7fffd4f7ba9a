"""All cases of one operation, most telling first, each with its id. What they are about is chosen in the `*_cases`."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from itertools import chain, islice

from watchword.contract import Contract, Operation
from watchword.ground import Certainty, Request
from watchword.strategies.access_cases import credential_cases, device_cases
from watchword.strategies.body_cases import (
    accepted_bodies,
    accepted_media_types,
    accepted_spellings,
    refused_bodies,
    refused_media_types,
)
from watchword.strategies.case import Case, Draft
from watchword.strategies.frame import Frame, Sketch
from watchword.strategies.instances import Impossible
from watchword.strategies.parameter_cases import (
    accepted_parameters,
    accepted_paths,
    refused_parameters,
    refused_paths,
)
from watchword.strategies.stray_cases import neighbours, stray_bodies, stray_credentials, stray_paths
from watchword.strategies.string_cases import accepted_strings, narrowed, refused_strings
from watchword.strategies.value_cases import accepted_values, extra_members, wrong_values

Judge = Callable[[Request], Collection[str]]
"""The rules that a request breaks, as a validator calls them."""

UNSEEN = frozenset({"forged-credential", "other-credential", "unknown-device", "foreign-device", "unknown-parent"})
"""Clauses that a request breaks without showing it: only the service knows its tokens and devices."""

ELSEWHERE = frozenset({"unknown-operation"})
"""Clauses of requests that are no requests for the operation whose case they are."""

EXAMPLE_TOKEN = "example-token-0"
"""What stands for a credential where there is no target."""

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def cases(operation: Operation, contract: Contract, *, judge: Judge | None = None) -> Iterator[Case]:
    """The cases of an operation of a contract, most telling first; always the same ones.

    An operation gives none if no valid request can be made for sure. With a `judge`, cases whose expectation it does
    not share are left out, and those are added of which only it can tell (`oneOf`, `not`, `if` in bodies).
    """
    frame = Frame(contract, operation, daring=judge is not None)
    ids: dict[str, int] = {}
    told: set[tuple[str, Draft]] = set()
    for sketch in _sketches(frame) if judge is None else chain(_sketches(frame), _of_alternatives(frame)):
        if (sketch.side, sketch.draft) in told:
            continue
        told.add((sketch.side, sketch.draft))
        if judge is None:
            if sketch.sure:
                yield _case(frame, sketch, ids)
            continue
        broken = set() if sketch.side == "either" else set(judge(_example(sketch.draft, operation)))
        if not sketch.sure and sketch.side == "refuse" and len(broken) == 1:
            sketch = replace(sketch, rule=min(broken))  # noqa: PLW2901 (of several alternatives, a judge knows the rule)
        case = _case(frame, sketch, ids)
        if _agrees(case, broken):
            yield case


def narrower_cases(case: Case, operation: Operation, contract: Contract) -> Iterator[Case]:
    """For an accept case that packs many characters or fragments in one value: a case for each of them alone.

    Whoever finds the packed one refused learns from these which of them is the culprit. Other cases give none.
    """
    frame = Frame(contract, operation)
    ids: dict[str, int] = {}
    for sketch in narrowed(frame, case.location, case.draft) if case.side == "accept" else ():
        yield _case(frame, sketch, ids)


def _sketches(frame: Frame) -> Iterator[Sketch]:
    """Stages; within one, places take turns."""
    try:
        draft = _usual(frame)
    except Impossible:
        return
    refused = refused_strings(frame)
    yield from accepted_bodies(frame)
    seen: set[str] = set()
    later: Iterator[Sketch] = iter(())
    for sketch in refused:
        if sketch.rule in seen:
            later = chain([sketch], refused)
            break
        seen.add(sketch.rule)
        yield sketch
    yield from credential_cases(frame, draft)
    yield from stray_credentials(frame.operation, draft)
    yield from device_cases(frame, draft)
    yield from neighbours(frame, draft)
    strings = accepted_strings(frame)
    yield from islice(strings, 12)
    yield from accepted_media_types(frame)
    yield from accepted_spellings(frame)
    yield from accepted_paths(frame)
    yield from refused_parameters(frame)
    yield from refused_bodies(frame)
    yield from stray_bodies(frame, draft)
    yield from stray_paths(draft)
    yield from refused_media_types(frame)
    yield from wrong_values(frame)
    yield from accepted_values(frame)
    yield from accepted_parameters(frame)
    yield from refused_paths(frame)
    yield from strings
    yield from later
    yield from extra_members(frame)


def _usual(frame: Frame) -> Draft:
    """A valid request that would take effect if it were accepted: the first example's, else the fullest, else any."""
    sketches = list(accepted_bodies(frame))
    if not sketches:
        raise Impossible("no valid request")
    with_body = [sketch for sketch in sketches if sketch.draft.body]
    return (with_body or sketches)[0].draft


def _case(frame: Frame, sketch: Sketch, ids: dict[str, int]) -> Case:
    operation = frame.operation
    parts = [frame.contract.name, operation.id, sketch.side, *sketch.rule.split("/"), sketch.variant]
    name = "/".join(_safe(part) for part in parts)
    if name in ids and sketch.location:
        name = f"{name}.{_safe(sketch.location)}"
    number = ids[name] = ids.get(name, 0) + 1
    while number > 1 and f"{name}.{number}" in ids:
        number += 1
    if number > 1:
        name = f"{name}.{number}"
        ids[name] = 1
    return Case(
        name,
        operation.label,
        sketch.side,
        sketch.rule,
        sketch.certainty,
        sketch.about,
        sketch.draft,
        sketch.location,
        sketch.also,
    )


def _safe(text: str) -> str:
    return _UNSAFE.sub("-", text).strip("-.") or "-"


def _of_alternatives(frame: Frame) -> Iterator[Sketch]:
    """What there is to say of each body that an operation may have, where it may have several."""
    for other in frame.alternatives():
        try:
            found = chain(
                accepted_bodies(other),
                refused_strings(other),
                wrong_values(other),
                accepted_values(other),
                accepted_strings(other),
            )
            yield from (
                replace(sketch, sure=False)
                for sketch in found
                if sketch.rule == "request" or (sketch.location or "").startswith("body")
            )
        except Impossible:
            continue


def _agrees(case: Case, broken: set[str]) -> bool:
    """Whether nothing is broken in an accept case, and in a refuse case what it is about and no more."""
    if case.side == "either":
        return True
    if case.rule in UNSEEN and case.draft.credential == "none":
        return broken <= {"missing-credential"}
    if case.side == "accept" or case.rule in UNSEEN:
        return not broken
    if case.rule == "missing-credential" and case.certainty is Certainty.ASSUMED:
        return broken <= {case.rule}
    return case.rule in broken and broken <= {case.rule, *case.also}


def example_request(case: Case, operation: Operation) -> Request:
    """The request of a case for a target that says nothing of itself."""
    return _example(case.draft, operation)


def _example(draft: Draft, operation: Operation) -> Request:
    return draft.request(operation, base_url=service_url(operation), values={}, token=lambda _: EXAMPLE_TOKEN)


def service_url(operation: Operation) -> str:
    """A made-up base URL that fits the operation's first server; variables of its path are filled in."""
    base = operation.paths[0].removesuffix(operation.path)
    return "https://service.example" + re.sub(r"\{[^{}]*\}", "x", base)
