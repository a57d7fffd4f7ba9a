"""`watchword audit`: recorded traffic judged against contracts."""

import gc
from collections.abc import Sequence
from contextlib import ExitStack

import click

import watchword
from watchword import report
from watchword.audit import Summary, audit, verdict_line
from watchword.cli.options import Outlet, exit_code, report_options, targets, written
from watchword.ground import WatchwordError
from watchword.report.terminal import is_coloured
from watchword.report.text import write_paragraphs

_LINES = "jsonl"


@click.command(
    epilog="Traffic is JSON lines ({id, request: {method, url, headers, body}, response: {status, headers, body}}) or "
    "HAR 1.2, gzip'd or not; - is standard input. With --format jsonl each exchange gives one line with its verdicts."
)
@click.argument("traffic", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option(
    "--contract",
    "contracts",
    multiple=True,
    required=True,
    metavar="NAME|SPEC",
    help="A bundled contract or an OpenAPI document. Repeatable: the first one that has the operation judges.",
)
@report_options
def command(
    traffic: Sequence[str], contracts: Sequence[str], formats: Sequence[str], outputs: Sequence[str], fail_on: str
) -> int:
    """Judge recorded traffic against contracts."""
    wanted = targets(formats, outputs)
    validators = [watchword.load(name) for name in contracts]
    gc.freeze()  # contracts live as long as the process: a collector that walks them again costs a seventh of the time
    summary = Summary()
    problem: WatchwordError | None = None
    with ExitStack() as files:
        outlets = [files.enter_context(written(target)) for target in wanted]
        streams = [outlet.stream for outlet in outlets if outlet.format == _LINES]
        try:
            for verdict in audit(traffic, validators):
                summary.add(verdict)
                if streams:
                    line = verdict_line(verdict)
                    for stream in streams:
                        stream.write(line)
        except WatchwordError as error:
            if not summary.exchanges and not summary.unreadable:
                raise
            problem = error  # what was judged so far is still reported
        for outlet in outlets:
            _write_summary(summary, outlet)
    if problem is not None:
        raise problem
    if not summary.exchanges and not summary.unreadable:
        click.echo(f"note: nothing was judged: no exchange in {', '.join(traffic)}", err=True)
    return exit_code(summary.worst, fail_on)


def _write_summary(summary: Summary, outlet: Outlet) -> None:
    if outlet.format == _LINES:
        return  # written along the way
    if outlet.format != "text":
        report.write(summary.findings(), outlet.format, outlet.stream)
        return
    from watchword.audit.table import write_table  # rich is not for machines

    write_table(summary, outlet.stream, coloured=is_coloured(outlet.stream))
    outlet.stream.write("\n")
    groups = ((group.first, group.seen) for group in summary.listed())
    write_paragraphs(((finding, [("seen", seen)] if seen else []) for finding, seen in groups), outlet.stream)
