"""Refusals whose reason no request shows, redirections that accept, and how a check judges both."""

from dataclasses import replace
from pathlib import Path

import pytest

from watchword.check import Plan, Planned, Principal, Target, guarded, make_plan, run
from watchword.check.acceptance import accepts
from watchword.check.judge import has_another_reason, judged
from watchword.contract import load_contract
from watchword.ground import Finding, Request, Response, Severity
from watchword.validation import Validator

DOCUMENT = """
openapi: 3.1.0
info: {{title: Doors, version: "1"}}
security: {security}
paths:
  /doors/{{door}}/code:
    put:
      operationId: setCode
      parameters: [{{name: door, in: path, required: true, schema: {{type: string, pattern: '^[a-z]+$'}}}}]
      requestBody: &code
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [code]
              properties: {{code: {{type: string, format: password, minLength: 4, maxLength: 9}}}}
      responses:
        '204': {{description: set}}
        '400': {{description: invalid}}
        '401': {{description: unknown caller}}
        '409': {{description: the door is open}}
        '429': {{description: too many}}
  /login:
    post:
      operationId: login
      {login}
      requestBody: *code
      responses:
        '200': {{description: known}}
        '400': {{description: invalid}}
        '401': {{description: unknown code}}
  /form:
    post:
      operationId: sendForm
      requestBody: *code
      responses:
        '303': {{description: see the page}}
        '400': {{description: invalid}}
  /old-form:
    post:
      operationId: sendOldForm
      requestBody: *code
      responses:
        '303': {{description: see the page, whatever was sent}}
components:
  securitySchemes: {{key: {{type: apiKey, in: header, name: X-Key}}}}
"""


def plan_of(folder: Path, security: str = "[key: []]", login: str = "security: []") -> Plan:
    path = folder / "doors.openapi.yaml"
    path.write_text(DOCUMENT.format(security=security, login=login))
    contract = load_contract(path)
    target = Target("doors", "http://127.0.0.1:1", Principal("anybody", "token-of-anybody"))
    return make_plan(contract, guarded(target, contract))


def first(plan: Plan, operation: str, side: str) -> Planned:
    return next(each for each in plan.planned if each.operation.id == operation and each.case.side == side)


def answered(plan: Plan, operation: str, side: str, status: int) -> list[Finding]:
    """What is found on the first case of a side, answered so."""
    planned = first(plan, operation, side)
    return judged(planned, Response(status, (), b""), Validator(plan.contract), plan)


@pytest.mark.parametrize(
    ("operation", "status", "severity"),
    [
        ("setCode", 409, Severity.OBSERVATION),
        ("setCode", 429, Severity.OBSERVATION),
        ("setCode", 400, Severity.ERROR),
        ("setCode", 401, Severity.ERROR),
        ("setCode", 412, Severity.ERROR),
        ("setCode", 423, Severity.ERROR),
        ("login", 401, Severity.OBSERVATION),
        ("login", 403, Severity.ERROR),
        ("login", 409, Severity.ERROR),
        ("login", 400, Severity.ERROR),
        ("sendForm", 400, Severity.ERROR),
        ("sendForm", 302, Severity.ERROR),
    ],
)
def test_documented_refusal_that_no_request_explains_is_an_observation(
    tmp_path: Path, operation: str, status: int, severity: Severity
) -> None:
    """A conflict, a limit, a credential that nobody has; undocumented ones, and all others, stay errors."""
    plan = plan_of(tmp_path)
    planned = first(plan, operation, "accept")
    found = answered(plan, operation, "accept", status)
    (decision,) = [finding for finding in found if finding.rule == planned.case.rule]
    assert decision.severity is severity
    assert has_another_reason(planned, found) is (severity is Severity.OBSERVATION)


def test_document_without_a_word_on_security_may_have_forgotten_it(tmp_path: Path) -> None:
    """Where no operation needs a credential, a valid request that is refused for one is an error."""
    assert answered(plan_of(tmp_path, "[]", ""), "login", "accept", 401)[0].severity is Severity.ERROR
    assert answered(plan_of(tmp_path, "[]"), "login", "accept", 401)[0].severity is Severity.OBSERVATION


def test_documented_redirection_accepts_where_no_success_is_documented(tmp_path: Path) -> None:
    """A form that answers by a redirection has accepted; that it does so whatever is sent is said of some."""
    plan = plan_of(tmp_path)
    for operation in ("sendForm", "sendOldForm"):
        assert accepts(plan.contract.operation(operation), 303)
        assert answered(plan, operation, "accept", 303) == []
    assert not accepts(plan.contract.operation("setCode"), 303)
    assert "accepted with `303`, must be refused" in answered(plan, "sendForm", "refuse", 303)[0].message
    assert answered(plan, "sendOldForm", "refuse", 303) == []


class Refusing:
    """A service that knows nobody's code."""

    def __init__(self) -> None:
        self.asked = 0

    def send(self, request: Request) -> Response:
        self.asked += 1
        return Response(401, (), b"")


def test_refusals_for_another_reason_do_not_end_a_run(tmp_path: Path) -> None:
    """What is answered 401 by a login says nothing of the target's credential, and no value is taken apart for it."""
    plan = plan_of(tmp_path)
    logins = replace(plan, planned=tuple(each for each in plan.planned if each.operation.id == "login"))
    service = Refusing()
    outcome = run(logins, service)
    assert outcome.ended is None
    assert service.asked == len(logins.planned)
    assert Severity.ERROR not in {finding.severity for finding in outcome.findings if "/accept/" in str(finding.case)}
