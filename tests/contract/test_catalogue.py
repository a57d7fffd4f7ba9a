"""Contracts by name or path."""

from pathlib import Path

import pytest

from watchword.contract import BUNDLED, bundled_folder, load_contract
from watchword.contract.catalogue import contract_name, load_document
from watchword.ground import UnknownContract, UnreadableInput


@pytest.mark.parametrize("name", BUNDLED)
def test_bundled_contract_is_loaded_by_its_name(name):
    """Each bundled name is a contract of that name with one operation."""
    found = load_contract(name)
    assert found.name == name
    assert len(found.operations) == 1


def test_bundled_names_are_the_files_of_the_folder():
    """No document lies in the folder that has no name."""
    files = {path.name.removesuffix(".openapi.yaml") for path in bundled_folder().glob("*.openapi.yaml")}
    assert files == set(BUNDLED)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ki", "no contract `ki`: did you mean kii? "),
        ("roma_connect", "did you mean roma-connect? "),
        ("missing.yaml", "missing.yaml: no such file; bundled contracts are called roma-connect, iotda, kii"),
        ("specs/kij", "specs/kij: no such file; bundled"),
        ("IoTDA", "bundled are roma-connect, iotda, kii"),
        ("nothing-alike", "no contract `nothing-alike`: bundled are roma-connect, iotda, kii; anything else is a path"),
    ],
)
def test_unknown_name_is_answered_with_close_ones(name, message):
    """The message lists what there is, the closest first."""
    with pytest.raises(UnknownContract) as caught:
        load_contract(name)
    assert message in str(caught.value)


def test_folder_is_unreadable(tmp_path):
    """A path that exists and is no file is unreadable, not unknown."""
    with pytest.raises(UnreadableInput):
        load_contract(tmp_path)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("kii.openapi.yaml", "kii"),
        ("a/pets.json", "pets"),
        ("pets.yml", "pets"),
        ("my.api.v2.yaml", "my.api.v2"),
        (".yaml", ".yaml"),
    ],
)
def test_contract_is_named_after_its_file(file, name):
    """Endings that say what the file is are set aside."""
    assert contract_name(Path(file)) == name


def test_file_below_the_current_folder_is_shown_relative(tmp_path, monkeypatch):
    """Messages name files as their reader would."""
    (tmp_path / "a.yaml").write_text("openapi: 3.1.0\npaths: {/a: {get: {}}}")
    monkeypatch.chdir(tmp_path)
    assert load_contract(tmp_path / "a.yaml").operations[0].clause.place.file == "a.yaml"


def test_bundled_file_is_shown_as_the_repository_calls_it(tmp_path, monkeypatch):
    """Wherever the package is installed and whoever asks, messages say `specs/kii.openapi.yaml`."""
    monkeypatch.chdir(tmp_path)
    assert load_contract("kii").operations[0].clause.place.file == "specs/kii.openapi.yaml"
    assert load_document(bundled_folder() / "kii.arazzo.yaml").file == "specs/kii.arazzo.yaml"
