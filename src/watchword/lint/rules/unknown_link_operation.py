"""A link names an operation that does not exist, or a parameter that it does not have.

The one thing that a link says is which operation comes next, and with which values. (OpenAPI 3.1.1, 4.8.20.)

Bad:

    links:
      thing: { operationId: getThign }

Good:

    links:
      thing: { operationId: getThing }
"""

from collections.abc import Iterator

from watchword.document import DanglingReference, Node
from watchword.ground import Severity, cut
from watchword.lint.problem import Problem
from watchword.lint.subject import Operation, Subject

SEVERITY = Severity.ERROR
GROUP = "structure"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per link, and per parameter that its operation does not have."""
    by_id = {operation.id: operation for operation in subject.operations if operation.id}
    known = {spot.node.value.get("operationId") for spot in subject.of("operation")}
    for spot in subject.of("link"):
        given, address = spot.node.get("operationId"), spot.node.get("operationRef")
        if given is not None and isinstance(given.value, str):
            if given.value not in known:
                yield Problem(given, f"no operation has the id `{cut(given.value)}`")
            elif given.value in by_id:
                yield from _parameters(spot.node, by_id[given.value])
        if address is not None and isinstance(address.value, str) and address.value.startswith("#"):
            try:
                subject.library.resolve(address.value, spot.node.document)
            except DanglingReference:
                yield Problem(address, f"no operation stands at `{cut(address.value)}`")


def _parameters(link: Node, operation: Operation) -> Iterator[Problem]:
    known = {str(each.value.get("name")) for each in operation.parameters}
    known |= {f"{each.value.get('in')}.{each.value.get('name')}" for each in operation.parameters}
    listed = link.get("parameters")
    for name, node in listed.members() if listed else ():
        if name not in known:
            yield Problem(node, f"{operation.label} has no parameter `{cut(name)}`", severity=Severity.WARNING)
