"""JUnit XML: a test case per operation (or file) and rule that has findings. Errors are failures, the rest is output.

The form is that of Jenkins' JUnit plugin and GitLab: `testsuites`, `testsuite`, `testcase`, `failure`, `system-out`.
"""

from collections.abc import Iterable, Iterator
from html import escape
from typing import TextIO

from watchword.ground import Finding, Severity
from watchword.report.repository import one_line, repository_path

ENDINGS: tuple[str, ...] = (".junit.xml", ".xml")


def write(findings: Iterable[Finding], stream: TextIO) -> None:
    """Write the document; without findings it has one test case that passed."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((_suite(finding), finding.rule), []).append(finding)
    failures = sum(any(_fails(each) for each in group) for group in groups.values())
    count = len(groups) or 1
    stream.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    stream.write(f'<testsuites name="watchword" tests="{count}" failures="{failures}" errors="0">\n')
    for suite in dict.fromkeys(suite for suite, _ in groups):
        cases = [(rule, group) for (owner, rule), group in groups.items() if owner == suite]
        failed = sum(any(_fails(each) for each in group) for _, group in cases)
        stream.write(f'  <testsuite name={_quoted(suite)} tests="{len(cases)}" failures="{failed}" errors="0">\n')
        for rule, group in cases:
            stream.writelines(_case(suite, rule, group))
        stream.write("  </testsuite>\n")
    if not groups:
        stream.write('  <testsuite name="watchword" tests="1" failures="0" errors="0">\n')
        stream.write('    <testcase classname="watchword" name="no findings"/>\n  </testsuite>\n')
    stream.write("</testsuites>\n")


def _suite(finding: Finding) -> str:
    if finding.operation:
        return finding.operation
    return repository_path(finding.place.file) if finding.place else "watchword"


def _fails(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR


def _case(suite: str, rule: str, group: list[Finding]) -> Iterator[str]:
    place = next((finding.place for finding in group if finding.place), None)
    where = f' file={_quoted(repository_path(place.file))} line="{place.line}"' if place else ""
    yield f"    <testcase classname={_quoted(suite)} name={_quoted(rule)}{where}>\n"
    failing = [finding for finding in group if _fails(finding)]
    others = [finding for finding in group if not _fails(finding)]
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
