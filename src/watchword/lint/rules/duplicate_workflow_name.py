"""Two workflows, two steps of one workflow, or two sources have the same name.

Expressions name them: which of the two is meant, is not said. (Arazzo 1.0.1, 4.6.3, 4.6.4 and 4.6.5: they must be
unique.)

Bad:

    steps:
      - { stepId: reset, operationId: first }
      - { stepId: reset, operationId: second }

Good:

    steps:
      - { stepId: reset, operationId: first }
      - { stepId: read, operationId: second }
"""

from collections.abc import Iterator

from watchword.document import Node
from watchword.ground import Severity, cut
from watchword.lint.arazzo import listed
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "workflow"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per name that stands in its list before."""
    yield from _twice(subject.root, "sourceDescriptions", "name")
    yield from _twice(subject.root, "workflows", "workflowId")
    for workflow in listed(subject.root, "workflows"):
        yield from _twice(workflow, "steps", "stepId")


def _twice(owner: Node, field: str, name: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for item in listed(owner, field):
        node = item.get(name)
        if node is not None and isinstance(node.value, str):
            if node.value in seen:
                yield Problem(node, f"`{cut(node.value)}` is a `{name}` already")
            seen.add(node.value)
