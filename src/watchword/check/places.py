"""Where in the document a broken rule stands. Judges nothing."""

from dataclasses import replace

from watchword.check.plan import Plan, Planned
from watchword.ground import Exchange, Finding, Request, Side
from watchword.validation import Validator


def placed(finding: Finding, planned: Planned, validator: Validator, plan: Plan) -> Finding:
    """The finding with place and source of its own rule, as anybody sees them who judges a request that breaks it.

    A finding about no rule of a value, and one of whose rule no request is known, stay as they are.
    """
    case = planned.case
    if "/" not in finding.rule or finding.rule != case.rule:
        return finding
    for request in [planned.request] if case.side == "refuse" else _breaking(planned, plan):
        for broken in validator.findings(Exchange(request)):
            if broken.rule == finding.rule and broken.side is Side.REQUEST and broken.place is not None:
                return replace(finding, place=broken.place, source=broken.source)
    return finding


def _breaking(planned: Planned, plan: Plan) -> list[Request]:
    """A request of the plan that breaks the rule of an accepted one at the same place."""
    case = planned.case
    found = (
        each.request
        for each in plan.planned
        if (each.case.side, each.case.rule, each.case.location) == ("refuse", case.rule, case.location)
        and each.operation.label == planned.operation.label
    )
    return [request for request in [next(found, None)] if request is not None]
