"""GitLab's Code Quality report: a JSON array, one object per finding with a place."""

import json
from collections.abc import Iterable
from typing import Any, TextIO

from watchword.ground import Finding, Severity
from watchword.report.repository import Fingerprints, one_line, repository_path

ENDINGS: tuple[str, ...] = (".codequality.json",)

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.OBSERVATION: "info"}


def write(findings: Iterable[Finding], stream: TextIO) -> None:
    """Write the array, ASCII only. GitLab shows nothing without a file, so a finding without a place names its case."""
    fingerprints = Fingerprints()
    stream.write(json.dumps([_entry(finding, fingerprints) for finding in findings], indent=2) + "\n")


def _entry(finding: Finding, fingerprints: Fingerprints) -> dict[str, Any]:
    place = finding.place
    path = repository_path(place.file) if place else finding.case or finding.operation or "watchword"
    return {
        "description": one_line(finding),
        "check_name": finding.rule,
        "fingerprint": fingerprints.of(finding),
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": path, "lines": {"begin": place.line if place else 1}},
    }
