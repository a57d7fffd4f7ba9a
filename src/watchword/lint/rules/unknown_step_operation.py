"""A step calls an operation that none of the source documents has.

Sources that lie beside the document are read; a workflow with a remote source is not judged. (Arazzo 1.0.1, 4.6.5.)

Bad:

    - stepId: reset
      operationId: resetDeviceSercet

Good:

    - stepId: reset
      operationId: resetDeviceSecret
"""

from collections.abc import Iterator

from watchword.ground import Severity, cut
from watchword.lint.arazzo import listed, operation_ids
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "workflow"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per step."""
    known = operation_ids(subject)
    if known is None:
        return
    for workflow in listed(subject.root, "workflows"):
        for step in listed(workflow, "steps"):
            node = step.get("operationId")
            if node is not None and isinstance(node.value, str):
                name = node.value.rsplit(".", 1)[-1] if node.value.startswith("$sourceDescriptions.") else node.value
                if name not in known:
                    yield Problem(node, f"no source has the operation `{cut(name)}`")
