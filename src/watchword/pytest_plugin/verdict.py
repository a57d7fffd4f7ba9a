"""What a finding about an exchange means to a test: a failure, a warning, or nothing. Sees no client and no session."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from io import StringIO

import pytest

from watchword.ground import Certainty, Exchange, Finding, Severity, Side, render_subject
from watchword.report.text import write_paragraphs
from watchword.validation import Validator

# 400 and 422 say that the request itself is wrong; any other refusal may have reasons that no request shows.
_REQUEST_IS_WRONG = (400, 422)


class ContractWarning(UserWarning):
    """A broken clause that fails no test: an assumed one, or one below `watchword_fail_on`."""


def service_findings(validator: Validator, exchange: Exchange) -> list[Finding]:
    """What an exchange says against the service: a test may well send what the contract refuses, to see it refused.

    A request that breaks the contract is a finding only where it was accepted or answered with a 5xx; a valid one that
    was refused as invalid is a warning.
    """
    found = validator.findings(exchange)
    asked = [finding for finding in found if finding.side is Side.REQUEST]
    answered = [finding for finding in found if finding.side is not Side.REQUEST]
    status = exchange.response.status if exchange.response else None
    if status is None:
        return found
    if status < 400:
        return [*(_accepted(finding, status) for finding in asked), *answered]
    if asked and status >= 500 and not any(finding.rule == "reply-status" for finding in answered):
        return [_crashed(asked[0], status), *answered]
    if not asked and status in _REQUEST_IS_WRONG:
        return [_refused(validator, exchange, status), *answered]
    return answered


def _accepted(finding: Finding, status: int) -> Finding:
    if finding.rule == "unknown-operation":
        return finding
    reading = "refused under our reading of the text" if finding.certainty is Certainty.ASSUMED else "must be refused"
    return replace(finding, message=f"accepted with `{status}`, {reading}: {finding.message}")


def _crashed(asked: Finding, status: int) -> Finding:
    message = f"`{status}` is no refusal; the request breaks {asked.rule}: {asked.message}"
    return replace(asked, rule="server-error", message=message, severity=Severity.ERROR, side=Side.RESPONSE)


def _refused(validator: Validator, exchange: Exchange, status: int) -> Finding:
    operation = validator.route(exchange.request.method, exchange.request.url)
    assert operation is not None, "an exchange without an operation has a finding on its request"
    return Finding(
        rule="valid-request-refused",
        message=f"refused with `{status}`, although the contract has nothing against the request",
        severity=Severity.WARNING,
        side=Side.REQUEST,
        source=operation.clause.source,
        place=operation.clause.place,
        operation=operation.label,
        subject=render_subject(operation.method, operation.path, status),
    )


def failing(findings: Iterable[Finding], fail_on: Severity) -> list[Finding]:
    """Those that fail a test."""
    return [finding for finding in findings if finding.severity.rank <= fail_on.rank]


def paragraphs(findings: Sequence[Finding]) -> str:
    """The findings as reports word them, each once, with the number of times that it was made."""
    stream = StringIO()
    counted = Counter(findings)
    write_paragraphs(
        ((finding, [("seen", f"{count} times")] if count > 1 else []) for finding, count in counted.items()), stream
    )
    return "\n".join(stream.getvalue().splitlines()[:-1]).rstrip()  # its last line has the totals


def one_line(finding: Finding) -> str:
    """A finding as a warning says it."""
    source = f" [{finding.source}]" if finding.source else ""
    subject = f" {finding.subject}" if finding.subject else ""
    return f"{finding.severity}: {finding.rule}{subject}: {finding.message}{source}"


def warn(item: pytest.Item, findings: Iterable[Finding]) -> None:
    """Shows findings in the warnings summary; filters may drop them, but not turn them into failures."""
    for text in dict.fromkeys(map(one_line, findings)):
        _warn(item, ContractWarning(text))


def _warn(item: pytest.Item, warning: ContractWarning) -> None:
    try:
        item.warn(warning)
    except ContractWarning:  # the filter `error`: an observation still fails nothing
        import warnings

        location = item.location
        message = warnings.WarningMessage(warning, ContractWarning, location[0], location[1] or 0)
        item.config.hook.pytest_warning_recorded.call_historic(
            kwargs={"warning_message": message, "when": "runtest", "nodeid": item.nodeid, "location": None}
        )


class ContractBroken(pytest.fail.Exception):  # type: ignore[misc, name-defined]
    """Ends a test as failed. The findings are all that is shown: what raises is no line of the user's."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(paragraphs(findings), pytrace=False)
        more = f" (and {len(set(findings)) - 1} more)" if len(set(findings)) > 1 else ""
        self.headline = f"{findings[0].rule}: {findings[0].message}{more}"


def headed(report: pytest.TestReport, error: BaseException) -> None:
    """Has summaries, of the terminal and of JUnit, say what is wrong; else they begin with its place."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if isinstance(error, ContractBroken) and crash is not None:
        crash.message = error.headline
