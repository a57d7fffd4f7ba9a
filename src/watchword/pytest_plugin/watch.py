"""The exchanges of the user's own test, each judged as it happens. Which clients there are stands in `clients`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from watchword.adapters import exchange_from, judged_exchange
from watchword.ground import Exchange, Finding, Side, WatchwordError
from watchword.pytest_plugin.clients import imported, patched
from watchword.pytest_plugin.verdict import ContractBroken, failing, paragraphs, warn, warn_of
from watchword.validation import is_about

if TYPE_CHECKING:
    from watchword.pytest_plugin.agreement import Agreement
    from watchword.pytest_plugin.session import Run

Client = TypeVar("Client")

WATCH = pytest.StashKey["Watch"]()


class Watch:
    """The watch over one test.

    Every exchange of every client is judged; once called with clients, those alone. `findings` has what was found so
    far, `judged` the number of exchanges that belong to a contract.
    """

    def __init__(self, run: "Run", agreements: "list[Agreement]", test: str = "this test") -> None:
        self.findings: list[Finding] = []
        self.judged = 0
        self._run = run
        self._agreements = agreements
        self._test = test
        self._last: Any = None
        self._clients: list[Any] = []
        self._unread: list[tuple[Any, bytes | None]] = []
        self.known = imported()
        self._missed: set[str] = set()

    def __call__(self, client: Client) -> Client:
        """The client itself, from now on watched; others no longer are, unless given too."""
        self._clients.append(client)
        return client

    def __repr__(self) -> str:
        names = " and ".join(agreement.name for agreement in self._agreements)
        return f"<watch over {names}: {self.judged} judged, {len(self.findings)} findings>"

    def judge(self, response: Any, request: Any = None) -> None:
        """Judges an exchange that no known client made: what `watchword.assert_conforms` takes."""
        if response is self._last:
            return
        self._judge(exchange_from(response, request))

    def saw(self, client: Any, response: Any, request_body: bytes | None = None) -> None:
        """Takes what a client got. A body that is streamed is judged at the end of the test, if it was read by then."""
        if self._clients and not any(client is each for each in self._clients):
            return
        try:
            exchange = exchange_from(response, request_body=request_body)
        except WatchwordError:
            self._unread.append((response, request_body))
            return
        self._last = response
        self._judge(exchange)

    @contextmanager
    def during_call(self) -> Iterator[None]:
        """Watches the clients too that other fixtures brought in; undone with the call, as those fixtures are later."""
        with patched(self.saw, imported() - self.known):
            known = imported()
            yield
        self._missed = imported() - known

    def settle(self, item: pytest.Item) -> None:
        """Ends the test: fails it with what has to fail, and warns of the rest."""
        self._read_late(item)
        findings, self.findings = self.findings, []
        fatal = failing(findings, self._run.settings.fail_on)
        warn(item, [finding for finding in findings if finding not in fatal])
        if self._missed:
            names = " and ".join(sorted(self._missed))
            warn_of(item, f"watch did not see {names}, imported in the test itself; import it above")
        if fatal:
            raise ContractBroken(fatal)

    def add_section(self, item: pytest.Item) -> None:
        """Shows the findings below the failure that the test has already."""
        if self.findings:
            item.add_report_section("call", "watchword", paragraphs(self.findings))
            self.findings = []

    def _judge(self, exchange: Exchange) -> None:
        for agreement in self._agreements:
            operation = agreement.validator.route(exchange.request.method, exchange.request.url)
            if operation is not None:
                self.judged += 1
                found = agreement.validator.findings(exchange)
                self._run.tally.add(agreement.name, operation, exchange, found)
                self.findings.extend(agreement.counted(operation, exchange, found, self._test))
                return
        self._undocumented(exchange)

    def _undocumented(self, exchange: Exchange) -> None:
        """An exchange that no contract describes: somebody else's, unless its path is ours or everything shall be."""
        told = [(agreement, agreement.validator.findings(exchange)) for agreement in self._agreements]
        known = [(agreement, found) for agreement, found in told if any(each.location == "method" for each in found)]
        if known:
            self.judged += 1
        else:
            self._run.tally.elsewhere += 1
        for agreement, found in known or told:
            if agreement.fails_undocumented(exchange, known=bool(known)):
                self.findings.extend(found)
                return

    def _read_late(self, item: pytest.Item) -> None:
        unread, self._unread = self._unread, []
        for response, request_body in unread:
            try:
                self._judge(exchange_from(response, request_body=request_body))
            except WatchwordError as problem:
                warn_of(item, f"watch could not judge an exchange: {problem}")


def watching(run: "Run", request: pytest.FixtureRequest) -> Iterator[Watch]:
    """The fixture `watch`: clients are watched from here to the end of the fixtures that came after it."""
    item = request.node
    watch = Watch(run, run.agreements(request), item.nodeid)
    item.stash[WATCH] = watch
    try:
        with patched(watch.saw, watch.known):
            yield watch
    finally:
        del item.stash[WATCH]
    late = failing(watch.findings, run.settings.fail_on)
    if late:
        raise ContractBroken(late)


def asserting(run: "Run", agreement: "Agreement") -> Callable[..., None]:
    """What the fixture `assert_conforms` is: `watchword.assert_conforms` that tells pytest what is wrong."""

    def assert_conforms(
        response: Any,
        request: Any = None,
        *,
        side: str | None = None,
        request_body: bytes | None = None,
        response_body: bytes | None = None,
    ) -> None:
        """Fails the test where an exchange breaks the contract; takes what `watchword.assert_conforms` takes."""
        __tracebackhide__ = True
        try:
            exchange = judged_exchange(
                response, request, side=side, request_body=request_body, response_body=response_body
            )
        except WatchwordError as problem:
            raise pytest.fail.Exception(f"assert_conforms: {problem}", pytrace=False) from None
        found = agreement.validator.findings(exchange)
        operation = agreement.validator.route(exchange.request.method, exchange.request.url)
        if side is None and operation is not None:
            run.tally.add(agreement.name, operation, exchange, found)
        found = [each for each in found if is_about(each, Side(side) if side else None)]
        broken = failing(found, run.settings.fail_on)
        if broken:
            raise ContractBroken(broken)

    return assert_conforms
