"""A step or expression of a workflow names something that does not exist.

A step, workflow, source, input or component. The run stops there, or goes on with nothing in its hand. (Arazzo
1.0.1, 4.7, Runtime Expressions.)

Bad:

    steps:
      - stepId: first
        workflowId: rset

Good:

    steps:
      - stepId: first
        workflowId: reset
"""

import re
from collections.abc import Iterator

from watchword.document import Node
from watchword.ground import Severity, cut
from watchword.lint.arazzo import expressions, listed, names
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "workflow"
_STEP = re.compile(r"\$steps\.([A-Za-z0-9_-]+)")
_SOURCE = re.compile(r"\$sourceDescriptions\.([A-Za-z0-9_-]+)")
_WORKFLOW = re.compile(r"\$workflows\.([A-Za-z0-9_-]+)")


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per name."""
    workflows = names(subject.root, "workflows", "workflowId")
    sources = names(subject.root, "sourceDescriptions", "name")
    for workflow in listed(subject.root, "workflows"):
        steps = names(workflow, "steps", "stepId")
        for node, text in expressions(workflow):
            for form, known, what in (
                (_STEP, steps, "step"),
                (_SOURCE, sources, "source"),
                (_WORKFLOW, workflows, "workflow"),
            ):
                for name in form.findall(text):
                    if name not in known:
                        yield Problem(node, f"there is no {what} `{cut(name)}`")
        for owner in (workflow, *listed(workflow, "steps")):
            yield from _named(owner, workflows, steps)


def _named(owner: Node, workflows: frozenset[str], steps: frozenset[str]) -> Iterator[Problem]:
    actions = [each for field in ("onSuccess", "onFailure") for each in listed(owner, field)]
    for holder in (*([owner] if owner.get("stepId") else []), *actions):
        node = holder.get("workflowId")
        name = node.value if node is not None else None
        if node is not None and isinstance(name, str) and not name.startswith("$") and name not in workflows:
            yield Problem(node, f"there is no workflow `{cut(name)}`")
    for action in actions:
        node = action.get("stepId")
        if node is not None and isinstance(node.value, str) and node.value not in steps:
            yield Problem(node, f"there is no step `{cut(node.value)}`")
