"""Required parameters of an operation that sets a secret: what puts one back has them, and none that the wire owns."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import watchword
from watchword.check import Device, Principal, Target, make_plan
from watchword.check.custody import reset_request
from watchword.check.secret_form import resetting
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
