"""One JSON document: version, totals by severity, findings, matrix of a check. Schema: docs/report.schema.json."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TextIO

from watchword import __version__
from watchword.ground import Finding, Severity, Tally, finding_record

ENDINGS: tuple[str, ...] = (".json",)


def write(findings: Iterable[Finding], stream: TextIO, tallies: Sequence[Tally] = ()) -> None:
    """Write the document, ASCII only, so that no encoding and no lone surrogate can break it."""
    listed = list(findings)
    counts = Counter(finding.severity for finding in listed)
    document = {
        "watchword": __version__,
        "totals": {severity.value: counts[severity] for severity in Severity},
        "findings": [finding_record(finding) for finding in listed],
    }
    if tallies:
        document["matrix"] = [_cell(tally) for tally in tallies]
    stream.write(json.dumps(document, indent=2) + "\n")


def _cell(tally: Tally) -> dict[str, object]:
    verdict = tally.worst.value if tally.worst else "passed" if tally.cases else "not-exercised"
    return {
        "operation": tally.operation,
        "rule": tally.rule,
        "side": tally.side,
        "cases": tally.cases,
        "skipped": tally.skipped,
        "verdict": verdict,
    }
