"""The end of a session: the coverage as a table, the bar that it has to pass, what could not be put back."""

from collections.abc import Sequence

import pytest

from watchword.contract import load_contract
from watchword.ground import Finding
from watchword.pytest_plugin.coverage import Row, coverage, percent, uncalled
from watchword.pytest_plugin.settings import Settings, names_files
from watchword.pytest_plugin.tally import Tally
from watchword.pytest_plugin.verdict import paragraphs

MOST_MISSED = 4
MOST_UNCALLED = 20
"""A document with more operations that nobody called has them in one line, unless somebody asks."""


class Ending:
    """What a session came to; `left` is text about what the tests left behind, from all workers.

    `has_failed` says that something was not put back as it was.
    """

    def __init__(self, settings: Settings, tally: Tally, sources: dict[str, str]) -> None:
        self.left: list[str] = []
        self.has_failed = False
        self._settings = settings
        self._tally = tally
        self._sources = sources
        self._rows: list[Row] = []
        self._uncalled: list[str] = []
        self._is_moot = False

    def closed(self, findings: Sequence[Finding], notes: Sequence[str]) -> None:
        """Takes what the services said when they were put back."""
        self.left.extend(paragraphs([finding]) for finding in findings)
        self.left.extend(notes)
        self.has_failed = self.has_failed or bool(findings)

    def repeated(self, found: Sequence[tuple[str, str]]) -> None:
        """Takes what the secrets that several workers met show together, as (rule, message)."""
        self.left.extend(f"error  {rule}\n  {message}" for rule, message in found)
        self.has_failed = self.has_failed or bool(found)

    def decide(self, session: pytest.Session) -> None:
        """Counts, and fails a session that passed if less than asked was exercised or something was not put back."""
        self._is_moot = _is_moot(session, nothing_judged=not self._tally.counts)
        if self._tally.counts or (self._settings.fail_under is not None and not self._is_moot):
            needs_all = self._settings.fail_under is not None or getattr(session.config.option, "verbose", 0) > 0
            for source in self._sources.values():
                contract = load_contract(source)
                silent = uncalled(contract, self._tally)
                is_long = len(silent) > MOST_UNCALLED and not needs_all
                self._rows.extend(coverage(contract, self._tally, only_called=is_long))
                self._uncalled.extend(silent if is_long else ())
        if (self._is_short or self.has_failed) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def write(self, reporter: "pytest.TerminalReporter") -> None:
        """The table and the verdict on it."""
        if self.left:
            reporter.write_sep("-", "watchword")
            for text in self.left:
                reporter.write_line(text)
        if self._rows or self._tally.elsewhere:
            reporter.write_sep("-", "contract coverage")
        if self._rows:
            for line in table(self._rows, most=10_000 if reporter.verbosity > 0 else MOST_MISSED):
                reporter.write_line(line)
        if self._uncalled:
            count = len(self._uncalled)
            reporter.write_line(
                f"{count} operations were never called, -v lists them: {_listed(self._uncalled, MOST_MISSED)}"
            )
        if self._tally.elsewhere:
            reporter.write_line(self._elsewhere())
        if self._is_short:
            given = _shown(percent(self._rows))
            expected = f"at least {self._settings.fail_under:g} % required"
            reporter.write_line(f"FAILED: contract coverage is {given} %, {expected}", red=True, bold=True)

    def _elsewhere(self) -> str:
        count, noun = self._tally.elsewhere, "exchange" if self._tally.elsewhere == 1 else "exchanges"
        if self._tally.counts:
            return f"{count} {noun} on paths of no contract"
        names = " or ".join(self._sources)
        return f"watch judged nothing: of {count} {noun} none is on a path of {names}; is watchword_base_path right?"

    @property
    def _is_short(self) -> bool:
        least = self._settings.fail_under
        return least is not None and not self._is_moot and percent(self._rows) < least


def _is_moot(session: pytest.Session, *, nothing_judged: bool) -> bool:
    """Whether a bar for the coverage says nothing: the session ended before it began, or was not about a contract.

    What somebody picked out of the tests may well have nothing to do with one.
    """
    if session.exitstatus in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERNAL_ERROR):
        return True
    return nothing_judged and is_picked(session.config)


def is_picked(config: pytest.Config) -> bool:
    """Whether the command line picks tests out, by file, name, expression, or from the run before."""
    names = ("keyword", "markexpr", "deselect", "lf", "stepwise", "collectonly")
    return names_files(config) or any(getattr(config.option, name, None) for name in names)


def table(rows: Sequence[Row], most: int = MOST_MISSED) -> list[str]:
    """One line per operation, below it at most so much of each kind that was not exercised, and the total."""
    heads = ["operation", "exchanges", "statuses", "accepted", "refused", "covered"]
    cells = [heads]
    cells += [
        [
            f"{row.contract} {row.operation}",
            str(row.exchanges),
            *(f"{part.count}/{len(part.wanted)}" for part in (row.statuses, row.accepted, row.refused)),
            f"{_shown(percent([row]))} %",
        ]
        for row in rows
    ]
    if len(rows) > 1:
        cells.append(["total", str(sum(row.exchanges for row in rows)), "", "", "", f"{_shown(percent(rows))} %"])
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    lines = []
    for number, row in enumerate(cells):
        first, *others = (
            cell.ljust(width) if not column else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append("  ".join([first, *others]).rstrip())
        if 0 < number <= len(rows):
            lines.extend(_missed(rows[number - 1], most))
    return lines


def _missed(row: Row, most: int) -> list[str]:
    """What an operation that was called lacks."""
    if not row.exchanges:
        return []
    parts = (("no reply", row.statuses), ("never accepted", row.accepted), ("never refused", row.refused))
    return [f"  {name}: {_listed(part.missed, most)}" for name, part in parts if part.missed]


def _listed(names: Sequence[str], most: int) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _shown(value: float) -> str:
    """A percentage that says 100 only where nothing is missing."""
    return f"{int(value * 10) / 10:g}"
