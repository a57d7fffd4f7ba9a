"""One JSON document: version, totals by severity, findings. Its schema is docs/report.schema.json."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import TextIO

from watchword import __version__
from watchword.ground import Finding, Severity, finding_record

ENDINGS: tuple[str, ...] = (".json",)


def write(findings: Iterable[Finding], stream: TextIO) -> None:
    """Write the document, ASCII only, so that no encoding and no lone surrogate can break it."""
    listed = list(findings)
    counts = Counter(finding.severity for finding in listed)
    document = {
        "watchword": __version__,
        "totals": {severity.value: counts[severity] for severity in Severity},
        "findings": [finding_record(finding) for finding in listed],
    }
    stream.write(json.dumps(document, indent=2) + "\n")
