"""An Arazzo document breaks the structure that its specification asks for.

Runners refuse it, or leave out what they do not understand. (Arazzo 1.0.1, section 4.)

Bad:

    workflows:
      - workflowId: reset            # no `steps`

Good:

    workflows:
      - workflowId: reset
        steps:
          - stepId: first
            operationId: resetDeviceSecret
"""

from collections.abc import Iterator

from watchword.document import Node
from watchword.ground import Severity, render_pointer
from watchword.lint.metaschema import structure_errors
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "workflow"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per error."""
    for tokens, message in structure_errors(subject.document.value, "arazzo"):
        yield Problem(Node(subject.document, render_pointer(tokens), None), message)
