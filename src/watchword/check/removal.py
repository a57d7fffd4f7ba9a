"""Requests that remove what a run still needs: which are never sent, and which are sent last. Sends nothing."""

from watchword.check.target import Device, Target
from watchword.contract import Operation
from watchword.ground import Request, WatchwordError
from watchword.strategies import Case

_REMOVING = "DELETE"


class Withheld(WatchwordError):
    """A request that would remove a device which somebody listed."""


def removes(operation: Operation) -> bool:
    """Whether an operation removes what its path names (RFC 9110 section 9.3.5)."""
    return operation.method == _REMOVING


def why_not(case: Case, operation: Operation, target: Target) -> str | None:
    """Why a case is not sent that a sound service may follow, and that removes something which somebody listed."""
    if not removes(operation) or case.side == "refuse" or not target.devices or target.is_made_up:
        return None
    return reason(operation)


def reason(operation: Operation) -> str:
    """What a removal would do to the devices of a target."""
    named = any(parameter.where == "path" for parameter in operation.parameters)
    what = "would remove a listed device" if named else "would remove what no list of devices names"
    return f"not sent: {operation.method} {operation.path} {what}"


def refuse_removal(operation: Operation, device: Device | None, request: Request, target: Target) -> None:
    """Raises `Withheld` for a request, with a credential that may do so, which removes a listed device."""
    if not removes(operation) or device not in target.devices or target.is_made_up:
        return
    token = target.principal.token if target.principal else ""
    if token in request.url or any(token in value for _, value in request.headers):
        raise Withheld(reason(operation))
