"""`watchword check`: endpoints tested against their contracts."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

import click

from watchword import report
from watchword.check import (
    DEFAULT_TIMEOUT,
    PHASES,
    HttpTransport,
    Journal,
    Lock,
    Options,
    Outcome,
    Phase,
    Plan,
    Planned,
    Randomness,
    Repetition,
    generation_case,
    is_wanted,
    making_operations,
    narrowed,
    properties,
    run,
    workflow_case,
    workflow_ids,
)
from watchword.cli.interruption import stopping
from watchword.cli.options import Outlet, exit_code, report_options, targets, written
from watchword.contract import BUNDLED
from watchword.ground import Finding, Severity, WatchwordError
from watchword.report.terminal import is_coloured
from watchword.report.text import folded, write_folded
from watchword.service import Choice, chosen


@click.command(
    epilog="A target that is not on this machine must list the devices that may be touched: resetting credentials is "
    "destructive. Credentials come from the environment, a file or a command, never from the command line."
)
@click.argument("contracts", nargs=-1, metavar="[NAME|SPEC]...")
@click.option("--mock", is_flag=True, help="Start the twins on free loopback ports and check those.")
@click.option("--faults", is_flag=True, help="Start each known defect of the twins and print which ones are caught.")
@click.option("--faults-list", is_flag=True, help="List the defects that --faults starts, and stop.")
@click.option("-u", "--url", help="Base URL of the service.")
@click.option("--target", "target_name", help="A target of watchword.toml: [targets.NAME].")
@click.option("--credential-env", metavar="VARIABLE", help="Environment variable with the credential to use.")
@click.option("--other-credential-env", "other_env", multiple=True, metavar="VARIABLE", help="One to refuse.")
@click.option("--device", "devices", multiple=True, metavar="NAME=VALUE,...", help="A device that may be touched.")
@click.option("--unknown-device", "unknown", multiple=True, metavar="NAME=VALUE,...", help="One that does not exist.")
@click.option("--foreign-device", "foreign", multiple=True, metavar="NAME=VALUE,...", help="One of somebody else.")
@click.option("--phases", default=",".join(PHASES), show_default=True, help="Which phases to run, in order.")
@click.option(
    "--case",
    "case_ids",
    multiple=True,
    metavar="ID",
    help="Run just this; a final * matches any rest.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of everything that is drawn.")
@click.option("-n", "--max-examples", type=click.IntRange(min=1), help="Drawn requests per property and workflow.")
@click.option("--workflows", type=click.Path(path_type=Path), help="Arazzo document; else the one beside the contract.")
@click.option("--example-database", metavar="FOLDER|URL", help="Where Hypothesis keeps failures; they hold secrets.")
@click.option(
    "-w", "--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Devices tried at once."
)
@click.option("--rate", metavar="N/s", help="Most requests per second, minute (m) or hour (h).")
@click.option("--max-requests", type=click.IntRange(min=1), help="Stop after so many requests.")
@click.option("--max-time", type=click.FloatRange(min=0.1), metavar="SECONDS", help="Stop after so many seconds.")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file; else the nearest watchword.toml.")
@click.option("--journal", "journal_path", type=click.Path(path_type=Path), help="Where to keep the journal.")
@click.option(
    "--timeout", type=click.FloatRange(min=0.001), help="Seconds to wait for a reply; else the target's, else 10."
)
@click.option("--dry-run", is_flag=True, help="Print the plan and stop.")
@report_options
def command(
    contracts: Sequence[str],
    mock: bool,
    faults: bool,
    faults_list: bool,
    url: str | None,
    target_name: str | None,
    credential_env: str | None,
    other_env: Sequence[str],
    devices: Sequence[str],
    unknown: Sequence[str],
    foreign: Sequence[str],
    phases: str,
    case_ids: Sequence[str],
    seed: int,
    max_examples: int | None,
    workflows: Path | None,
    example_database: str | None,
    workers: int,
    rate: str | None,
    max_requests: int | None,
    max_time: float | None,
    config: Path | None,
    journal_path: Path | None,
    timeout: float | None,
    dry_run: bool,
    formats: Sequence[str],
    outputs: Sequence[str],
    fail_on: str,
) -> int:
    """Test endpoints against their contracts."""
    if faults or faults_list:
        return _faults(contracts, faults_list, phases, formats, outputs)
    if sum((mock, url is not None, target_name is not None)) != 1:
        raise click.UsageError("give one of --mock, --url and --target")
    if target_name is None and not contracts:
        raise click.UsageError("name a contract: roma-connect, iotda, kii, or a path to an OpenAPI document")
    if url is not None and len(contracts) != 1:
        raise click.UsageError("--url is one service, so name one contract")
    if dry_run and (outputs or set(formats) - {"text"}):
        raise click.UsageError("--dry-run prints the plan as text and reports nothing; leave out --format and --output")
    wanted = targets(formats, outputs)
    chosen_phases = _phases(phases)
    options = Options(
        phases=chosen_phases,
        randomness=Randomness(max_examples or Randomness().max_examples, seed, example_database),
        repetition=Repetition(max_examples or 1, seed),
        only=tuple(case_ids),
        workers=workers,
        workflows=workflows,
        most_requests=max_requests,
        most_seconds=max_time,
    )
    choice = Choice(
        contracts=tuple(contracts),
        mock=mock,
        url=url,
        target=target_name,
        config=config,
        credential_env=credential_env,
        other_env=tuple(other_env),
        devices=tuple(devices),
        unknown=tuple(unknown),
        foreign=tuple(foreign),
        rate=rate,
        workers=workers,
    )
    with ExitStack() as opened:
        plans = opened.enter_context(chosen(choice, phases=chosen_phases, with_narrower=bool(case_ids)))
        plans = [narrowed(plan, case_ids) for plan in plans]
        drawn = [_drawn(plan, options) if case_ids or dry_run else () for plan in plans]
        if case_ids and not any(plan.planned or ids for plan, ids in zip(plans, drawn, strict=True)):
            raise WatchwordError(f"no case is called {' or '.join(case_ids)}; --dry-run lists them")
        for plan, ids in zip(plans, drawn, strict=True):
            _announce(plan, options, ids, dry_run=dry_run)
        if dry_run:
            return 0
        journal = None
        if not mock:
            journal = opened.enter_context(Journal(journal_path))
            for each in {plan.target.url for plan in plans}:
                opened.enter_context(Lock(journal.path.parent, each).alone())
        with stopping(options.stop):
            outcomes = [_checked(plan, timeout, journal, options) for plan in plans if not options.stop.is_set()]
    _report(outcomes, wanted)
    if options.stop.is_set():
        raise click.Abort
    problem = next((outcome.problem for outcome in outcomes if outcome.problem), None)
    if problem is not None:
        raise problem
    severities = [finding.severity for outcome in outcomes for finding in outcome.findings]
    return exit_code(min(severities, key=lambda each: each.rank, default=None), fail_on)


def _faults(
    contracts: Sequence[str], only_list: bool, phases: str, formats: Sequence[str], outputs: Sequence[str]
) -> int:
    from watchword.cli.faults import check_faults, list_faults  # only this loads every fault

    names = contracts or BUNDLED
    if only_list:
        return list_faults(names, sys.stdout)
    return check_faults(names, _phases(phases), targets(formats, outputs))


def _phases(text: str) -> tuple[Phase, ...]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    strange = [name for name in names if name not in PHASES]
    if "fuzz" in strange:
        raise click.UsageError(
            "fuzzing is a command of its own, with the options and reports of Schemathesis: watchword fuzz"
        )
    if strange or not names:
        raise click.UsageError(f"unknown phase {', '.join(strange) or text!r}; known are {', '.join(PHASES)}")
    return tuple(phase for phase in PHASES if phase in names)


def _drawn(plan: Plan, options: Options) -> Sequence[str]:
    """The ids of the wanted properties and workflows."""
    ids: list[str] = []
    if "random" in options.phases:
        ids.extend(each.id for each in properties(plan))
        ids.extend(generation_case(plan, operation) for operation in making_operations(plan))
    if "workflows" in options.phases:
        ids.extend(workflow_case(plan, name) for name in workflow_ids(plan, options.workflows))
    return [each for each in ids if is_wanted(each, options.only)]


def _announce(plan: Plan, options: Options, drawn: Sequence[str], *, dry_run: bool) -> None:
    """The plan, before anything is sent: where, how many requests, which devices, how fast."""
    target = plan.target
    phases = [phase for phase in options.phases if phase in ("random", "workflows")]
    more = f", then {', '.join(drawn)}" if options.only and drawn else ""
    if not options.only and phases:
        more = f", then {' and '.join(phases)}"
    acted_on = target.devices if more else [each.device for each in plan.planned if _touches(each)]
    touched = dict.fromkeys(device.name for device in acted_on)
    rate = "as fast as it answers" if target.rate is None else f"at most {target.rate:g} requests/s"
    click.echo(
        f"{plan.contract.name}: {len(plan.planned)} enumerated requests{more} to {target.url}, {rate}; "
        f"acts on {', '.join(touched) or 'no device'}",
        err=True,
    )
    for reason in dict.fromkeys(each.reason for each in plan.skipped if each.reason.startswith("not sent: ")):
        click.echo(f"  {reason}", err=True)
    if dry_run:
        for each in plan.planned:
            click.echo(f"{each.case.id}  {each.case.about}")
        for case_id in drawn:
            click.echo(f"{case_id}  {'drawn requests' if '/random/' in case_id else 'a workflow'}")
        for skipped in plan.skipped:
            click.echo(f"{skipped.case.id}  skipped: {skipped.reason}")


def _touches(planned: Planned) -> bool:
    return planned.case.draft.device == "touchable"


def _checked(plan: Plan, timeout: float | None, journal: Journal | None, options: Options) -> Outcome:
    transport = HttpTransport(plan.target.url, timeout or plan.target.timeout or DEFAULT_TIMEOUT)
    try:
        with _progress(plan) as progress:
            return run(plan, transport, progress, journal, options)
    finally:
        transport.close()


@contextmanager
def _progress(plan: Plan) -> Iterator[Callable[[int, int], None] | None]:
    stream = sys.stderr
    if not stream.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=stream), transient=True) as bar:
        task = bar.add_task(plan.contract.name, total=len(plan.planned))
        yield lambda done, _total: bar.update(task, completed=done)


def _report(outcomes: Sequence[Outcome], wanted: Sequence[object]) -> None:
    findings = [finding for outcome in outcomes for finding in outcome.findings]
    for target in wanted:
        with written(target) as outlet:  # type: ignore[arg-type]
            _write(outcomes, findings, outlet)


def _write(outcomes: Sequence[Outcome], findings: Sequence[Finding], outlet: Outlet) -> None:
    if outlet.format != "text":
        tallies = [tally for outcome in outcomes for tally in outcome.tallies()]
        report.write(findings, outlet.format, outlet.stream, tallies)
        return
    from watchword.check.table import LEGEND, write_matrix  # rich is not for machines

    stream, coloured = outlet.stream, is_coloured(outlet.stream)
    learned = [outcome for outcome in outcomes if any(cell.cases for cell in outcome.matrix.values())]
    for outcome in outcomes:
        if outcome in learned or outcome.problem is None:
            write_matrix(outcome, stream, coloured=coloured)
        _write_totals(outcome, stream)
    if learned:
        stream.write(f"{LEGEND}\n\n")
    write_folded(findings, stream)


def _write_totals(outcome: Outcome, stream: TextIO) -> None:
    unmet = [key for key, cell in outcome.matrix.items() if not cell.cases]
    errors = sum(group[0].severity is Severity.ERROR for group in folded(outcome.findings))
    stream.write(
        f"{outcome.contract}: {_counted(outcome.requests, 'request')} in {outcome.seconds:.1f} s, "
        f"{_counted(errors, 'error')}, {_counted(len(outcome.skipped), 'case')} skipped, "
        f"{len(unmet)} of {len(outcome.matrix)} cells not exercised\n"
    )
    stream.writelines(f"  {note}\n" for note in (*([outcome.ended] if outcome.ended else []), *outcome.notes))
    for reason in dict.fromkeys(skipped.reason for skipped in outcome.skipped):
        count = sum(skipped.reason == reason for skipped in outcome.skipped)
        stream.write(f"  skipped {count}: {reason}\n")
    stream.write("\n")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
