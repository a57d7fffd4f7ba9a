"""Documents from text. Holds no test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from watchword.document import Document, read

Reader = Callable[..., Document]


@pytest.fixture(scope="session")
def document() -> Reader:
    """`document(text, file="api.yaml")`: the document in a text, as if it had been read from that file."""

    def from_text(content: str | bytes, file: str = "api.yaml") -> Document:
        return read(content.encode() if isinstance(content, str) else content, file=file, path=Path("/nowhere") / file)

    return from_text
