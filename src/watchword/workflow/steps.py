"""Steps with their parameters, bodies and actions, read from a document. Checks no reference between steps."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast, get_args

from watchword.contract import Clause, Operation
from watchword.document import Node
from watchword.workflow.expression import ExpressionProblem, parse_expression
from watchword.workflow.model import Action, Credential, Login, Parameter, Plain, Replacement, RequestBody, Source, Step
from watchword.workflow.notes import Notes
from watchword.workflow.queries import QueryProblem, check_query
from watchword.workflow.sources import Operations
from watchword.workflow.values import read_criteria, read_outputs, read_value, selector_type

_WHERE = ("path", "query", "querystring", "header", "cookie")
_TARGETS = ("operationId", "operationPath", "workflowId", "channelPath")
_DEFAULT_RETRIES = 1


@dataclass(eq=False, slots=True)
class StepReader:
    """Reads the steps of one workflow; `owner` is the workflow's clause."""

    root: Node
    operations: Operations
    notes: Notes
    owner: Clause

    def steps(self, workflow: Node) -> tuple[Step, ...]:
        """All steps in document order."""
        shared = self.parameters(workflow, "parameters")
        success = self.actions(workflow, "successActions")
        failure = self.actions(workflow, "failureActions")
        found = []
        for node in self.notes.objects(workflow, "steps", required=True):
            step_id = self.notes.text(node, "stepId", required=True)
            if step_id is not None:
                found.append(self._step(step_id, node, shared, success, failure))
        return tuple(found)

    def _step(
        self,
        step_id: str,
        node: Node,
        shared: tuple[Parameter, ...],
        success: tuple[Action, ...],
        failure: tuple[Action, ...],
    ) -> Step:
        clause = self.owner.within(node)
        source, operation, workflow, channel = self._target(node)
        to_workflow = workflow is not None
        own = self.parameters(node, "parameters", located=not to_workflow)
        inherited = tuple(parameter for parameter in shared if (parameter.where is None) is to_workflow)
        timeout = self.notes.member(node, "timeout", "integer")
        if "successCriteria" in node.value and node.value["successCriteria"] == []:
            self.notes.error("bad-criterion", "`successCriteria` must have at least one entry", node)
        return Step(
            id=step_id,
            operation=operation,
            source=source.name if source else None,
            workflow=workflow,
            channel=channel,
            parameters=_merged(inherited, own),
            body=self._body(node, clause),
            criteria=read_criteria(node, "successCriteria", clause, self.notes),
            on_success=_overriding(self.actions(node, "onSuccess"), success),
            on_failure=_overriding(self.actions(node, "onFailure"), failure),
            outputs=read_outputs(node, clause, self.notes),
            timeout=timeout.value if timeout else None,
            depends_on=tuple(text for text, _ in self.notes.texts(node, "dependsOn")),
            credential=self._credential(node),
            logins=tuple(self._logins(node, clause)),
            clause=clause,
        )

    def _target(self, node: Node) -> tuple[Source | None, Operation | None, str | None, str | None]:
        given = [name for name in _TARGETS if name in node.value]
        if len(given) != 1:
            reason = f"must have exactly one of {', '.join(f'`{name}`' for name in _TARGETS)}"
            self.notes.error("step-target", f"a step {reason}", node)
            return None, None, None, None
        text = self.notes.text(node, given[0])
        if text is None or given[0] == "workflowId":
            return None, None, text, None
        child = node.child(given[0])
        if given[0] == "channelPath":
            self.notes.obstacle("the step is one of AsyncAPI, and only HTTP is spoken here", child)
            return None, None, None, text
        find = self.operations.by_id if given[0] == "operationId" else self.operations.by_path
        source, operation = find(text, child)
        if source is not None and source.type == "asyncapi":
            self.notes.obstacle("the step is one of AsyncAPI, and only HTTP is spoken here", child)
            return source, None, None, text
        if source is not None and operation is None:
            self.notes.obstacle(f"the source description `{source.name}` is not there", child)
        return source, operation, None, None

    # Parameters and bodies.

    def parameters(self, node: Node, name: str, *, located: bool | None = None) -> tuple[Parameter, ...]:
        """The parameters under a member; `located` says whether each must have an `in`, or none may."""
        found: dict[tuple[str | None, str], Parameter] = {}
        for item in self.notes.objects(node, name):
            parameter = self._parameter(item, located=located)
            if parameter is None:
                continue
            key = (parameter.where, parameter.name)
            if key in found:
                self.notes.error("duplicate-parameter", f"the parameter `{parameter.name}` is there already", item)
            found[key] = parameter
        return tuple(found.values())

    def _parameter(self, item: Node, *, located: bool | None) -> Parameter | None:
        target = self._reused(item, "parameters")
        if target is None:
            return None
        name = self.notes.text(target, "name", required=True)
        where = self.notes.text(target, "in")
        given = item.get("value") or target.get("value")
        if given is None:
            self.notes.error("field-missing", "`value` is missing", target)
        if where is not None and where not in _WHERE:
            self.notes.error("field-type", f"`in` must be one of {', '.join(_WHERE)}", target.child("in"))
        if located and where is None:
            self.notes.error("field-missing", "`in` is missing: the step calls an operation", target)
        if name is None or given is None:
            return None
        return Parameter(name, None if located is False else where, read_value(given, self.notes), self._clause(target))

    def _clause(self, node: Node) -> Clause:
        return self.owner.within(node)

    def _body(self, node: Node, owner: Clause) -> RequestBody | None:
        body = self.notes.member(node, "requestBody", "object")
        if body is None:
            return None
        clause = owner.within(body)
        payload = body.get("payload")
        content_type = self.notes.text(body, "contentType")
        return RequestBody(
            content_type=content_type,
            payload=read_value(payload, self.notes) if payload else Plain(None),
            replacements=tuple(self._replacements(body, content_type or "", clause)),
            clause=clause,
        )

    def _replacements(self, body: Node, content_type: str, owner: Clause) -> Iterator[Replacement]:
        for item in self.notes.objects(body, "replacements"):
            target = self.notes.text(item, "target", required=True)
            value = item.get("value")
            if value is None:
                self.notes.error("field-missing", "`value` is missing", item)
            if target is None or value is None:
                continue
            kind = selector_type(item, "targetSelectorType", self.notes, "jsonpointer")
            if "xml" in content_type and "targetSelectorType" not in item.value:
                kind = "xpath"
                self.notes.obstacle("the target is an XPath, which is not supported", item)
            if kind == "jsonpointer" and target and not target.startswith("/"):
                self.notes.error("bad-expression", f"`{target}` is no JSON Pointer", item.child("target"))
            if kind == "jsonpath":
                try:
                    check_query(target)
                except QueryProblem as problem:
                    self.notes.error("bad-expression", f"`{target}` is no JSONPath: {problem}", item.child("target"))
            yield Replacement(target, kind, read_value(value, self.notes), owner.within(item))

    # Actions.

    def actions(self, node: Node, name: str) -> tuple[Action, ...]:
        """The success or failure actions under a member."""
        fails = name in ("failureActions", "onFailure")
        component = "failureActions" if fails else "successActions"
        found: dict[str, Action] = {}
        for item in self.notes.objects(node, name):
            target = self._reused(item, component)
            action = self._action(target, fails=fails) if target else None
            if action is not None:
                if action.name in found:
                    self.notes.error("duplicate-action", f"the action `{action.name}` is there already", item)
                found[action.name] = action
        return tuple(found.values())

    def _action(self, node: Node, *, fails: bool) -> Action | None:
        name = self.notes.text(node, "name", required=True)
        kind = self.notes.text(node, "type", required=True)
        allowed = ("end", "goto", "retry") if fails else ("end", "goto")
        if name is None or kind is None:
            return None
        if kind not in allowed:
            self.notes.error("bad-action", f"the type must be one of {', '.join(allowed)}", node.child("type"))
            return None
        workflow, step = self.notes.text(node, "workflowId"), self.notes.text(node, "stepId")
        if workflow is not None and step is not None:
            self.notes.error("bad-action", "`workflowId` and `stepId` exclude each other", node)
        if kind == "goto" and workflow is None and step is None:
            self.notes.error("bad-action", "`goto` needs a `workflowId` or a `stepId`", node)
        clause = self.owner.within(node)
        return Action(
            name=name,
            type=cast("Literal['end', 'goto', 'retry']", kind),
            workflow=workflow,
            step=step,
            parameters=self.parameters(node, "parameters", located=False),
            retry_after=self.notes.number(node, "retryAfter", "number", 0.0),
            retry_limit=int(self.notes.number(node, "retryLimit", "integer", _DEFAULT_RETRIES)),
            criteria=read_criteria(node, "criteria", clause, self.notes),
            clause=clause,
        )

    def _reused(self, item: Node, component: str) -> Node | None:
        """The object itself, or the component that a Reusable Object names."""
        if "reference" not in item.value:
            return item
        text = self.notes.text(item, "reference")
        if text is None:
            return None
        node = item.child("reference")
        try:
            expression = parse_expression(text, strict=self.notes.strict)
        except ExpressionProblem as problem:
            self.notes.error("bad-expression", f"`{text}`: {problem}", node)
            return None
        if expression.root != "components" or expression.path[0] != component:
            self.notes.error("unknown-component", f"`{text}` must begin with `$components.{component}.`", node)
            return None
        components = self.root.get("components")
        section = components.get(component) if components else None
        target = section.get(expression.path[1]) if section else None
        if target is None or not isinstance(target.value, dict):
            self.notes.error("unknown-component", f"`{text}` is not there", node)
            return None
        return target

    # Extensions.

    def _credential(self, node: Node) -> Credential:
        text = self.notes.text(node, "x-watchword-credential")
        known = get_args(Credential)
        if text is not None and text not in known:
            self.notes.error(
                "field-type", f"a credential is one of {', '.join(known)}", node.child("x-watchword-credential")
            )
            return "valid"
        return cast("Credential", text or "valid")

    def _logins(self, node: Node, owner: Clause) -> Iterator[Login]:
        for number, item in enumerate(self.notes.objects(node, "x-watchword-logins"), 1):
            device, secret = item.get("device"), item.get("secret")
            if device is None or secret is None or not isinstance(item.value.get("accepted"), bool):
                self.notes.error(
                    "field-missing", "a login has a `device`, a `secret` and whether it is `accepted`", item
                )
                continue
            yield Login(
                number,
                read_value(device, self.notes),
                read_value(secret, self.notes),
                self.notes.text(item, "slot"),
                item.value["accepted"],
                owner.within(item),
            )


def _merged(shared: tuple[Parameter, ...], own: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    """The step's parameters override the workflow's of the same name and place."""
    table = {(parameter.where, parameter.name): parameter for parameter in shared}
    table.update({(parameter.where, parameter.name): parameter for parameter in own})
    return tuple(table.values())


def _overriding(own: tuple[Action, ...], shared: tuple[Action, ...]) -> tuple[Action, ...]:
    """The step's actions come first; the workflow's follow, but for those that have the name of one of the step's."""
    names = {action.name for action in own}
    return (*own, *(action for action in shared if action.name not in names))
