"""Devices whose ids stand in the path as `label` or `matrix` want them: sent so, and known again."""

from pathlib import Path

import pytest

import watchword
from watchword.check import Device, Principal, Target, make_plan
from watchword.check.routes import Routes, plain
from watchword.contract import Contract
from watchword.ground import Exchange
from watchword.validation import Validator

DOCUMENT = """
openapi: 3.1.0
info: {title: Styled, version: '1'}
paths:
  /a/{site}/d{device}/{number}/secret:
    parameters:
      - {name: site, in: path, required: true, style: label, schema: {type: string, pattern: '^[a-z.]+$'}}
      - {name: device, in: path, required: true, style: matrix, schema: {type: string, maxLength: 20}}
      - {name: number, in: path, required: true, schema: {type: integer}}
    put:
      operationId: reset
      responses: {'204': {description: Set.}, '404': {description: None such.}}
"""
DEVICE = Device({"site": "north.east", "device": "d-1;x", "number": "7"})
TARGET = Target("styled", "http://127.0.0.1:1/base", Principal("caller", "token-1"), devices=(DEVICE,))


@pytest.fixture
def contract(tmp_path: Path) -> Contract:
    """The document above."""
    (tmp_path / "styled.yaml").write_text(DOCUMENT)
    return watchword.load(tmp_path / "styled.yaml").contract


def test_listed_device_is_sent_in_the_styles_of_the_path(contract: Contract) -> None:
    """The validator takes the request for a valid one, and the device is read back out of its URL."""
    plan = make_plan(contract, TARGET)
    accepted = [each for each in plan.planned if each.case.side == "accept" and each.device == DEVICE]
    assert accepted
    routes = Routes(contract, TARGET.url)
    for each in accepted:
        found = routes.find(each.request.method, each.request.url)
        assert found is not None
        assert TARGET.device_at(plain(*found)) == DEVICE
        assert Validator(contract, base_paths=["/base"]).findings(Exchange(each.request)) == []
    assert accepted[0].request.url == "http://127.0.0.1:1/base/a/.north.east/d;device=d-1%3Bx/7/secret"


def test_every_case_about_a_device_is_planned_for_it(contract: Contract) -> None:
    """Nothing is left out because the device was not known again."""
    plan = make_plan(contract, TARGET)
    refused = {each.case.rule for each in plan.planned if each.case.side == "refuse"}
    assert {"parameter-format", "site/pattern", "device/maxLength"} <= refused
