"""A discriminator's mapping names a schema that does not exist.

A value with that mark has no schema: readers fail on it, or take it for something else. (OpenAPI 3.1.1, 4.8.25.)

Bad:

    discriminator:
      propertyName: kind
      mapping: { cat: '#/components/schemas/Katze' }

Good:

    discriminator:
      propertyName: kind
      mapping: { cat: '#/components/schemas/Cat' }
"""

from collections.abc import Iterator

from watchword.document import DanglingReference, Node
from watchword.ground import Severity, cut
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "structure"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per entry of a mapping."""
    components = subject.root.get("components")
    schemas = components.get("schemas") if components else None
    known = set(schemas.value) if schemas is not None and isinstance(schemas.value, dict) else set()
    for spot in subject.of("schema"):
        discriminator = spot.node.get("discriminator")
        mapping = discriminator.get("mapping") if discriminator else None
        for _, node in mapping.members() if mapping else ():
            if isinstance(node.value, str) and node.value not in known and not _leads_somewhere(subject, node):
                yield Problem(node, f"`{cut(node.value)}` is no schema of the document")


def _leads_somewhere(subject: Subject, node: Node) -> bool:
    if "://" in node.value:
        return True  # remote references are not fetched, so nothing is known of them
    try:
        subject.library.resolve(node.value, node.document)
    except DanglingReference:
        return False
    return True
