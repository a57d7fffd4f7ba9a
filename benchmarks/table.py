"""Rows on a terminal, and bars that a measurement must clear. Measures nothing."""

from collections.abc import Sequence


def show(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; the first column is text, the others are numbers."""
    widths = [max(len(row[column]) for row in [heads, *rows]) for column in range(len(heads))]
    print(title)
    for row in [heads, *rows]:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        print("  " + "  ".join(cells).rstrip())


def bar(claim: str, *, holds: bool) -> bool:
    """Print whether a claim holds, and return it."""
    print(f"  {'holds ' if holds else 'MISSED'}  {claim}")
    return holds
