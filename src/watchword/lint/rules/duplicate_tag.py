"""A tag is declared twice, or an operation bears one twice.

Which description holds is up to the tool, and pages list the operation twice. (OpenAPI 3.1.1, 4.8.1: "Each tag name in
the list MUST be unique".)

Bad:

    tags:
      - name: things
      - name: things

Good:

    tags:
      - name: things
"""

from collections.abc import Iterator

from watchword.document import Node
from watchword.ground import Severity, cut
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "structure"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per repetition; a warning where an operation has it."""
    declared = [(name, spot.node) for spot in subject.of("tag") if (name := spot.node.get("name")) is not None]
    yield from _repeated(declared, "is declared already")
    for spot in subject.of("operation"):
        borne = spot.node.get("tags")
        listed = [(node, node) for node in (borne.items() if borne else ())]
        yield from _repeated(listed, "is listed twice", Severity.WARNING)


def _repeated(tags: list[tuple[Node, Node]], reason: str, severity: Severity | None = None) -> Iterator[Problem]:
    seen: set[str] = set()
    for name, at in tags:
        if isinstance(name.value, str):
            if name.value in seen:
                yield Problem(at, f"tag `{cut(name.value, 60)}` {reason}", severity=severity)
            seen.add(name.value)
