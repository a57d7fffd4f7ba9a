"""A clause is assumed: the vendor's text leaves it open.

No defect, but a list to take to the vendor. Off by default; `watchword lint --select assumed-clause` prints it.

Bad:

    x-certainty: assumed

Good:

    x-source: Vendor guide, Table 3, password
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.OBSERVATION
GROUP = "pedantic"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per mark."""
    for spot in subject.spots:
        node = spot.node.get("x-certainty")
        if node is not None and node.value == "assumed":
            title = spot.node.value.get("title")
            source = spot.node.value.get("x-source")
            name = title if isinstance(title, str) else spot.name or spot.kind
            yield Problem(node, f"`{name}` is assumed" + (f": {source}" if isinstance(source, str) else ""))
