"""Places that a contract reaches by two ways, or deep down: their rules are broken, and their secrets known."""

from collections.abc import Callable
from pathlib import Path

import pytest

import watchword
from watchword.check.secret_form import secret_form
from watchword.contract import Contract
from watchword.ground import Exchange, Request
from watchword.strategies import cases, example_request
from watchword.strategies.frame import Frame
from watchword.validation import Validator

DOCUMENT = """
openapi: 3.1.0
info: {title: Places, version: '1'}
paths:
  /pairs:
    post:
      operationId: pair
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [level]
              properties:
                level: {enum: [1, 2, 5]}
                on: {type: boolean, enum: [true]}
                rate: {type: number, multipleOf: 0.25, minimum: 0, maximum: 4}
                old: {$ref: '#/components/schemas/Holder'}
                new: {$ref: '#/components/schemas/Holder'}
                a: {type: object, properties: {b: {type: object, properties: {c: {type: object, properties: {
                    d: {type: object, properties: {e: {type: string, maxLength: 3}}}}}}}}}
                more: {type: object, additionalProperties: {$ref: '#/components/schemas/Holder'}}
                tree: {$ref: '#/components/schemas/Tree'}
                trees: {type: array, uniqueItems: true, minItems: 2, items: {$ref: '#/components/schemas/Tree'}}
      responses: {'204': {description: Taken.}}
  /forms:
    post:
      operationId: form
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              required: [name]
              properties: {name: {type: string}, age: {type: integer}}
      responses: {'204': {description: Taken.}}
components:
  schemas:
    Holder:
      type: object
      properties: {key: {type: string, format: password, minLength: 8}}
    Tree:
      type: object
      properties: {name: {type: string, maxLength: 9}, left: {$ref: '#/components/schemas/Tree'}}
"""


@pytest.fixture
def contract(tmp_path: Path) -> Contract:
    """The document above."""
    path = tmp_path / "places.yaml"
    path.write_text(DOCUMENT)
    return watchword.load(path).contract


@pytest.mark.parametrize(
    ("operation", "rule", "location"),
    [
        ("pair", "key/minLength", "body#/old/key"),
        ("pair", "key/minLength", "body#/new/key"),
        ("pair", "e/maxLength", "body#/a/b/c/d/e"),
        ("pair", "level/enum", "body#/level"),
        ("pair", "on/enum", "body#/on"),
        ("pair", "rate/multipleOf", "body#/rate"),
        ("pair", "name/maxLength", "body#/tree/name"),
        ("pair", "trees/minItems", "body#/trees"),
        ("form", "body/required", "body"),
    ],
)
def test_rule_is_broken_alone_at_each_place(contract: Contract, operation: str, rule: str, location: str) -> None:
    """A request breaks the rule where it stands, and nothing else, as the validator sees it."""
    known = contract.operation(operation)
    found = [case for case in cases(known, contract) if (case.rule, case.location) == (rule, location)]
    assert found
    broken = [Validator(contract).findings(Exchange(example_request(case, known))) for case in found]
    assert all([(each.rule, each.location) for each in findings] == [(rule, location)] for findings in broken)


def test_schema_in_itself_ends(contract: Contract) -> None:
    """A tree of trees has its members at one level: what is below is the same again."""
    frame = Frame(contract, contract.operation("pair"))
    assert [site.location for site in frame.sites if "/tree/" in f"{site.location}/"] == [
        "body#/tree",
        "body#/tree/name",
        "body#/tree/left",
    ]


@pytest.mark.parametrize(
    "wrap",
    [
        lambda holder: {"old": holder},
        lambda holder: {"new": holder},
        lambda holder: {"level": 1, "more": {"x": {"key": "none-of-it"}, "y": holder}},
    ],
)
def test_secret_is_known_at_each_place(contract: Contract, wrap: Callable[[object], object]) -> None:
    """A secret is one wherever its schema is used, and whatever is put in its place is one too."""
    frame = Frame(contract, contract.operation("pair"))
    assert "Kj9#mQ2vX" in list(frame.secrets(wrap({"key": "Kj9#mQ2vX"})))
    assert "Kj9#mQ2vX" in list(frame.secrets(wrap({"key": [{"unknown": "Kj9#mQ2vX"}]})))
    assert list(frame.secrets({"tree": {"name": "open"}})) == []


NESTED = """
openapi: 3.1.0
info: {title: Nested, version: '1'}
paths:
  /rotations:
    post:
      operationId: rotate
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [steps]
              properties:
                ratio: {anyOf: [{type: number, minimum: 0, maximum: 2}, {type: 'null'}]}
                steps:
                  type: array
                  minItems: 1
                  items:
                    oneOf:
                      - {$ref: '#/components/schemas/Wait'}
                      - {$ref: '#/components/schemas/Reset'}
      responses: {'204': {description: Taken.}}
components:
  schemas:
    Wait:
      type: object
      additionalProperties: false
      required: [kind, seconds]
      properties: {kind: {const: wait}, seconds: {type: integer, minimum: 1}}
    Reset:
      type: object
      additionalProperties: false
      required: [kind, how]
      properties:
        kind: {const: reset}
        how: {oneOf: [{$ref: '#/components/schemas/Given'}, {$ref: '#/components/schemas/Made'}]}
    Given:
      type: object
      additionalProperties: false
      required: [by, secret]
      properties: {by: {const: caller}, secret: {type: string, format: password, minLength: 8}}
    Made:
      type: object
      additionalProperties: false
      required: [by, length]
      properties: {by: {const: service}, length: {type: integer, maximum: 64}}
"""


CONDITIONS = """
openapi: 3.1.0
info: {title: Conditions, version: '1'}
paths:
  /settings:
    patch:
      operationId: change
      parameters:
        - name: filter
          in: query
          style: deepObject
          schema: {type: object, properties: {limit: {type: integer, minimum: 1, maximum: 100}}}
        - {name: ids, in: query, schema: {type: array, maxItems: 5, items: {type: integer}}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              properties:
                by: {type: string, pattern: '^[a-z]{2,8}$'}
                ticket: {type: string}
                owner: {type: object, properties: {pager: {type: [string, 'null'], maxLength: 9}}}
                labels:
                  type: object
                  maxProperties: 3
                  propertyNames: {pattern: '^[a-z]{1,9}$'}
                  additionalProperties: {type: string, maxLength: 20}
                notify:
                  type: array
                  uniqueItems: true
                  maxItems: 4
                  items:
                    type: object
                    required: [channel, address]
                    properties: {channel: {enum: [mail, sms]}, address: {type: string, minLength: 1}}
              DEPENDENT
      responses: {'204': {description: Changed.}}
"""


@pytest.mark.parametrize(
    "dependent", ["dependentRequired: {by: [ticket]}", "dependentSchemas: {by: {required: [ticket]}}"]
)
def test_rules_beside_conditions_are_broken_and_kept(dependent: str, tmp_path: Path) -> None:
    """Names and companions of members, maps, lists of different objects; and the valid edges of each."""
    path = tmp_path / "conditions.yaml"
    path.write_text(CONDITIONS.replace("DEPENDENT", dependent))
    validator = watchword.load(path)
    operation = validator.contract.operations[0]

    def rules(request: Request) -> set[str]:
        return {finding.rule for finding in validator.findings(Exchange(request))}

    known = list(cases(operation, validator.contract, judge=rules))
    broken = {case.rule for case in known if case.side == "refuse"}
    assert {"by/pattern", "labels/propertyNames", "labels.items/maxLength", "labels/maxProperties"} <= broken
    assert {"notify/maxItems", "notify/uniqueItems", "limit/maximum"} <= broken
    assert any(b'"by"' in case.draft.body and b'"ticket"' not in case.draft.body for case in known)
    accepted = [example_request(case, operation) for case in known if case.side == "accept"]
    assert all(rules(each) == set() for each in accepted)
    assert any(b'"pager": null' in each.body for each in accepted)
    assert any("%5Blimit%5D=100" in each.url for each in accepted)
    assert any(each.url.count("ids=") == 5 for each in accepted)
    assert any(each.body.count(b'"address"') == 4 for each in accepted)


@pytest.mark.parametrize(
    ("rule", "location"),
    [
        ("ratio/maximum", "body#/ratio"),
        ("seconds/minimum", "body#/steps/0/seconds"),
        ("secret/minLength", "body#/steps/0/how/secret"),
        ("length/maximum", "body#/steps/0/how/length"),
    ],
)
def test_rules_of_each_alternative_are_broken_wherever_it_stands(rule: str, location: str, tmp_path: Path) -> None:
    """Also of the second alternative of a value within the second alternative of an item."""
    path = tmp_path / "nested.yaml"
    path.write_text(NESTED)
    validator = watchword.load(path)
    operation = validator.contract.operations[0]

    def rules(request: Request) -> set[str]:
        return {finding.rule for finding in validator.findings(Exchange(request))}

    known = [case for case in cases(operation, validator.contract, judge=rules) if case.rule == rule]
    assert [case.location for case in known] == [location] * len(known)
    assert known
    assert all(rules(example_request(case, operation)) == {rule} for case in known)


def test_schemas_that_use_each_other_have_so_many_places_and_no_more(tmp_path: Path) -> None:
    """Twenty schemas of which each has all of them: what is met first is there, the rest ends."""
    names = [f"S{number}" for number in range(20)]
    members = ", ".join(f"m{name}: {{$ref: '#/components/schemas/{name}'}}" for name in names)
    schemas = "\n".join(f"    {name}: {{type: object, properties: {{{members}}}}}" for name in names)
    head, _, _ = NESTED.partition("            schema:\n")
    body = "            schema: {$ref: '#/components/schemas/S0'}\n      responses: {'204': {description: Set.}}\n"
    path = tmp_path / "many.yaml"
    path.write_text(f"{head}{body}components:\n  schemas:\n{schemas}\n")
    contract = watchword.load(path).contract
    frame = Frame(contract, contract.operations[0])
    assert len({site.node.name for site in frame.sites}) == len(names)
    assert len(frame.sites) <= len(names) ** 2 + 100
    assert secret_form(contract.operations[0]) is None
