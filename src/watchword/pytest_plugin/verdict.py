"""What a finding about an exchange means to a test: a failure, a warning, or nothing. Sees no client and no session."""

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from io import StringIO

import pytest

from watchword.contract import Operation
from watchword.ground import Certainty, Exchange, Finding, Severity, Side, render_subject
from watchword.report.text import folded, write_folded

# 400 and 422 say that the request itself is wrong; any other refusal may have reasons that no request shows.
_REQUEST_IS_WRONG = (400, 422)

_CREDENTIAL = ("missing-credential", "wrong-scheme")
_STRANGER = ("401", "403")
_UNREADABLE = ("media-type", "broken-body", "missing-body")
"""A reply that is not even what the contract assumes is no deliberate one."""


class ContractWarning(UserWarning):
    """A broken clause that fails no test: an assumed one, or one below `watchword_fail_on`."""


def service_findings(
    operation: Operation, exchange: Exchange, found: list[Finding], is_sure: Callable[[], bool]
) -> list[Finding]:
    """What of all findings on an exchange says something against the service.

    A test may well send what the contract refuses, to see it refused: a request that breaks the contract counts only
    where it was accepted, answered with a 5xx, or refused as if something else were wrong with it. A valid one counts
    where it was answered with a 5xx, or refused as invalid: as a warning unless it `is_sure` that all which the
    service may judge a request by is in the contract.
    """
    status = exchange.response.status if exchange.response else None
    if status is None or (not found and status < 400):
        return found
    asked = [finding for finding in found if finding.side is Side.REQUEST]
    answered = [finding for finding in found if finding.side is not Side.REQUEST]
    if 200 <= status < 300:
        return [*(_accepted(finding, status) for finding in asked), *answered]
    if status >= 500:
        told = (
            []
            if any(finding.rule == "reply-status" for finding in answered)
            else _crashed(operation, asked, answered, status)
        )
        return [*told, *answered]
    if not asked and status in _REQUEST_IS_WRONG:
        return [_refused(operation, status, Severity.ERROR if is_sure() else Severity.WARNING), *answered]
    return [*_wrongly_refused(operation, asked, status), *answered]


def _accepted(finding: Finding, status: int) -> Finding:
    if finding.rule == "unknown-operation":
        return finding
    reading = "refused under our reading of the text" if finding.certainty is Certainty.ASSUMED else "must be refused"
    return replace(finding, message=f"accepted with `{status}`, {reading}: {finding.message}")


def _crashed(operation: Operation, asked: list[Finding], answered: list[Finding], status: int) -> list[Finding]:
    """A documented 5xx in its documented form may be what a test of a valid request is about."""
    if asked:
        message = f"`{status}` is no refusal; the request breaks {asked[0].rule}: {asked[0].message}"
        return [replace(asked[0], rule="server-error", message=message, severity=Severity.ERROR, side=Side.RESPONSE)]
    message = f"`{status}` for a request that the contract has nothing against"
    is_odd = any(each.certainty is Certainty.DOCUMENTED or each.rule in _UNREADABLE for each in answered)
    severity = Severity.ERROR if is_odd else Severity.WARNING
    return [_finding(operation, status, "server-error", message, severity, Side.RESPONSE)]


def _refused(operation: Operation, status: int, severity: Severity) -> Finding:
    message = f"refused with `{status}`, although the contract has nothing against the request"
    return _finding(operation, status, "valid-request-refused", message, severity, Side.REQUEST)


def _wrongly_refused(operation: Operation, asked: list[Finding], status: int) -> list[Finding]:
    """A request that lacks nothing but its credential, refused as if it were invalid, where the contract says how."""
    if status not in _REQUEST_IS_WRONG or any(finding.rule not in _CREDENTIAL for finding in asked):
        return []
    documented = [reply for reply in operation.replies if reply.clause.certainty is Certainty.DOCUMENTED]
    expected = [reply.status for reply in documented if reply.status in _STRANGER]
    if not expected:
        return []
    listed = " or ".join(f"`{each}`" for each in expected)
    message = f"refused with `{status}`, {listed} is documented for this: {asked[0].message}"
    return [_finding(operation, status, "refusal-status", message, Severity.ERROR, Side.RESPONSE)]


def _finding(operation: Operation, status: int, rule: str, message: str, severity: Severity, side: Side) -> Finding:
    return Finding(
        rule=rule,
        message=message,
        severity=severity,
        side=side,
        source=operation.clause.source,
        place=operation.clause.place,
        operation=operation.label,
        subject=render_subject(operation.method, operation.path, status),
    )


def failing(findings: Iterable[Finding], fail_on: Severity) -> list[Finding]:
    """Those that fail a test."""
    return [finding for finding in findings if finding.severity.rank <= fail_on.rank]


def paragraphs(findings: Sequence[Finding]) -> str:
    """The findings as reports word them; those that say the same of the same place become one."""
    stream = StringIO()
    write_folded(findings, stream)
    return "\n".join(stream.getvalue().splitlines()[:-1]).rstrip()  # its last line has the totals


def warn(item: pytest.Item, findings: Iterable[Finding]) -> None:
    """Shows findings in the warnings summary; filters may drop them, but not turn them into failures."""
    for group in folded(findings):
        first = group[0]
        more = f" (and {len(group) - 1} more)" if len(group) > 1 else ""
        source = f" [{first.source}]" if first.source else ""
        subject = f" {first.subject}" if first.subject else ""
        text = f"{first.severity}: {first.rule}{subject}: {first.message}{more}{source}"
        place = first.place
        warn_of(item, text, *((place.file, place.line) if place else ()))


def warn_of(item: pytest.Item, text: str, path: str | None = None, line: int | None = None) -> None:
    """Shows one warning of ours, at the test unless a place is given."""
    warning = ContractWarning(text)
    path, line = path or item.location[0], line or (item.location[1] or 0) + 1
    try:
        warnings.warn_explicit(warning, ContractWarning, path, line)
    except ContractWarning:  # the filter `error`: what is no violation still fails nothing
        message = warnings.WarningMessage(warning, ContractWarning, path, line)
        item.config.hook.pytest_warning_recorded.call_historic(
            kwargs={"warning_message": message, "when": "runtest", "nodeid": item.nodeid, "location": None}
        )


class ContractBroken(pytest.fail.Exception):  # type: ignore[misc, name-defined]
    """Ends a test as failed. The findings are all that is shown: what raises is no line of the user's."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(paragraphs(findings), pytrace=False)
        more = f" (and {len(set(findings)) - 1} more)" if len(set(findings)) > 1 else ""
        self.headline = f"{findings[0].rule}: {findings[0].message}{more}"


def headed(report: pytest.TestReport, item: pytest.Item, error: BaseException) -> None:
    """Has summaries, of the terminal and of JUnit, say what is wrong, and not where it was raised."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if isinstance(error, ContractBroken) and crash is not None:
        crash.message = error.headline
    elif report.skipped and item.get_closest_marker("watchword") and isinstance(report.longrepr, tuple):
        path, line, _ = item.location
        report.longrepr = (path, (line or 0) + 1, report.longrepr[2])
