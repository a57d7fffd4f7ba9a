"""Which operation of one contract is which of the other, and the changes of operations as wholes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from watchword.contract import Contract, Operation
from watchword.diff.change import Change, Clauses, Impact, Scene
from watchword.diff.claims import canonical
from watchword.ground import Side, render_subject

_TEMPLATE = re.compile(r"\{[^{}]*\}")
_PROSE = ("summary", "description", "tags", "externalDocs")
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Matched:
    """Operations in pairs, in the new document's order, and those that only one document has."""

    pairs: tuple[tuple[Operation, Operation], ...]
    removed: tuple[Operation, ...]
    added: tuple[Operation, ...]


def shape(path: str) -> str:
    """A path without the names of its parameters, which are nobody's business."""
    return _TEMPLATE.sub("{}", path)


def matched(old: Contract, new: Contract) -> Matched:
    """Operations by method and shape of their path; then by full path, where a piece moved between path and servers."""
    left = {(operation.method, shape(operation.path)): operation for operation in old.operations}
    twins: list[Operation | None] = [left.pop((each.method, shape(each.path)), None) for each in new.operations]
    full = {(operation.method, shape(path)): key for key, operation in left.items() for path in operation.paths}
    for index, operation in enumerate(new.operations):
        if twins[index] is None:
            keys = [full.get((operation.method, shape(path))) for path in operation.paths]
            key = next((key for key in keys if key in left), None)
            twins[index] = None if key is None else left.pop(key)
    both = list(zip(twins, new.operations, strict=True))
    return Matched(
        tuple((twin, operation) for twin, operation in both if twin is not None),
        tuple(left.values()),
        tuple(operation for twin, operation in both if twin is None),
    )


def whole_changes(found: Matched, everything: bool) -> Iterator[Change]:
    """Operations that came or went."""
    for operation in found.removed:
        scene = Scene.of(operation, everything).at(Side.REQUEST)
        note = "; it was deprecated" if operation.clause.node.value.get("deprecated") is True else ""
        message = f"`{operation.method} {operation.path}` was removed{note}"
        yield scene.change("operation-removed", Impact.BREAKING, message, "url", old=operation.clause)
    for operation in found.added:
        scene = Scene.of(operation, everything).at(Side.REQUEST)
        message = f"`{operation.method} {operation.path}` was added"
        yield scene.change("operation-added", Impact.SAFE, message, "url", new=operation.clause)


def note_changes(old: Operation, new: Operation, scene: Scene) -> Iterator[Change]:
    """What an operation says besides requests and replies."""
    clauses = Clauses(old=old.clause, new=new.clause)
    before, after = old.clause.node.value, new.clause.node.value
    if before.get("operationId") != after.get("operationId"):
        names = [_code(each.get("operationId")) for each in (before, after)]
        message = f"`operationId` was {names[0]}, now {names[1]}; generated clients rename the call"
        yield scene.change("operation-id-changed", Impact.SAFE, message, **clauses)
    if (before.get("deprecated") is True) is not (after.get("deprecated") is True):
        word = "is now deprecated" if after.get("deprecated") is True else "is no longer deprecated"
        yield scene.change("deprecated-changed", Impact.SAFE, f"the operation {word}", **clauses)
    if scene.outward and canonical(before.get("callbacks")) != canonical(after.get("callbacks")):
        message = "`callbacks` of what the service calls itself changed; they are not compared"
        yield scene.change("callbacks-changed", Impact.RISKY, message, **clauses)
    if scene.everything:
        for name in _PROSE:
            if canonical(before.get(name)) != canonical(after.get(name)):
                yield scene.change(f"{name.lower()}-changed", Impact.SAFE, f"`{name}` changed", **clauses)


def base_changes(pairs: tuple[tuple[Operation, Operation], ...], everything: bool) -> Iterator[Change]:
    """Base paths of servers that came or went; one change where that is the same for many operations."""
    groups: dict[tuple[str, str], list[tuple[Operation, Operation]]] = {}
    for old, new in pairs:
        before, after = ({shape(path): path for path in operation.paths} for operation in (old, new))
        for key in before.keys() - after.keys():
            groups.setdefault(("removed", _base(before[key], old)), []).append((old, new))
        for key in after.keys() - before.keys():
            groups.setdefault(("added", _base(after[key], new)), []).append((old, new))
    for (word, base), hit in groups.items():
        scenes = [Scene.of(new, everything).at(Side.REQUEST) for _, new in hit]
        scene = scenes[0] if len(hit) == 1 else Scene(side=Side.REQUEST, everything=everything)
        names = ", ".join(render_subject(new.method, new.path) for _, new in hit[:_MOST_NAMED])
        rest = f" and {len(hit) - _MOST_NAMED} more" if len(hit) > _MOST_NAMED else ""
        impact = Impact.BREAKING if word == "removed" else Impact.SAFE
        message = (
            f"servers {'no longer offer' if word == 'removed' else 'now offer'} {names}{rest} under `{base or '/'}`"
        )
        yield scene.change(f"base-path-{word}", impact, message, "url", old=hit[0][0].clause, new=hit[0][1].clause)


def _base(full: str, operation: Operation) -> str:
    return full.removesuffix(operation.path)


def _code(value: object) -> str:
    return f"`{value}`" if isinstance(value, str) else "absent"
