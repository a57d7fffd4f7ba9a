"""JUnit XML: a test case per rule and side that a check tried, or per operation or file and rule that has findings.

Errors are failures, the rest is output.

The form is that of Jenkins' JUnit plugin and GitLab: `testsuites`, `testsuite`, `testcase`, `failure`, `system-out`.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import TextIO

from watchword.ground import Finding, Severity, Tally, record
from watchword.report.repository import one_line, repository_path

ENDINGS: tuple[str, ...] = (".junit.xml", ".xml")


@record()
class _Case:
    suite: str
    name: str
    findings: tuple[Finding, ...]
    skipped: bool = False

    @property
    def fails(self) -> bool:
        return any(finding.severity is Severity.ERROR for finding in self.findings)


def write(findings: Iterable[Finding], stream: TextIO, tallies: Sequence[Tally] = ()) -> None:
    """Write the document; with nothing to tell it has one test case that passed."""
    cases = [*_tallied(tallies), *_grouped(findings, tallies)] or [_Case("watchword", "no findings", ())]
    stream.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    stream.write(f'<testsuites name="watchword" {_counts(cases)}>\n')
    for suite in dict.fromkeys(case.suite for case in cases):
        owned = [case for case in cases if case.suite == suite]
        stream.write(f"  <testsuite name={_quoted(suite)} {_counts(owned)}>\n")
        for case in owned:
            stream.writelines(_written(case))
        stream.write("  </testsuite>\n")
    stream.write("</testsuites>\n")


def _tallied(tallies: Iterable[Tally]) -> Iterator[_Case]:
    """A case for each rule and side of an operation; skipped where it was not exercised."""
    for tally in tallies:
        yield _Case(tally.operation, f"{tally.rule} ({tally.side})", tally.findings, not tally.cases)


def _grouped(findings: Iterable[Finding], tallies: Iterable[Tally]) -> Iterator[_Case]:
    """A case for each operation or file and rule of findings that stand in no tally."""
    tallied = {id(finding) for tally in tallies for finding in tally.findings}
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if id(finding) not in tallied:
            groups.setdefault((_suite(finding), finding.rule), []).append(finding)
    for (suite, rule), group in groups.items():
        yield _Case(suite, rule, tuple(group))


def _counts(cases: Sequence[_Case]) -> str:
    failures, skipped = sum(case.fails for case in cases), sum(case.skipped for case in cases)
    return f'tests="{len(cases)}" failures="{failures}" errors="0" skipped="{skipped}"'


def _suite(finding: Finding) -> str:
    if finding.operation:
        return finding.operation
    return repository_path(finding.place.file) if finding.place else "watchword"


def _written(case: _Case) -> Iterator[str]:
    place = next((finding.place for finding in case.findings if finding.place), None)
    where = f' file={_quoted(repository_path(place.file))} line="{place.line}"' if place else ""
    head = f"    <testcase classname={_quoted(case.suite)} name={_quoted(case.name)}{where}"
    if not case.findings and not case.skipped:
        yield f"{head}/>\n"
        return
    yield f"{head}>\n"
    failing = [finding for finding in case.findings if finding.severity is Severity.ERROR]
    others = [finding for finding in case.findings if finding.severity is not Severity.ERROR]
    if case.skipped:
        yield "      <skipped/>\n"
    if failing:
        message = one_line(failing[0]) + (f" (and {len(failing) - 1} more)" if len(failing) > 1 else "")
        body = _text("\n".join(map(_told, failing)))
        yield f'      <failure type="error" message={_quoted(message)}>{body}</failure>\n'
    if others:
        yield f"      <system-out>{_text(chr(10).join(map(_told, others)))}</system-out>\n"
    yield "    </testcase>\n"


def _told(finding: Finding) -> str:
    head = f"{finding.place}: " if finding.place else ""
    source = f" [{finding.source}]" if finding.source else ""
    return f"{head}{finding.severity}: {one_line(finding)}{source}"


def _quoted(text: str) -> str:
    return f'"{_text(text)}"'


def _text(text: str) -> str:
    """The text as XML 1.0 content: characters that it cannot hold become escapes (section 2.2)."""
    safe = "".join(each if _is_allowed(ord(each)) else each.encode("unicode_escape").decode("ascii") for each in text)
    return escape(safe, quote=True)


def _is_allowed(point: int) -> bool:
    return point in (0x9, 0xA, 0xD) or 0x20 <= point <= 0xD7FF or 0xE000 <= point <= 0xFFFD or point >= 0x10000
