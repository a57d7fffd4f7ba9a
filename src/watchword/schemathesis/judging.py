"""One answered case to findings, by the checker's own judge: what was broken, how it was answered, what leaked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal

from watchword.adapters.requests import request_from
from watchword.check import Device, Planned
from watchword.check.handed_out import HandedOut, handed_out_findings
from watchword.check.judge import judged
from watchword.check.known import Known
from watchword.check.leaks import LEAKS
from watchword.contract import Operation
from watchword.ground import Certainty, Exchange, Finding, Request, Response, Severity, Side
from watchword.schemathesis.peer import StCase, StResponse
from watchword.schemathesis.service import Intent, Service
from watchword.strategies import Case, Draft

Subject = Literal["decision", "reply", "leak", "echo"]

_DECISIONS = frozenset({"server-error", "refusal-status"})
_CHECKS = {"accept": "positive_data_acceptance", "refuse": "negative_data_rejection"}
"""Schemathesis' checks that ask what ours do, by the side of a case."""

_GONE = frozenset({404, 410})


@dataclass(eq=False, slots=True)
class Judge:
    """The findings of one service's answers; the last answer is kept, for each check asks about it once more."""

    service: Service
    _last: tuple[object, list[Finding]] = (None, [])
    _handed_out: HandedOut = field(init=False)
    _known: Known = field(default_factory=Known)
    _keys: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._handed_out = HandedOut(self.service.contract)

    def findings(self, case: StCase, response: StResponse, subject: Subject) -> list[Finding]:
        """The errors of one kind, most telling first; what breaks an assumed clause is none."""
        with self.service.lock:
            if self._last[0] is not response:
                self._last = (response, self._judged(case, response))
            return [each for each in self._last[1] if _subject(each) == subject and each.severity is Severity.ERROR]

    def note(self, response: StResponse) -> None:
        """Takes note of the secrets that a reply hands out; one that answers a repeated request by its key does not."""
        request, answer = _exchanged(response)
        routed = self.service.route(request.method, request.url)
        if routed is None:
            return
        operation, path = self.service.as_of(*routed), routed[1]
        key = next((value for name, value in request.headers if name.lower() == "idempotency-key"), None)
        with self.service.lock:
            if key is not None and (operation.id, key) in self._keys:
                return
            if key is not None and answer.status < HTTPStatus.MULTIPLE_CHOICES:
                self._keys.add((operation.id, key))
            self._handed_out.note(operation, Device(path), request, answer)

    def made_up(self) -> list[Finding]:
        """The errors of all secrets that the service made up: one told twice, counted up, drawn from too few."""
        found = handed_out_findings(self._handed_out, self.service.plan, [])
        return [each for _, findings in found for each in findings if each.severity is Severity.ERROR]

    def _judged(self, case: StCase, response: StResponse) -> list[Finding]:
        request, answer = _exchanged(response)
        routed = self.service.route(request.method, request.url)
        intent = self.service.intent(case.id)
        if routed is None and (intent is None or intent.planned is None):
            return []
        planned = self._planned(request, routed, intent)
        if planned is None:
            return []
        self._known.note(planned.operation, request, answer)
        found = judged(planned, answer, self.service.validator(planned.operation), self.service.plan, self._known)
        if _is_expected(case, planned.case.side, answer.status):
            found = [each for each in found if each.rule not in (planned.case.rule, "refusal-status")]
        if intent is None and answer.status in _GONE and not self._is_listed(planned.device.path):
            return [each for each in found if each.rule != "refusal-status"]  # whoever is gone needs no valid request
        return found

    def _is_listed(self, path: Mapping[str, str]) -> bool:
        target = self.service.target
        return not target.devices or target.device_at(path) in target.devices

    def _planned(
        self,
        request: Request,
        routed: tuple[Operation, dict[str, str]] | None,
        intent: Intent | None,
    ) -> Planned | None:
        if intent is not None and intent.planned is not None:
            entry = intent.planned
            return Planned(entry.case, entry.operation, request, entry.device)
        if routed is None:
            return None
        operation, path = self.service.as_of(*routed), routed[1]
        return Planned(self._case(operation, request, path, intent), operation, request, Device(path))

    def _case(
        self,
        operation: Operation,
        request: Request,
        path: dict[str, str],
        intent: Intent | None,
    ) -> Case:
        """What the contract expects of a drawn request: its own judgement, not the label of who drew it."""
        validator = self.service.validator(operation)
        broken = [each for each in validator.findings(Exchange(request)) if each.side is Side.REQUEST]
        documented = [each for each in broken if each.certainty is Certainty.DOCUMENTED]
        secrets = self.service.secrets(operation, request.body)
        draft = Draft(request.method, operation.path, body=request.body, secrets=secrets)
        name = f"{operation.label.replace(' ', '/')}/drawn"
        if not broken:
            if not self._is_listed(path):
                about = "a drawn valid request for a device that nobody listed"
                return Case(f"{name}/either", operation.label, "either", "request", Certainty.DOCUMENTED, about, draft)
            about = "a drawn valid request"
            return Case(f"{name}/accept", operation.label, "accept", "request", Certainty.DOCUMENTED, about, draft)
        drawn = next((each for each in documented if intent and each.rule == intent.rule), None)
        first = drawn or (documented or broken)[0]
        others = {each.rule for each in broken} - {first.rule}
        about = f"a drawn value that breaks {first.rule}" + (f" and {', '.join(sorted(others))}" if others else "")
        return Case(
            f"{name}/refuse", operation.label, "refuse", first.rule, first.certainty, about, draft, first.location
        )


def _is_expected(case: StCase, side: str, status: int) -> bool:
    """Whether the user's configuration lists a status as an answer to such a case (`expected-statuses`)."""
    if side not in _CHECKS:
        return False
    config: Any = case.operation.schema.config
    configured = getattr(config.checks_config_for(operation=case.operation), _CHECKS[side])
    if configured.expected_statuses == type(configured)().expected_statuses:
        return False  # the list of Schemathesis, which the document knows better
    return any(
        all(sign in ("x", digit) for sign, digit in zip(str(pattern).lower(), str(status), strict=False))
        for pattern in configured.expected_statuses
    )


def _exchanged(response: StResponse) -> tuple[Request, Response]:
    headers = tuple((name, value) for name, values in response.headers.items() for value in values)
    sent: Any = response.request
    return request_from(sent, None), Response(response.status_code, headers, response.content or b"")


def _subject(finding: Finding) -> Subject:
    if finding.rule in LEAKS:
        return "leak"
    if finding.rule == "echo":
        return "echo"
    if finding.rule in _DECISIONS or finding.side is Side.REQUEST:
        return "decision"
    return "reply"
