"""The exchanges of the user's own test, each judged as it happens. Which clients there are stands in `clients`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import pytest

from watchword.adapters import judged_exchange
from watchword.ground import Exchange, Finding, Side, UnreadableInput, WatchwordError
from watchword.pytest_plugin.clients import imported, patched
from watchword.pytest_plugin.nearness import nearest
from watchword.pytest_plugin.streams import Kept
from watchword.pytest_plugin.unread import Taken, taken
from watchword.pytest_plugin.verdict import ContractBroken, failing, paragraphs, warn, warn_of
from watchword.validation import is_about

if TYPE_CHECKING:
    from watchword.pytest_plugin.agreement import Agreement
    from watchword.pytest_plugin.session import Run

Client = TypeVar("Client")

_NOT_OFFERED = (405, 501)
"""How a service says that it has no HEAD."""

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
        self._pending: list[_Pending] = []
        self._strangers: list[Exchange] = []
        self.known = imported()
        self._missed: set[str] = set()

    def __call__(self, client: Client) -> Client:
        """The client itself, from now on watched; others no longer are, unless given too."""
        self._clients.append(client)
        return client

    def __repr__(self) -> str:
        names = " and ".join(agreement.name for agreement in self._agreements)
        return f"<watch over {names}: {self.judged} judged, {len(self.findings)} findings>"

    def judge(
        self,
        response: Any,
        request: Any = None,
        *,
        side: str | None = None,
        request_body: bytes | None = None,
        response_body: bytes | None = None,
    ) -> None:
        """Judges an exchange that no known client made; takes what the fixture `assert_conforms` takes.

        With `side`, that half alone is judged, and nothing of what becomes of secrets.
        """
        __tracebackhide__ = True
        if response is self._last:
            return
        exchange = _exchange(
            "watch.judge", response, request, side=side, request_body=request_body, response_body=response_body
        )
        if side is None:
            self._judge(Taken(exchange))
        else:
            self._judge_side(exchange, Side(side))

    def saw(
        self,
        client: Any,
        response: Any,
        request_body: bytes | None = None,
        *,
        reply: Kept | None = None,
        decode: Callable[[bytes], bytes] | None = None,
    ) -> None:
        """Takes what a client got. A reply that is streamed is judged when it ends, or else when the test does."""
        if self._clients and not any(client is each for each in self._clients):
            return
        pending = _Pending(response, request_body, reply, decode)
        if reply is not None:
            self._pending.append(pending)
            reply.when_ended = partial(self._ended, pending)
        elif not self._take(pending, is_last=False):
            self._pending.append(pending)

    @contextmanager
    def during_call(self) -> Iterator[None]:
        """Watches the clients too that other fixtures brought in; undone with the call, as those fixtures are later."""
        with patched(self.saw, imported() - self.known):
            known = imported()
            yield
        self._missed = imported() - known

    def settle(self, item: pytest.Item) -> None:
        """Ends the test: fails it with what has to fail, and warns of the rest."""
        for problem in self._take_late():
            warn_of(item, problem)
        if self._strangers and not self.judged and not self.findings and not self._goes_elsewhere:
            warn_of(item, self._judged_nothing())
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

    def _ended(self, pending: "_Pending") -> None:
        """Judges a streamed reply whose end was just read."""
        if any(each is pending for each in self._pending) and self._take(pending, is_last=False):
            self._pending = [each for each in self._pending if each is not pending]

    def _take_late(self) -> Iterator[str]:
        """Judges what is left at the end of the test, as far as it is known; what could not be judged."""
        pending, self._pending = self._pending, []
        for each in pending:
            try:
                if not self._take(each, is_last=True):
                    yield "a reply's body was not judged: the test did not read it to its end"
            except WatchwordError as problem:
                yield f"watch could not judge an exchange: {problem}"

    def _take(self, pending: "_Pending", *, is_last: bool) -> bool:
        """Judges an exchange; false where the reply's body is unknown: if more may come, nothing is judged yet."""
        try:
            taken = pending.taken()
        except WatchwordError:
            if is_last:
                raise
            return False
        if Side.RESPONSE in taken.unread and not is_last:
            return False
        self._last = pending.response
        return not self._judge(taken)

    def _judge(self, taken: Taken) -> bool:
        """Judges by the first contract that describes an exchange; whether rules of an unread reply are left over."""
        exchange = taken.exchange
        for agreement in self._agreements:
            operation, found, lost = agreement.judged(exchange, taken.unread)
            if operation is not None:
                self.judged += 1
                self._run.tally.add(agreement.name, operation, exchange, found)
                self.findings.extend(agreement.counted(operation, exchange, found, self._test, taken.unread))
                return lost
        if exchange.request.method != "HEAD" or not self._judge_head(exchange):
            self._undocumented(exchange)
        return False

    def _judge_head(self, exchange: Exchange) -> bool:
        """Judges HEAD as the GET of its path, without the body; false where there is none.

        RFC 9110 section 9.3.2: header fields may be left out whose value shows only with the content.
        """
        asked = replace(exchange, request=replace(exchange.request, method="GET"))
        for agreement in self._agreements:
            operation, found, _ = agreement.judged(asked, (Side.RESPONSE,))
            if operation is not None:
                self.judged += 1
                if exchange.response is None or exchange.response.status not in _NOT_OFFERED:
                    found = [each for each in found if each.rule != "missing-header"]
                    self.findings.extend(agreement.counted(operation, asked, found, self._test))
                return True
        return False

    def _judge_side(self, exchange: Exchange, side: Side) -> None:
        for agreement in self._agreements:
            operation, found, _ = agreement.judged(exchange)
            if operation is not None:
                self.judged += 1
                self.findings.extend(each for each in found if each.side is side)
                return
        self._undocumented(exchange)

    def _undocumented(self, exchange: Exchange) -> None:
        """An exchange that no contract describes: somebody else's, unless its path is ours or everything shall be.

        OPTIONS is answered by frameworks, for browsers (CORS), on every path that they know.
        """
        told = [(agreement, agreement.validator.findings(exchange)) for agreement in self._agreements]
        known = [(agreement, found) for agreement, found in told if any(each.location == "method" for each in found)]
        if known:
            self.judged += 1
            if exchange.request.method == "OPTIONS":
                return
        else:
            self._run.tally.elsewhere += 1
            self._strangers.append(exchange)
        for agreement, found in known or told:
            if agreement.fails_undocumented(exchange, known=bool(known)):
                self.findings.extend(agreement.explained(exchange, found))
                return

    @property
    def _goes_elsewhere(self) -> bool:
        """Whether the test says that it asks for paths of no contract."""
        return any(agreement.goes_elsewhere for agreement in self._agreements)

    def _judged_nothing(self) -> str:
        """What to say of a test whose exchanges are all of no contract."""
        first, agreement = self._strangers[0], self._agreements[0]
        count = len(self._strangers)
        names = " or ".join(each.name for each in self._agreements)
        subject = next((each.subject for each in agreement.validator.findings(first)), None)
        near = nearest(agreement.validator.contract, first.request.method, first.request.url)
        hint = f"; nearest to `{subject}` is `{near.path}`" if near else ""
        hint += f" ({near.difference})" if near and near.difference else ""
        noun = "exchange" if count == 1 else "exchanges"
        return f"watch judged nothing: of {count} {noun} of this test none is on a path of {names}{hint}"


class _Pending(NamedTuple):
    """An exchange as its client knows it; the reply may still be read."""

    response: Any
    request_body: bytes | None
    reply: Kept | None
    decode: Callable[[bytes], bytes] | None

    def taken(self) -> Taken:
        """As much of it as is known now. Raises what `taken` raises."""
        body = self.reply.body if self.reply is not None else None
        if body is not None and self.decode is not None:
            try:
                body = self.decode(body)
            except UnreadableInput:
                body = None
        return taken(self.response, request_body=self.request_body, response_body=body)


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


def _exchange(caller: str, response: Any, request: Any, **given: Any) -> Exchange:
    """The exchange that a test hands over; fails the test, in one sentence, where it is none."""
    __tracebackhide__ = True
    try:
        return judged_exchange(response, request, **given)
    except WatchwordError as problem:
        raise pytest.fail.Exception(f"{caller}: {problem}", pytrace=False) from None


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
        exchange = _exchange(
            "assert_conforms", response, request, side=side, request_body=request_body, response_body=response_body
        )
        found = agreement.validator.findings(exchange)
        operation = agreement.validator.route(exchange.request.method, exchange.request.url)
        if side is None and operation is not None:
            run.tally.add(agreement.name, operation, exchange, found)
        found = [each for each in found if is_about(each, Side(side) if side else None)]
        broken = failing(found, run.settings.fail_on)
        if broken:
            raise ContractBroken(broken)

    return assert_conforms
