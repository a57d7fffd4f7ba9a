"""A step or expression of a workflow names something that does not exist.

A step, output, workflow, source, file, input, component or schema. The run stops there, or goes on with nothing in
its hand. (Arazzo 1.0.1, 4.7, Runtime Expressions.)

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
from urllib.parse import unquote, urlsplit

from watchword.document import Node
from watchword.ground import Severity, cut
from watchword.lint.arazzo import expressions, listed, names
from watchword.lint.members import declared_members
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "workflow"
_STEP = re.compile(r"\$steps\.([A-Za-z0-9_-]+)")
_OUTPUT = re.compile(r"\$steps\.([A-Za-z0-9_-]+)\.outputs\.([A-Za-z0-9_-]+)")
_INPUT = re.compile(r"\$inputs\.([A-Za-z0-9_-]+)")
_SOURCE = re.compile(r"\$sourceDescriptions\.([A-Za-z0-9_-]+)")
_WORKFLOW = re.compile(r"\$workflows\.([A-Za-z0-9_-]+)")
_COMPONENT = re.compile(r"\$components\.([A-Za-z]+)\.([A-Za-z0-9._-]+)")


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per name."""
    workflows = names(subject.root, "workflows", "workflowId")
    sources = names(subject.root, "sourceDescriptions", "name")
    yield from _missing_files(subject)
    for finding in subject.library.dangling():
        if finding.place is not None and finding.place.file == subject.document.file:
            yield Problem(Node(subject.document, finding.place.pointer, None), finding.message)
    for workflow in listed(subject.root, "workflows"):
        steps = names(workflow, "steps", "stepId")
        for node, text in expressions(workflow):
            for form, known, what in (
                (_STEP, steps, "step"),
                (_SOURCE, sources, "source"),
                (_WORKFLOW, workflows, "workflow"),
                (_INPUT, _inputs(subject, workflow), "input"),
            ):
                for name in form.findall(text):
                    if known is not None and name not in known:
                        yield Problem(node, f"there is no {what} `{cut(name)}`")
            yield from _outputs_and_components(subject, workflow, node, text)
        for owner in (workflow, *listed(workflow, "steps")):
            yield from _named(owner, workflows, steps)
        needed = workflow.get("dependsOn")
        for node in needed.items() if needed else ():
            if isinstance(node.value, str) and not node.value.startswith("$") and node.value not in workflows:
                yield Problem(node, f"there is no workflow `{cut(node.value)}`")


def _missing_files(subject: Subject) -> Iterator[Problem]:
    """The sources that should lie beside the document, and do not."""
    for source in listed(subject.root, "sourceDescriptions"):
        url = source.get("url")
        parts = urlsplit(url.value) if url is not None and isinstance(url.value, str) else None
        if url is not None and parts is not None and parts.path and not (parts.scheme or parts.netloc):
            path = subject.document.path.parent / unquote(parts.path)
            if subject.document.path.exists() and not path.exists():
                yield Problem(url, f"there is no file `{cut(parts.path)}`", severity=Severity.WARNING)


def _inputs(subject: Subject, workflow: Node) -> frozenset[str] | None:
    """The inputs that a workflow declares; `None` where it does not say which there are."""
    declared = workflow.get("inputs")
    return declared_members(subject, declared) if declared is not None else None


def _outputs_and_components(subject: Subject, workflow: Node, node: Node, text: str) -> Iterator[Problem]:
    called = {str(step.value.get("stepId")): step for step in listed(workflow, "steps")}
    for step, name in _OUTPUT.findall(text):
        if step in called and "workflowId" not in called[step].value:
            outputs = called[step].value.get("outputs")
            if name not in (outputs if isinstance(outputs, dict) else {}):
                yield Problem(node, f"the step `{cut(step)}` has no output `{cut(name)}`")
    components = subject.root.value.get("components")
    for kind, name in _COMPONENT.findall(text):
        held = components.get(kind) if isinstance(components, dict) else None
        if name not in (held if isinstance(held, dict) else {}):
            yield Problem(node, f"there is no `{cut(name)}` in the components' `{cut(kind)}`")


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
