"""Findings, written in a format. Reads findings only: their messages are redacted already, no raw value comes here."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TextIO

from watchword.ground import Finding, Tally, WatchwordError
from watchword.report import github, gitlab, json, jsonl, junit, sarif, text
from watchword.report.protocol import Format, TallyingFormat

__all__ = ["FORMATS", "format_of_file", "write"]

FORMATS: Mapping[str, Format] = {
    "text": text,
    "json": json,
    "jsonl": jsonl,
    "junit": junit,
    "sarif": sarif,
    "github": github,
    "gitlab": gitlab,
}


_TALLYING: Mapping[str, TallyingFormat] = {"json": json, "junit": junit}


def write(
    findings: Iterable[Finding],
    format: str,  # noqa: A002 (the word of the command line)
    stream: TextIO,
    tallies: Sequence[Tally] = (),
) -> None:
    """Write the findings in the given order, and what was tried where the format has a place for that.

    Raises `WatchwordError` for an unknown format.
    """
    if format not in FORMATS:
        raise WatchwordError(f"unknown format `{format}`; known are {', '.join(FORMATS)}")
    if tallies and format in _TALLYING:
        _TALLYING[format].write(findings, stream, tallies)
    else:
        FORMATS[format].write(findings, stream)


def format_of_file(name: str) -> str | None:
    """The format that a file's ending stands for, the longest ending first, or None."""
    found = [(ending, known) for known, form in FORMATS.items() for ending in form.ENDINGS if _ends(name, ending)]
    return max(found, key=lambda pair: len(pair[0]))[1] if found else None


def _ends(name: str, ending: str) -> bool:
    return name.lower().endswith(ending)
