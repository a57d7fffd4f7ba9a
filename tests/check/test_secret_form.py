"""Where requests and replies carry a device's secret: in JSON at any depth, in forms, in multipart; never guessed."""

from pathlib import Path

import pytest

import watchword
from watchword.check import Device, Principal, Target
from watchword.check.configured import refuse_bad_secrets
from watchword.check.custody import reset_request
from watchword.check.secret_form import SecretForm, resetting, secret_form
from watchword.ground import Exchange, Response, WatchwordError
from watchword.validation import Validator

DOCUMENT = """
openapi: 3.1.0
info: {{title: Cards, version: "1"}}
paths:
  /cards:
    post:
      operationId: make
      requestBody:
        content:
          application/json:
            schema: {{properties: {{pin: {{$ref: '#/components/schemas/Pin'}}}}}}
      responses: {{'201': {{description: Made.}}}}
  /cards/{{id}}:
    put:
      operationId: set
      parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}]
      requestBody:
        content:
          {media_type}:
            schema:
              type: object
              required: [label, {outer}]
              properties:
                label: {{type: string, minLength: 2}}
                {outer}: {inner}
      responses: {{'204': {{description: Set.}}}}
components:
  schemas:
    Pin: {{type: string, format: password, pattern: '^[0-9]{{4,12}}$'}}
    Slot: {{type: string, enum: [A, B], default: A}}
    Login:
      type: object
      required: [pin]
      properties: {{pin: {{$ref: '#/components/schemas/Pin'}}, slot: {{$ref: '#/components/schemas/Slot'}}}}
"""
PIN = "{$ref: '#/components/schemas/Pin'}"
LOGIN = "{$ref: '#/components/schemas/Login'}"
LIST = "{type: array, items: {$ref: '#/components/schemas/Pin'}}"
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


def validator(folder: Path, media_type: str, inner: str, outer: str = "pin") -> Validator:
    path = folder / "cards.yaml"
    path.write_text(DOCUMENT.format(media_type=media_type, outer=outer, inner=inner))
    return watchword.load(path)


def form_of(cards: Validator) -> SecretForm:
    form = secret_form(cards.contract.operation("set"))
    assert form is not None
    return form


def target(secret: str = "4711") -> Target:
    device = Device({"id": "7"}, {"": secret})
    return Target("cards", "http://127.0.0.1:1", Principal("nobody", ""), devices=(device,))


WRITTEN = [
    ("application/json", PIN, "pin", "body#/pin"),
    ("application/json", LOGIN, "login", "body#/login/pin"),
    (FORM, PIN, "pin", "body#/pin"),
    (MULTIPART, PIN, "pin", "body#/pin"),
]


@pytest.mark.parametrize(("media_type", "inner", "outer", "location"), WRITTEN)
def test_reset_is_valid_and_is_read_back(
    media_type: str, inner: str, outer: str, location: str, tmp_path: Path
) -> None:
    """What puts a secret back conforms, whatever the body is written as, and its secret is noted before it goes out."""
    cards = validator(tmp_path, media_type, inner, outer)
    form = form_of(cards)
    assert form.location == location
    request = reset_request(form, target(), target().devices[0], form.default_slot, "0815")
    assert cards.findings(Exchange(request)) == []
    assert form.changes(request.body, ()) == [(form.default_slot, "0815")]


def test_slot_beside_a_nested_secret_is_read_and_written(tmp_path: Path) -> None:
    """A slot is looked for where the secret is."""
    form = form_of(validator(tmp_path, "application/json", LOGIN, "login"))
    assert (form.slot, form.slots, form.default_slot) == ("slot", ("A", "B"), "A")
    assert form.changes(b'{"login": {"pin": "0815", "slot": "B"}}', ()) == [("B", "0815")]
    assert form.changes(form.body("B", "0815"), ()) == [("B", "0815")]


@pytest.mark.parametrize(
    ("content", "changes"),
    [
        (b"pin=0815&label=ab", [("", "0815")]),
        (b"label=ab", [("", None)]),
        (b'{"pin": "0815"}', [("", "0815")]),
        (b"%FF", [("", None), ("", "4711")]),
    ],
)
def test_form_that_no_service_should_take_is_noted_as_well(
    content: bytes, changes: list[tuple[str, str | None]], tmp_path: Path
) -> None:
    """What cannot be read may set any secret that is in it."""
    assert form_of(validator(tmp_path, FORM, PIN)).changes(content, ("4711",)) == changes


def test_reply_tells_a_nested_secret_there_or_in_its_own_object(tmp_path: Path) -> None:
    """Services answer with the resource or with the secret alone."""
    form = form_of(validator(tmp_path, "application/json", LOGIN, "login"))
    assert form.told_by(Response(200, (), b'{"login": {"pin": "0815"}}')) == "0815"
    assert form.told_by(Response(200, (), b'{"pin": "0815"}')) == "0815"
    assert form.told_by(Response(200, (), b'{"login": 1}')) is None


def test_operation_whose_path_names_a_device_puts_its_secret_back(tmp_path: Path) -> None:
    """The operation that makes new devices comes first in the document, and puts nothing back."""
    form = resetting(validator(tmp_path, FORM, PIN).contract)
    assert form is not None
    assert form.operation.id == "set"


def test_configured_secret_that_no_request_can_set_is_refused(tmp_path: Path) -> None:
    """A target's secret is there to be put back: where that cannot be, nothing is sent."""
    listed = validator(tmp_path, "application/json", LIST, "pins").contract
    assert secret_form(listed.operation("set")) is None
    without = (tmp_path / "cards.yaml").read_text().replace("operationId: make\n      requestBody", "x-old")
    (tmp_path / "cards.yaml").write_text(without)
    contract = watchword.load(tmp_path / "cards.yaml").contract
    with pytest.raises(WatchwordError, match="device 7 has a `secret`, which could not be put back") as raised:
        refuse_bad_secrets(target("4711"), contract)
    assert "4711" not in str(raised.value)


def test_configured_secret_of_a_form_is_judged_by_its_rule(tmp_path: Path) -> None:
    """One that breaks its rule could not be put back either."""
    contract = validator(tmp_path, FORM, PIN).contract
    refuse_bad_secrets(target("4711"), contract)
    with pytest.raises(WatchwordError, match="Pin/pattern, so it could not be put back"):
        refuse_bad_secrets(target("47x1"), contract)
