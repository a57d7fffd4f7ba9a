"""An operation, parameter, reply or schema of the components says nothing about itself.

Bad:

    operationId: listThings
    responses: ...

Good:

    operationId: listThings
    summary: List things
    responses: ...
"""

from collections.abc import Iterator

from watchword.ground import Severity, parse_pointer
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject
from watchword.lint.walk import Spot

SEVERITY = Severity.WARNING
GROUP = "house"
_KINDS = {"operation": "the operation", "parameter": "the parameter", "security-scheme": "the security scheme"}
_SAYING = ("description", "summary")


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per object."""
    for spot in subject.spots:
        value = spot.node.value
        what = _what(spot)
        if what is not None and isinstance(value, dict) and "$ref" not in value:
            said = [value[name] for name in _SAYING if isinstance(value.get(name), str) and value[name].strip()]
            yield from () if said else (Problem(spot.node, f"{what} has no description"),)


def _what(spot: Spot) -> str | None:
    if spot.kind == "schema":
        is_component = spot.via == "schemas" and len(parse_pointer(spot.node.pointer)) == 3
        return f"the schema `{spot.name}`" if is_component else None
    return _KINDS.get(spot.kind)
