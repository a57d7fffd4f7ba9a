"""One served operation, as the four steps of its answer; each step is a plain function that a fault can replace.

Order of the steps: who calls (`admit`), whether the request is valid (`judge`, `refuse`), then what it asks for
(`act`). So do the three services: a caller without a credential learns nothing about its input, and bad input
nothing about which devices exist.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from watchword.contract import Contract, Operation
from watchword.ground import Finding, Request
from watchword.mock.answer import Answer
from watchword.validation.decode import Undecodable, decode_json

SECURITY = "security"
"""The location of findings about credentials: they are `admit`'s business."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request on its way to an operation.

    `path` holds the path parameters, percent-decoded. `findings` are the request's, those about credentials left out.
    """

    operation: Operation
    request: Request
    path: Mapping[str, str]
    findings: tuple[Finding, ...] = ()
    unmet: tuple[Finding, ...] = field(default=())
    """Findings about credentials."""

    def header(self, name: str) -> str | None:
        """A header's value, several field lines joined by a comma (RFC 9110 section 5.3)."""
        wanted = name.lower()
        values = [value for given, value in self.request.headers if given.lower() == wanted]
        return ", ".join(values) if values else None

    def members(self) -> dict[str, object]:
        """The members of the body's JSON object; none where the body is anything else."""
        try:
            value = decode_json(self.request.body) if self.request.body else {}
        except Undecodable:
            return {}
        return value if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The steps of one operation. `admit` gives a refusal, or `None` for a caller that may go on."""

    contract: Contract
    operation: Operation
    judge: Callable[[Request], list[Finding]]
    admit: Callable[[Call], Answer | None]
    refuse: Callable[[Call], Answer]
    act: Callable[[Call], Answer]


Fault = Callable[[Endpoint], Endpoint]
"""A deliberate defect: takes each endpoint, gives it back as it was or with steps of its own."""


def answered(endpoint: Endpoint, request: Request, path: Mapping[str, str]) -> tuple[Answer, Call]:
    """The answer to a request, with the call that it was for."""
    findings = endpoint.judge(request)
    call = Call(
        operation=endpoint.operation,
        request=request,
        path=path,
        findings=tuple(finding for finding in findings if finding.location != SECURITY),
        unmet=tuple(finding for finding in findings if finding.location == SECURITY),
    )
    refusal = endpoint.admit(call)
    if refusal is not None:
        return refusal, call
    return (endpoint.refuse(call) if call.findings else endpoint.act(call)), call


def broken_rules(findings: tuple[Finding, ...]) -> str:
    """Which rules were broken where, for an error message: names from the document, never a value or key sent."""
    told = (f"{finding.rule} ({(finding.location or '').partition('#')[0]})" for finding in findings)
    return ", ".join(dict.fromkeys(told))
