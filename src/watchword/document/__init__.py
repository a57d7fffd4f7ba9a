"""Bytes to a tree that remembers file, line and column. Knows YAML, JSON and `$ref`; knows nothing of OpenAPI."""

from watchword.document.document import Document, Json, Node, load, read
from watchword.document.references import DanglingReference, Library

__all__ = ["DanglingReference", "Document", "Json", "Library", "Node", "load", "read"]
