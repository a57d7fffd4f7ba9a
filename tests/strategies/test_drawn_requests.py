"""Requests and exchanges drawn by Hypothesis, judged by the validator; and what importing the room costs."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis.errors import InvalidArgument

import watchword
from watchword import strategies
from watchword.contract import BUNDLED, Operation
from watchword.ground import Exchange
from watchword.strategies import BadRequest, bad_requests, exchanges, requests
from watchword.validation import Validator

STYLES = Path(__file__).with_name("styles.openapi.yaml")
DRAW = settings(max_examples=60, database=None, deadline=None, derandomize=True, phases=[Phase.generate])


def operations() -> list[tuple[Validator, Operation]]:
    """Those of the bundled contracts and of the document of many styles."""
    validators = [watchword.load(name) for name in (*BUNDLED, STYLES)]
    return [(validator, operation) for validator in validators for operation in validator.contract.operations]


OPERATIONS = [pytest.param(*pair, id=pair[1].id) for pair in operations()]


@pytest.mark.parametrize(("validator", "operation"), OPERATIONS)
def test_drawn_exchange_conforms(validator: Validator, operation: Operation) -> None:
    """Requests are valid, and so are the replies that go with them."""

    @DRAW
    @given(exchanges(operation, contract=validator.contract))
    def judge(exchange: Exchange) -> None:
        assert validator.findings(exchange) == []

    judge()


@pytest.mark.parametrize(("validator", "operation"), [param for param in OPERATIONS if param.id != "choose"])
def test_bad_request_breaks_what_its_label_says_and_nothing_else(validator: Validator, operation: Operation) -> None:
    """One thing is wrong with each, and the label names it."""

    @DRAW
    @given(bad_requests(operation, contract=validator.contract))
    def judge(bad: BadRequest) -> None:
        findings = validator.findings(Exchange(bad.request))
        assert {finding.rule for finding in findings} == {bad.rule, *bad.also}

    judge()


def test_request_keeps_to_the_values_that_are_given() -> None:
    """The device is the caller's, whatever else is drawn."""
    operation = watchword.load("kii").contract.operations[0]
    given_values = {"appID": "a", "vendorThingID": "v"}

    @DRAW
    @given(requests(operation, base_url="http://h", values=given_values, token="t"))
    def judge(request: object) -> None:
        assert request.url == "http://h/api/apps/a/things/VENDOR_THING_ID:v/ownership/password"  # type: ignore[attr-defined]
        assert ("Authorization", "Bearer t") in request.headers  # type: ignore[attr-defined]

    judge()


def test_failing_request_shrinks_to_the_smallest_body() -> None:
    """A fault for one character of a password leaves nothing else in the request."""
    operation = watchword.load("kii").contract.operations[0]
    options = settings(max_examples=3000, database=None, deadline=None)
    found = find(requests(operation), lambda request: b">" in request.body, settings=options, random=random.Random(0))
    assert found.body == b'{"newPassword": ">"}'


def test_what_is_no_operation_is_refused_when_asked_for() -> None:
    """A contract or a name in the place of an operation raises at once."""
    with pytest.raises(InvalidArgument, match="an operation is needed, not str"):
        requests("changeThingPassword")  # type: ignore[arg-type]


def test_cases_load_no_hypothesis() -> None:
    """Whoever only enumerates does not pay for a property-testing library."""
    code = (
        "import sys, watchword; from watchword.strategies import cases; c = watchword.load('kii').contract; "
        "assert list(cases(c.operations[0], c)); assert 'hypothesis' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_public_name_can_be_had() -> None:
    """`__all__` is what can be imported, lazily or not."""
    assert all(getattr(strategies, name) is not None for name in strategies.__all__)
    with pytest.raises(AttributeError, match="no attribute 'anything'"):
        strategies.anything  # noqa: B018
