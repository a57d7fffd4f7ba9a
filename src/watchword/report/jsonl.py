"""One JSON object a line for each finding: docs/report.schema.json#/$defs/finding. Writes as findings come."""

import json
from collections.abc import Iterable
from typing import TextIO

from watchword.ground import Finding, finding_record

ENDINGS: tuple[str, ...] = (".jsonl", ".ndjson")


def write(findings: Iterable[Finding], stream: TextIO) -> None:
    """Write the lines, ASCII only, so that no encoding and no lone surrogate can break them."""
    stream.writelines(json.dumps(finding_record(finding), separators=(",", ":")) + "\n" for finding in findings)
