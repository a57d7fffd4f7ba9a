"""Replies whose objects name a member twice."""

from __future__ import annotations

import pytest

import watchword
from watchword.check.plan import Planned
from watchword.check.same_names import same_name_findings
from watchword.check.target import Device
from watchword.ground import Response
from watchword.strategies import cases, example_request


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'{"password": null, "password": "a"}', 1),
        (b'[{"a": {"b": 1, "b": 2}}]', 1),
        (b'{"a": {"b": 1}, "b": {"a": 1}}', 0),
        (b'{"a": 1, "a"', 0),
        (b"", 0),
    ],
)
def test_member_named_twice_is_a_warning_wherever_it_stands(body: bytes, found: int) -> None:
    """Objects are looked at on every level; what is no JSON is not judged here."""
    contract = watchword.load("roma-connect").contract
    operation = contract.operations[0]
    case = next(iter(cases(operation, contract)))
    planned = Planned(case, operation, example_request(case, operation), Device({}))
    told = list(same_name_findings(planned, Response(200, (), body)))
    assert [finding.rule for finding in told] == ["repeated-member"] * found
