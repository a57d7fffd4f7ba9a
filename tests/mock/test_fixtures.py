"""The fixtures fit the contracts: devices are the documents' examples, secrets obey the documents' rules."""

import pytest

from watchword.contract import BUNDLED, load_contract
from watchword.contract.shape import properties
from watchword.ground import WatchwordError
from watchword.language import Rules
from watchword.mock import FIXTURES_FILE, load_fixtures

SECRETS = {"roma-connect": "password", "iotda": "secret", "kii": "newPassword"}


@pytest.mark.parametrize("contract", BUNDLED)
def test_devices_are_the_examples_of_the_document(contract):
    """So that every example of the document can be sent to the twin as it is."""
    examples = {
        parameter.name: [str(example.value) for example in parameter.examples]
        for parameter in load_contract(contract).operations[0].parameters
        if parameter.where == "path"
    }
    devices = load_fixtures()[contract].devices
    assert len(devices) == 2
    for name, values in examples.items():
        assert list(dict.fromkeys(device.path[name] for device in devices)) == values


@pytest.mark.parametrize("contract", BUNDLED)
def test_secrets_obey_the_rule(contract):
    """A device never holds a secret that nobody could have set."""
    schema = load_contract(contract).operations[0].body.content[0].schema
    member = properties(schema.value, schema.resolve)[SECRETS[contract]]
    rules = Rules.of(member, resolve=schema.resolve)
    held = [secret for device in load_fixtures()[contract].existing for secret in device.secrets.values()]
    assert held
    assert all(rules.accepts(secret) for secret in held)
    assert len(set(held)) == len(held)


@pytest.mark.parametrize("contract", BUNDLED)
def test_there_is_one_of_each_kind(contract):
    """One credential to use, others to be refused, a forged one; devices of ours, of others, and one that is not."""
    fixtures = load_fixtures()[contract]
    assert fixtures.credential.permitted
    assert len(fixtures.refused) >= 3
    assert fixtures.foreign
    assert fixtures.unknown
    assert not {str(device.path) for device in fixtures.unknown} & {str(device.path) for device in fixtures.existing}
    tokens = [str(each.headers) for each in (*fixtures.credentials, *fixtures.forged)]
    assert len(set(tokens)) == len(tokens)


def test_misspelt_member_is_refused(tmp_path):
    """It would be read as left out."""
    path = tmp_path / "fixtures.yaml"
    path.write_text(FIXTURES_FILE.read_text().replace("permitted: false", "premitted: false"))
    with pytest.raises(WatchwordError, match="premitted"):
        load_fixtures(path)


@pytest.mark.parametrize("text", ["[]", "kii: {}", "kii: 7", "kii: {base-path: '', credentials: 7}"])
def test_file_of_another_shape_is_refused(tmp_path, text):
    """With one message, not a traceback."""
    path = tmp_path / "fixtures.yaml"
    path.write_text(text)
    with pytest.raises(WatchwordError, match="fixtures"):
        load_fixtures(path)
