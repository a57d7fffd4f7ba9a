"""Members of a made-up reply that repeat what was asked."""

import json
from pathlib import Path

import httpx
import pytest

from watchword.contract import load_contract
from watchword.mock import app, serve

_DOCUMENT = """
openapi: 3.1.0
info: {title: Cards, version: '1'}
paths:
  /cards/{card}:
    put:
      operationId: setPin
      parameters:
        - {name: card, in: path, required: true, schema: {type: string}}
      requestBody:
        content:
          application/json: {schema: &asked {type: object, properties: {pin: {type: string}, of: {type: object}}}}
          application/x-www-form-urlencoded: {schema: *asked}
      responses:
        '200':
          description: Set.
          content:
            application/json:
              schema:
                type: object
                required: [card, pin, colour, size]
                properties:
                  card: {type: string, x-watchword-echo: $request.path.card}
                  pin: {type: string, format: password, pattern: '^[0-9]{4}$', x-watchword-echo: '$request.body#/pin'}
                  colour: {enum: [red], x-watchword-echo: '$request.body#/of/colour'}
                  size: {type: integer}
              examples:
                mine: {value: {card: mine, pin: '1234', colour: red, size: 1}}
"""


@pytest.mark.parametrize(
    ("given", "prefer", "told"),
    [
        ({"pin": "4711"}, None, ("c 1", "4711")),
        ({"of": {"colour": "red"}}, None, ("c 1", None)),
        ({"pin": "4711"}, "example=mine", ("mine", "1234")),
        ({"pin": "not four digits"}, None, (None, None)),
        ({"pin": ""}, None, ("c 1", None)),
    ],
)
def test_what_the_document_says_is_repeated_is(
    tmp_path: Path, given: object, prefer: str | None, told: tuple[str | None, str | None]
) -> None:
    """From the path and the body; not in an example that was asked for, and not where the reply would not conform."""
    path = tmp_path / "cards.yaml"
    path.write_text(_DOCUMENT)
    with serve(app([load_contract(str(path))])) as server:
        headers = {"Prefer": prefer} if prefer else {}
        response = httpx.put(server.url + "/cards/c%201", json=given, headers=headers)
    assert response.status_code == 200, response.text
    reply = json.loads(response.text)
    card, pin = told
    assert card is None or reply["card"] == card
    assert pin is None or reply["pin"] == pin
    assert set(reply) == {"card", "pin", "colour", "size"}
    assert len(reply["pin"]) == 4


def test_the_members_of_a_form_are_repeated_too(tmp_path: Path) -> None:
    """A form is read by the document's types."""
    path = tmp_path / "cards.yaml"
    path.write_text(_DOCUMENT)
    with serve(app([load_contract(str(path))])) as server:
        response = httpx.put(server.url + "/cards/c1", data={"pin": "4711"})
    assert response.json()["pin"] == "4711", response.text
