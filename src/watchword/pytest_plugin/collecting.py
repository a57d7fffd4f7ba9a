"""Which contracts are collected from, on which services, and which of their tests were named. Makes the nodes of none.

Everything that can be wrong with the call is found here, before anything is collected.
"""

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from watchword.ground import BrokenDocument, Finding, WatchwordError
from watchword.pytest_plugin.bench import Bench, Saw
from watchword.pytest_plugin.collected import ContractCollector
from watchword.pytest_plugin.settings import Settings, names_files
from watchword.service import Choice, chosen

_CONNECTING_SECONDS = 5.0


class Collecting:
    """The services of a session under test. `close` leaves them as they were."""

    def __init__(self, config: pytest.Config, settings: Settings, saw: Saw) -> None:
        self._config = config
        self._settings = settings
        self._open = ExitStack()
        choice = Choice(
            contracts=() if settings.target else settings.contracts,
            mock=settings.mock,
            url=settings.url,
            target=settings.target,
            credential_env=settings.credential_env,
            devices=settings.devices,
        )
        try:
            plans = self._open.enter_context(chosen(choice, phases=("examples", "cases")))
            self.benches = [Bench(plan, is_mock=settings.mock, saw=saw) for plan in plans]
            self._check()
        except WatchwordError as error:
            self._open.close()
            raise usage_error(error) from None
        except pytest.UsageError:
            self._open.close()
            raise
        self._named = self._taken_arguments()

    def nodes(self, session: pytest.Session) -> Iterator[pytest.Collector]:
        """One collector per contract; none where the command line names other tests only."""
        if not self._named and not self._settings.asked and names_files(self._config):
            return
        for bench in self.benches:
            name = bench.plan.contract.name
            yield ContractCollector.from_parent(
                session, name=name, nodeid=name, bench=bench, fail_on=self._settings.fail_on, wanted=self._is_wanted
            )

    def check_found(self, items: list[pytest.Item]) -> None:
        """Raises `pytest.UsageError` for a named test that no contract has."""
        for named in self._named:
            if not any(_is_below(item.nodeid, named) for item in items):
                raise pytest.UsageError(f"not found: {named}; `--collect-only -q` lists what there is")

    def close(self) -> tuple[list[Finding], list[str]]:
        """Puts every configured secret back; what no test could tell, as findings and notes."""
        findings, notes = [], []
        for bench in self.benches:
            left, told = bench.close()
            findings += left
            notes += told
        self._open.close()
        return findings, notes

    def _check(self) -> None:
        names = [bench.plan.contract.name for bench in self.benches]
        for name in names:
            if names.count(name) > 1:
                raise pytest.UsageError(f"two contracts are called {name}; test them in two sessions")
        for bench in self.benches:
            bench.workflows()
            if not self._settings.mock and not self._config.option.collectonly:
                _reach(bench.plan.target.url)

    def _taken_arguments(self) -> tuple[str, ...]:
        """The arguments that name our tests, by their node ids; pytest gets the others, for it takes all for files."""
        names = {bench.plan.contract.name for bench in self.benches}
        here = self._config.invocation_params.dir
        ours, others = [], []
        for argument in self._config.args:
            head, mark, rest = argument.partition("::")
            name = head.rpartition("/")[2]  # in a subfolder, pytest shows node ids as ../kii::…
            if name in names and not (here / head).exists():
                ours.append(f"{name}{mark}{rest}".removesuffix("::"))
            else:
                others.append(argument)
        self._config.args[:] = others
        return tuple(ours)

    def _is_wanted(self, nodeid: str) -> bool:
        return not self._named or any(_is_below(nodeid, named) for named in self._named)


def _is_below(nodeid: str, named: str) -> bool:
    return nodeid == named or nodeid.startswith(f"{named}::")


def usage_error(error: WatchwordError) -> pytest.UsageError:
    """The same in one line, with the plugin's names of the options that it speaks of."""
    text = str(error)
    if isinstance(error, BrokenDocument) and len(error.findings) > 1:
        text = f"{text.splitlines()[0]} (and {len(error.findings) - 1} more; `watchword lint` tells all)"
    return pytest.UsageError(re.sub(r"--(credential-env|device)\b", r"--watchword-\1", text))


def _reach(url: str) -> None:
    """Connects, and sends nothing. Raises `pytest.UsageError`."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), _CONNECTING_SECONDS).close()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise pytest.UsageError(f"{url} cannot be reached: {reason}") from None
