"""The matrix of a check for people: rules of each operation down, the sides across."""

import io
from collections.abc import Sequence
from typing import TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from watchword.check.outcome import Outcome
from watchword.ground import Severity, Tally

_MARKS = {Severity.ERROR: ("✗", "bold red"), Severity.WARNING: ("!", "yellow"), Severity.OBSERVATION: ("~", "cyan")}
LEGEND = "✓ as the contract says   ✗ not so   ! warning   ~ differs from an assumed clause   – not exercised"


def write_matrix(outcome: Outcome, stream: TextIO, *, coloured: bool) -> None:
    """Write one table per operation; a cell has the number of cases behind its mark."""
    tallies = outcome.tallies()
    for operation in dict.fromkeys(tally.operation for tally in tallies):
        owned = [tally for tally in tallies if tally.operation == operation]
        _write(_table(operation, owned, _sides(tallies)), stream, coloured=coloured)
        stream.write("\n")


def _sides(tallies: Sequence[Tally]) -> list[str]:
    used = {tally.side for tally in tallies}
    return [side for side in ("accept", "refuse", "either", "effect") if side in used]


def _table(operation: str, tallies: Sequence[Tally], sides: Sequence[str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column(operation, overflow="fold")
    for side in sides:
        table.add_column(side, justify="right")
    cells = {(tally.rule, tally.side): tally for tally in tallies}
    for rule in dict.fromkeys(tally.rule for tally in tallies):
        table.add_row(Text(rule), *(_cell(cells.get((rule, side))) for side in sides))
    return table


def _cell(cell: Tally | None) -> Text:
    if cell is None:
        return Text("")
    if cell.cases == 0:
        return Text("–", "yellow")
    mark, style = _MARKS[cell.worst] if cell.worst else ("✓", "green")
    return Text.assemble((mark, style), f" {cell.cases:>3}")


def _write(table: Table, stream: TextIO, *, coloured: bool) -> None:
    if coloured:
        Console(file=stream).print(table)
        return
    plain = io.StringIO()  # rendered apart, wide and without colour: rich would fit 80 columns by cutting
    Console(file=plain, width=10_000, color_system=None, force_terminal=False).print(table)
    stream.writelines(line.rstrip() + "\n" for line in plain.getvalue().splitlines())
