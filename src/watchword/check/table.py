"""The matrix of a check for people: rules of each operation down, the sides across."""

import io
from typing import TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from watchword.check.outcome import Cell, Outcome
from watchword.ground import Severity

_MARKS = {Severity.ERROR: ("✗", "bold red"), Severity.WARNING: ("!", "yellow"), Severity.OBSERVATION: ("~", "cyan")}
LEGEND = "✓ as the contract says   ✗ not so   ! warning   ~ differs from an assumed clause   – not exercised"


def write_matrix(outcome: Outcome, stream: TextIO, *, coloured: bool) -> None:
    """Write one table per operation; a cell has the number of cases behind its mark."""
    operations = dict.fromkeys(operation for operation, _, _ in outcome.matrix)
    for operation in operations:
        _write(_table(outcome, operation), stream, coloured=coloured)
        stream.write("\n")


def _table(outcome: Outcome, operation: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column(operation, overflow="fold")
    sides = [side for side in ("accept", "refuse", "either", "effect") if side in {key[2] for key in outcome.matrix}]
    for side in sides:
        table.add_column(side, justify="right")
    for rule in dict.fromkeys(rule for label, rule, _ in outcome.matrix if label == operation):
        cells = [outcome.matrix.get((operation, rule, side)) for side in sides]
        table.add_row(Text(rule), *(_cell(cell) for cell in cells))
    return table


def _cell(cell: Cell | None) -> Text:
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
