"""A workflow run many times with drawn inputs, the smallest failure kept; and secrets generated many times.

Hypothesis is imported when a check starts: reading and running workflows does without it.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from watchword.contract import Operation
from watchword.contract.shape import may_have
from watchword.ground import Certainty, Finding, Severity, WatchwordError, parse_pointer
from watchword.language import Rules
from watchword.workflow.context import Context
from watchword.workflow.environment import Environment
from watchword.workflow.expression import Expression
from watchword.workflow.inputs import Choose, Inputs, NoSuchInput
from watchword.workflow.model import Output, Workflow, Workflows
from watchword.workflow.outcome import Outcome, StepResult
from watchword.workflow.randomness import generated_secret_findings
from watchword.workflow.run import Runner, Send, refuse_obstacles
from watchword.workflow.verdict import judged

Json = Any

_MOST_REDRAWS = 50


@dataclass(slots=True)
class WorkflowReport:
    """What checking one workflow came to.

    `findings` has each rule once: of the smallest failing run that was found. `skipped` says why it could not be run
    here; `problem` why it ended early, with everything learned until then still here.
    """

    workflow: str
    runs: int = 0
    requests: int = 0
    findings: list[Finding] = field(default_factory=list)
    skipped: str | None = None
    problem: WatchwordError | None = None

    def add(self, outcome: Outcome) -> None:
        """Counts a run; of a rule that was broken before the later finding stays, for shrinking goes downwards."""
        self.runs += 1
        self.requests += sum(map(_requests, outcome.steps))
        table = {(finding.rule, finding.location): finding for finding in self.findings}
        table.update({(finding.rule, finding.location): finding for finding in outcome.findings})
        self.findings = list(table.values())


@dataclass(frozen=True, slots=True)
class _Trial:
    """One workflow, to be run many times: its report, and the inputs to draw from, `None` if it cannot run here."""

    workflow: Workflow
    runner: Runner
    report: WorkflowReport
    source: Inputs | None

    @classmethod
    def of(cls, workflow: Workflow, runner: Runner) -> "_Trial":
        report = WorkflowReport(workflow.id)
        return cls(workflow, runner, report, _source(workflow, runner, report))

    def run(self, inputs: dict[str, Json]) -> Outcome | None:
        """Runs once and counts it; `None`, with the problem in the report, where the target cannot be reached."""
        try:
            outcome = self.runner.run(self.workflow.id, inputs)
        except WatchwordError as problem:
            self.report.problem = problem
            return None
        self.report.add(outcome)
        return outcome


def _source(workflow: Workflow, runner: Runner, report: WorkflowReport) -> Inputs | None:
    """The inputs to draw from; `None`, with the reason in the report, where the workflow cannot be run here."""
    environment = runner.environment
    source = Inputs(workflow.inputs, environment, runner.languages)
    try:
        refuse_obstacles(runner.workflows, workflow)
        source.draw(lambda _: 0)
        for step in workflow.steps:
            if step.credential == "other" and environment.other_token is None:
                raise NoSuchInput("the target names no other principal")
            if step.credential in ("forged", "truncated", "none") and environment.token is None:
                raise NoSuchInput("the target has no credential")
    except WatchwordError as problem:
        report.skipped = str(problem)
        return None
    return source


def check_workflow(
    workflows: Workflows,
    workflow_id: str,
    send: Send,
    environment: Environment,
    *,
    max_examples: int = 10,
    seed: int = 0,
    max_requests: int | None = None,
    runner: Runner | None = None,
) -> WorkflowReport:
    """Runs a workflow with `max_examples` drawn inputs, and after a failure with ever smaller ones.

    The same seed draws the same inputs. Without Hypothesis' database: nothing that was drawn is ever written. Once
    `max_requests` were sent no further run is begun. A `runner` of the same document, transport and environment saves
    compiling anew. Does not raise for a target that cannot be reached: see `problem`.
    """
    trial = _Trial.of(workflows.workflow(workflow_id), runner or Runner(workflows, send, environment))
    report, source = trial.report, trial.source
    if source is None:
        return report

    def fails(inputs: dict[str, Json]) -> bool:
        """Whether a run has an error; once the requests are used up nothing fails, so that nothing is shrunk."""
        if report.problem is not None or (max_requests is not None and report.requests >= max_requests):
            return False
        outcome = trial.run(inputs)
        return outcome is not None and any(finding.severity is Severity.ERROR for finding in outcome.findings)

    _explore(trial.workflow, source, fails, max_examples, seed)
    return report


def run_workflow(
    workflows: Workflows,
    workflow_id: str,
    send: Send,
    environment: Environment,
    *,
    runs: int = 1,
    seed: int = 0,
    runner: Runner | None = None,
) -> WorkflowReport:
    """Runs a workflow with drawn inputs and does not shrink: loads no Hypothesis, sends no more than it must."""
    trial = _Trial.of(workflows.workflow(workflow_id), runner or Runner(workflows, send, environment))
    report, source = trial.report, trial.source
    if source is None:
        return report
    random = Random(f"{seed}/{workflow_id}")  # noqa: S311 (inputs must be the same for the same seed)
    for _ in range(runs):
        inputs = _assumed(trial.workflow, source, random.randrange)
        if inputs is None:
            report.skipped = "no inputs meet what the workflow assumes"
            break
        if trial.run(inputs) is None:
            break
    return report


def check_generated(
    workflows: Workflows,
    workflow_id: str,
    send: Send,
    environment: Environment,
    *,
    generations: int = 50,
    seed: int = 0,
    runner: Runner | None = None,
) -> WorkflowReport:
    """Runs a workflow that has `x-watchword-generated` many times, and judges the secrets that it puts out together.

    Devices take turns where there are several. Raises `WatchwordError` for a workflow without that member.
    """
    workflow = workflows.workflow(workflow_id)
    if workflow.generated is None:
        raise WatchwordError(f"{workflow.clause.place}: the workflow `{workflow_id}` has no `x-watchword-generated`")
    trial = _Trial.of(workflow, runner or Runner(workflows, send, environment))
    report, source = trial.report, trial.source
    if source is None:
        return report
    random = Random(f"{seed}/{workflow_id}")  # noqa: S311 (inputs must be the same for the same seed)
    secrets: list[str] = []
    last: StepResult | None = None
    without = 0
    for _ in range(generations):
        outcome = trial.run(source.draw(random.randrange))
        if outcome is None:
            break
        last = outcome.steps[-1] if outcome.steps else last
        secret = outcome.outputs.get(workflow.generated.output)
        if isinstance(secret, str) and secret:
            secrets.append(secret)
        elif outcome.succeeded:
            without += 1
        if not outcome.succeeded:
            break
    if without and not any(finding.severity is Severity.ERROR for finding in report.findings):
        report.findings.append(_without_secret(workflow, without, report.runs))
    report.findings.extend(_judged_together(workflow, secrets, last))
    return report


def _without_secret(workflow: Workflow, without: int, runs: int) -> Finding:
    """The finding on runs that succeeded and put out no secret: the document looks where the service tells none."""
    name = workflow.generated.output if workflow.generated else ""
    output = next((each for each in workflow.outputs if each.name == name), None)
    told, clause = f"the output `{name}`", output.clause if output else workflow.clause
    inner = _inner(workflow, output.value) if output else None
    if output is None:
        told += ", which the workflow does not have"
    elif inner is not None:
        told, clause = f"{told}, `{_text(inner.value)}`", inner.clause
    elif isinstance(output.value, Expression):
        told += f", `{output.value.text}`"
    step = next((step for step in workflow.steps if inner in step.outputs), workflow.steps[-1])
    certainty = Certainty.ASSUMED if _may_be_told(step.operation, inner or output) else Certainty.DOCUMENTED
    often = f"in {without} of {runs} runs" if runs > 1 else "in the only run"
    return Finding(
        rule="generated-secret/none",
        message=f"no secret was seen {often}: {told}, is no text in the replies",
        severity=Severity.OBSERVATION if certainty is Certainty.ASSUMED else Severity.ERROR,
        certainty=certainty,
        operation=step.operation.label if step.operation else None,
        place=clause.place,
        source=clause.source,
    )


def _may_be_told(operation: Operation | None, output: Output | None) -> bool:
    """Whether a reply of the operation may have what an output names, so that it was for the service to tell it."""
    value = output.value if output else None
    if operation is None or not isinstance(value, Expression) or value.root != "response":
        return False
    tokens = parse_pointer(value.pointer or "")
    return any(
        media.schema is not None and may_have(media.schema.value, media.schema.resolve, tokens)
        for reply in operation.replies
        for media in reply.content
    )


def _text(value: object) -> str:
    return value.text if isinstance(value, Expression) else "…"


def _inner(workflow: Workflow, value: object) -> Output | None:
    """The output of a step that a workflow's one names."""
    if isinstance(value, Expression) and value.root == "steps" and len(value.path) == 3:
        outputs = next((step.outputs for step in workflow.steps if step.id == value.path[0]), ())
        return next((each for each in outputs if each.name == value.path[2]), None)
    return None


def _judged_together(workflow: Workflow, secrets: list[str], last: StepResult | None) -> list[Finding]:
    if workflow.generated is None:
        return []
    schema = workflow.generated.schema
    rules = Rules.of(schema.value, name=schema.name, at=schema.at, resolve=schema.resolve)
    operation = last.step.operation if last else None
    location = _location(workflow, workflow.generated.output)
    return generated_secret_findings(
        secrets,
        rules,
        operation=operation.label if operation else None,
        location=location,
        clause=workflow.clause,
        case=f"{operation.label.split(' ')[0]}/workflow/{workflow.id}" if operation else None,
    )


def _location(workflow: Workflow, output: str) -> str | None:
    """Where a reply tells the output: the location of the step's output that the workflow's one names."""
    value = next((each.value for each in workflow.outputs if each.name == output), None)
    if isinstance(value, Expression) and value.root == "steps" and len(value.path) == 3:
        inner = _inner(workflow, value)
        return inner.value.location if inner and isinstance(inner.value, Expression) else None
    return value.location if isinstance(value, Expression) else None


def _meets(workflow: Workflow, inputs: dict[str, Json]) -> bool:
    return all(judged(criterion, Context(inputs)).holds for criterion in workflow.assume)


def _assumed(workflow: Workflow, source: Inputs, choose: Choose) -> dict[str, Json] | None:
    """Inputs that meet what the workflow assumes; `None` where none were drawn."""
    for _ in range(_MOST_REDRAWS):
        inputs = source.draw(choose)
        if _meets(workflow, inputs):
            return inputs
    return None


def _explore(workflow: Workflow, source: Inputs, fails: Any, max_examples: int, seed: int) -> None:
    import hypothesis  # costs 0.3 s, and reading or running workflows needs none of it
    from hypothesis import strategies as st
    from hypothesis.errors import HypothesisException

    class Failed(Exception):
        """A run had an error: Hypothesis looks for a smaller one."""

    @st.composite
    def inputs(draw: Any) -> dict[str, Json]:
        return source.draw(lambda count: int(draw(st.integers(0, count - 1))) if count > 1 else 0)

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=max_examples,
        database=None,
        deadline=None,
        phases=(hypothesis.Phase.generate, hypothesis.Phase.shrink),
        suppress_health_check=list(hypothesis.HealthCheck),
        verbosity=hypothesis.Verbosity.quiet,
        report_multiple_bugs=False,
        print_blob=False,
    )
    @hypothesis.given(inputs())
    def explore(drawn: dict[str, Json]) -> None:
        hypothesis.assume(_meets(workflow, drawn))
        if fails(drawn):
            raise Failed

    try:
        explore()
    except (Failed, HypothesisException, BaseExceptionGroup):
        return  # what failed stands in the report; a service that fails only sometimes makes Hypothesis call it flaky


def _requests(result: StepResult) -> int:
    if result.nested is not None:
        return sum(map(_requests, result.nested.steps))
    return result.probes + (result.exchange is not None)
