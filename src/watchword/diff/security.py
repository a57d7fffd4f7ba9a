"""Changes of who may call: every credential that was enough must still be."""

from collections.abc import Iterator
from typing import Any

from watchword.contract import Contract, Operation, Scheme
from watchword.diff.change import Change, Clauses, Impact, Scene
from watchword.document import Node
from watchword.ground import Side

Json = Any
Need = tuple[str, ...]
Alternative = dict[Need, frozenset[str]]
"""What a caller must present, with the scopes that it needs."""


def security_changes(old: Contract, new: Contract, one: Operation, other: Operation, scene: Scene) -> Iterator[Change]:
    """The changes of an operation's security requirements."""
    scene = scene.at(Side.REQUEST)
    defaults = [None if scene.outward else contract.root.get("security") for contract in (old, new)]
    before, after = _alternatives(one, defaults[0]), _alternatives(other, defaults[1])
    clauses = Clauses(old=one.clause, new=other.clause)
    if scene.outward:
        yield from _presented(before, after, scene, clauses)
        return
    for alternative in before:
        if not any(_is_enough(alternative, each) for each in after):
            message = f"{_told(alternative)} was enough, now it is not: needs {' or '.join(map(_told, after))}"
            yield scene.change("security-narrowed", Impact.BREAKING, message, "security", **clauses)
    for alternative in after:
        if not any(_is_enough(alternative, each) for each in before):
            impact = Impact.SAFE if alternative else Impact.RISKY
            message = f"{_told(alternative)} is now enough, before it needed {' or '.join(map(_told, before))}"
            yield scene.change("security-widened", impact, message, "security", **clauses)


def _presented(before: list[Alternative], after: list[Alternative], scene: Scene, clauses: Clauses) -> Iterator[Change]:
    """The changes of what the service presents when it calls: whoever checks it must not be shown less."""
    for alternative in before:
        if alternative not in after:
            message = f"the service came with {_told(alternative)}, now it does not"
            yield scene.change("security-narrowed", Impact.SAFE, message, "security", **clauses)
    for alternative in after:
        if alternative not in before:
            is_enough = any(_is_enough(alternative, each) for each in before)
            came = " or ".join(map(_told, before))
            message = f"the service may now come with {_told(alternative)}, before with {came}"
            impact = Impact.SAFE if is_enough else Impact.BREAKING
            yield scene.change("security-widened", impact, message, "security", **clauses)


def _alternatives(operation: Operation, default: Node | None) -> list[Alternative]:
    """The alternatives with their scopes; one that needs nothing where nothing is asked for."""
    node = operation.clause.node.get("security") or default
    scopes = [item.value if isinstance(item.value, dict) else {} for item in node.items()] if node else []
    found: list[Alternative] = []
    for schemes, given in zip(operation.security, scopes, strict=False):
        found.append({_need(scheme): _scopes(given.get(scheme.key)) for scheme in schemes})
    return found or [{}]


def _need(scheme: Scheme) -> Need:
    """What a scheme asks for, whatever it is called; two of OAuth or OpenID Connect are told apart by their key."""
    if scheme.kind == "http":
        return ("http", scheme.scheme)
    if scheme.kind == "apiKey":
        name = scheme.name.lower() if scheme.where == "header" else scheme.name
        return ("apiKey", scheme.where, name)
    return (scheme.kind, scheme.key)


def _scopes(value: Json) -> frozenset[str]:
    return frozenset(each for each in value if isinstance(each, str)) if isinstance(value, list) else frozenset()


def _is_enough(given: Alternative, wanted: Alternative) -> bool:
    return all(need in given and scopes <= given[need] for need, scopes in wanted.items())


def _told(alternative: Alternative) -> str:
    parts = []
    for need, scopes in sorted(alternative.items()):
        asked = f" with {', '.join(f'`{scope}`' for scope in sorted(scopes))}" if scopes else ""
        parts.append(f"`{' '.join(need)}`{asked}")
    return " and ".join(parts) or "no credential"
