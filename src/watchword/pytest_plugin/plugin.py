"""What pytest loads in every session: options, ini keys, markers, fixtures. Each imports its work when it is used.

Nothing here may cost a session that does not use it: pytest is the only import.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from watchword.pytest_plugin.mock_service import MockService
    from watchword.pytest_plugin.session import Run
    from watchword.pytest_plugin.watch import Watch
    from watchword.validation import Validator

_MARKERS = (
    "contract(*names, base_path=None, undocumented=None, strict_requests=None, repeated_secrets=None, profile=None): "
    "the contracts that the fixtures `contract`, `watch`, `mock_service` and `assert_conforms` of this test are about "
    "(Watchword).",
    "watchword: a test that was collected from a contract (Watchword).",
)

_TEXTS = {
    "url": ("URL", "Base URL of the service that the collected tests are sent to."),
    "target": ("NAME", "Target of watchword.toml that the collected tests are sent to."),
    "credential-env": ("VARIABLE", "Environment variable with the credential for --watchword-url."),
    "base-path": ("PATH", "Where the watched service is mounted; else both the document's base path and none."),
    "undocumented": ("pass|fail", "What `watch` makes of an exchange on a path of no contract (default: pass)."),
    "repeated-secrets": ("pass|fail", "What `watch` makes of a secret that earlier exchanges told (default: fail)."),
    "fail-on": ("SEVERITY", "Least severity that fails a test: error (default), warning or observation."),
    "fail-under": ("PERCENT", "Fail the session if less of the contracts was exercised."),
}
_LISTS = {
    "contract": ("NAME|SPEC", "Contract to collect tests from, and the one of the fixtures. Repeatable."),
    "device": ("NAME=VALUE,...", "Device that --watchword-url may touch. Repeatable."),
}
_FLAGS = {
    "mock": "Collect tests against the contract's own mock, one in each process.",
    "strict-requests": "Let `watch` fail requests that break the contract even where the service refused them.",
}


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Options `--watchword-*`; each has an ini key of its name."""
    # pytest takes all modules of an installation with a plugin for tests and rewrites their asserts: 0.1 to 1 s in each
    # session where bytecode is not kept, as in most containers.
    getattr(pluginmanager.rewrite_hook, "_must_rewrite", set()).discard("watchword")
    group = parser.getgroup("watchword", "contract tests (Watchword); each option is an ini key too: watchword_*")
    for name, (shown, text) in _LISTS.items():
        group.addoption(f"--watchword-{name}", action="append", metavar=shown, help=text)
        parser.addini(f"watchword_{name.replace('-', '_')}", text, type="args")
    for name, text in _FLAGS.items():
        group.addoption(f"--watchword-{name}", action="store_true", default=None, help=text)
        parser.addini(f"watchword_{name.replace('-', '_')}", text, type="bool")
    for name, (shown, text) in _TEXTS.items():
        group.addoption(f"--watchword-{name}", metavar=shown, help=text)
        parser.addini(f"watchword_{name.replace('-', '_')}", text)


def pytest_configure(config: pytest.Config) -> None:
    """Registers the markers; goes on only where an option or ini key asks for something."""
    for marker in _MARKERS:
        config.addinivalue_line("markers", marker)
    for name in _FLAGS:
        _check_flag(config, f"watchword_{name.replace('-', '_')}")
    names = [name.replace("-", "_") for name in (*_LISTS, *_FLAGS, *_TEXTS)]
    if any(config.getoption(f"watchword_{name}") or config.getini(f"watchword_{name}") for name in names):
        _run(config)


def _check_flag(config: pytest.Config, key: str) -> None:
    """Raises `pytest.UsageError` for a text that is neither; pytest's own error does not name the key."""
    try:
        config.getini(key)
    except (ValueError, pytest.UsageError) as error:
        raise pytest.UsageError(f"{key}: {error}; write true or false") from None


def pytest_assertrepr_compare(left: object, right: object, op: str) -> list[str] | None:
    """Secrets that Watchword's strategies drew, by their shape."""
    redaction = sys.modules.get("watchword.ground.redact")
    if redaction is None or not any(isinstance(each, redaction.Secret) for each in (left, right)):
        return None
    return [f"{redaction.redact(left)} {op} {redaction.redact(right)}"]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Takes what a worker of pytest-xdist counted."""
    counted = getattr(node, "workeroutput", {}).get("watchword")
    if counted is not None:
        _run(node.config).add_worker(counted)


@pytest.fixture
def contract(request: pytest.FixtureRequest) -> Validator:
    """The validator of the test's contract: of its marker, of a parameter, or of `watchword_contract`."""
    return _used(request.config).agreement(request).validator


@pytest.fixture
def assert_conforms(request: pytest.FixtureRequest) -> Callable[..., None]:
    """`assert_conforms(response)` fails the test at once, with the findings, where an exchange breaks the contract.

    It takes the arguments of `watchword.assert_conforms` that come after the validator: `side="response"` judges the
    reply alone, `request_body=` hands over what the client's library forgets.
    """
    from watchword.pytest_plugin.watch import asserting

    run = _used(request.config)
    return asserting(run, run.agreement(request))


@pytest.fixture
def watch(request: pytest.FixtureRequest) -> Iterator[Watch]:
    """Judges every exchange of the test; `watch(client)` narrows that to the clients given."""
    from watchword.pytest_plugin.watch import watching

    yield from watching(_used(request.config), request)


@pytest.fixture
def mock_service(request: pytest.FixtureRequest) -> Iterator[MockService]:
    """A mock of the test's contract on a free loopback port, new for each test."""
    yield from _used(request.config).mock_services(request)


@pytest.fixture(scope="session")
def session_mock_service(request: pytest.FixtureRequest) -> Iterator[MockService]:
    """The same, one for the whole session; its contract is that of `watchword_contract`."""
    yield from _used(request.config).mock_services(request)


def _run(config: pytest.Config) -> Run:
    """What this session has of Watchword, made when first asked for. Raises `pytest.UsageError`."""
    from watchword.pytest_plugin.session import run_of  # here begins what costs time

    return run_of(config)


def _used(config: pytest.Config) -> Run:
    """The same for fixtures: what is wrong with the session is told once, and ends it."""
    try:
        return _run(config)
    except pytest.UsageError as error:
        pytest.exit(str(error), returncode=pytest.ExitCode.USAGE_ERROR)
