"""Findings, written in a format. Reads findings only: their messages are redacted already, no raw value comes here."""

from collections.abc import Iterable, Mapping
from typing import TextIO

from watchword.ground import Finding, WatchwordError
from watchword.report import json, jsonl, text
from watchword.report.protocol import Format

__all__ = ["FORMATS", "format_of_file", "write"]

FORMATS: Mapping[str, Format] = {"text": text, "json": json, "jsonl": jsonl}


def write(findings: Iterable[Finding], format: str, stream: TextIO) -> None:  # noqa: A002 (the word of the command line)
    """Write the findings, in the given order. Raises WatchwordError for an unknown format."""
    if format not in FORMATS:
        raise WatchwordError(f"unknown format `{format}`; known are {', '.join(FORMATS)}")
    FORMATS[format].write(findings, stream)


def format_of_file(name: str) -> str | None:
    """The format that a file's ending stands for, or None."""
    return next((known for known, form in FORMATS.items() if name.lower().endswith(form.ENDINGS)), None)
