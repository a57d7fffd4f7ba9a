"""A discriminator names a member that a schema does not declare.

The mark by which readers tell the schemas apart is not there: they fail, or guess. (OpenAPI 3.1.1, 4.8.25.)

Bad:

    discriminator: { propertyName: typ }
    properties: { type: { type: string } }

Good:

    discriminator: { propertyName: type }
    properties: { type: { type: string } }
"""

from collections.abc import Iterator

from watchword.document import Node
from watchword.ground import Severity, cut
from watchword.lint.members import declared_members
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "structure"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per discriminator whose member one of its schemas lacks."""
    for spot in subject.of("schema"):
        discriminator = spot.node.get("discriminator")
        name = discriminator.get("propertyName") if discriminator else None
        if name is None or not isinstance(name.value, str):
            continue
        own = declared_members(subject, spot.node, ("allOf",))
        if own is not None and name.value in own:
            continue
        branches = [branch for keyword in ("oneOf", "anyOf") for branch in _items(spot.node, keyword)]
        known = [declared_members(subject, branch) for branch in branches] or [own]
        if any(each is not None and name.value not in each for each in known):
            yield Problem(name, f"a schema without the member `{cut(name.value, 60)}` is meant")


def _items(node: Node, keyword: str) -> list[Node]:
    child = node.get(keyword)
    return list(child.items()) if child else []
