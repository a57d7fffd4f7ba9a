"""The plan that the Schemathesis extension works to, where one of our own commands starts Schemathesis."""

from watchword.check import Plan

_plans: list[Plan] = []


def appoint(plan: Plan | None) -> None:
    """Hands a plan to the extension, which Schemathesis loads by name; `None` takes it back."""
    _plans[:] = [] if plan is None else [plan]


def appointed() -> Plan | None:
    """The plan that was handed over last."""
    return _plans[0] if _plans else None
