"""What the exchanges of a session exercised, counted so that workers can hand it over. Knows no rules of a contract."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal

from watchword.contract import Operation
from watchword.ground import Certainty, Exchange, Finding, Request, Severity, Side
from watchword.validation.decode import Undecodable, decode_json

Json = Any
Verdict = Literal["accepted", "refused", "other"]

Key = tuple[str, str, int, Verdict, tuple[str, ...]]
"""Contract, operation id, status, verdict; for `accepted` the places of the values sent, for `refused` the one rule."""

_DEEPEST = 8
_MOST_PLACES = 500


class Tally:
    """Counts of exchanges by what they exercised; `elsewhere` counts those of no contract."""

    def __init__(self) -> None:
        self.counts: Counter[Key] = Counter()
        self.elsewhere = 0

    def add(self, contract: str, operation: Operation, exchange: Exchange, findings: list[Finding]) -> None:
        """Counts one exchange of an operation, with everything that the contract has against it."""
        response = exchange.response
        if response is None:
            return
        asked = {
            finding.rule
            for finding in findings
            if finding.side is Side.REQUEST and finding.certainty is Certainty.DOCUMENTED
        }
        verdict: Verdict = "other"
        details: tuple[str, ...] = ()
        if response.status < 300 and not any(
            finding.side is Side.REQUEST and finding.severity is not Severity.OBSERVATION for finding in findings
        ):
            verdict, details = "accepted", places(operation, exchange.request)
        elif 400 <= response.status < 500:
            broken = asked or {finding.rule for finding in findings if finding.side is Side.REQUEST}
            if len(broken) == 1:
                verdict, details = "refused", tuple(broken)
        self.counts[contract, operation.id, response.status, verdict, details] += 1

    def record(self) -> list[Json]:
        """The counts in plain lists, for the way from a worker to its controller."""
        return [self.elsewhere, [[*key[:4], list(key[4]), count] for key, count in sorted(self.counts.items())]]

    def merge(self, record: list[Json]) -> None:
        """Adds what another process counted."""
        elsewhere, counts = record
        self.elsewhere += elsewhere
        for contract, operation, status, verdict, details, count in counts:
            self.counts[contract, operation, status, verdict, tuple(details)] += count


def places(operation: Operation, request: Request) -> tuple[str, ...]:
    """Where a request has values, as the locations of findings name them; names of headers in lower case."""
    sent = {f"header.{name.lower()}" for name, _ in request.headers}
    query = request.url.partition("?")[2]
    sent.update(f"query.{pair.partition('=')[0]}" for pair in query.split("&") if pair)
    sent.update(f"path.{each.name}" for each in operation.parameters if each.where == "path")
    known = {
        f"{each.where}.{each.name.lower() if each.where == 'header' else each.name}" for each in operation.parameters
    }
    body: list[str] = []
    if request.body and operation.body is not None:
        try:
            value = decode_json(request.body)
        except Undecodable:
            value = None
        for pointer in _pointers(value, "", 0):
            body.append(f"body#{pointer}")
            if len(body) >= _MOST_PLACES:
                break
    return tuple(sorted(sent & known)) + tuple(body)


def _pointers(value: Json, pointer: str, depth: int) -> Iterator[str]:
    """The pointers of a value and what is in it; of an array's items the first stands for all."""
    yield pointer
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        for name, child in value.items():
            escaped = name.replace("~", "~0").replace("/", "~1") if "~" in name or "/" in name else name
            yield from _pointers(child, f"{pointer}/{escaped}", depth + 1)
    elif isinstance(value, list) and value:
        yield from _pointers(value[0], f"{pointer}/0", depth + 1)
