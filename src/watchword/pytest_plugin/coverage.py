"""How much of a contract a session exercised: what there is to exercise, from the document, against the tally."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from watchword.check.readings import Cases, Reading
from watchword.contract import Contract, Operation
from watchword.ground import Certainty
from watchword.pytest_plugin.tally import Tally
from watchword.strategies import ELSEWHERE, UNSEEN


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of thing that can be exercised: statuses, or rules on a side; document order."""

    wanted: tuple[str, ...]
    met: frozenset[str]

    @property
    def missed(self) -> tuple[str, ...]:
        """What nothing exercised."""
        return tuple(name for name in self.wanted if name not in self.met)

    @property
    def count(self) -> int:
        """How much was exercised."""
        return len(self.wanted) - len(self.missed)


@dataclass(frozen=True, slots=True)
class Row:
    """The coverage of one operation.

    `statuses` are the documented ones that a request can bring about: no 5xx, and no assumed ones. A rule is accepted
    where a value that it is about was, and refused where a request that broke nothing else was. `exchanges` counts all.
    """

    contract: str
    operation: str
    exchanges: int
    statuses: Part
    accepted: Part
    refused: Part

    @property
    def parts(self) -> tuple[Part, ...]:
        """All that counts; having been called at all does too."""
        called = Part(("called",), frozenset({"called"} if self.exchanges else ()))
        return (called, self.statuses, self.accepted, self.refused)


def coverage(contract: Contract, tally: Tally, *, only_called: bool = False) -> list[Row]:
    """One row per operation, document order; to count the rules of one that was not called takes time as well."""
    cases = Cases(contract)
    silent = set(uncalled(contract, tally)) if only_called else set()
    return [_row(contract, each, tally, cases) for each in contract.operations if each.id not in silent]


def uncalled(contract: Contract, tally: Tally) -> list[str]:
    """The ids of the operations that no exchange was for, document order."""
    called = {key[1] for key in tally.counts if key[0] == contract.name}
    return [operation.id for operation in contract.operations if operation.id not in called]


def percent(rows: Iterable[Row]) -> float:
    """The share of all that could be exercised, 100 for nothing."""
    parts = [part for row in rows for part in row.parts]
    wanted = sum(len(part.wanted) for part in parts)
    return 100.0 * sum(part.count for part in parts) / wanted if wanted else 100.0


def _row(contract: Contract, operation: Operation, tally: Tally, cases: Cases) -> Row:
    keys = [key for key in tally.counts if key[:2] == (contract.name, operation.id)]
    rules = _Rules(contract, operation, cases)
    sent = {place for key in keys if key[3] == "accepted" for place in key[4]}
    refused = {rule for key in keys if key[3] == "refused" for rule in key[4]}
    return Row(
        contract=contract.name,
        operation=operation.id,
        exchanges=sum(tally.counts[key] for key in keys),
        statuses=Part(tuple(_statuses(operation)), frozenset(_met(operation, {key[2] for key in keys}))),
        accepted=Part(tuple(rules.places), frozenset(rule for rule, at in rules.places.items() if at & sent)),
        refused=Part(tuple(rules.refused), frozenset(refused)),
    )


class _Rules:
    """The rules of an operation that an exchange alone can show.

    `places` has the locations of the values that each rule is about; `refused` all rules that a request can break.
    """

    def __init__(self, contract: Contract, operation: Operation, cases: Cases) -> None:
        self.places: dict[str, set[str]] = {}
        self.refused: dict[str, None] = {}
        for case in cases.of(Reading(contract, None, ()), operation):
            if case.side != "refuse" or case.rule in UNSEEN | ELSEWHERE or case.certainty is Certainty.ASSUMED:
                continue
            self.refused[case.rule] = None
            if case.location and "/" in case.rule:
                self.places.setdefault(case.rule, set()).add(_place(case.location))


def _place(location: str) -> str:
    """A location as the tally writes it."""
    if location == "body":
        return "body#"
    return location.lower() if location.startswith("header.") else location


def _statuses(operation: Operation) -> Iterator[str]:
    for reply in operation.replies:
        if reply.clause.certainty is Certainty.DOCUMENTED and reply.status[:1] in "1234":
            yield reply.status


def _met(operation: Operation, seen: set[int]) -> Iterator[str]:
    """The documented statuses, exact ones and ranges (`4XX`), that were seen."""
    for reply in operation.replies:
        status = reply.status
        if any(str(each) == status or (status[1:].upper() == "XX" and str(each)[0] == status[0]) for each in seen):
            yield status
