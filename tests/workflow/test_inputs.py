"""Inputs drawn from their schema: exact, simplest first, devices from the environment."""

# ruff: noqa: E501 (a table of schemas on one line)

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import jsonschema_rs
import pytest

from watchword.contract import BUNDLED
from watchword.ground import WatchwordError
from watchword.workflow import Device, Environment, Inputs, NoSuchInput, load_workflows

Write = Callable[..., Path]
DEVICES = tuple(Device({"id": f"d{number}"}) for number in (1, 2))
ENVIRONMENT = Environment(
    "http://x", devices=(*DEVICES, Device({"id": "nb"}, "nb-iot")), unknown=(Device({"id": "u"}),)
)


def inputs_of(document: Write, schema: str, environment: Environment = ENVIRONMENT) -> Inputs:
    path = document(f"""
workflows:
  - workflowId: one
    inputs: {schema}
    steps: [{{stepId: s, operationId: readPet}}]
""")
    return Inputs(load_workflows(path).workflow("one").inputs, environment)


def simplest(_count: int) -> int:
    return 0


SCHEMAS = [
    ("{type: object, required: [a], properties: {a: {type: string, minLength: 2, pattern: '^[x-z]*$'}}}", {"a": "xx"}),
    ("{type: object, required: [a], properties: {a: {$ref: 'pets.openapi.yaml#/components/schemas/Name'}}}", {"a": "aa"}),
    ("{type: object, required: [a], properties: {a: {enum: [p, q]}, b: {const: 5}}}", {"a": "p"}),
    ("{type: object, required: [a, b], properties: {a: {type: boolean}, b: {type: 'null'}}}", {"a": False, "b": None}),
    ("{type: object, required: [a], properties: {a: {type: integer, minimum: 5, maximum: 9}}}", {"a": 5}),
    ("{type: object, required: [a], properties: {a: {type: array, minItems: 1, items: {type: integer}}}}", {"a": [0]}),
    ("{allOf: [{$ref: '#/components/inputs/base'}, {required: [b], properties: {b: {type: integer}}}]}", {"a": "aa", "b": 0}),
]  # fmt: skip
COMPONENTS = """
components:
  inputs: {base: {type: object, required: [a], properties: {a: {$ref: 'pets.openapi.yaml#/components/schemas/Name'}}}}
"""


@pytest.mark.parametrize(("schema", "first"), SCHEMAS)
def test_the_first_choice_is_the_simplest_value(document: Write, schema: str, first: Any) -> None:
    """Shortest, least, first of the list: what Hypothesis shrinks to."""
    if "components/inputs" in schema:
        path = document(f"""
workflows: [{{workflowId: one, inputs: {schema}, steps: [{{stepId: s, operationId: readPet}}]}}]{COMPONENTS}""")
        assert Inputs(load_workflows(path).workflow("one").inputs, ENVIRONMENT).draw(simplest) == first
    else:
        assert inputs_of(document, schema).draw(simplest) == first


@pytest.mark.parametrize("name", BUNDLED)
def test_drawn_inputs_obey_their_schema(name: str) -> None:
    """Each string input of a shipped workflow is in the language of its schema, judged by another engine."""
    random = Random(5)
    environment = Environment(
        "http://x", devices=(*DEVICES, Device({"id": "a"}, "nb-iot"), Device({"id": "b"}, "coap")),
        unknown=(Device({}),), foreign=(Device({}),),
    )  # fmt: skip
    workflows = load_workflows(name)
    folder = Path(workflows.workflows[0].clause.node.document.path).parent
    openapi = workflows.sources[0].contract
    assert openapi
    schemas = openapi.root.value["components"]["schemas"]
    for workflow in workflows.workflows:
        assert workflow.inputs
        source = Inputs(workflow.inputs, environment)
        for _ in range(5):
            drawn = source.draw(random.randrange)
            for key, schema in workflow.inputs.value["properties"].items():
                reference = schema.get("$ref", "")
                if "#/components/schemas/" in reference:
                    rule = {**schemas[reference.rpartition("/")[2]], "components": {"schemas": schemas}}
                    assert jsonschema_rs.is_valid(rule, drawn[key]), (workflow.id, key, str(folder))


def test_the_same_choices_give_the_same_inputs(document: Write) -> None:
    """A seed is enough to repeat a run."""
    source = inputs_of(document, SCHEMAS[0][0])
    assert source.draw(Random(3).randrange) == source.draw(Random(3).randrange)


def test_devices_come_from_the_environment(document: Write) -> None:
    """The second device is not the first one, and a profile is never given to a workflow that did not ask for it."""
    schema = (
        "{type: object, required: [a, b, c, n], properties: {a: {x-watchword-from: device}, "
        "b: {x-watchword-from: other-device}, c: {x-watchword-from: unknown-device}, "
        "n: {x-watchword-from: device, x-watchword-profile: nb-iot}}}"
    )
    source = inputs_of(document, schema)
    for seed in range(20):
        drawn = source.draw(Random(seed).randrange)
        assert {drawn["a"]["id"], drawn["b"]["id"]} == {"d1", "d2"}
        assert (drawn["c"], drawn["n"]) == ({"id": "u"}, {"id": "nb"})


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ("{x-watchword-from: foreign-device}", "the target names no foreign device"),
        ("{x-watchword-from: device, x-watchword-profile: coap}", "the target names no device of the profile `coap`"),
        ("{x-watchword-from: moon}", "`moon` is nothing that an input can come from"),
        ("{type: string, minLength: 3, maxLength: 2}", "no string obeys the schema of the input `a`"),
        ("false", "no value obeys the schema of the input `a`"),
    ],
)
def test_what_cannot_be_drawn_is_named(document: Write, schema: str, reason: str) -> None:
    """The reason says what the target would have to name, or which schema is at fault."""
    source = inputs_of(document, f"{{type: object, required: [a], properties: {{a: {schema}}}}}")
    with pytest.raises(NoSuchInput, match=reason) as problem:
        source.draw(simplest)
    assert isinstance(problem.value, WatchwordError)
