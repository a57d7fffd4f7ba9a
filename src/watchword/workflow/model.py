"""An Arazzo document as frozen records, in the specification's words. Holds no reading and no running."""

from dataclasses import dataclass, field
from typing import Any, Literal

from watchword.contract import Clause, Contract, Operation, Schema
from watchword.ground import Finding
from watchword.workflow.condition import Condition
from watchword.workflow.expression import Expression, Template

Json = Any
CriterionType = Literal["simple", "regex", "jsonpath", "xpath"]
SelectorType = Literal["jsonpointer", "jsonpath", "xpath"]
Credential = Literal["valid", "none", "empty", "forged", "truncated", "other", "wrong-scheme"]


@dataclass(frozen=True, slots=True)
class Selector:
    """A Selector Object (1.1): `selector` applied to what the context is at run time."""

    context: Expression
    selector: str
    type: SelectorType


@dataclass(frozen=True, slots=True)
class Tree:
    """A literal array or object with values inside; `members` by key, or in order under `None`."""

    members: "tuple[tuple[str | None, Value], ...]"
    is_object: bool


@dataclass(frozen=True, slots=True)
class Plain:
    """A literal that is no array and no object."""

    value: Json


Value = Plain | Tree | Expression | Template | Selector
"""What a parameter, a payload or an output is given as."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A Parameter Object; `where` (its `in`) is absent for the inputs of a workflow."""

    name: str
    where: str | None
    value: Value
    clause: Clause


@dataclass(frozen=True, slots=True)
class Replacement:
    """A Payload Replacement Object."""

    target: str
    type: SelectorType
    value: Value
    clause: Clause


@dataclass(frozen=True, slots=True)
class RequestBody:
    """A Request Body Object; without `content_type` the operation's first one is sent."""

    content_type: str | None
    payload: Value
    replacements: tuple[Replacement, ...]
    clause: Clause


@dataclass(frozen=True, slots=True)
class Criterion:
    """A Criterion Object; `number` counts from 1 in its list.

    `parsed` is there for a simple one, `template` for another. `exact` compares strings case by case
    (`x-watchword-comparison: exact`); the specification's own comparison ignores case.
    """

    number: int
    condition: str
    type: CriterionType
    context: Expression | None
    parsed: Condition | None
    template: str | Template
    exact: bool
    clause: Clause


@dataclass(frozen=True, slots=True)
class Action:
    """A Success or Failure Action Object. `retry_after` is in seconds."""

    name: str
    type: Literal["end", "goto", "retry"]
    workflow: str | None
    step: str | None
    parameters: tuple[Parameter, ...]
    retry_after: float
    retry_limit: int
    criteria: tuple[Criterion, ...]
    clause: Clause


@dataclass(frozen=True, slots=True)
class Output:
    """One entry of an `outputs` map."""

    name: str
    value: Value
    clause: Clause


@dataclass(frozen=True, slots=True)
class Login:
    """An entry of `x-watchword-logins`: whether the device must be let in with this secret, once the step is done."""

    number: int
    device: Value
    secret: Value
    slot: str | None
    accepted: bool
    clause: Clause


@dataclass(frozen=True, slots=True)
class Source:
    """A Source Description Object; `contract` is there for a readable `openapi` one, `workflows` for `arazzo`."""

    name: str
    type: Literal["openapi", "arazzo", "asyncapi"]
    url: str
    contract: Contract | None
    workflows: "Workflows | None"
    clause: Clause


@dataclass(frozen=True, slots=True)
class Step:
    """A Step Object: exactly one of `operation` (with its `source`), `workflow` and `channel` says what it does.

    `parameters`, `on_success` and `on_failure` hold the workflow's too, overridden by the step's. `timeout` is in
    milliseconds. `operation` is absent also where its source could not be read.
    """

    id: str
    operation: Operation | None
    source: str | None
    workflow: str | None
    channel: str | None
    parameters: tuple[Parameter, ...]
    body: RequestBody | None
    criteria: tuple[Criterion, ...]
    on_success: tuple[Action, ...]
    on_failure: tuple[Action, ...]
    outputs: tuple[Output, ...]
    timeout: int | None
    depends_on: tuple[str, ...]
    credential: Credential
    logins: tuple[Login, ...]
    clause: Clause


@dataclass(frozen=True, slots=True)
class Generated:
    """`x-watchword-generated`: this output is a secret that the service made up, and obeys this schema."""

    output: str
    schema: Schema


@dataclass(frozen=True, slots=True)
class Workflow:
    """A Workflow Object; `steps` in document order.

    `obstacles` say why it cannot be run: an unsupported criterion, a source that is not there. `assume` are conditions
    on inputs (`x-watchword-assume`): drawn inputs that do not meet them are drawn anew.
    """

    id: str
    summary: str
    inputs: Schema | None
    steps: tuple[Step, ...]
    outputs: tuple[Output, ...]
    depends_on: tuple[str, ...]
    assume: tuple[Criterion, ...]
    generated: Generated | None
    obstacles: tuple[Finding, ...]
    clause: Clause

    def step(self, step_id: str) -> Step:
        """The step with that id; raises `KeyError`."""
        return next((step for step in self.steps if step.id == step_id), None) or _missing(step_id)


@dataclass(frozen=True, slots=True)
class Workflows:
    """One Arazzo document. `findings` are its warnings; a document with errors is never given out."""

    file: str
    version: str
    title: str
    self_uri: str | None
    sources: tuple[Source, ...]
    workflows: tuple[Workflow, ...]
    findings: tuple[Finding, ...] = field(repr=False)

    def workflow(self, workflow_id: str) -> Workflow:
        """The workflow of this document with that id; raises `KeyError`."""
        return next((each for each in self.workflows if each.id == workflow_id), None) or _missing(workflow_id)

    def source(self, name: str) -> Source:
        """The source description of that name; raises `KeyError`."""
        return next((source for source in self.sources if source.name == name), None) or _missing(name)

    def find(self, reference: str) -> "tuple[Workflows, Workflow]":
        """What a `workflowId` means, with the document that it is in; raises `KeyError`.

        `reference` is an id of this document, or `$sourceDescriptions.<name>.<workflowId>`.
        """
        if not reference.startswith("$sourceDescriptions."):
            return self, self.workflow(reference)
        name, _, workflow_id = reference.removeprefix("$sourceDescriptions.").partition(".")
        nested = self.source(name).workflows
        if nested is None:
            raise KeyError(reference)
        return nested, nested.workflow(workflow_id)


def _missing(name: str) -> Any:
    raise KeyError(name)
