"""A clause names no source, in a document that names sources.

`x-source` says which sentence of the vendor's text a clause stands for. Where some clauses have one, a clause
without has been forgotten, or was made up. Looked at: operations, parameters, request bodies, replies, security
schemes, schemas of the components, and titled parts of an `allOf`.

Bad:

    components:
      schemas:
        Password:
          type: string             # no `x-source`, while others have one

Good:

    components:
      schemas:
        Password:
          x-source: Vendor guide, Table 3, password
          type: string
"""

from collections.abc import Iterator

from watchword.ground import Severity, parse_pointer
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject
from watchword.lint.walk import Spot

SEVERITY = Severity.WARNING
GROUP = "provenance"
_KINDS = frozenset({"operation", "parameter", "body", "response", "security-scheme"})


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per clause."""
    if not subject.has_sources:
        return
    for spot in subject.spots:
        value = spot.node.value
        if not isinstance(value, dict):
            continue
        source = spot.node.get("x-source")
        if source is None and "$ref" not in value and _is_clause(spot):
            yield Problem(spot.node, "names no `x-source`, while other clauses do")
        elif source is not None and not (isinstance(source.value, str) and source.value.strip()):
            yield Problem(source, "`x-source` names nothing")


def _is_clause(spot: Spot) -> bool:
    if spot.kind == "schema":
        is_component = len(parse_pointer(spot.node.pointer)) == 3 and spot.via == "schemas"
        return is_component or (spot.via == "allOf" and "title" in spot.node.value)
    return spot.kind in _KINDS
