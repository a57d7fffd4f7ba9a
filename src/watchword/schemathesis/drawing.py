"""What Schemathesis generates with: exact valid requests, and requests that break one rule, in each of its phases.

Fuzzing draws whole requests from the strategies room. Coverage enumerates its cases. Where a value comes from elsewhere
(an example of the document, a link of a stateful test), what is missing is drawn from exact strategies, and a negative
case has one string of its body broken.
"""

from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode
from schemathesis.generation.meta import TestPhase

from watchword.check import Device
from watchword.contract import Contract, Operation
from watchword.ground import Exchange, PatternError, Request, RuleTooLarge, WatchwordError
from watchword.schemathesis.conversion import case_from
from watchword.schemathesis.guard import authorised, supplied
from watchword.schemathesis.peer import StCase, StOperation
from watchword.schemathesis.service import Intent, Service
from watchword.strategies import bad_requests, requests
from watchword.strategies.drawn_requests import BadRequest
from watchword.strategies.drawn_strings import broken_from
from watchword.strategies.enumeration import Judge
from watchword.strategies.instances import Path
from watchword.strategies.languages import breakable
from watchword.strategies.string_cases import string_sites

Json = Any
Strategy = SearchStrategy[Any]

_SHARES = {"accept": 2, "refuse": 1}
"""Of drawn requests: those that break a rule are enumerated besides, and only accepted ones reach all of a service."""

_EXPLICIT = ("path_parameters", "headers", "cookies", "query")


def exact_strategy(
    service: Service, operation: StOperation, original: Callable[..., Strategy]
) -> Callable[..., Strategy]:
    """`as_strategy` of an operation, with our requests wherever nothing but the configuration is given."""
    known = service.operation(operation.method, operation.path)
    kept: dict[object, Strategy | None] = {}

    def made(**options: Any) -> Strategy:
        return original(**options).map(lambda case: authorised(service, case))

    def as_strategy(generation_mode: GenerationMode = GenerationMode.POSITIVE, **options: Any) -> Strategy:
        negative = generation_mode is GenerationMode.NEGATIVE
        if known is None:
            return original(generation_mode=generation_mode, **options)
        if options.get("phase", TestPhase.FUZZING) is TestPhase.FUZZING and "body" not in options:
            fixed = {name: str(value) for place in _EXPLICIT for name, value in (options.get(place) or {}).items()}
            fixed = {name: value.removeprefix(known.leads.get(name, "")) for name, value in fixed.items()}
            key = (negative, tuple(sorted(fixed.items())))
            if key not in kept:
                kept[key] = _whole(service, operation, known, negative=negative, fixed=fixed)
            drawn = kept[key]
            if drawn is not None and service.appointed:
                return drawn
            if drawn is not None:
                storage = options.get("auth_storage")
                return drawn.map(lambda case: supplied(service, case, storage))
        if negative:
            valid = made(generation_mode=GenerationMode.POSITIVE, **options)
            broken = _broken_bodies(service, known)
            if broken is not None:
                return st.builds(_with_broken, valid, broken)
        return made(generation_mode=generation_mode, **options)

    return as_strategy


def coverage_cases(service: Service, operation: StOperation, modes: list[GenerationMode]) -> Iterator[StCase] | None:
    """The enumerated cases of an operation, most telling first; `None` for one that the contract does not have."""
    known = service.operation(operation.method, operation.path)
    if known is None:
        return None
    return _listed(service, operation, known, modes)


def _listed(
    service: Service, operation: StOperation, known: Operation, modes: list[GenerationMode]
) -> Iterator[StCase]:
    # Schemathesis sends them in reverse.
    for planned in reversed(service.plan.planned):
        negative = planned.case.side == "refuse"
        mode = GenerationMode.NEGATIVE if negative else GenerationMode.POSITIVE
        if planned.operation.id != known.id or mode not in modes:
            continue
        intent = Intent(planned, planned.case.rule, planned.case.certainty, planned.case.location, planned.case.also)
        case = case_from(service, operation, planned.request, intent, negative=negative, phase=TestPhase.COVERAGE)
        if case is not None:
            yield authorised(service, case)


def _whole(
    service: Service,
    operation: StOperation,
    known: Operation,
    *,
    negative: bool,
    fixed: dict[str, str],
) -> Strategy | None:
    kinds = service.kinds(known, fixed)
    first, *others = (_drawn(service, operation, kind, negative=negative, fixed=fixed) for kind in kinds)
    rest = [found for found in others if found is not None]
    if first is None:
        return None
    # Kinds of devices with rules of their own share half of the requests.
    drawn = first | _single(st.one_of(rest)) if rest else first
    return _shared(drawn, "refuse" if negative else "accept")


def _drawn(
    service: Service,
    operation: StOperation,
    kind: tuple[Operation, Contract, Device | None],
    *,
    negative: bool,
    fixed: dict[str, str],
) -> Strategy | None:
    """Requests for a device of one kind; `None` where none can be made up."""
    known, contract, device = kind
    given: dict[str, Any] = {
        "contract": contract,
        "base_url": service.target.url,
        "values": _values(service, fixed, device),
        "token": service.target.principal.token if service.target.principal else "",
    }
    try:
        if negative:
            drawn = bad_requests(known, judge=_judge(service, known), **given)
            return _single(drawn.map(lambda bad: _bad(service, operation, bad)).filter(_is_case))
        valid = requests(known, **given)
        return _single(valid.map(lambda request: _good(service, operation, request)).filter(_is_case))
    except (InvalidArgument, WatchwordError):
        return None


def _judge(service: Service, known: Operation) -> Judge:
    validator = service.validator(known)
    return lambda request: {finding.rule for finding in validator.findings(Exchange(request))}


def _values(service: Service, fixed: dict[str, str], device: Device | None) -> dict[str, str]:
    """What parameters are given: a listed device's own ids; one that was made up gives way to the configuration."""
    own = dict(device.path) if device else {}
    return {**own, **fixed} if service.has_made_up_devices else {**fixed, **own}


def _shared(strategy: Strategy, side: str) -> Strategy:
    """As many branches as the side has shares: Hypothesis takes each branch of two strategies' union as often."""
    return st.one_of([_single(strategy) for _ in range(_SHARES[side])])


@st.composite
def _single(draw: st.DrawFn, strategy: Strategy) -> StCase:
    """One branch: Hypothesis would give each of a strategy's own branches as much room as all valid requests."""
    case: StCase = draw(strategy)
    return case


def _good(service: Service, operation: StOperation, request: Request) -> StCase | None:
    return _authorised(service, case_from(service, operation, request, Intent(), negative=False))


def _bad(service: Service, operation: StOperation, bad: BadRequest) -> StCase | None:
    intent = Intent(None, bad.rule, bad.certainty, bad.location, bad.also)
    return _authorised(service, case_from(service, operation, bad.request, intent, negative=True))


def _authorised(service: Service, case: StCase | None) -> StCase | None:
    return None if case is None else authorised(service, case)


def _is_case(found: object) -> bool:
    return found is not None


def _broken_bodies(service: Service, known: Operation) -> SearchStrategy[tuple[Path, str]] | None:
    """(path, text) for every string of the body and every rule of it that can be broken alone."""
    choices: list[SearchStrategy[tuple[Path, str]]] = []
    for site in string_sites(service.frame(known)):
        if not site.location.startswith("body#") or not site.sure or site.texts.has_format:
            continue
        try:
            found = [broken_from(broken) for _, broken in breakable(site.texts.rules)]
        except (PatternError, RuleTooLarge):
            continue
        choices.extend(st.tuples(st.just(site.path), drawn) for drawn in found)
    return st.one_of(choices) if choices else None


def _with_broken(case: StCase, broken: tuple[Path, str]) -> StCase:
    path, text = broken
    if isinstance(case.body, dict | list):
        case.body = _planted(case.body, path, text)
    return case


def _planted(value: Json, path: Path, text: str) -> Json:
    if not path:
        return text
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        items = value if isinstance(value, list) and value else [None]
        return [_planted(items[0], rest, text), *items[1:]]
    members = value if isinstance(value, dict) else {}
    return {**members, step: _planted(members.get(step), rest, text)}
