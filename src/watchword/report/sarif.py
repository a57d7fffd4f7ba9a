"""SARIF 2.1.0 (OASIS): one run, a result per finding, paths relative to the repository, fingerprints of our own."""

import json
from collections.abc import Iterable
from typing import Any, TextIO
from urllib.parse import quote

from watchword import __version__
from watchword.ground import Finding, Severity
from watchword.report.repository import Fingerprints, one_line, repository_path

ENDINGS: tuple[str, ...] = (".sarif", ".sarif.json")

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.OBSERVATION: "note"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "SRCROOT"


def write(findings: Iterable[Finding], stream: TextIO) -> None:
    """Write the document, ASCII only."""
    listed = list(findings)
    rules = list(dict.fromkeys(finding.rule for finding in listed))
    fingerprints = Fingerprints()
    run = {
        "tool": {"driver": {"name": "watchword", "version": __version__, "rules": [_rule(rule) for rule in rules]}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, rules.index(finding.rule), fingerprints) for finding in listed],
    }
    stream.write(json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n")


def _rule(rule: str) -> dict[str, Any]:
    return {"id": rule, "shortDescription": {"text": rule.replace("-", " ")}}


def _result(finding: Finding, index: int, fingerprints: Fingerprints) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": one_line(finding) + (f" (instead: {finding.suggestion})" if finding.suggestion else "")},
        "partialFingerprints": {"watchword/v1": fingerprints.of(finding)},
    }
    location: dict[str, Any] = {}
    if finding.place is not None:
        path = repository_path(finding.place.file)
        artifact: dict[str, Any] = {"uri": quote(path)}
        if not path.startswith("/"):
            artifact["uriBaseId"] = _ROOT
        region = {"startLine": finding.place.line, "startColumn": finding.place.column}
        location["physicalLocation"] = {"artifactLocation": artifact, "region": region}
    if finding.operation is not None:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.operation, "kind": "function"}]
    if location:
        result["locations"] = [location]
    properties = {
        name: value
        for name, value in (
            ("certainty", finding.certainty.value),
            ("side", finding.side.value if finding.side else None),
            ("location", finding.location),
            ("source", finding.source),
            ("case", finding.case),
            ("repeat", finding.repeat),
            ("pointer", finding.place.pointer if finding.place else None),
        )
        if value
    }
    return {**result, "properties": properties}
