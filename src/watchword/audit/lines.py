"""A verdict as one line of JSON, as `watchword audit --format jsonl` writes it (docs/audit-line.schema.json)."""

import json
from typing import Any

import orjson

from watchword.audit.verdict import Verdict
from watchword.ground import finding_record


def verdict_line(verdict: Verdict) -> str:
    """The line with its newline; ASCII only where a text of the traffic is no Unicode."""
    record: dict[str, Any] = {
        "id": verdict.id,
        "operation": verdict.operation,
        "request": verdict.request.value,
        "response": verdict.response.value,
        "findings": [finding_record(finding) for finding in verdict.findings],
    }
    try:
        return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE).decode()
    except TypeError:  # an integer beyond 64 bits, or a lone surrogate, in an id
        return json.dumps(record, separators=(",", ":")) + "\n"
