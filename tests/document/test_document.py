"""Files as documents, and nodes."""

import pytest

from watchword.document import Node, load
from watchword.ground import BrokenDocument, UnreadableInput


def test_missing_file_is_unreadable(tmp_path):
    """The message names the file and what the system said."""
    with pytest.raises(UnreadableInput, match=r"no\.yaml: No such file or directory"):
        load(tmp_path / "no.yaml")


def test_folder_is_unreadable(tmp_path):
    """A folder is no document."""
    with pytest.raises(UnreadableInput, match="Is a directory"):
        load(tmp_path)


def test_loaded_document_knows_its_file(tmp_path):
    """Places name the file as it was given."""
    file = tmp_path / "api.yaml"
    file.write_text("a:\n  b: 1\n")
    assert str(load(file).place("/a/b")) == f"{file}:2:3"


def test_broken_document_names_every_finding_on_a_line(document):
    """The exception's text is the findings, each with its place."""
    with pytest.raises(BrokenDocument) as caught:
        document("a: 1\na: 2")
    assert str(caught.value).startswith("api.yaml:2:1: not valid YAML: duplicate key `a`\n")


def test_node_walks_members_and_items_in_order(document):
    """Nodes carry their pointers; what is no object has no members."""
    root = document("b: [1, {c: 2}]\na: x").root
    assert [key for key, _ in root.members()] == ["b", "a"]
    assert [node.pointer for node in root.child("b").items()] == ["/b/0", "/b/1"]
    assert root.child("b").child(1).get("c") == Node(root.document, "/b/1/c", 2)
    assert root.get("nothing") is None
    assert root.child("a").get("x") is None
    assert list(root.child("a").members()) == list(root.child("a").items()) == []
    with pytest.raises(KeyError):
        root.child("nothing")
    with pytest.raises(IndexError):
        root.child("b").child(2)
