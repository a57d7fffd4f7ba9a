"""Known findings in a file, so that a run reports the new ones. Keyed by file, rule and pointer: lines may move."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from watchword.ground import Finding, UnreadableInput, WatchwordError

Key = tuple[str, str, str]


def read_baseline(path: Path) -> Counter[Key]:
    """How many findings of each key are known. Raises `UnreadableInput` or `WatchwordError`."""
    try:
        value = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror}") from None
    except ValueError:
        raise WatchwordError(f"{path} is no baseline: not JSON") from None
    try:
        return Counter((str(each["file"]), str(each["rule"]), str(each["pointer"])) for each in value["findings"])
    except (TypeError, KeyError):
        raise WatchwordError(f"{path} is no baseline: write one with --write-baseline") from None


def render_baseline(findings: Iterable[Finding]) -> str:
    """The text of a baseline that knows these findings."""
    listed = [{"file": file, "rule": rule, "pointer": pointer} for file, rule, pointer in sorted(map(_key, findings))]
    return json.dumps({"watchword": "lint baseline", "findings": listed}, indent=2) + "\n"


def unknown(findings: Iterable[Finding], known: Counter[Key]) -> list[Finding]:
    """The findings that the baseline does not hold; of several with one key, those beyond its count."""
    left = Counter(known)
    kept = []
    for finding in findings:
        key = _key(finding)
        if left[key] > 0:
            left[key] -= 1
        else:
            kept.append(finding)
    return kept


def _key(finding: Finding) -> Key:
    place = finding.place
    return (Path(place.file).as_posix(), finding.rule, place.pointer) if place else ("", finding.rule, "")
