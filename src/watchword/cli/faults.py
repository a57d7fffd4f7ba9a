"""`watchword check --faults`: each known defect of a twin started and checked, and which of them the check caught."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, TextIO

import click

from watchword import __version__
from watchword.check import HttpTransport, Options, Outcome, Phase, Plan, guarded, make_plan, run
from watchword.check.kills import Defect, Kill, KillMatrix, kill, told
from watchword.cli.options import Target, written
from watchword.contract import Contract, load_contract
from watchword.ground import Certainty, WatchwordError
from watchword.mock import Application, app
from watchword.mock.faults import NamedFault, faults
from watchword.service import twin, twin_probe

_BATCH = 60
"""Requests after which it is seen whether a defect is caught already."""

_TIMEOUT = 5.0


class _Stage:
    """An ASGI application that is another one for each defect."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.application(scope, receive, send)


def list_faults(names: Sequence[str], stream: TextIO) -> int:
    """Write every fault of the contracts: its id, and what it is about."""
    for name in names:
        for fault in faults(load_contract(name)):
            assumed = "" if fault.certainty is Certainty.DOCUMENTED else "  (breaks assumed clauses only)"
            stream.write(f"{fault.id}  {fault.about}{assumed}\n")
    return 0


def check_faults(names: Sequence[str], phases: Sequence[Phase], outputs: Sequence[Target]) -> int:
    """Check every fault of the contracts and write the kill matrix. The exit code is 1 if a documented one survives.

    Raises `WatchwordError` for a twin in which the check finds something without a fault.
    """
    strange = sorted({output.format for output in outputs} - {"text", "json"})
    if strange:
        raise click.UsageError(f"a kill matrix is written as text or json, not as {', '.join(strange)}")
    matrices = [_matrix(name, load_contract(name), phases) for name in names]
    for output in outputs:
        with written(output) as outlet:
            if outlet.format == "json":
                outlet.stream.write(json.dumps(_record(matrices), indent=2) + "\n")
            else:
                for matrix in matrices:
                    _write(matrix, outlet.stream)
    return int(any(matrix.score().caught < matrix.score().defects for matrix in matrices))


def _matrix(name: str, contract: Contract, phases: Sequence[Phase]) -> KillMatrix:
    stage = _Stage(app([contract]))
    with twin(name, contract, stage) as target:
        plan = make_plan(contract, guarded(target, contract), phases=phases)
        sound = list(_outcomes(plan, phases, whole=True))
        findings = [finding for outcome in sound for finding in outcome.findings]
        if findings:
            raise WatchwordError(f"{name}: the check finds {findings[0].rule} in a twin that has no fault")
        known = told(sound)
        listed = faults(contract)
        with click.progressbar(listed, label=name, file=sys.stderr) as shown:
            kills = []
            for fault in shown:
                stage.application = app([contract], fault=fault.fault)
                kills.append(kill(_defect(fault), _outcomes(plan, phases), known))
    return KillMatrix(
        contract.name,
        sum(outcome.requests for outcome in sound),
        sum(outcome.seconds for outcome in sound),
        tuple(kills),
    )


def _defect(fault: NamedFault) -> Defect:
    return Defect(fault.id, fault.group, fault.about, fault.certainty)


def _outcomes(plan: Plan, phases: Sequence[Phase], *, whole: bool = False) -> Iterator[Outcome]:
    """The check of the service as it is now, in batches, so that a caught defect costs no more requests.

    A login after every case takes time, so that comes last: most defects are caught without.
    """
    probed = replace(plan, target=replace(plan.target, probe=twin_probe(plan)))
    for start in range(0, 0 if whole else len(plan.planned), _BATCH):
        yield _run(replace(plan, planned=plan.planned[start : start + _BATCH]), ("examples", "cases"))
    if "workflows" in phases:
        yield _run(replace(probed, planned=(), skipped=()), ("workflows",))
    yield _run(probed, ("examples", "cases"))


def _run(plan: Plan, phases: tuple[Phase, ...]) -> Outcome:
    transport = HttpTransport(plan.target.url, _TIMEOUT)
    try:
        return run(plan, transport, options=Options(phases=phases))
    finally:
        transport.close()


def _write(matrix: KillMatrix, stream: TextIO) -> None:
    stream.writelines(f"{'caught  ' if each.is_caught else 'SURVIVES'}  {_told(each)}\n" for each in matrix.kills)
    stream.write("\n")
    stream.writelines(f"{group:<12} {matrix.score(group=group)}\n" for group in matrix.groups)
    stream.write(
        f"{matrix.contract}: {matrix.score()} caught, of those that break assumed clauses only "
        f"{matrix.score(Certainty.ASSUMED)}; a check takes {matrix.requests} requests and {matrix.seconds:.1f} s\n\n"
    )


def _told(each: Kill) -> str:
    if not each.is_caught:
        return f"{each.defect.id}  {each.defect.about}"
    rest = len(each.rules) - 1
    more = f" and {rest} more" if rest else ""
    return f"{each.defect.id}  by {each.rules[0]}{more} ({each.findings[0].case or 'no case'})"


def _record(matrices: Sequence[KillMatrix]) -> dict[str, Any]:
    return {"watchword": __version__, "contracts": [_matrix_record(matrix) for matrix in matrices]}


def _matrix_record(matrix: KillMatrix) -> dict[str, Any]:
    score, assumed = matrix.score(), matrix.score(Certainty.ASSUMED)
    return {
        "contract": matrix.contract,
        "requests": matrix.requests,
        "caught": score.caught,
        "faults": score.defects,
        "assumed": {"caught": assumed.caught, "faults": assumed.defects},
        "kills": [_kill_record(each) for each in matrix.kills],
    }


def _kill_record(each: Kill) -> dict[str, Any]:
    first = each.findings[0] if each.findings else None
    return {
        "fault": each.defect.id,
        "group": each.defect.group,
        "about": each.defect.about,
        "certainty": each.defect.certainty.value,
        "caught": each.is_caught,
        "rules": list(each.rules),
        "case": first.case if first else None,
        "severity": first.severity.value if first else None,
    }
