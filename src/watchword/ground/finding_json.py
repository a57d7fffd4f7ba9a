"""The JSON form of a finding, the same in every machine-readable output. Holds no file format."""

from typing import Any

from watchword.ground.finding import Finding, Place


def finding_record(finding: Finding) -> dict[str, Any]:
    """The members of `docs/report.schema.json#/$defs/finding`, in a fixed order; what is not known is left out.

    `rule`, `severity`, `certainty`, `side`, `location` and `message` are always there; side and location may be null.
    """
    record: dict[str, Any] = {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "certainty": finding.certainty.value,
        "side": None if finding.side is None else finding.side.value,
        "location": finding.location,
        "message": finding.message,
    }
    for name in ("operation", "subject", "source", "case", "repeat", "suggestion"):
        value = getattr(finding, name)
        if value is not None:
            record[name] = value
    if finding.place is not None:
        record["place"] = _place_record(finding.place)
    return record


def _place_record(place: Place) -> dict[str, Any]:
    record: dict[str, Any] = {"file": place.file, "line": place.line, "column": place.column}
    if place.pointer:
        record["pointer"] = place.pointer
    return record
