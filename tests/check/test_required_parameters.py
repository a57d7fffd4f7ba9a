"""Required parameters of an operation that sets a secret: what puts one back has them, and none that the wire owns."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import watchword
from watchword.check import Device, Principal, Target, make_plan
from watchword.check.custody import reset_request
from watchword.check.secret_form import resetting
from watchword.contract import Contract
from watchword.ground import Exchange, Request, header_values
from watchword.strategies import requests
from watchword.validation import Validator

DOCUMENT = """
openapi: 3.1.0
info: {title: Parcels, version: '1'}
paths:
  /things/{id}/secret:
    put:
      operationId: reset
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: Content-Length, in: header, required: true, schema: {type: integer}}
        - {name: Host, in: header, required: true, schema: {type: string}}
        - {name: X-Trace, in: header, required: true, schema: {type: string, pattern: '^[0-9a-f]{8}$'}}
        - {name: mode, in: query, required: true, schema: {type: array, minItems: 2, items: {enum: [a b, c]}}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [secret]
              properties: {secret: {type: string, format: password, minLength: 4}}
      responses: {'204': {description: Set.}}
"""
DEVICE = Device({"id": "thing-1"}, {"": "the-secret-of-thing-1"})
TARGET = Target("parcels", "http://127.0.0.1:1", Principal("caller", "token-1"), devices=(DEVICE,))


@pytest.fixture(scope="module")
def validator(tmp_path_factory: pytest.TempPathFactory) -> Validator:
    """Of the document above."""
    path = tmp_path_factory.mktemp("parcels") / "parcels.yaml"
    path.write_text(DOCUMENT)
    return watchword.load(path)


def test_secret_is_put_back_with_valid_parameters(validator: Validator) -> None:
    """Also those for which the document has neither an example nor a list of values."""
    form = resetting(validator.contract)
    assert form is not None
    request = reset_request(form, TARGET, DEVICE, "", "the-secret-of-thing-1")
    sent = Request(request.method, request.url, (*request.headers, ("Host", "127.0.0.1")), request.body)
    assert [each.rule for each in Validator(validator.contract, base_paths=["/"]).findings(Exchange(sent))] == []


def test_no_case_says_another_length_than_its_own(validator: Validator) -> None:
    """A service would wait for the rest of the request, and read the next one as that."""
    plan = make_plan(validator.contract, TARGET)
    assert plan.planned
    for each in plan.planned:
        assert list(header_values(each.request.headers, "Content-Length")) == [str(len(each.request.body))]
        assert list(header_values(each.request.headers, "Host")) == []


@settings(max_examples=20, derandomize=True, database=None)
@given(data=st.data())
def test_no_drawn_request_says_another_length_than_its_own(validator: Validator, data: st.DataObject) -> None:
    """The same for requests that Hypothesis draws."""
    drawn = data.draw(requests(validator.contract.operations[0]))
    assert list(header_values(drawn.headers, "Content-Length")) == [str(len(drawn.body))]


READS = """
openapi: 3.1.0
info: {title: Reads, version: '1'}
paths:
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: show
      responses: {'200': {description: Shown.}, default: {description: Refused.}}
    put:
      operationId: reset
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [current, next]
              properties: {current: {$ref: '#/components/schemas/One'}, next: {$ref: '#/components/schemas/One'}}
      responses: {'204': {description: Set.}, default: {description: Refused.}}
components:
  schemas:
    One: {type: object, required: [secret], properties: {secret: {type: string, format: password}}}
"""


@pytest.fixture(scope="module")
def reads(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """A document of an operation that reads, and one that sets a secret beside the one before."""
    path = tmp_path_factory.mktemp("reads") / "reads.yaml"
    path.write_text(READS)
    return watchword.load(path).contract


def test_devices_are_read_when_all_was_changed(reads: Contract) -> None:
    """Each of them, as the last thing: what was set for one must not be told of another."""
    devices = (Device({"id": "thing-1"}), Device({"id": "thing-2"}))
    plan = make_plan(reads, replace(TARGET, contract="reads", devices=devices))
    assert [(each.operation.id, each.device) for each in plan.planned[-2:]] == [("show", each) for each in devices]
    assert len({each.case.id for each in plan.planned}) == len(plan.planned)


def test_unknown_device_is_refused_where_the_default_reply_says_so(reads: Contract) -> None:
    """A document that describes every refusal at once describes this one, too."""
    target = replace(TARGET, contract="reads", devices=(Device({"id": "thing-1"}),), unknown=(Device({"id": "none"}),))
    asked = {each.operation.id for each in make_plan(reads, target).planned if each.case.rule == "unknown-device"}
    assert asked == {"show", "reset"}


def test_secret_that_is_called_new_is_the_one_that_is_set(reads: Contract) -> None:
    """Also where the one before it comes first, under the same schema."""
    form = resetting(reads)
    assert form is not None
    assert form.path == ("next", "secret")
