"""A workflow carried out: steps sent in order, criteria judged, actions followed. Draws no inputs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from watchword.contract import Operation
from watchword.ground import (
    Exchange,
    Finding,
    Request,
    Response,
    Severity,
    Side,
    WatchwordError,
    header_values,
)
from watchword.language import Language
from watchword.validation import Validator
from watchword.workflow.context import Context, Done
from watchword.workflow.environment import Environment
from watchword.workflow.links import order_of
from watchword.workflow.model import Action, Step, Workflow, Workflows
from watchword.workflow.outcome import Outcome, Scene, StepResult
from watchword.workflow.requests import Unsendable, prepared
from watchword.workflow.verdict import judged

Json = Any
Send = Callable[[Request], Response]

MOST_ATTEMPTS = 200
"""Attempts at steps in one run, those of called workflows included."""
MOST_RETRIES = 10
"""What a larger `retryLimit` is cut to."""
LONGEST_WAIT = 30.0
"""Seconds, what a longer `retryAfter` or `Retry-After` is cut to."""


def run(
    workflows: Workflows,
    workflow_id: str,
    inputs: Mapping[str, Json],
    send: Send,
    environment: Environment,
) -> Outcome:
    """One run of a workflow. `send` is any way to get a response for a request whose URL is absolute.

    Never raises for what a service answers. Raises what `send` raises, `KeyError` for an unknown workflow, and
    `WatchwordError` for one that cannot be run here (AsyncAPI, XPath, a source description that is not there).
    """
    return Runner(workflows, send, environment).run(workflow_id, inputs)


class Runner:
    """Runs workflows of one document against one deployment; contracts and rules of inputs are compiled once."""

    def __init__(self, workflows: Workflows, send: Send, environment: Environment) -> None:
        self.workflows = workflows
        self.environment = environment
        self._send = send
        self.languages: dict[str, Language] = {}
        self._validators: dict[str, Validator] = {}

    def run(self, workflow_id: str, inputs: Mapping[str, Json]) -> Outcome:
        """One run; see `run`."""
        workflow = self.workflows.workflow(workflow_id)
        refuse_obstacles(self.workflows, workflow)
        return _Run(self, _Budget()).workflow(self.workflows, workflow, inputs, {})

    def sent(self, request: Request) -> tuple[Exchange, float]:
        """The exchange, and how many seconds it took."""
        started = self.environment.now()
        response = self._send(request)
        return Exchange(request, response), self.environment.now() - started

    def contract_findings(self, workflows: Workflows, step: Step, exchange: Exchange) -> list[Finding]:
        """What the contract says of a reply; requests are the workflow's own, and may be wrong on purpose."""
        contract = workflows.source(step.source).contract if step.source else None
        if contract is None:
            return []
        key = f"{contract.root.document.path}"
        if key not in self._validators:
            base = urlsplit(self.environment.url_of(step.source)).path
            self._validators[key] = Validator(contract, base_paths=[base])
        return self._validators[key].reply_findings(exchange)


def refuse_obstacles(workflows: Workflows, workflow: Workflow) -> None:
    """Raises `WatchwordError` with the first reason why a workflow, or one that it calls, cannot be run."""
    pending, seen = [(workflows, workflow)], set[int]()
    while pending:
        document, current = pending.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        if current.obstacles:
            obstacle = current.obstacles[0]
            raise WatchwordError(f"{obstacle.place}: the workflow `{workflow.id}` cannot be run: {obstacle.message}")
        references = [*current.depends_on, *(step.workflow for step in current.steps if step.workflow)]
        pending.extend(document.find(reference) for reference in references)


@dataclass(slots=True)
class _Budget:
    attempts: int = MOST_ATTEMPTS


@dataclass(frozen=True, slots=True)
class _Next:
    """Where a run goes on: at a step, at its end, or in another workflow whose outcome is the rest of this one."""

    step: str | None = None
    ends: bool = False
    other: Outcome | None = None


class _Run:
    def __init__(self, runner: Runner, budget: _Budget) -> None:
        self._runner = runner
        self._environment = runner.environment
        self._budget = budget

    def workflow(
        self, workflows: Workflows, workflow: Workflow, inputs: Mapping[str, Json], done: Mapping[str, Done]
    ) -> Outcome:
        context = Context(
            inputs=inputs,
            workflows=dict(done),
            sources={each.name: {"url": each.url, "type": each.type} for each in workflows.sources},
            self_uri=workflows.self_uri,
        )
        one = _One(self, workflows, workflow, context)
        if not self._dependencies(one):
            return one.outcome(succeeded=False)
        return one.carried_out()

    def _dependencies(self, one: "_One") -> bool:
        """Runs what the workflow depends on, with the same inputs; whether all of it succeeded."""
        for reference in one.workflow.depends_on:
            document, workflow = one.workflows.find(reference)
            if workflow.id in one.context.workflows:
                continue
            outcome = self.workflow(document, workflow, one.context.inputs, one.context.workflows)
            one.take(outcome)
            one.context.workflows[workflow.id] = Done(
                outcome.inputs,
                outcome.outputs,
                frozenset(result.step.id for result in outcome.steps if result.succeeded),
            )
            if not outcome.succeeded:
                return False
        return True

    def spend(self) -> bool:
        """Whether another attempt is allowed."""
        self._budget.attempts -= 1
        return self._budget.attempts >= 0

    @property
    def runner(self) -> Runner:
        return self._runner

    @property
    def environment(self) -> Environment:
        return self._environment


class _One:
    """One workflow on its way."""

    def __init__(self, whole: _Run, workflows: Workflows, workflow: Workflow, context: Context) -> None:
        self.whole = whole
        self.workflows = workflows
        self.workflow = workflow
        self.context = context
        self._results: list[StepResult] = []
        self._findings: list[Finding] = []
        self._retries: dict[tuple[str, str], int] = {}

    def take(self, outcome: Outcome) -> None:
        """Counts in what another workflow came to."""
        self._results.extend(outcome.steps)
        self._findings.extend(outcome.findings)

    def outcome(self, *, succeeded: bool) -> Outcome:
        outputs = {output.name: self.context.value(output.value) for output in self.workflow.outputs}
        return Outcome(
            self.workflow, self.context.inputs, outputs, tuple(self._results), tuple(self._findings), succeeded
        )

    def carried_out(self) -> Outcome:
        order = order_of(self.workflow)
        place = {step.id: number for number, step in enumerate(order)}
        index, succeeded = 0, True
        while index < len(order):
            result = self._attempt(order[index])
            succeeded = result.succeeded
            follow = self._after(order[index], result)
            if follow.other is not None:
                self.take(follow.other)
                return replace(self.outcome(succeeded=follow.other.succeeded), outputs=follow.other.outputs)
            if follow.ends:
                break
            index = place[follow.step] if follow.step else index + 1
        return self.outcome(succeeded=succeeded)

    # Steps.

    def _attempt(self, step: Step) -> StepResult:
        result = self._done(step) if self.whole.spend() else self._endless(step)
        self._results.append(result)
        if result.succeeded:
            self.context.steps[step.id] = {output.name: self.context.value(output.value) for output in step.outputs}
        return result

    def _scene(self, step: Step, exchange: Exchange | None = None) -> Scene:
        contract = next((source.contract for source in self.workflows.sources if source.contract), None)
        case = f"{contract.name}/workflow/{self.workflow.id}" if contract else None
        return Scene(self.workflow, step, step.operation, case, exchange)

    def _failed(self, step: Step, name: str, message: str) -> StepResult:
        return StepResult(
            step,
            succeeded=False,
            findings=(self._scene(step).finding(name, message, step.clause, Side.REQUEST, None),),
        )

    def _endless(self, step: Step) -> StepResult:
        return self._failed(step, "endless", f"the run was ended after {MOST_ATTEMPTS} attempts at steps")

    def _done(self, step: Step) -> StepResult:
        waiting = [name for name in step.depends_on if not self._is_done(name)]
        if waiting:
            return self._failed(step, "depends-on", f"`{waiting[0]}` has not been done")
        if step.workflow is not None:
            return self._called(step, step.workflow)
        if step.operation is None:
            return self._failed(step, "request", "the step names no operation that could be called")
        return self._called_operation(step, step.operation)

    def _is_done(self, name: str) -> bool:
        if not name.startswith("$"):
            return name in self.context.steps
        reference, _, step = name.rpartition(".steps.")
        done = self.context.workflows.get(reference.rpartition(".")[2])
        return done is not None and step in done.steps

    def _called(self, step: Step, reference: str) -> StepResult:
        document, workflow = self.workflows.find(reference)
        inputs = {each.name: self.context.value(each.value) for each in step.parameters}
        nested = self.whole.workflow(document, workflow, inputs, {})
        self.context.outputs = nested.outputs
        self.context.exchange = next(iter(list(nested.exchanges)[-1:]), None)
        verdicts = tuple(judged(criterion, self.context) for criterion in step.criteria)
        scene = self._scene(step, self.context.exchange)
        found = [scene.of_criterion(verdict) for verdict in verdicts if not verdict.holds]
        succeeded = nested.succeeded and not _breaks(found)
        return StepResult(step, succeeded, self.context.exchange, verdicts, (*nested.findings, *found), nested=nested)

    def _called_operation(self, step: Step, operation: Operation) -> StepResult:
        try:
            ready = prepared(step, operation, self.context, self.whole.environment)
        except Unsendable as problem:
            return self._failed(step, "request", str(problem))
        exchange, seconds = self.whole.runner.sent(ready.request)
        self.context.exchange, self.context.path = exchange, ready.path
        scene = self._scene(step, exchange)
        verdicts = tuple(judged(criterion, self.context) for criterion in step.criteria)
        found = [scene.of_criterion(verdict) for verdict in verdicts if not verdict.holds]
        status = exchange.response.status if exchange.response else 0
        if not step.criteria and status >= 400:
            found.append(scene.finding("status", f"`{status}` is no success", step.clause, Side.RESPONSE, "statusCode"))
        if step.timeout is not None and seconds * 1000 > step.timeout:
            message = f"the answer took longer than the {step.timeout} ms of `timeout`"
            found.append(scene.finding("timeout", message, step.clause, Side.RESPONSE, None))
        logins, probes = self._logins(step, scene) if not _breaks(found) else ([], 0)
        contract = self.whole.runner.contract_findings(self.workflows, step, exchange)
        contract = [replace(finding, case=scene.case) for finding in contract]
        succeeded = not _breaks([*found, *logins])
        return StepResult(step, succeeded, exchange, verdicts, (*found, *logins, *contract), probes)

    def _logins(self, step: Step, scene: Scene) -> tuple[list[Finding], int]:
        probe = self.whole.environment.probe
        found: list[Finding] = []
        probes = 0
        for login in step.logins if probe else ():
            device, secret = self.context.value(login.device), self.context.value(login.secret)
            if probe is None or not isinstance(device, dict) or not isinstance(secret, str):
                continue
            probes += 1
            opened = probe(device, secret, login.slot)
            if opened is not None and opened is not login.accepted:
                found.append(scene.of_login(login))
        return found, probes

    # Actions.

    def _after(self, step: Step, result: StepResult) -> _Next:
        if result.succeeded:
            self._findings.extend(result.findings)
            for action in step.on_success:
                if self._applies(action):
                    return self._taken(action)
            return _Next()
        for action in step.on_failure:
            if not self._applies(action):
                continue
            if action.type == "retry":
                if self._may_retry(step, action):
                    self._keep_contract_findings(result)
                    return self._retried(step, action, result)
                continue
            if action.type == "goto":
                self._keep_contract_findings(result)
                return self._taken(action)
            break
        self._findings.extend(result.findings)
        return _Next(ends=True)

    def _applies(self, action: Action) -> bool:
        return all(judged(criterion, self.context).holds for criterion in action.criteria)

    def _keep_contract_findings(self, result: StepResult) -> None:
        """The author expected the failure of a step, never a reply that breaks the contract."""
        prefix = f"{self.workflow.id}/{result.step.id}/"
        self._findings.extend(found for found in result.findings if not found.rule.startswith(prefix))

    def _taken(self, action: Action) -> _Next:
        if action.type == "goto" and action.workflow is not None:
            return _Next(other=self._transferred(action))
        return _Next(step=action.step, ends=action.type == "end")

    def _transferred(self, action: Action) -> Outcome:
        """The workflow that an action leads to, run with its parameters, or where it has none with the same inputs."""
        document, workflow = self.workflows.find(action.workflow or "")
        inputs = {each.name: self.context.value(each.value) for each in action.parameters} or self.context.inputs
        if not self.whole.spend():
            return Outcome(workflow, inputs, {}, (), (), succeeded=False)
        return self.whole.workflow(document, workflow, inputs, self.context.workflows)

    def _may_retry(self, step: Step, action: Action) -> bool:
        key = (step.id, action.name)
        self._retries[key] = self._retries.get(key, 0) + 1
        return self._retries[key] <= min(action.retry_limit, MOST_RETRIES)

    def _retried(self, step: Step, action: Action, result: StepResult) -> _Next:
        self.whole.environment.sleep(min(_wait(action, result), LONGEST_WAIT))
        if action.workflow is not None:
            self.take(self._transferred(action))
        elif action.step is not None:
            other = self._attempt(self.workflow.step(action.step))
            self._findings.extend(other.findings)
        return _Next(step=step.id)


def _breaks(findings: list[Finding]) -> bool:
    """Whether a step with these findings failed: assumed criteria never make one fail."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def _wait(action: Action, result: StepResult) -> float:
    """Seconds; the service's own `Retry-After` comes first, where it counts seconds (RFC 9110 section 10.2.3)."""
    response = result.exchange.response if result.exchange else None
    given = header_values(response.headers, "Retry-After") if response else []
    if given and given[0].isascii() and given[0].isdecimal():
        return float(given[0][:6])
    return action.retry_after
