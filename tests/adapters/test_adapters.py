"""Picking an adapter, without any library."""

import subprocess
import sys
from pathlib import Path

import pytest

from watchword import adapters
from watchword.adapters import ADAPTERS, exchange_from, protocol
from watchword.ground import Exchange, Request, WatchwordError

SHARED = {"__init__", "protocol", "wire"}


def test_folder_and_registry_name_the_same_modules() -> None:
    """Every adapter file is registered, and every registered adapter is a file."""
    folder = Path(adapters.__file__).parent
    assert {path.stem for path in folder.glob("*.py")} - SHARED == set(ADAPTERS.values())


@pytest.mark.parametrize("name", sorted(ADAPTERS.values()))
def test_every_adapter_offers_the_protocol(name: str) -> None:
    """Each adapter module has the four functions of `Adapter`."""
    module = __import__(f"watchword.adapters.{name}", fromlist=["_"])
    wanted = {attribute for attribute in vars(protocol.Adapter) if not attribute.startswith("_")}
    assert wanted == {"is_request", "request_of", "request_from", "response_from"}
    assert all(callable(getattr(module, attribute)) for attribute in wanted)


def test_importing_every_adapter_imports_no_library() -> None:
    """Adapters never import the library they read, not even all of them together."""
    code = (
        "import sys, importlib; from watchword.adapters import ADAPTERS\n"
        "for name in ADAPTERS.values(): importlib.import_module('watchword.adapters.' + name)\n"
        "print(sorted(set(ADAPTERS) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_exchange_comes_back_itself() -> None:
    """An `Exchange` needs no adapter."""
    exchange = Exchange(Request("GET", "/"))
    assert exchange_from(exchange) is exchange


@pytest.mark.parametrize("given", [None, 7, "GET / HTTP/1.1", object()])
def test_foreign_object_is_refused_with_the_known_libraries(given: object) -> None:
    """An object of no known library raises one error that lists the known ones and shows no value."""
    with pytest.raises(WatchwordError, match=r"^no adapter for builtins\.\w+: known are .*httpx.*werkzeug$") as caught:
        exchange_from(given)
    assert "HTTP/1.1" not in str(caught.value)
