"""The summary of an audit as a table for people: operations down, verdicts across."""

import io
from typing import TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from watchword.audit.summary import Summary
from watchword.audit.verdict import Outcome
from watchword.ground import Side

_COLUMNS = (
    (Side.REQUEST, Outcome.VALID),
    (Side.REQUEST, Outcome.ASSUMED),
    (Side.REQUEST, Outcome.INVALID),
    (Side.RESPONSE, Outcome.VALID),
    (Side.RESPONSE, Outcome.ASSUMED),
    (Side.RESPONSE, Outcome.INVALID),
    (Side.RESPONSE, Outcome.ABSENT),
)
_STYLES = {Outcome.INVALID: "red", Outcome.ASSUMED: "yellow"}


def write_table(summary: Summary, stream: TextIO, *, coloured: bool) -> None:
    """Write the table and one line of totals; nothing wraps unless `coloured` says that a terminal reads it."""
    if summary.outcomes:
        _write(_table(summary), stream, coloured=coloured)
        stream.write("\n")
    stream.write(_totals(summary) + "\n")


def _table(summary: Summary) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("operation", overflow="fold")
    for side, outcome in _COLUMNS:
        table.add_column(f"{side.value}\n{outcome.value}", justify="right")
    for operation in summary.operations():
        counts = (summary.outcomes[operation, side, outcome] for side, outcome in _COLUMNS)
        cells = [
            Text(f"{count:,}" if count else "·", _STYLES.get(outcome, "") if count else "dim")
            for count, (_, outcome) in zip(counts, _COLUMNS, strict=True)
        ]
        table.add_row(Text(operation or "(no such operation)"), *cells)
    return table


def _write(table: Table, stream: TextIO, *, coloured: bool) -> None:
    if coloured:
        Console(file=stream).print(table)
        return
    # rendered apart, wide and without colour: rich would fit 80 columns by cutting
    plain = io.StringIO()
    Console(file=plain, width=10_000, color_system=None, force_terminal=False).print(table)
    stream.writelines(line.rstrip() + "\n" for line in plain.getvalue().splitlines())


def _totals(summary: Summary) -> str:
    total = f"{summary.exchanges:,} exchange{'' if summary.exchanges == 1 else 's'}"
    if summary.unreadable:
        total += f", {summary.unreadable:,} that could not be read"
    if summary.ungrouped:
        total += f"; {summary.ungrouped:,} more findings of other kinds are not listed"
    return total
