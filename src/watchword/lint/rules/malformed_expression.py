"""A condition or runtime expression of a workflow cannot be read.

The step's outcome is then never what its author thinks: runners fail, or take the text for itself. (Arazzo 1.0.1,
4.6.11 and 4.7.)

Bad:

    successCriteria:
      - condition: $statusCode = 204

Good:

    successCriteria:
      - condition: $statusCode == 204
"""

from collections.abc import Iterator

from watchword.document import Node
from watchword.ground import Severity
from watchword.lint.arazzo import listed
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "workflow"
_TEXTS = ("description", "summary", "condition")


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per condition of the simple kind, and per expression in a value, an output or a context."""
    # The room of workflows starts slowly, and nearly all documents are no workflows.
    from watchword.workflow.condition import ConditionProblem, parse_condition
    from watchword.workflow.expression import ExpressionProblem, parse_text

    for workflow in listed(subject.root, "workflows"):
        for node in _conditions(workflow):
            try:
                parse_condition(node.value, strict=False)
            except ConditionProblem as problem:
                yield Problem(node, str(problem))
        for node in _values(workflow):
            try:
                parse_text(node.value, strict=False)
            except ExpressionProblem as problem:
                yield Problem(node, str(problem))


def _conditions(workflow: Node) -> Iterator[Node]:
    for step in listed(workflow, "steps"):
        actions = [*listed(step, "onSuccess"), *listed(step, "onFailure")]
        criteria = [
            *listed(step, "successCriteria"),
            *(each for action in actions for each in listed(action, "criteria")),
        ]
        for criterion in criteria:
            node = criterion.get("condition")
            if node is not None and isinstance(node.value, str) and criterion.value.get("type", "simple") == "simple":
                yield node


def _values(workflow: Node) -> Iterator[Node]:
    pending = [workflow]
    while pending:
        node = pending.pop()
        if isinstance(node.value, str) and node.value.startswith("$"):
            yield node
        members = [child for name, child in node.members() if not name.startswith("x-") and name not in _TEXTS]
        pending.extend(reversed([*members, *node.items()]))
