"""The verdict as an exception, for tests. Takes exchanges; `watchword.assert_conforms` takes clients' objects too."""

from watchword.ground import Exchange, Finding, Severity, Side
from watchword.validation.validator import Validator


class ContractViolation(AssertionError):
    """One documented clause that an exchange breaks; `finding` has the details."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        side = f"{finding.side} " if finding.side else ""
        source = f" [{finding.source}]" if finding.source else ""
        super().__init__(f"{finding.rule}: {side}{finding.location or ''} {finding.message}{source}")


def assert_conforms(validator: Validator, exchange: Exchange, *, side: Side | None = None) -> None:
    """Raises one `ExceptionGroup` of `ContractViolation`s, one per broken documented clause; assumed ones pass.

    With `side`, only that half of the exchange is judged. An exchange that no operation describes breaks the contract
    on either side.
    """
    violations = [
        ContractViolation(finding)
        for finding in validator.findings(exchange)
        if finding.severity is not Severity.OBSERVATION and is_about(finding, side)
    ]
    if violations:
        subject = violations[0].finding.subject or "the exchange"
        raise ExceptionGroup(f"{subject} breaks {validator.contract.name}", violations)


def is_about(finding: Finding, side: Side | None) -> bool:
    """Whether a finding counts where one side alone is judged: that no operation is meant counts on both."""
    return side is None or finding.side is side or finding.rule == "unknown-operation"
