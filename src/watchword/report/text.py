"""Findings for people. Colours only on a terminal; never wraps or cuts, so that pipes and searches see whole lines.

specs/kii.openapi.yaml:41:13  error  reply-status  PUT …/ownership/password → 200
  `200` is not documented; documented are 204, 400, 401, 404
  source   Kii "Change the password", Responses
  repeat   watchword check kii --case kii/changeThingPassword/accept/full --seed 7
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from watchword.ground import Finding, Severity
from watchword.report.terminal import is_coloured, write_styled

ENDINGS: tuple[str, ...] = (".txt", ".log")

Part = tuple[str, str]
"""Text, and its style in rich's words."""

_MOST_CASES = 3

_SAID_BY_SUBJECT = ("method", "url", "statusCode")

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.OBSERVATION: "bold cyan"}


def write(findings: Iterable[Finding], stream: TextIO) -> None:
    """Write each finding as a paragraph, then one line of totals."""
    write_paragraphs(((finding, ()) for finding in findings), stream)


def write_paragraphs(paragraphs: Iterable[tuple[Finding, Sequence[tuple[str, str]]]], stream: TextIO) -> None:
    """As `write`, each finding with more details under it: (name, value) pairs such as `("seen", "7 times")`."""
    coloured = is_coloured(stream)
    counts: Counter[Severity] = Counter()
    for finding, details in paragraphs:
        counts[finding.severity] += 1
        for line in _lines(finding, details):
            write_styled(line, stream, coloured=coloured)
    write_styled([(totals(counts), "bold" if counts else "green")], stream, coloured=coloured)


def write_folded(findings: Iterable[Finding], stream: TextIO) -> None:
    """As `write`, one paragraph for findings that say the same of the same place under several cases."""
    write_paragraphs(((group[0], _others(group)) for group in folded(findings)), stream)


def folded(findings: Iterable[Finding]) -> list[list[Finding]]:
    """The findings in groups that say the same of the same place, in the order of their first ones."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        key = (finding.rule, finding.severity, finding.side, finding.location, finding.subject, finding.operation)
        groups.setdefault(key, []).append(finding)
    return list(groups.values())


def _others(group: Sequence[Finding]) -> list[tuple[str, str]]:
    """What a paragraph says besides its first finding: under which cases it was made too, or how often."""
    cases = list(dict.fromkeys(finding.case for finding in group[1:] if finding.case))
    if cases:
        told = ", ".join(cases[:_MOST_CASES]) + (", …" if len(cases) > _MOST_CASES else "")
        return [("also", f"{len(group) - 1} more: {told}")]
    return [("seen", f"{len(group)} times")] if len(group) > 1 else []


def totals(counts: Counter[Severity]) -> str:
    """The number of findings of each severity in words.

    >>> totals(Counter({Severity.ERROR: 2, Severity.OBSERVATION: 1}))
    '2 errors, 1 observation'
    """
    parts = [f"{counts[each]:,} {each}{'' if counts[each] == 1 else 's'}" for each in Severity if counts[each]]
    return ", ".join(parts) or "no findings"


def _lines(finding: Finding, details: Sequence[tuple[str, str]]) -> Iterator[list[Part]]:
    yield list(_head(finding))
    for line in finding.message.splitlines():
        yield [("  " + line, "")]
    if finding.location and finding.location not in _SAID_BY_SUBJECT:
        yield _detail("at", finding.location if finding.side is None else f"{finding.side} {finding.location}")
    if finding.source:
        yield _detail("source", finding.source)
    if finding.suggestion:
        yield _detail("instead", finding.suggestion)
    if finding.repeat:
        yield _detail("repeat", finding.repeat)
    yield from (_detail(name, value) for name, value in details)
    yield []


def _head(finding: Finding) -> Iterator[Part]:
    """Place, severity, rule id, what happened: two spaces between, what is not known left out."""
    if finding.place is not None:
        yield f"{finding.place}  ", "dim"
    yield finding.severity.value, _STYLES[finding.severity]
    yield f"  {finding.rule}", "bold"
    what = finding.subject or finding.operation
    if what is not None:
        yield f"  {what}", ""


def _detail(name: str, value: str) -> list[Part]:
    return [(f"  {name:<8} ", "dim"), (value, "")]
