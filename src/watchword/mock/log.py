"""One line of the access log. Holds names from documents only: no URL, no header, no body, no value."""

from watchword.mock.answer import Answer
from watchword.mock.endpoint import Call, broken_rules

_METHODS = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"})


def log_line(method: str, call: Call | None, answer: Answer) -> str:
    """Method, operation, status and the broken rules: `PUT kii changeThingPassword → 400  Password/first (body)`."""
    shown = method if method in _METHODS or call is not None else "…"
    operation = call.operation.label if call else "no operation"
    rules = broken_rules((*call.unmet, *call.findings)) if call else ""
    return f"{shown} {operation} → {answer.status}" + (f"  {rules}" if rules else "")
