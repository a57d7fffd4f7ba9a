"""The checks that Schemathesis runs on each answer. Judges nothing itself.

Each failure bears the id of our rule, so that reports and baselines tell rules apart.
"""

from collections.abc import Iterable

import schemathesis
from schemathesis.core.failures import Failure, FailureGroup, Severity

from watchword.ground import Finding
from watchword.schemathesis.judging import Judge, Subject
from watchword.schemathesis.peer import StCase, StResponse
from watchword.schemathesis.services import judge_of

_OF_STATUSES = frozenset({"reply-status", "refusal-status"})


class RuleBroken(Failure):
    """A finding of Watchword; its title is the rule's id."""

    kind_title = "Rule of the contract broken"
    checks = (
        "watchword_decisions",
        "watchword_replies",
        "watchword_leaks",
        "watchword_echoes",
        "watchword_generated_secrets",
    )

    __slots__ = ("rule_key",)

    def __init__(
        self, finding: Finding, operation: str | None, *, status: int | None = None, repeatable: bool = False
    ) -> None:
        message = _message(finding, repeatable=repeatable)
        super().__init__(operation=operation, title=finding.rule, message=message, severity=Severity.HIGH)
        told = (finding.rule, finding.location or "", *([str(status)] if finding.rule in _OF_STATUSES else []))
        self.rule_key = "|".join(told)

    @property
    def _unique_key(self) -> str:
        """What makes it the same as another one, here and in baselines: the rule and where it was broken.

        Where a status itself is the fault, also that status: to live with a 400 is not to live with a 302.
        """
        return self.rule_key


def watchword_decisions(_ctx: schemathesis.CheckContext, response: StResponse, case: StCase) -> None:
    """What the contract accepts is accepted, what it refuses is refused in the documented way; a 5xx is neither."""
    _raise_any(case, response, "decision")


def watchword_replies(_ctx: schemathesis.CheckContext, response: StResponse, case: StCase) -> None:
    """The reply is a documented one, and its secrets obey their rules."""
    _raise_any(case, response, "reply")


def watchword_leaks(_ctx: schemathesis.CheckContext, response: StResponse, case: StCase) -> None:
    """No secret and no credential comes back where the contract does not put it."""
    _raise_any(case, response, "leak")


def watchword_echoes(_ctx: schemathesis.CheckContext, response: StResponse, case: StCase) -> None:
    """Members that repeat what was asked (`x-watchword-echo`) do."""
    _raise_any(case, response, "echo")


class watchword_generated_secrets:  # noqa: N801 (its name is the check's)
    """The secrets that the service made up during the run look random, and none is told twice."""

    def __init__(self) -> None:
        self._judges: dict[int, Judge] = {}
        self._seen: set[str] = set()

    def after_response(self, _ctx: schemathesis.CheckContext, response: StResponse, case: StCase) -> None:
        """Takes note of the secrets that a reply hands out."""
        judge = judge_of(case.operation.schema)
        if judge is None or case.id in self._seen:
            return
        self._seen.add(case.id)
        self._judges[id(judge)] = judge
        judge.note(response)

    def after_run(self, _ctx: schemathesis.CheckContext) -> None:
        """Tells of secrets that a weak generator made."""
        failures = [
            RuleBroken(finding, finding.operation, repeatable=judge.service.repeatable)
            for judge in self._judges.values()
            for finding in judge.made_up()
        ]
        if failures:
            raise FailureGroup(failures)


CHECKS = (watchword_decisions, watchword_replies, watchword_leaks, watchword_echoes, watchword_generated_secrets)


def _raise_any(case: StCase, response: StResponse, subject: Subject) -> None:
    judge: Judge | None = judge_of(case.operation.schema)
    if judge is None:
        return
    found = judge.findings(case, response, subject)
    failures = _distinct(found, case.operation.label, response.status_code, repeatable=judge.service.repeatable)
    if len(failures) == 1:
        raise failures[0]
    if failures:
        raise FailureGroup(failures)


def _distinct(findings: Iterable[Finding], operation: str, status: int, *, repeatable: bool) -> list[RuleBroken]:
    found: dict[str, RuleBroken] = {}
    for finding in findings:
        failure = RuleBroken(finding, operation, status=status, repeatable=repeatable)
        found.setdefault(failure.rule_key, failure)
    return list(found.values())


def _message(finding: Finding, *, repeatable: bool) -> str:
    is_enumerated = finding.case is not None and "/drawn/" not in finding.case
    told = {
        "where": finding.location,
        "clause": str(finding.place) if finding.place else None,
        "source": finding.source,
        "case": finding.case,
        "repeat": finding.repeat if is_enumerated and repeatable else "the same seed",
    }
    return "\n".join([finding.message, "", *(f"{name:<7} {text}" for name, text in told.items() if text)]).rstrip()
