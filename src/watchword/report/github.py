"""Annotations for GitHub Actions (workflow commands), and a table in the step's summary where there is one."""

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from watchword.ground import Finding, Severity, WatchwordError
from watchword.report.repository import one_line, repository_path
from watchword.report.text import totals

ENDINGS: tuple[str, ...] = ()

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.OBSERVATION: "notice"}
_SUMMARY = "GITHUB_STEP_SUMMARY"
_MOST_ROWS = 200


def write(findings: Iterable[Finding], stream: TextIO) -> None:
    """Write a command per finding; append the table to the file that `GITHUB_STEP_SUMMARY` names.

    Raises WatchwordError when that file cannot be written.
    """
    listed = list(findings)
    stream.writelines(_command(finding) for finding in listed)
    stream.write(totals(Counter(finding.severity for finding in listed)) + "\n")
    summary = os.environ.get(_SUMMARY)
    if summary:
        try:
            with Path(summary).open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(step_summary(listed))
        except OSError as error:
            raise WatchwordError(f"cannot write the step summary: {error.strerror}") from None


def step_summary(findings: list[Finding]) -> str:
    """The findings as a Markdown table, the first 200 of them."""
    lines = ["### Watchword", "", totals(Counter(finding.severity for finding in findings)), ""]
    if findings:
        lines += ["| | where | rule | what |", "|-|-|-|-|"]
    for finding in findings[:_MOST_ROWS]:
        place = finding.place
        where = f"{repository_path(place.file)}:{place.line}" if place else finding.operation or ""
        cells = (finding.severity.value, where, finding.rule, one_line(finding))
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    if len(findings) > _MOST_ROWS:
        lines += ["", f"and {len(findings) - _MOST_ROWS:,} more"]
    return "\n".join(lines) + "\n"


def _command(finding: Finding) -> str:
    place = finding.place
    pairs = [("title", finding.rule)]
    if place is not None:
        pairs = [("file", repository_path(place.file)), ("line", str(place.line)), ("col", str(place.column)), *pairs]
    properties = ",".join(f"{name}={_property(value)}" for name, value in pairs)
    return f"::{_COMMANDS[finding.severity]} {properties}::{_message(one_line(finding))}\n"


def _message(text: str) -> str:
    """Escaped as GitHub's toolkit escapes data."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
