"""Cases and a target to finished requests. Decides what may be sent; sends nothing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from watchword.check.readings import Cases, Reading, readings
from watchword.check.removal import removes, why_not
from watchword.check.routes import Routes, plain
from watchword.check.target import Device, Principal, Target
from watchword.contract import Contract, Operation, Scheme
from watchword.ground import Request, WatchwordError
from watchword.strategies import UNSEEN, Case, Draft
from watchword.strategies.enumeration import narrower_cases

Phase = Literal["examples", "cases", "random", "workflows"]
PHASES: tuple[Phase, ...] = ("examples", "cases", "random", "workflows")
"""In the order in which they run."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One case as it goes over the wire; `device` is the one that its path names.

    `operation` is that of the contract as the device's kind has it.
    """

    case: Case
    operation: Operation
    request: Request
    device: Device


@dataclass(frozen=True, slots=True)
class Skipped:
    """A case that the target cannot have, with what the target would have to name."""

    case: Case
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a check will do, in order; `readings` are the contract as it holds for each kind of listed device.

    `without_cases` are operations of which no request can be made up.
    """

    target: Target
    contract: Contract
    planned: tuple[Planned, ...]
    skipped: tuple[Skipped, ...]
    readings: tuple[Reading, ...]
    without_cases: tuple[Operation, ...] = ()

    def reading(self, operation: Operation) -> Reading:
        """The reading that an operation is of."""
        return next(
            reading
            for reading in self.readings
            if any(each.label == operation.label for each in reading.contract.operations)
        )


def make_plan(
    contract: Contract,
    target: Target,
    *,
    phases: Sequence[Phase] = PHASES,
    with_narrower: bool = False,
) -> Plan:
    """All cases of all operations, ready to send or skipped with the reason; `with_narrower` those of `narrower` too.

    The cases of each rule take turns over all devices of a kind: a rule may hold for one and not for the next. Which
    device a case gets depends on the contract and the listed devices alone, whatever else is asked for.
    Raises `WatchwordError` where an operation needs a credential and the target has none.
    """
    _refuse_without_credential(contract, target)
    planned: list[Planned] = []
    skipped: list[Skipped] = []
    without: list[Operation] = []
    found, drawn, routes = readings(contract, target), Cases(contract), Routes(contract, target.url)
    for reading in found:
        turns = _Turns(reading.devices)
        for operation in reading.contract.operations:
            enumerated = list(drawn.of(reading, operation))
            if not enumerated and reading.whole:
                without.append(operation)
            for case in enumerated:
                own = turns.of(case)
                if phase_of(case) in phases:
                    finished = list(_planned(case, operation, target, own, routes))
                    planned.extend(entry for entry in finished if isinstance(entry, Planned))
                    skipped.extend(entry for entry in finished if isinstance(entry, Skipped))
    if "cases" in phases:
        planned += _read_again(planned, target, routes)
    planned = _removing_last(planned, skipped)
    plan = Plan(target, contract, tuple(planned), tuple(skipped), found, tuple(without))
    if with_narrower:
        parts = [part for each in planned for part in narrower(each, plan)]
        return replace(plan, planned=(*planned, *parts))
    return plan


def _read_again(planned: Sequence[Planned], target: Target, routes: Routes) -> Iterator[Planned]:
    """The smallest request of each operation that only reads, for each listed device when all have been changed.

    What was set for one device meanwhile, the reply about another one must not tell.
    """
    if all(each.operation.method in _SAFE for each in planned):
        return
    for each in list(planned):
        if each.operation.method in _SAFE and each.case.side == "accept" and each.case.id.endswith("/request/minimal"):
            for number, device in enumerate(target.devices if _has_path(each.operation) else (each.device,), 1):
                request = _drafted(each.case.draft, each.operation, target, device, _principals(each.case, target)[0])
                if _fits(each.case, device, _meant(request, routes, target)):
                    about = f"{each.case.about}, when all was changed"
                    case = replace(each.case, id=f"{each.case.id}/again-{number}", about=about)
                    yield Planned(case, each.operation, request, device)


def _removing_last(planned: list[Planned], skipped: list[Skipped]) -> list[Planned]:
    """The cases of removals after all others, refused ones first; one alone is followed, for a second finds nothing."""
    found: list[Planned] = []
    removed: set[tuple[str, str]] = set()
    for each in sorted(planned, key=lambda each: (removes(each.operation), removes(each.operation) and _order(each))):
        key = (each.operation.label, each.device.key)
        if removes(each.operation) and each.case.side != "refuse":
            if key in removed:
                reason = f"{each.operation.method} {each.operation.path} can remove a device only once"
                skipped.append(Skipped(each.case, reason))
                continue
            removed.add(key)
        found.append(each)
    return found


def _order(planned: Planned) -> int:
    return ("refuse", "accept", "either").index(planned.case.side)


def _refuse_without_credential(contract: Contract, target: Target) -> None:
    for operation in contract.operations:
        if target.principal is None and operation.security and () not in operation.security:
            scheme = operation.security[0][0]
            raise WatchwordError(
                f"{operation.label} needs a credential ({scheme.name or scheme.scheme or scheme.kind}); "
                "name the environment variable that holds it with --credential-env"
            )


def without_unseen(plan: Plan) -> Plan:
    """The plan for a mock that is made from a document alone: it knows no principals and no devices."""
    seen = tuple(each for each in plan.planned if each.case.rule not in UNSEEN)
    reason = "a mock made from a document knows neither principals nor devices"
    unseen = tuple(Skipped(each.case, reason) for each in plan.planned if each.case.rule in UNSEEN)
    return replace(plan, planned=seen, skipped=(*plan.skipped, *unseen))


def narrower(planned: Planned, plan: Plan) -> list[Planned]:
    """A value that packs many characters taken apart: one request for each, to find the culprit of a refusal."""
    contract = plan.reading(planned.operation).contract
    routes = Routes(plan.contract, plan.target.url)
    found = (
        entry
        for case in narrower_cases(planned.case, planned.operation, contract)
        for entry in _planned(case, planned.operation, plan.target, [planned.device], routes)
    )
    return [entry for entry in found if isinstance(entry, Planned)]


def phase_of(case: Case) -> Phase:
    """The phase that a case belongs to: the document's own examples come first."""
    return "examples" if case.side == "accept" and case.rule == "example" else "cases"


_SAFE = frozenset({"GET", "HEAD"})


class _Turns:
    """The devices of one kind, in the order in which the variants of a case have them."""

    def __init__(self, devices: Sequence[Device]) -> None:
        self._devices = devices
        self._next: dict[tuple[str, str, str | None], int] = {}

    def of(self, case: Case) -> Sequence[Device]:
        """All devices, another one first for each case of a rule at one place; each rule begins with another one."""
        key = (case.operation, case.rule, case.location)
        turn = self._next.setdefault(key, len(self._next)) % max(1, len(self._devices))
        self._next[key] += 1
        return [*self._devices[turn:], *self._devices[:turn]]


def _planned(
    case: Case, operation: Operation, target: Target, own: Sequence[Device], routes: Routes
) -> Iterator[Planned | Skipped]:
    draft = case.draft
    unsent = why_not(case, operation, target)
    if unsent is not None:
        yield Skipped(case, unsent)
        return
    if draft.hazard and not target.is_loopback:
        yield Skipped(case, "may reach other devices if the service is careless; sent to this machine only")
        return
    touchable = own[0] if own else None
    choices = {
        "touchable": own[:1],
        "unknown": target.unknown,
        "foreign": target.foreign,
        "foreign-here": _crossed(operation, target, touchable, foreign_id=True),
        "own-there": _crossed(operation, target, touchable, foreign_id=False),
    }
    devices = choices[draft.device] or ((Device({}),) if not _has_path(operation) else ())
    if not devices:
        if draft.device not in ("foreign-here", "own-there"):
            yield Skipped(case, f"the target names no {draft.device} device")
        return
    principals = _principals(case, target)
    if not principals:
        yield Skipped(
            case, "the target names no other principal" if target.principal else "the target has no credential"
        )
        return
    variants = [([device], principal) for device in devices for principal in principals]
    if draft.device == "touchable" and own:
        variants = [([*own[number:], *own[:number]], principal) for number, principal in enumerate(principals)]
    for number, (choice, principal) in enumerate(variants, 1):
        named = case if number == 1 else replace(case, id=f"{case.id}-{number}")
        drafted = ((device, _drafted(draft, operation, target, device, principal)) for device in choice)
        fitting = ((each, request) for each, request in drafted if _fits(case, each, _meant(request, routes, target)))
        device, request = next(fitting, (None, None))
        if device is None or request is None:
            yield Skipped(named, "no device of the target has an id that this can be made of")
        else:
            yield Planned(named, operation, request, device)


def _drafted(draft: Draft, operation: Operation, target: Target, device: Device, principal: Principal) -> Request:
    return draft.request(operation, base_url=target.url, values=device.path, token=_token(principal))


def _fits(case: Case, device: Device, meant: Device | None) -> bool:
    """Whether a request is about its device; one that is wrong in its path must name none of the target's."""
    is_changed = (
        case.side == "refuse" and (case.location or "").startswith("path.") and case.draft.device == "touchable"
    )
    return meant is None or (meant == device and not is_changed)


def _meant(request: Request, routes: Routes, target: Target) -> Device | None:
    """The device of the target that a request names."""
    found = routes.find(request.method, request.url)
    return target.device_at(plain(*found)) if found else None


def _crossed(operation: Operation, target: Target, own: Device | None, *, foreign_id: bool) -> tuple[Device, ...]:
    """Devices with the id of ours and the rest of the path of a foreign one, or the reverse; none that is listed."""
    found: list[Device] = []
    for device in target.foreign if own else ():
        last = max(device.path, key=lambda name: operation.path.rfind(f"{{{name}}}"), default="")
        theirs, ours = dict(device.path), dict(own.path) if own else {}
        path = {**ours, last: theirs[last]} if foreign_id else {**theirs, last: ours[last]}
        listed = [dict(each.path) for each in (*target.devices, *target.foreign)]
        if path not in [*listed, *(each.path for each in found)]:
            found.append(Device(path))
    return tuple(found)


def _principals(case: Case, target: Target) -> tuple[Principal, ...]:
    credential = case.draft.credential
    if credential == "other":
        return target.refused
    if target.principal is not None:
        return (target.principal,)
    return (Principal("nobody", ""),) if credential in ("none", "valid") else ()


def _token(principal: Principal) -> Callable[[Scheme], str]:
    return lambda _: principal.token


def _has_path(operation: Operation) -> bool:
    return any(parameter.where == "path" for parameter in operation.parameters)
