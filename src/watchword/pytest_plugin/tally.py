"""What the exchanges of a session exercised, counted so that workers can hand it over. Knows no rules of a contract."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any, Literal

from watchword.contract import Operation
from watchword.ground import Certainty, Exchange, Finding, Request, Side, render_token
from watchword.validation.sent_bodies import Bodies

Json = Any
Verdict = Literal["accepted", "refused", "other"]

Key = tuple[str, str, int, Verdict, tuple[str, ...]]
"""Contract, operation id, status, verdict; for `accepted` the places of the values sent, for `refused` the one rule."""

_DEEPEST = 8
_MOST_PLACES = 500
_MOST_FORMS = 1_000


class Tally:
    """Counts of exchanges by what they exercised; `elsewhere` counts those of no contract."""

    def __init__(self, bodies: Bodies | None = None) -> None:
        self.counts: Counter[Key] = Counter()
        self.elsewhere = 0
        self._places: dict[tuple[object, ...], tuple[str, ...]] = {}
        self._bodies = bodies or Bodies()

    def add(self, contract: str, operation: Operation, exchange: Exchange, findings: list[Finding]) -> None:
        """Counts one exchange of an operation, with everything that the contract has against it."""
        response = exchange.response
        if response is None:
            return
        asked = [finding for finding in findings if finding.side is Side.REQUEST]
        documented = {finding.rule for finding in asked if finding.certainty is Certainty.DOCUMENTED}
        verdict: Verdict = "other"
        details: tuple[str, ...] = ()
        if response.status < 300 and not documented:
            sent = self._named(contract, operation, exchange.request)
            verdict, details = "accepted", (*sent, *self._members(contract, operation, exchange.request))
        elif 400 <= response.status < 500:
            broken = documented or {finding.rule for finding in asked}
            if len(broken) == 1:
                verdict, details = "refused", tuple(broken)
        self.counts[contract, operation.id, response.status, verdict, details] += 1

    def _named(self, contract: str, operation: Operation, request: Request) -> tuple[str, ...]:
        """The parameters that a request sends; found once for all requests of one form."""
        query = request.url.partition("?")[2]
        key = (contract, operation.id, query, *(name for name, _ in request.headers))
        if key not in self._places:
            if len(self._places) > _MOST_FORMS:
                self._places.clear()
            self._places[key] = parameters(operation, request)
        return self._places[key]

    def _members(self, contract: str, operation: Operation, request: Request) -> tuple[str, ...]:
        """Where the body of a request has values."""
        if not request.body:
            return ()
        return members(self._bodies.of(contract, operation).read(request))

    def record(self) -> list[Json]:
        """The counts in plain lists, for the way from a worker to its controller."""
        return [self.elsewhere, [[*key[:4], list(key[4]), count] for key, count in sorted(self.counts.items())]]

    def merge(self, record: list[Json]) -> None:
        """Adds what another process counted."""
        elsewhere, counts = record
        self.elsewhere += elsewhere
        for contract, operation, status, verdict, details, count in counts:
            self.counts[contract, operation, status, verdict, tuple(details)] += count


def parameters(operation: Operation, request: Request) -> tuple[str, ...]:
    """The documented parameters that a request sends, as the locations of findings name them; headers in lower case."""
    sent = {f"header.{name.lower()}" for name, _ in request.headers}
    query = request.url.partition("?")[2]
    sent.update(f"query.{pair.partition('=')[0]}" for pair in query.split("&") if pair)
    sent.update(f"path.{each.name}" for each in operation.parameters if each.where == "path")
    known = {
        f"{each.where}.{each.name.lower() if each.where == 'header' else each.name}" for each in operation.parameters
    }
    return tuple(sorted(sent & known))


def members(value: Json) -> tuple[str, ...]:
    """Where a body has values, as the locations of findings name them; no more than can matter."""
    if value is None:
        return ()
    return tuple(f"body#{pointer}" for pointer in islice(_pointers(value, "", 0), _MOST_PLACES))


def _pointers(value: Json, pointer: str, depth: int) -> Iterator[str]:
    """The pointers of a value and what is in it; of an array's items the first stands for all."""
    yield pointer
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        for name, child in value.items():
            yield from _pointers(child, f"{pointer}/{render_token(name)}", depth + 1)
    elif isinstance(value, list) and value:
        yield from _pointers(value[0], f"{pointer}/0", depth + 1)
