"""Documents read: every construct, and every error with its place, all at once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from watchword.ground import BrokenDocument, UnreadableInput
from watchword.workflow import load_workflows

Write = Callable[..., Path]

SMALL = """
workflows:
  - workflowId: one
    steps:
      - stepId: read
        operationId: readPet
        parameters: [{name: petId, in: path, value: 7}]
"""


def errors(path: Path) -> list[tuple[int, int, str]]:
    with pytest.raises(BrokenDocument) as broken:
        load_workflows(path)
    found = broken.value.findings
    assert all(finding.place and finding.place.file == str(path) and finding.message for finding in found)
    return [(finding.place.line, finding.place.column, finding.rule) for finding in found if finding.place]


@pytest.mark.parametrize("version", ["1.0.0", "1.0.1", "1.1.0"])
def test_a_document_of_each_version_is_read(document: Write, version: str) -> None:
    """1.0 and 1.1, whatever the patch version."""
    workflows = load_workflows(document(SMALL, version=version))
    step = workflows.workflow("one").step("read")
    assert step.operation
    assert step.operation.label == "pets readPet"
    assert (workflows.version, step.source, workflows.findings) == (version, "pets", ())


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("arazzo: 2.0.0\n", 'Arazzo version "2.0.0" is not supported; 1.0.x and 1.1.x are'),
        ("arazzo: 1.1\n", "Arazzo version 1.1 is not supported"),
        ("openapi: 3.1.0\n", "it has no `arazzo` field"),
        ("- 1\n", "it has no `arazzo` field"),
    ],
)
def test_something_else_is_no_arazzo_document(tmp_path: Path, head: str, message: str) -> None:
    """One finding, at the culprit."""
    path = tmp_path / "x.yaml"
    path.write_text(head)
    with pytest.raises(BrokenDocument) as broken:
        load_workflows(path)
    assert message in str(broken.value)


def test_a_file_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    """As everywhere: one line."""
    with pytest.raises(UnreadableInput):
        load_workflows(tmp_path / "none.arazzo.yaml")


def test_all_errors_of_a_document_are_told_at_once_in_its_order(document: Write) -> None:
    """Line, column and rule of each, nothing left for a second try."""
    path = document("""
workflows:
  - workflowId: one
    dependsOn: [nowhere]
    inputs: {type: object, properties: {id: {type: integer}}}
    steps:
      - stepId: read
        operationId: readBird
        parameters:
          - {name: petId, in: path, value: $inputs.number}
          - {name: fields, value: $input.x}
        successCriteria:
          - condition: $statusCode = 200
          - context: $response.body
            condition: '$.a['
            type: jsonpath
          - context: $response.body
            condition: '(a'
            type: regex
          - {condition: 'x', type: regex}
        onSuccess:
          - {name: on, type: goto, stepId: nowhere}
          - {name: on, type: retry}
      - stepId: read
        operationId: writePet
        parameters: [{reference: $components.parameters.none}]
        outputs: {name: $response.body#/name}
      - stepId: last
        workflowId: other
        parameters: [{name: a, value: $steps.read.outputs.colour}]
      - stepId: nothing
    outputs: {x: $steps.gone.outputs.y, y: literal}
  - workflowId: one
    steps: []
""")
    assert errors(path) == [
        (8, 17, "unknown-workflow"),
        (12, 9, "unknown-operation"),
        (14, 37, "unknown-input"),
        (15, 13, "field-missing"),
        (15, 28, "bad-expression"),
        (17, 13, "bad-criterion"),
        (19, 13, "bad-criterion"),
        (22, 13, "bad-criterion"),
        (24, 13, "bad-criterion"),
        (26, 36, "unknown-step"),
        (27, 24, "bad-action"),
        (28, 9, "duplicate-id"),
        (30, 23, "unknown-component"),
        (33, 9, "unknown-workflow"),
        (34, 32, "unknown-output"),
        (35, 9, "step-target"),
        (36, 15, "unknown-step"),
        (36, 41, "bad-expression"),
        (37, 5, "duplicate-id"),
        (38, 5, "field-missing"),
    ]


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        (
            "workflows: [{workflowId: a, dependsOn: [b], steps: [{stepId: s, operationId: readPet}]},"
            " {workflowId: b, dependsOn: [a], steps: [{stepId: s, operationId: readPet}]}]",
            "dependency-cycle",
            "`a` → `b` → `a`",
        ),
        (
            "workflows: [{workflowId: a, steps: [{stepId: s, workflowId: b}]},"
            " {workflowId: b, steps: [{stepId: s, workflowId: a}]}]",
            "workflow-cycle",
            "call each other without end",
        ),
        (
            "workflows: [{workflowId: a, steps: [{stepId: s, workflowId: a}]}]",
            "workflow-cycle",
            "`a` → `a`",
        ),
        (
            "workflows: [{workflowId: a, steps: [{stepId: s, operationId: readPet, dependsOn: [t]},"
            " {stepId: t, operationId: readPet, dependsOn: [s]}]}]",
            "dependency-cycle",
            "the steps wait for each other",
        ),
        (
            "workflows: [{workflowId: a, steps: [{stepId: s, operationId: readPet, dependsOn: [t]}]}]",
            "unknown-step",
            "no step of this workflow is called `t`",
        ),
        (
            "workflows: [{workflowId: a, steps: [{stepId: s, operationId: readPet, parameters: "
            "[{name: petId, in: path, value: $steps.t.outputs.x}]}, {stepId: t, operationId: readPet, "
            "outputs: {x: $statusCode}}]}]",
            "forward-reference",
            "the step `t` is not done by then",
        ),
        (
            "workflows: [{workflowId: a, steps: [{stepId: s, operationPath: "
            "'{$sourceDescriptions.pets.url}#/paths/~1pets~1{petId}'}]}]",
            "unknown-operation",
            "names a path, and a method must follow",
        ),
        (
            "workflows: [{workflowId: a, steps: [{stepId: s, operationPath: "
            "'{$sourceDescriptions.birds.url}#/paths/~1pets~1{petId}/get'}]}]",
            "unknown-source",
            "no source description is called `birds`; there are `pets`",
        ),
        (
            "workflows: [{workflowId: a, steps: [{stepId: s, operationId: readPet, workflowId: a}]}]",
            "step-target",
            "exactly one of",
        ),
        (
            "workflows: [{workflowId: a, inputs: {$ref: '#/components/inputs/none'}, "
            "steps: [{stepId: s, operationId: readPet}]}]",
            "dangling-reference",
            "components",
        ),
        ("workflows: 5", "field-type", "`workflows` must be of the type list"),
        ("x: 1", "field-missing", "`workflows` is missing"),
        (
            "workflows: [{workflowId: a, steps: [{stepId: s, operationId: readPet, timeout: soon, "
            "onFailure: [{name: f, type: retry, retryAfter: -1}]}]}]",
            "field-type",
            "`timeout` must be of the type integer",
        ),
        (
            "workflows: [{workflowId: a, steps: [{stepId: s, operationId: readPet, "
            "x-watchword-credential: stolen}]}]",
            "field-type",
            "a credential is one of valid, none",
        ),
    ],
)  # fmt: skip
def test_an_error_says_what_and_where(document: Write, text: str, rule: str, words: str) -> None:
    """Circles, names that lead nowhere, wrong types."""
    with pytest.raises(BrokenDocument) as broken:
        load_workflows(document(text))
    found = [finding for finding in broken.value.findings if finding.rule == rule]
    assert found
    assert words in found[0].message
    assert found[0].place


def test_names_that_nobody_declared_are_warnings_in_1_0(document: Write) -> None:
    """The text of 1.0 does not forbid them; their values are null."""
    text = """
workflows:
  - workflowId: one
    steps:
      - stepId: read
        operationId: readPet
        parameters: [{name: petId, in: path, value: $inputs.id}]
    outputs: {x: $steps.read.outputs.y}
"""
    found = load_workflows(document(text, version="1.0.1")).findings
    assert [finding.rule for finding in found] == ["unknown-input", "unknown-output"]
    assert [rule for _, _, rule in errors(document(text))] == ["unknown-input", "unknown-output"]


def test_unsupported_parts_are_named_and_keep_a_workflow_from_running(document: Write, tmp_path: Path) -> None:
    """XPath, older JSONPath and AsyncAPI are read; the workflow says what keeps it from being run."""
    path = document("""
  - {name: events, url: events.yaml, type: asyncapi}
workflows:
  - workflowId: one
    steps:
      - stepId: read
        operationId: $sourceDescriptions.pets.readPet
        successCriteria:
          - {context: $response.body, condition: /pets, type: xpath}
          - context: $response.body
            condition: $.a
            type: {type: jsonpath, version: draft-goessner-dispatch-jsonpath-00}
      - {stepId: send, operationId: $sourceDescriptions.events.placeOrder, action: send}
      - {stepId: receive, channelPath: '{$sourceDescriptions.events.url}#/channels/x', action: receive, timeout: 5}
""")
    workflows = load_workflows(path)
    obstacles = [
        (finding.place.line, finding.message) for finding in workflows.workflow("one").obstacles if finding.place
    ]
    assert [line for line, _ in obstacles] == [13, 16, 17, 18]
    assert "XPath is not supported" in obstacles[0][1]
    assert "RFC 9535 only" in obstacles[1][1]
    assert "only HTTP is spoken here" in obstacles[2][1]


def test_parts_of_a_workflow_are_taken_over_by_its_steps(document: Write) -> None:
    """Parameters and actions of the workflow hold for each step, unless the step has its own of that name."""
    path = document("""
workflows:
  - workflowId: one
    parameters:
      - {name: petId, in: path, value: 1}
      - {reference: $components.parameters.fields}
    successActions: [{name: finish, type: end}]
    failureActions: [{reference: $components.failureActions.again}]
    steps:
      - {stepId: plain, operationId: readPet}
      - stepId: own
        operationPath: '{$sourceDescriptions.pets.url}#/paths/~1pets~1{petId}/get'
        parameters:
          - {name: petId, in: path, value: 2}
          - {reference: $components.parameters.fields, value: [name]}
        onSuccess: [{name: finish, type: goto, stepId: plain}]
components:
  parameters: {fields: {name: fields, in: query, value: [age]}}
  failureActions: {again: {name: again, type: retry, retryAfter: 1.5, retryLimit: 3}}
""")
    workflow = load_workflows(path).workflow("one")
    plain, own = workflow.steps
    assert [parameter.name for parameter in plain.parameters] == ["petId", "fields"]
    assert plain.on_success[0].type == "end"
    assert own.on_success[0].type == "goto"
    assert len(own.on_success) == 1
    assert (own.on_failure[0].retry_after, own.on_failure[0].retry_limit) == (1.5, 3)
    assert own.operation == plain.operation


def test_workflows_of_another_document_can_be_named(document: Write) -> None:
    """A source description of the type `arazzo` brings its workflows with it."""
    document(SMALL, name="inner.arazzo.yaml")
    path = document("""
  - {name: inner, url: inner.arazzo.yaml, type: arazzo}
workflows:
  - {workflowId: outer, steps: [{stepId: call, workflowId: $sourceDescriptions.inner.one}]}
""")
    workflows = load_workflows(path)
    assert workflows.find("$sourceDescriptions.inner.one")[1].id == "one"
    assert errors(document("""
  - {name: inner, url: inner.arazzo.yaml, type: arazzo}
workflows:
  - {workflowId: outer, steps: [{stepId: call, workflowId: $sourceDescriptions.inner.two}]}
"""))[0][2] == "unknown-workflow"  # fmt: skip


def test_a_document_that_is_its_own_source_is_refused(document: Write) -> None:
    """Otherwise reading would never end."""
    path = document("""
  - {name: itself, url: test.arazzo.yaml, type: arazzo}
workflows:
  - {workflowId: one, steps: [{stepId: s, operationId: $sourceDescriptions.pets.readPet}]}
""")
    assert errors(path)[0][2] == "workflow-cycle"


def test_a_remote_source_is_taken_from_the_file_that_is_named_for_it(document: Write, tmp_path: Path) -> None:
    """Nothing is fetched."""
    head = (
        "arazzo: 1.1.0\ninfo: {title: t, version: '1'}\nsourceDescriptions:\n  - {name: p, url: 'https://x.test/p'}\n"
    )
    path = document(SMALL, head=head)
    assert [finding.rule for finding in load_workflows(path).findings] == ["source-unavailable", "not-runnable"]
    workflows = load_workflows(path, files={"https://x.test/p": tmp_path / "pets.openapi.yaml"})
    assert workflows.findings == ()


def test_errors_of_a_source_are_errors_of_the_document(document: Write, tmp_path: Path) -> None:
    """A broken OpenAPI document is told with its own places."""
    path = document(SMALL)
    (tmp_path / "pets.openapi.yaml").write_text("openapi: 2.0.0\n")
    with pytest.raises(BrokenDocument, match=r"pets.openapi.yaml:1:1: OpenAPI version"):
        load_workflows(path)
