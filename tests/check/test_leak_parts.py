"""A part of a secret in a reply, and the same letters in the id of the device that the request named."""

from pathlib import Path

import pytest

from watchword.check import Device, Planned, Principal, Target, make_plan
from watchword.check.leaks import leaks
from watchword.contract import load_contract
from watchword.ground import Response

DEVICE = Device({"appID": "app1", "vendorThingID": "thing-1"}, {"": "the-secret-of-thing-1"})
TARGET = Target("kii", "http://127.0.0.1:1", Principal("caller", "a-token-of-the-caller"), devices=(DEVICE,))


def planned() -> Planned:
    """A case that is about the listed device."""
    plan = make_plan(load_contract("kii"), TARGET)
    return next(each for each in plan.planned if each.device == DEVICE and not each.case.draft.secrets)


@pytest.mark.parametrize(
    ("said", "rules"),
    [
        ("no thing thing-1 here", []),
        ("no thing thing-1, whose secret is the-secret-of-thing-1", ["earlier-secret-told"]),
        ("the caller is a-token-of-the-caller", ["credential-repeated"]),
    ],
)
def test_the_id_that_was_asked_for_is_no_part_of_a_secret(said: str, rules: list[str], tmp_path: Path) -> None:
    """An error that repeats the id is innocent although the secret ends alike; the whole secret is found."""
    response = Response(404, (("Content-Type", "application/json"),), f'{{"message": "{said}"}}'.encode())
    assert [finding.rule for finding in leaks(planned(), response, TARGET)] == rules
