"""A contract as it holds for the devices of one kind, and which cases that makes. Finishes and sends no request."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from watchword.check.target import Device, Target
from watchword.contract import Contract, Operation, bundled_folder, profiled
from watchword.ground import Exchange, Finding, Request
from watchword.strategies import Case, cases
from watchword.strategies.enumeration import example_request
from watchword.validation import Validator


@dataclass(frozen=True, slots=True)
class Reading:
    """`devices` are the target's of this profile; `profile` is absent for those for which the contract holds as it is.

    Only the first reading of a plan is `whole`: the others have the cases in which they differ.
    """

    contract: Contract
    profile: str | None
    devices: tuple[Device, ...]
    whole: bool = True


def readings(contract: Contract, target: Target) -> tuple[Reading, ...]:
    """One reading per kind of device that a target lists, plain devices first; one without devices where it lists none.

    Raises `WatchwordError` for a profile that the contract does not define.
    """
    kinds = sorted({device.profile or "" for device in target.devices}) or [""]
    found = []
    for number, kind in enumerate(kinds):
        devices = tuple(device for device in target.devices if (device.profile or "") == kind)
        found.append(Reading(profiled(contract, kind) if kind else contract, kind or None, devices, number == 0))
    return tuple(found)


_BUNDLED: dict[tuple[str, str], dict[str, tuple[Case, ...]]] = {}
"""By name and text of a bundled contract, its cases by operation: half of a short check's time, always the same ones.

Other contracts may refer to files that change while the process runs.
"""


class Cases:
    """The cases of every reading of one contract, each enumerated once; those of a bundled one once in a process."""

    def __init__(self, plain: Contract) -> None:
        self._judge = _Judge(plain)
        document = plain.root.document
        bundled = document.path.parent == bundled_folder()
        self._plain = _BUNDLED.setdefault((plain.name, document.text), {}) if bundled else {}

    def of(self, reading: Reading, operation: Operation) -> Sequence[Case]:
        """Those of one of the reading's operations: where a profile differs from the plain contract, then the rest."""
        if reading.profile is None:
            return self._of_plain(operation.id)
        judge = _Judge(reading.contract)
        own = list(cases(operation, reading.contract, judge=judge.rules))
        differing = [case for case in own if case.side == "refuse" and self._accepts(case, operation, judge)]
        crossed = list(self._crossed(reading, operation, judge, {(case.rule, case.location) for case in differing}))
        if reading.whole:
            return [*crossed, *own]
        places = {case.location for case in (*differing, *crossed)}
        return [*crossed, *differing, *(case for case in own if case.side == "accept" and case.location in places)]

    def _of_plain(self, operation_id: str) -> tuple[Case, ...]:
        contract = self._judge.contract
        if operation_id not in self._plain:
            found = cases(contract.operation(operation_id), contract, judge=self._judge.rules)
            self._plain[operation_id] = tuple(found)
        return self._plain[operation_id]

    def _accepts(self, case: Case, operation: Operation, judge: "_Judge") -> bool:
        """Whether the plain contract accepts what the profile is seen to refuse."""
        request = example_request(case, operation)
        return bool(judge.findings(request)) and not self._judge.findings(request)

    def _crossed(
        self, reading: Reading, operation: Operation, judge: "_Judge", covered: set[tuple[str, str | None]]
    ) -> Iterator[Case]:
        """What the plain contract accepts and the profile refuses, once per rule that no other case is about."""
        for case in self._of_plain(operation.id):
            broken = judge.findings(example_request(case, operation)) if case.side == "accept" else []
            if len(broken) != 1 or (broken[0].rule, broken[0].location) in covered:
                continue
            covered.add((broken[0].rule, broken[0].location))
            yield _refused(case, reading, operation, broken[0])


class _Judge:
    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._validator = Validator(contract)

    def findings(self, request: Request) -> list[Finding]:
        exchange = Exchange(request)
        return [] if self._validator.conforms(exchange) else self._validator.findings(exchange)

    def rules(self, request: Request) -> set[str]:
        """The rules that a request breaks, none for a valid one."""
        return {finding.rule for finding in self.findings(request)}


def _refused(case: Case, reading: Reading, operation: Operation, broken: Finding) -> Case:
    variant = case.id.rsplit("/", 1)[-1]
    return replace(
        case,
        id=f"{reading.contract.name}/{operation.id}/refuse/{broken.rule}/{variant}",
        operation=operation.label,
        side="refuse",
        rule=broken.rule,
        certainty=broken.certainty,
        about=f"valid for other devices, not for those of the profile {reading.profile}",
        location=broken.location,
    )
