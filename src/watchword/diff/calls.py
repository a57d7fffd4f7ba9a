"""Operations that the service calls itself: which of one contract is which of the other, and their changes as wholes.

There the service is the client: what it sends is judged as replies are, what it takes as requests are. Holds no
comparison of messages: those of `requests` and `replies` hold for both directions.
"""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass

from watchword.contract import Call, Clause, Contract, Operation
from watchword.diff.change import Change, Clauses, Impact, Scene
from watchword.ground import Side

Pairs = tuple[tuple[Operation, Operation], ...]
_Known = Callable[[Call], tuple[Hashable, ...]]

# A webhook has but its name. The key of a callback is nowhere on the wire, so that one under another key at the same
# URL is the same; one under the same key at another URL went there.
_KEYS: tuple[_Known, ...] = (
    lambda call: (call.name, call.operation.method, call.operation.path),
    lambda call: (call.caller is None and call.name, call.operation.method, call.operation.path),
    lambda call: (call.name, call.operation.method),
)


@dataclass(frozen=True, slots=True)
class MatchedCalls:
    """Calls in pairs, in the new document's order, and those that only one document has."""

    pairs: tuple[tuple[Call, Call], ...]
    removed: tuple[Call, ...]
    added: tuple[Call, ...]


def matched_calls(old: Contract, new: Contract, operations: Pairs) -> MatchedCalls:
    """Calls by webhook or calling operation, and then by all that tells them apart, by URL, by name.

    Callbacks of operations that came or went are left out: the operations are told.
    """
    callers = {id(each): number for number, pair in enumerate(operations) for each in pair}
    left, wanted = (
        [call for call in contract.calls() if call.caller is None or id(call.caller) in callers]
        for contract in (old, new)
    )
    twins: dict[int, Call] = {}
    for known in _KEYS:

        def key(call: Call, known: _Known = known) -> Hashable:
            return (callers.get(id(call.caller)), *known(call))

        by_key = {key(call): call for call in reversed(left)}
        for index, call in enumerate(wanted):
            twin = None if index in twins else by_key.pop(key(call), None)
            if twin is not None:
                twins[index] = twin
        taken = {id(call) for call in twins.values()}
        left = [call for call in left if id(call) not in taken]
    return MatchedCalls(
        tuple((twins[index], call) for index, call in enumerate(wanted) if index in twins),
        tuple(left),
        tuple(call for index, call in enumerate(wanted) if index not in twins),
    )


def call_changes(
    old: Contract, new: Contract, found: MatchedCalls, operations: Pairs, everything: bool
) -> Iterator[Change]:
    """Webhooks and callbacks that came or went, and callbacks that go elsewhere."""
    twins = {id(one): other for pair in operations for one, other in (pair, pair[::-1])}
    known = {_listener(call, twins) for call in old.calls()}
    for call in found.removed:
        scene = Scene.of_call(call, everything).at(Side.REQUEST)
        noun, what = _told(call)
        note = "; it was deprecated" if call.operation.clause.node.value.get("deprecated") is True else ""
        message = f"{what} was removed: the service no longer calls it{note}"
        gone, rest = call.operation.clause, _holder(call, new, twins)
        yield scene.change(f"{noun}-removed", Impact.BREAKING, message, "url", old=gone, new=rest, says=gone)
    for call in found.added:
        scene = Scene.of_call(call, everything).at(Side.REQUEST)
        noun, what = _told(call)
        listens = _listener(call, {}) in known
        message = f"{what} was added" + ("; who listens there already gets other calls" if listens else "")
        impact = Impact.RISKY if listens else Impact.SAFE
        yield scene.change(
            f"{noun}-added", impact, message, "url", old=_holder(call, old, twins), new=call.operation.clause
        )
    for before, after in found.pairs:
        if before.operation.path != after.operation.path:
            scene = Scene.of_call(after, everything).at(Side.REQUEST)
            message = f"the service called `{before.operation.path}`, now it calls `{after.operation.path}`"
            clauses = Clauses(old=before.operation.clause, new=after.operation.clause)
            yield scene.change("callback-url-changed", Impact.BREAKING, message, "url", **clauses)


def _told(call: Call) -> tuple[str, str]:
    """The noun for kinds, and the call in words."""
    noun = "webhook" if call.caller is None else "callback"
    return noun, f"`{call.operation.method}` of {noun} `{call.name}`"


def _listener(call: Call, twins: dict[int, Operation]) -> Hashable:
    """Who listens to a call: a webhook's subscribers, or the URL that an operation (of the new contract) was given."""
    if call.caller is None:
        return call.name
    return id(twins.get(id(call.caller), call.caller)), call.operation.path


def _holder(call: Call, contract: Contract, twins: dict[int, Operation]) -> Clause:
    """What would hold the call in the contract that has it not."""
    owner = Clause(contract.root) if call.caller is None else twins[id(call.caller)].clause
    held = owner.node.get("webhooks" if call.caller is None else "callbacks")
    return owner.within(held) if held is not None else owner
