"""Contracts from text. Holds no test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from watchword.contract import Contract, read_contract
from watchword.document import read

Reader = Callable[..., Contract]

HEAD = "info: {title: An API, version: '1'}\n"


@pytest.fixture(scope="session")
def contract() -> Reader:
    """`contract(paths, openapi="3.1.1")`: the contract `api` of a YAML text that starts at `paths:`."""

    def from_text(text: str, openapi: str = "3.1.1") -> Contract:
        content = f"openapi: {openapi}\n{HEAD}{text}".encode()
        return read_contract(read(content, file="api.yaml", path=Path("/nowhere/api.yaml")), "api")

    return from_text
