"""Two contracts compared: which file does what. Holds no comparison of its own but the documents' heads."""

from collections.abc import Iterator

from watchword.contract import Contract, Operation
from watchword.diff.bodies import Comparer
from watchword.diff.calls import call_changes, matched_calls
from watchword.diff.change import Change, Impact, Scene
from watchword.diff.claims import canonical
from watchword.diff.operations import base_changes, matched, note_changes, whole_changes
from watchword.diff.replies import reply_changes
from watchword.diff.requests import body_changes, parameter_changes
from watchword.diff.security import security_changes

_PROSE = ("title", "description", "version", "contact", "license", "termsOfService", "summary")


def diff(old: Contract, new: Contract, *, everything: bool = False) -> list[Change]:
    """What changed from one contract to the other: operations that went and came, then each operation in turn.

    `everything` adds what is only prose: descriptions, examples, tags. Two equal contracts give nothing.
    """
    return _unique(_changes(old, new, everything))


def _changes(old: Contract, new: Contract, everything: bool) -> Iterator[Change]:
    found = matched(old, new)
    comparer = Comparer(old, new, everything)
    yield from _head_changes(old, new, everything)
    yield from whole_changes(found, everything)
    yield from base_changes(found.pairs, everything)
    for one, other in found.pairs:
        yield from _operation_changes(comparer, one, other, Scene.of(other, everything))
    calls = matched_calls(old, new, found.pairs)
    yield from call_changes(old, new, calls, found.pairs, everything)
    for before, after in calls.pairs:
        scene = Scene.of_call(after, everything)
        yield from _operation_changes(comparer, before.operation, after.operation, scene)


def _operation_changes(comparer: Comparer, old: Operation, new: Operation, scene: Scene) -> Iterator[Change]:
    yield from note_changes(old, new, scene)
    yield from security_changes(comparer.old, comparer.new, old, new, scene)
    yield from parameter_changes(comparer, old, new, scene)
    yield from body_changes(comparer, old, new, scene)
    yield from reply_changes(comparer, old, new, scene)


def _head_changes(old: Contract, new: Contract, everything: bool) -> Iterator[Change]:
    if everything:
        heads = [contract.root.value.get("info") or {} for contract in (old, new)]
        for name in _PROSE:
            if (
                isinstance(heads[0], dict)
                and isinstance(heads[1], dict)
                and canonical(heads[0].get(name)) != canonical(heads[1].get(name))
            ):
                yield _at_root(old, new, "info", f"{name.lower()}-changed", Impact.SAFE, f"`{name}` changed")


def _at_root(old: Contract, new: Contract, key: str, kind: str, impact: Impact, message: str) -> Change:
    places = [contract.root.document.place(f"/{key}") for contract in (old, new)]
    return Change(kind, impact, message, old=places[0], new=places[1])


def _unique(changes: Iterator[Change]) -> list[Change]:
    """Each change once: alternatives of one schema may lead to the same part of another twice."""
    found: dict[tuple[object, ...], Change] = {}
    for change in changes:
        key = (change.kind, change.message, change.operation, change.side, change.location, change.old, change.new)
        found.setdefault(key, change)
    return list(found.values())
