"""One answered case to findings: accepted or refused as it must be, in the documented way, without a leak."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from watchword.check.acceptance import accepts, documents_refusals, is_success, may_have_another_reason
from watchword.check.echo import echo_findings
from watchword.check.known import Known
from watchword.check.leaks import leaks
from watchword.check.places import placed
from watchword.check.plan import Plan, Planned
from watchword.check.routes import Routes
from watchword.check.same_names import same_name_findings
from watchword.check.selection import repeat_command
from watchword.contract import Clause
from watchword.ground import Certainty, Exchange, Finding, Response, Severity, Side, Unreachable, render_subject
from watchword.strategies import ELSEWHERE
from watchword.validation import Validator

Json = Any

# Statuses by what a refused case is about (RFC 9110 section 15.5): those that say it, and those that pass for it.
_UNKNOWN = (frozenset({404, 410}), frozenset({403}))
_CREDENTIAL = (frozenset({401, 403}), frozenset({404}))
_ABOUT_CREDENTIALS = frozenset({"missing-credential", "wrong-scheme", "forged-credential", "other-credential"})
_INVALID = (frozenset({400, 422}), frozenset({413, 415}))
_INVALID_PATH = (frozenset({400, 422}), frozenset({404}))


def judged(
    planned: Planned, response: Response, validator: Validator, plan: Plan, known: Known | None = None
) -> list[Finding]:
    """The findings on one case, most telling first; each bears the case's id and the command that repeats it.

    `known` is what the run knows of secrets, this exchange included.
    """
    exchange = Exchange(planned.request, response, planned.case.id)
    reply = validator.reply_findings(exchange)
    if planned.case.side == "either" and not accepts(planned.operation, response.status):
        reply = []  # a server may refuse such a request before the service, and its contract, see it
    if reply and 400 <= response.status < 500 and not _reaches(planned, plan):
        reply = []
    outcome = [placed(finding, planned, validator, plan) for finding in _outcome(planned, response, plan)]
    if any(finding.rule == "server-error" for finding in outcome):
        reply = [finding for finding in reply if finding.rule != "reply-status"]  # one fault, told once
    told = [*echo_findings(planned, response), *leaks(planned, response, plan.target, known)]
    told += same_name_findings(planned, response)
    found = [*outcome, *reply, *told]
    return [named(finding, planned, plan) for finding in found]


def _reaches(planned: Planned, plan: Plan) -> bool:
    """Whether a server that decodes a path before it routes it finds an operation; else it answers for itself.

    Many frameworks do so (WSGI hands over a decoded path): a slash in an id makes a path of no operation there.
    """
    path = unquote(planned.request.url.partition("?")[0])
    return Routes(plan.contract, plan.target.url).find(planned.request.method, path) is not None


def no_answer(planned: Planned, problem: Unreachable, plan: Plan) -> Finding:
    """The finding on a request that the service left without an answer, although it answered others."""
    message = f"gave no answer ({str(problem).removeprefix(plan.target.url + ': ')}): {planned.case.about}"
    return named(_finding(planned, None, "no-answer", message), planned, plan)


def named(finding: Finding, planned: Planned, plan: Plan) -> Finding:
    """The finding with the id of its case and the command that repeats it."""
    return replace(finding, case=planned.case.id, repeat=repeat_command(plan, planned.case.id))


def has_another_reason(planned: Planned, findings: Sequence[Finding]) -> bool:
    """Whether a valid request was refused for a reason that it does not show: that says nothing of what it is about."""
    case = planned.case
    return (case.side, case.certainty) == ("accept", Certainty.DOCUMENTED) and any(
        finding.rule == case.rule and finding.certainty is Certainty.ASSUMED for finding in findings
    )


def _outcome(planned: Planned, response: Response, plan: Plan) -> Iterator[Finding]:
    """Whether the service decided as the contract does. A 5xx is no decision, and always a finding."""
    case, status = planned.case, response.status
    if status >= 500 and not _says_unknown_parent(planned, status):
        verb = {"accept": "accepts", "refuse": "refuses"}.get(case.side, "leaves open")
        yield _finding(
            planned, status, "server-error", f"`{status}` for a request that the contract {verb}: {case.about}"
        )
    elif case.side == "accept" and may_have_another_reason(planned.operation, status, plan.contract):
        why = "is documented and may have a reason that no request shows"
        message = f"refused with `{status}`, which {why}: {case.about}"
        yield _finding(planned, status, case.rule, message, Certainty.ASSUMED)
    elif case.side == "accept" and not accepts(planned.operation, status):
        yield _finding(
            planned, status, case.rule, f"refused with `{status}`, must be accepted: {case.about}", case.certainty
        )
    elif case.side == "refuse" and _is_taken(planned, status):
        message = f"accepted with `{status}`, must be refused: {case.about}"
        if case.certainty is Certainty.ASSUMED:
            message = f"accepted with `{status}`, refused under our reading of the text: {case.about}"
        yield _finding(planned, status, case.rule, message, case.certainty)
    elif case.side == "refuse" and status >= 400:
        yield from _wrong_status(planned, status)
        yield from _revealed(planned, status)


def _is_taken(planned: Planned, status: int) -> bool:
    """Whether an invalid request was accepted; by a redirection only where refusals have statuses of their own."""
    operation = planned.operation
    return is_success(status) or (accepts(operation, status) and documents_refusals(operation))


def _says_unknown_parent(planned: Planned, status: int) -> bool:
    """Whether a 5xx may say that what a device belongs to does not exist: a documented one does in some contracts."""
    documented = any(reply.status == str(status) for reply in planned.operation.replies)
    return planned.case.rule == "unknown-parent" and documented


def _wrong_status(planned: Planned, status: int) -> Iterator[Finding]:
    """A refusal under a status that means something else, where the contract documents one that says what is wrong."""
    case = planned.case
    telling, passable = _statuses(planned)
    documented = {
        int(reply.status)
        for reply in planned.operation.replies
        if reply.status.isdecimal() and reply.clause.certainty is Certainty.DOCUMENTED
    }
    expected = sorted(telling & documented)
    fits = status in telling or status in passable or status not in documented
    if expected and not fits and case.certainty is Certainty.DOCUMENTED:
        listed = " or ".join(f"`{each}`" for each in expected)
        message = f"refused with `{status}`, {listed} is documented for this: {case.about}"
        yield _finding(planned, status, "refusal-status", message)


def _revealed(planned: Planned, status: int) -> Iterator[Finding]:
    """A caller without a credential who is told that a device does not exist learns which ones do."""
    draft = planned.case.draft
    if draft.device == "unknown" and draft.credential == "none" and status in _UNKNOWN[0]:
        message = f"`{status}` before the credential is asked for: strangers learn which devices exist"
        yield _finding(planned, status, "device-revealed", message, Certainty.ASSUMED)


def _statuses(planned: Planned) -> tuple[frozenset[int], frozenset[int]]:
    case = planned.case
    if case.rule in ELSEWHERE:
        return frozenset(), frozenset()
    if case.draft.device == "unknown" or case.rule == "unknown-device":
        return _UNKNOWN
    if (
        case.draft.device in ("foreign", "foreign-here", "own-there")
        or case.draft.credential != "valid"
        or case.rule in _ABOUT_CREDENTIALS
    ):
        return _CREDENTIAL
    return _INVALID_PATH if (case.location or "").startswith("path.") else _INVALID


def _finding(
    planned: Planned, status: int | None, rule: str, message: str, certainty: Certainty = Certainty.DOCUMENTED
) -> Finding:
    operation, case = planned.operation, planned.case
    clause = _clause(planned)
    assumed = certainty is Certainty.ASSUMED
    return Finding(
        rule=rule,
        message=message,
        severity=Severity.OBSERVATION if assumed else Severity.ERROR,
        certainty=certainty,
        side=Side.REQUEST if rule == case.rule or case.location else Side.RESPONSE,
        location=case.location,
        source=clause.source,
        place=clause.place,
        operation=operation.label,
        subject=render_subject(operation.method, operation.path, status),
    )


def _clause(planned: Planned) -> Clause:
    """The clause that a case is about: that of its parameter or body, else of its credential, else the operation's."""
    operation, location = planned.operation, planned.case.location or ""
    for parameter in operation.parameters:
        if location == f"{parameter.where}.{parameter.name}":
            return parameter.clause
    if location.startswith("body") and operation.body:
        return operation.body.clause
    if planned.case.draft.credential != "valid":
        for alternative in operation.security:
            for scheme in alternative:
                return scheme.clause
    return operation.clause
