"""One session that uses Watchword: its settings, its contracts, what its exchanges exercised, and pytest's hooks."""

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from watchword.contract import Contract, load_contract, profiled
from watchword.ground import Exchange, WatchwordError
from watchword.pytest_plugin.agreement import Agreement, Terms, compiled, terms_of
from watchword.pytest_plugin.memory import Memory
from watchword.pytest_plugin.secrecy import Secrecy
from watchword.pytest_plugin.settings import located, read_settings
from watchword.pytest_plugin.tally import Tally
from watchword.pytest_plugin.verdict import headed
from watchword.validation import Validator
from watchword.validation.sent_bodies import Bodies

if TYPE_CHECKING:
    from watchword.pytest_plugin.collecting import Collecting
    from watchword.pytest_plugin.ending import Ending
    from watchword.pytest_plugin.mock_service import MockService

_RUN = pytest.StashKey["Run"]()


def run_of(config: pytest.Config) -> "Run":
    """The session's only one, made when first asked for."""
    run = config.stash.get(_RUN, None)
    if run is None:
        run = Run(config)
        config.stash[_RUN] = run
        config.pluginmanager.register(run, "watchword-session")
    return run


class Run:
    """A plugin of its own, registered once something of Watchword is used.

    `sources` has, by contract name, what it was called or where it lies: a controller opens what its workers used.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.settings = read_settings(config)
        self._bodies = Bodies()
        self.tally = Tally(self._bodies)
        self.memory = Memory(_shared_key(config))
        self.sources: dict[str, str] = {}
        self._collecting: Collecting | None = None
        self._ending: Ending | None = None
        self._contracts: dict[str, Contract] = {}
        self._validators: dict[tuple[str, str | None, str | None], Validator] = {}
        self._secrecies: dict[str, Secrecy] = {}

    # What fixtures ask for.

    def agreement(self, request: pytest.FixtureRequest) -> Agreement:
        """The one contract of a test. Fails it where there is none, or more."""
        found = self.agreements(request)
        if len(found) > 1:
            names = " and ".join(agreement.name for agreement in found)
            pytest.fail(f"`{request.fixturename}` is about one contract, and {names} are named", pytrace=False)
        return found[0]

    def agreements(self, request: pytest.FixtureRequest) -> list[Agreement]:
        """The contracts of a test. Fails it where there is none."""
        return self.agreed(self._terms(request))

    def agreed(self, terms: Terms) -> list[Agreement]:
        """The contracts of some terms."""
        return [
            Agreement(
                self._validator(name, terms.base_path, terms.profile),
                terms.undocumented,
                terms.strict_requests,
                terms.repeated_secrets,
                self._secrecy(name),
                terms.goes_elsewhere,
            )
            for name in terms.names
        ]

    def mock_services(self, request: pytest.FixtureRequest) -> "Iterator[MockService]":
        """The mock of a test's contract while the test runs."""
        from watchword.pytest_plugin.mock_service import MockService
        from watchword.service import twin

        terms = self._terms(request)
        name = terms.names[0]
        contract = self._opened(name)
        self._profiled(contract, terms.profile)
        with twin(name, contract) as target:
            yield MockService(contract, target.url, target)

    def saw(self, validator: Validator, exchange: Exchange) -> None:
        """Counts an exchange for the coverage."""
        operation, found = validator.judged(exchange)
        if operation is not None:
            self.tally.add(validator.contract.name, operation, exchange, found)

    def add_worker(self, counted: Any) -> None:
        """Takes what a worker handed over at its end."""
        self.tally.merge(counted["tally"])
        self.sources |= counted["sources"]
        ending = self._end()
        ending.repeated(self.memory.join(counted["secrets"]))
        ending.left.extend(counted["left"])
        ending.has_failed = ending.has_failed or counted["failed"]

    # pytest's hooks.

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Looks at all that was asked for before anything is collected. Raises `pytest.UsageError`."""
        from watchword.pytest_plugin.collecting import Collecting, usage_error

        try:
            for name in self.settings.contracts:
                self._contract(name)
        except WatchwordError as error:
            raise usage_error(error) from None
        if self.settings.collects:
            self._collecting = Collecting(self.config, self.settings, self.saw)
            for bench in self._collecting.benches:
                self.sources.setdefault(bench.plan.contract.name, bench.plan.target.contract)
            if _is_controller(self.config):
                self._collecting.close()
                self._collecting = None

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Generator[None, Any, Any]:
        """Adds the contracts to what the session itself collects."""
        report = yield
        if isinstance(collector, pytest.Session) and self._collecting is not None and report.passed:
            report.result = [*report.result, *self._collecting.nodes(collector)]
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Says which of the named tests do not exist."""
        if self._collecting is not None:
            self._collecting.check_found(items)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Has the watch of a test say what it saw."""
        __tracebackhide__ = True
        from watchword.pytest_plugin.watch import WATCH

        watch = item.stash.get(WATCH, None)
        if watch is None:
            return (yield)
        try:
            with watch.during_call():
                result = yield
        except BaseException:
            watch.add_section(item)
            raise
        if getattr(item, "_excinfo", None):  # a unittest.TestCase keeps its exception for the report
            watch.add_section(item)
        else:
            watch.settle(item)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
        """Has a report begin with what is wrong."""
        report = yield
        if call.excinfo is not None:
            headed(report, item, call.excinfo.value)
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Leaves the services as they were; hands over to the controller, or decides what the coverage is worth."""
        ending = self._end()
        if self._collecting is not None:
            ending.closed(*self._collecting.close())
            self._collecting = None
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput["watchword"] = {
                "tally": self.tally.record(),
                "sources": self.sources,
                "secrets": self.memory.record(),
                "left": ending.left,
                "failed": ending.has_failed,
            }
            return
        ending.decide(session)

    def pytest_terminal_summary(self, terminalreporter: "pytest.TerminalReporter") -> None:
        """The table, and what is left to do."""
        self._end().write(terminalreporter)

    def _end(self) -> "Ending":
        from watchword.pytest_plugin.ending import Ending

        if self._ending is None:
            self._ending = Ending(self.settings, self.tally, self.sources)
        return self._ending

    def _terms(self, request: pytest.FixtureRequest) -> Terms:
        terms = terms_of(request.node, self.settings)
        if not terms.names:
            pytest.fail(
                f"`{request.fixturename}` needs a contract: mark the test with @pytest.mark.contract(NAME or path), "
                "or name one in the ini file: watchword_contract",
                pytrace=False,
            )
        return terms

    def _validator(self, name: str, base_path: str | None, profile: str | None) -> Validator:
        key = (name, base_path, profile)
        if key not in self._validators:
            contract = self._profiled(self._opened(name), profile)
            self._validators[key] = compiled(contract, base_path)
        return self._validators[key]

    def _profiled(self, contract: Contract, profile: str | None) -> Contract:
        """The contract as it is for one kind of device; fails a test that names a kind which it lacks."""
        try:
            return contract if profile is None else profiled(contract, profile)
        except WatchwordError as error:
            raise pytest.fail.Exception(str(error), pytrace=False) from None

    def _secrecy(self, name: str) -> Secrecy:
        return self._secrecies.setdefault(name, Secrecy(self._opened(name), self.memory, self._bodies))

    def _opened(self, name: str) -> Contract:
        """The contract that a test names; fails it where there is none."""
        try:
            return self._contract(name)
        except WatchwordError as error:
            raise pytest.fail.Exception(str(error), pytrace=False) from None

    def _contract(self, name: str) -> Contract:
        """Raises what `load_contract` raises."""
        if name not in self._contracts:
            source = located(name, self.config.rootpath)
            contract = load_contract(source)
            self._contracts[name] = contract
            self.sources.setdefault(contract.name, source)
        return self._contracts[name]


def _shared_key(config: pytest.Config) -> str:
    """What all workers of a pytest-xdist session know and nobody else; nothing without one."""
    given = getattr(config, "workerinput", None)
    return str(given["testrunuid"]) if given is not None else ""


def _is_controller(config: pytest.Config) -> bool:
    """Whether the tests run in workers of pytest-xdist, and this process only hands them out."""
    distributes = getattr(config.option, "dist", "no") != "no" and not config.option.collectonly
    return distributes and not hasattr(config, "workerinput")
