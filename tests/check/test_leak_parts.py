"""A part of a secret in a reply, in whatever writing, and the same letters where they give nothing away."""

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest

from watchword.check import Device, Planned, Principal, Target, make_plan
from watchword.check.known import Known
from watchword.check.leaks import forms, leaks
from watchword.contract import load_contract
from watchword.ground import Request, Response

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


def told(text: str, known: Known | None = None, case: Planned | None = None, **headers: str) -> list[tuple[str, str]]:
    """Rule and place of what is found on a 404 with this message."""
    body = json.dumps({"message": text}).encode()
    given = (("Content-Type", "application/json"), *((name, value) for name, value in headers.items()))
    found = leaks(case or planned(), Response(404, given, body), TARGET, known)
    return [(finding.rule, finding.location or "") for finding in found]


MESSAGE = ("earlier-secret-told", "body#/message")


@pytest.mark.parametrize("start", range(4))
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode, lambda text: text.hex().encode()])
def test_secret_within_an_encoded_text_is_found(start: int, encode: object) -> None:
    """Wherever it begins in the text, and whatever stands before the encoded run."""
    text = encode(b"x" * start + b"user=?>;secret=the-secret-of-thing-1;")  # type: ignore[operator]
    assert told(f"trace={text.decode()} end") == [MESSAGE]
    assert told(f"trace/{text.decode()} end") == [MESSAGE]
    assert told(encode(b"x" * start + b"user=?>;nothing that is a secret;").decode()) == []  # type: ignore[operator]


def test_half_of_a_secret_gives_it_away_and_less_does_not() -> None:
    """So much that the rest can be tried; not of what is a word, or a list of characters."""
    half = 10
    token = "MIITokenAdmin-7Qx2pL9vZ"
    assert {token[:12], token[-12:]} <= set(forms(token))
    assert token[:half] not in forms(token)
    assert "bcdefghijklmnopqr" not in forms("bcdefghijklmnopqrs1B#")
    assert "correcthorse" not in forms("correcthorsebattery9Q")
    assert told("no such caller: a-token-of-th...") == [("credential-repeated", "body#/message")]


def with_known(*bodies: tuple[bytes, int, str]) -> Known:
    """What a run knows after requests with these bodies, their statuses and the things that they were about."""
    known = Known()
    for body, status, thing in bodies:
        url = f"http://127.0.0.1:1/api/apps/app1/things/VENDOR_THING_ID:{thing}/ownership/password"
        known.note(planned().operation, Request("PUT", url, (), body), Response(status, (), b""))
    return known


def test_secret_that_the_run_set_earlier_is_found() -> None:
    """Whatever device has it now or had it; not one that was refused, nor what the run itself says openly."""
    known = with_known(
        (b'{"newPassword": "quite-New-41x"}', 204, "thing-1"),
        (b'{"newPassword": "never-Set-55y"}', 400, "thing-1"),
        (b'{"newPassword": "thing-42-of-ours"}', 204, "thing-42-of-ours"),
        (b'{"newPassword": "another-One-77z"}', 204, "thing-2"),
    )
    assert told("now it is quite-New-41x", known) == [MESSAGE]
    assert told("now it is another-One-77z", known) == [MESSAGE]
    assert told(base64.b64encode(b"pw: quite-New-41x").decode(), known) == [MESSAGE]
    assert told("now it is never-Set-55y", known) == []
    assert told("no thing thing-42-of-ours", known) == []
    assert told("now it is quite-New-41x", None) == []


def test_own_query_in_a_redirection_is_no_leak() -> None:
    """A service may send a caller on with the same query, credential and all; another one it must not tell."""
    base = "http://127.0.0.1:1/api/apps/app1/things/VENDOR_THING_ID:thing-1/ownership/password"
    case = planned()
    case = replace(case, request=replace(case.request, url=f"{base}?key=a-token-of-the-caller"))

    def redirected(place: str, status: int = 307) -> list[str]:
        return [each.location or "" for each in leaks(case, Response(status, (("Location", place),), b""), TARGET)]

    assert redirected(f"{base}/?key=a-token-of-the-caller") == []
    assert redirected("/elsewhere?key=a-token-of-the-caller") == []
    assert redirected("https://example.com/?key=a-token-of-the-caller") == ["header.Location"]
    assert redirected("/elsewhere/a-token-of-the-caller?key=a-token-of-the-caller") == ["header.Location"]
    assert redirected("/elsewhere?token=a-token-of-the-caller") == ["header.Location"]
    assert redirected(f"{base}/?key=a-token-of-the-caller", 404) == ["header.Location"]


RANGES = """
openapi: 3.1.0
info: {{title: Ranges, version: '1'}}
paths:
  /things/{{id}}/secret:
    put:
      operationId: reset
      parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}]
      responses:
        {status}:
          description: Set.
          content:
            application/json:
              schema:
                type: object
                properties:
                  secret: {{type: string, format: password}}
                  note: {{type: string}}
                  all: {{type: object, additionalProperties: {{type: string, format: password}}}}
                  notes: {{type: object, additionalProperties: {{type: string}}}}
                  pair: {{type: object, writeOnly: true, properties: {{current: {{type: string}}}}}}
"""


@pytest.mark.parametrize("status", ["'200'", "2XX", "default"])
def test_reply_of_a_range_of_statuses_tells_where_its_secrets_stand(status: str, tmp_path: Path) -> None:
    """A secret in its own member is none of our business, in another one it is, however the status is documented."""
    (tmp_path / "ranges.yaml").write_text(RANGES.format(status=status))
    target = replace(TARGET, contract="ranges", devices=(Device({"id": "thing-1"}, {"": "the-secret-of-thing-1"}),))
    plan = make_plan(load_contract(str(tmp_path / "ranges.yaml")), target)
    case = next(each for each in plan.planned if each.case.side == "accept")
    secret, note = "the-secret-of-thing-1", "was the-secret-of-thing-1"
    told = {"secret": secret, "all": {"thing-1": secret}, "pair": {"current": secret}}
    body = json.dumps({**told, "note": note, "notes": {"thing-1": note}}).encode()
    found = leaks(case, Response(200, (("Content-Type", "application/json"),), body), target)
    places = [("earlier-secret-told", "body#/note"), ("earlier-secret-told", "body#/notes/…")]
    assert [(each.rule, each.location) for each in found] == places
