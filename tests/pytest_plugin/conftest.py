"""Sessions of pytest inside of tests, and services for them."""

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path

import fastapi.testclient
import pytest

from watchword.mock import embedded, serve
from watchword.pytest_plugin import collecting, ending, mock_service, watch

# What a session inside of a test imports is forgotten at its end; imported here, it is imported once.
LOADED = (fastapi.testclient, collecting, ending, mock_service, watch, embedded)

PROJECT = Path(__file__).parents[1] / "fixtures" / "pytest_project"

Session = Callable[..., pytest.RunResult]


@pytest.fixture
def session(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Session:
    """Runs pytest in the test's folder: in this process, or with `apart=True` in one of its own."""
    for name in ("STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(pytester.path / name.lower()))

    def run(*arguments: str, apart: bool = False) -> pytest.RunResult:
        start = pytester.runpytest_subprocess if apart else pytester.runpytest_inprocess
        return start("-p", "no:schemathesis", "-p", "no:hypothesispytest", *arguments)

    return run


@pytest.fixture
def defective(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of the sample project's service; its credential is in `KII_ADMIN`."""
    spec = importlib.util.spec_from_file_location("sample_service", PROJECT / "service.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setenv("KII_ADMIN", module.TOKEN)
    with serve(module.app) as served:
        yield served.url


MOCK = ("--watchword-contract", "kii", "--watchword-mock")


@pytest.fixture
def mock() -> tuple[str, ...]:
    """The options for the tests of Kii's contract against its twin."""
    return MOCK


@pytest.fixture
def real(defective: str) -> tuple[str, ...]:
    """The options for the tests of Kii's contract against the sample project's service."""
    device = "appID=app1,vendorThingID=thing-1"
    contract = ("--watchword-contract", "kii", "--watchword-url", defective)
    return (*contract, "--watchword-credential-env", "KII_ADMIN", "--watchword-device", device)
