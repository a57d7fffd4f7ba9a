"""References between the parts of a document: steps, outputs, inputs, workflows, actions; and circles among them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from watchword.contract.shape import properties
from watchword.document import Node
from watchword.workflow.condition import expressions
from watchword.workflow.expression import Expression, Template, parse_expression
from watchword.workflow.model import Action, Criterion, Selector, Step, Tree, Value, Workflow, Workflows
from watchword.workflow.notes import Notes

Found = tuple[Expression, Node]


def check_links(workflows: Workflows, notes: Notes) -> None:
    """Notes every reference that leads nowhere, and every circle."""
    for workflow in workflows.workflows:
        _check_workflow(workflows, workflow, notes)
    _note_cycle(
        {each.id: [name for name in each.depends_on if not name.startswith("$")] for each in workflows.workflows},
        "dependency-cycle",
        "the workflows depend on each other",
        {each.id: each.clause.node for each in workflows.workflows},
        notes,
    )
    _note_cycle(
        {each.id: [step.workflow for step in each.steps if step.workflow] for each in workflows.workflows},
        "workflow-cycle",
        "the workflows call each other without end",
        {each.id: each.clause.node for each in workflows.workflows},
        notes,
    )


def step_expressions(step: Step) -> Iterator[Found]:
    """Every expression that is evaluated before or while a step's request is sent."""
    for parameter in step.parameters:
        yield from value_expressions(parameter.value, parameter.clause.node.get("value") or parameter.clause.node)
    if step.body is not None:
        yield from value_expressions(step.body.payload, step.body.clause.node.get("payload") or step.body.clause.node)
        for replacement in step.body.replacements:
            yield from value_expressions(replacement.value, replacement.clause.node.child("value"))


def value_expressions(value: Value, node: Node) -> Iterator[Found]:
    """The expressions of a value, each with the node of its text."""
    if isinstance(value, Expression):
        yield value, node
    elif isinstance(value, Template):
        for expression in value.expressions:
            yield expression, node
    elif isinstance(value, Selector):
        yield value.context, node
    elif isinstance(value, Tree):
        for index, (key, child) in enumerate(value.members):
            token = index if key is None else key
            inner = node.child(token) if isinstance(node.value, dict | list) else node
            yield from value_expressions(child, inner)


def order_of(workflow: Workflow) -> tuple[Step, ...]:
    """The steps in an order that satisfies `dependsOn` and references to outputs; document order where there are none.

    Arazzo 1.1.0, Step Object, "Tool Behavior". Raises `CycleError`.
    """
    if not any(step.depends_on for step in workflow.steps):
        return workflow.steps
    place = {step.id: number for number, step in enumerate(workflow.steps)}
    waiting = {step.id: {name for name in _needs(step) if name in place} for step in workflow.steps}
    sorter = TopologicalSorter(waiting)
    sorter.prepare()
    ready: set[str] = set()
    ordered: list[Step] = []
    while sorter.is_active():
        ready.update(sorter.get_ready())
        first = min(ready, key=place.__getitem__)
        ready.remove(first)
        ordered.append(workflow.step(first))
        sorter.done(first)
    return tuple(ordered)


def _needs(step: Step) -> set[str]:
    """The steps of the same workflow that a step needs done: those it names, and those whose outputs it sends."""
    named = {name for name in step.depends_on if not name.startswith("$")}
    return named | {found.path[0] for found, _ in step_expressions(step) if found.root == "steps"} - {step.id}


def _check_workflow(workflows: Workflows, workflow: Workflow, notes: Notes) -> None:
    node = workflow.clause.node
    for name in workflow.depends_on:
        _check_reference(workflows, name, _item(node.child("dependsOn"), name), notes)
    scope = _Scope(workflows, workflow, notes)
    for step in workflow.steps:
        _check_step(scope, step)
    for output in workflow.outputs:
        scope.check(value_expressions(output.value, output.clause.node))
    for criterion in workflow.assume:
        scope.check(criterion_expressions(criterion))
    try:
        order_of(workflow)
    except CycleError as error:
        notes.error("dependency-cycle", f"the steps wait for each other: {_round(error)}", node.child("steps"))
    if notes.strict:
        _note_forward_references(workflow, notes)


def _item(node: Node, text: str) -> Node:
    """The item of a list that is this text."""
    return next(item for item in node.items() if item.value == text)


def _check_step(scope: "_Scope", step: Step) -> None:
    node = step.clause.node
    if step.workflow is not None:
        _check_reference(scope.workflows, step.workflow, node.child("workflowId"), scope.notes)
    for name in step.depends_on:
        _check_dependency(scope, name, _item(node.child("dependsOn"), name))
    called = _called(scope.workflows, step)
    scope.check(step_expressions(step))
    for criterion in step.criteria:
        scope.check(criterion_expressions(criterion), called)
    for login in step.logins:
        scope.check(value_expressions(login.device, login.clause.node.child("device")))
        scope.check(value_expressions(login.secret, login.clause.node.child("secret")))
    for output in step.outputs:
        scope.check(value_expressions(output.value, output.clause.node), called)
    for action in (*step.on_success, *step.on_failure):
        _check_action(scope, action, called)


def _check_action(scope: "_Scope", action: Action, called: Workflow | None) -> None:
    node = action.clause.node
    if action.workflow is not None:
        _check_reference(scope.workflows, action.workflow, node.child("workflowId"), scope.notes)
    if action.step is not None and all(step.id != action.step for step in scope.workflow.steps):
        scope.unknown_step(action.step, node.child("stepId"))
    for criterion in action.criteria:
        scope.check(criterion_expressions(criterion), called)
    for parameter in action.parameters:
        scope.check(value_expressions(parameter.value, parameter.clause.node))


def criterion_expressions(criterion: Criterion) -> Iterator[Found]:
    """The expressions of a criterion: of its context, then of its condition."""
    node = criterion.clause.node
    if criterion.context is not None:
        yield criterion.context, node.child("context")
    if criterion.parsed is not None:
        for expression in expressions(criterion.parsed):
            yield expression, node.child("condition")
    elif isinstance(criterion.template, Template):
        for expression in criterion.template.expressions:
            yield expression, node.child("condition")


class _Scope:
    """What the expressions of one workflow may name."""

    def __init__(self, workflows: Workflows, workflow: Workflow, notes: Notes) -> None:
        self.workflows = workflows
        self.workflow = workflow
        self.notes = notes
        self._steps = {step.id: step for step in workflow.steps}
        schema = workflow.inputs
        known = properties(schema.value, schema.resolve) if schema else {}
        self._inputs = known if known or schema is None else None
        self._checks: Mapping[str, Callable[[Expression, Node], None]] = {
            "steps": self._check_steps,
            "inputs": self._check_inputs,
            "workflows": self._check_workflows,
            "sourceDescriptions": self._check_sources,
        }
        self._noted: set[tuple[str, str]] = set()

    def check(self, found: Iterable[Found], called: Workflow | None = None) -> None:
        """Notes each expression that names nothing; `called` is the workflow that a step calls."""
        for expression, node in found:
            if (expression.text, node.pointer) in self._noted:
                continue
            self._noted.add((expression.text, node.pointer))
            if expression.root == "outputs":
                owner = called or self.workflow
                self._check_output(expression.path[0], {each.name for each in owner.outputs}, owner.id, node)
            elif expression.root in self._checks:
                self._checks[expression.root](expression, node)

    def unknown_step(self, name: str, node: Node) -> None:
        """Notes that a step is not there."""
        known = ", ".join(f"`{step}`" for step in self._steps)
        self.notes.error("unknown-step", f"no step of this workflow is called `{name}`; there are {known}", node)

    def _check_steps(self, expression: Expression, node: Node) -> None:
        step = self._steps.get(expression.path[0])
        if step is None:
            self.unknown_step(expression.path[0], node)
        elif len(expression.path) < 3:
            self.notes.warning("unknown-output", f"`{expression.text}` has no `.outputs.` and is always null", node)
        else:
            self._check_output(expression.path[2], {each.name for each in step.outputs}, step.id, node)

    def _check_output(self, name: str, known: set[str], owner: str, node: Node) -> None:
        if not _is_one_of(name, known):
            listed = ", ".join(f"`{each}`" for each in sorted(known)) or "none"
            self.notes.dubious("unknown-output", f"`{owner}` has no output `{name}`; there are {listed}", node)

    def _check_inputs(self, expression: Expression, node: Node) -> None:
        if self._inputs is not None and not _is_one_of(expression.path[0], set(self._inputs)):
            listed = ", ".join(f"`{each}`" for each in self._inputs) or "none"
            message = f"the workflow has no input `{expression.path[0]}`; there are {listed}"
            self.notes.dubious("unknown-input", message, node)

    def _check_workflows(self, expression: Expression, node: Node) -> None:
        _check_reference(self.workflows, expression.path[0], node, self.notes)

    def _check_sources(self, expression: Expression, node: Node) -> None:
        if all(source.name != expression.path[0] for source in self.workflows.sources):
            self.notes.error("unknown-source", f"no source description is called `{expression.path[0]}`", node)


def _is_one_of(name: str, known: set[str]) -> bool:
    """Whether a name, or one of its beginnings up to a dot, is known: the rest is then a de-reference."""
    return name in known or any(name.startswith(f"{each}.") for each in known)


def _called(workflows: Workflows, step: Step) -> Workflow | None:
    if step.workflow is None:
        return None
    try:
        return workflows.find(step.workflow)[1]
    except KeyError:
        return None


def _check_reference(workflows: Workflows, reference: str, node: Node, notes: Notes) -> None:
    """Notes a workflow that is not there; one in a document that is not there cannot be judged."""
    try:
        workflows.find(reference)
    except KeyError:
        name = reference.removeprefix("$sourceDescriptions.").partition(".")[0]
        absent = [source for source in workflows.sources if source.name == name and source.workflows is None]
        if reference.startswith("$sourceDescriptions.") and absent and absent[0].type == "arazzo":
            notes.obstacle(f"the source description `{name}` is not there", node)
            return
        known = ", ".join(f"`{workflow.id}`" for workflow in workflows.workflows)
        notes.error("unknown-workflow", f"no workflow is called `{reference}`; there are {known}", node)


def _check_dependency(scope: _Scope, name: str, node: Node) -> None:
    """A `dependsOn` of a step: `stepId`, `$workflows.<id>.steps.<stepId>`, or the same behind a source's name."""
    if not name.startswith("$"):
        if all(step.id != name for step in scope.workflow.steps):
            scope.unknown_step(name, node)
        return
    reference, _, step_id = name.rpartition(".steps.")
    try:
        if reference.startswith("$workflows."):
            reference = parse_expression(f"{reference}.outputs.x").path[0]
        _, workflow = scope.workflows.find(reference)
        workflow.step(step_id)
    except (KeyError, ValueError):
        scope.notes.error("unknown-step", f"`{name}` names no step", node)


def _note_forward_references(workflow: Workflow, notes: Notes) -> None:
    """Arazzo 1.1.0, Step Object, "Validation Recommendations": outputs of a step that has not been done."""
    if any(step.depends_on for step in workflow.steps):
        return
    if any(action.step for step in workflow.steps for action in (*step.on_success, *step.on_failure)):
        return
    done: set[str] = set()
    known = {step.id for step in workflow.steps}
    for step in workflow.steps:
        for expression, node in step_expressions(step):
            name = expression.path[0] if expression.root == "steps" else ""
            if name in known and name not in done:
                notes.error("forward-reference", f"`{expression.text}`: the step `{name}` is not done by then", node)
        done.add(step.id)


def _note_cycle(
    graph: Mapping[str, list[str]], rule: str, message: str, nodes: Mapping[str, Node], notes: Notes
) -> None:
    known = {name: [each for each in needed if each in graph] for name, needed in graph.items()}
    try:
        TopologicalSorter(known).prepare()
    except CycleError as error:
        notes.error(rule, f"{message}: {_round(error)}", nodes[error.args[1][0]])


def _round(error: CycleError) -> str:
    return " → ".join(f"`{name}`" for name in reversed(error.args[1]))
