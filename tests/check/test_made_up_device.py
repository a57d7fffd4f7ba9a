"""The device of a service on this machine that lists none: its path values are valid ones."""

from pathlib import Path

from watchword.check import Principal, Target, guarded
from watchword.contract import load_contract

DOCUMENT = """
openapi: 3.1.0
info: {title: Accounts, version: "1"}
paths:
  /accounts/{account}/keys/{key}/{kind}:
    get:
      operationId: read
      parameters:
        - {name: account, in: path, required: true, schema: {type: string, pattern: '^[0-9a-f]{8}$'}}
        - {name: key, in: path, required: true, schema: {type: integer, minimum: 10}, example: 3}
        - {name: kind, in: path, required: true, schema: {type: string}, example: mine}
      responses: {'204': {description: read}}
"""


def test_made_up_devices_obey_the_rules_of_their_parameters(tmp_path: Path) -> None:
    """A valid example is taken, else a value made from the schema: nothing valid is refused for its path."""
    path = tmp_path / "accounts.openapi.yaml"
    path.write_text(DOCUMENT)
    contract = load_contract(path)
    target = guarded(Target("accounts", "http://127.0.0.1:1", Principal("anybody", "token")), contract)
    (device,) = target.devices
    assert len(device.path["account"]) == 8
    assert set(device.path["account"]) <= set("0123456789abcdef")
    assert int(device.path["key"]) >= 10
    assert device.path["kind"] == "mine"
