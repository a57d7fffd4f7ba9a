"""What one test agreed to: a contract, compiled, and how strictly its exchanges are judged. Finds none itself."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import partial

import pytest

from watchword.contract import Contract, Operation
from watchword.ground import Exchange, Finding, Side
from watchword.pytest_plugin.nearness import Near, near_miss
from watchword.pytest_plugin.secrecy import Secrecy
from watchword.pytest_plugin.settings import Settings, Undocumented
from watchword.pytest_plugin.unread import known_findings
from watchword.pytest_plugin.verdict import service_findings
from watchword.validation import Validator


@dataclass(frozen=True, slots=True)
class Terms:
    """The arguments of the markers `contract` of a test, the nearest ones first; the rest from the settings.

    `goes_elsewhere` says that a marker itself lets other paths pass: that the test asks for some is no mistake then.
    """

    names: tuple[str, ...]
    base_path: str | None
    undocumented: Undocumented
    strict_requests: bool
    repeated_secrets: Undocumented = "fail"
    profile: str | None = None
    goes_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Agreement:
    """A validator with the terms of one test, and what the session knows of its secrets."""

    validator: Validator
    undocumented: Undocumented
    strict_requests: bool
    repeated_secrets: Undocumented
    secrecy: Secrecy
    goes_elsewhere: bool = False

    @property
    def name(self) -> str:
        """The contract's name, without that of a profile."""
        return self.secrecy.contract.name

    def judged(self, exchange: Exchange, unread: Collection[Side] = ()) -> tuple[Operation | None, list[Finding], bool]:
        """The operation of an exchange, all that it breaks, and whether rules of a reply could not be looked at.

        The bodies of the `unread` sides are unknown.
        """
        if not unread:
            return *self.validator.judged(exchange), False
        operation = self.validator.route(exchange.request.method, exchange.request.url)
        if operation is None:
            return None, [], False
        known = known_findings(self.validator, exchange, unread)
        return operation, known.findings, known.lost

    def counted(
        self,
        operation: Operation,
        exchange: Exchange,
        found: list[Finding],
        test: str,
        unread: Collection[Side] = (),
    ) -> list[Finding]:
        """What of all that an exchange breaks counts in the eyes of the test; then what it does with secrets."""
        remembers = self.repeated_secrets == "fail" and Side.REQUEST not in unread
        told = self.secrecy.findings(operation, exchange, found, test, remembers=remembers, unread=unread)
        if self.strict_requests:
            return [*found, *self.secrecy.shown(operation, exchange.request), *told]
        status = exchange.response.status if exchange.response else 0
        if Side.REQUEST in unread and status >= 400:  # nobody knows what was refused
            return [*(each for each in found if each.side is not Side.REQUEST), *told]
        is_sure = partial(self.secrecy.is_all_there_is, operation, exchange.request)
        return [*service_findings(operation, exchange, found, is_sure), *told]

    def fails_undocumented(self, exchange: Exchange, *, known: bool) -> bool:
        """Whether an exchange that no operation describes counts.

        On a `known` path, whose method is another one, it does if it was accepted; elsewhere if the terms say so, or if
        a client that is held to the contract just misses a path.
        """
        if self.undocumented == "fail":
            return True
        if known:
            return exchange.response is None or exchange.response.status < 300
        return self.strict_requests and self._near(exchange) is not None

    def explained(self, exchange: Exchange, found: list[Finding]) -> list[Finding]:
        """The findings on an exchange of no operation, with the path that it just misses."""
        near = self._near(exchange)
        if near is None:
            return found
        hint = f"; `{exchange.request.method} {near.path}` is: {near.difference}"
        return [replace(each, message=f"{each.message}{hint}") for each in found]

    def _near(self, exchange: Exchange) -> Near | None:
        return near_miss(self.validator.contract, exchange.request.method, exchange.request.url)


def terms_of(node: pytest.Item | pytest.Collector, settings: Settings) -> Terms:
    """The terms of a test, a class, a module or the session."""
    markers = list(node.iter_markers("contract"))
    options: dict[str, object] = {}
    for marker in reversed(markers):
        options |= {name: value for name, value in marker.kwargs.items() if value is not None}
    strange = set(options) - {"base_path", "undocumented", "strict_requests", "repeated_secrets", "profile"}
    if strange:
        pytest.fail(f"@pytest.mark.contract: unknown argument {', '.join(sorted(strange))}", pytrace=False)
    for name in ("undocumented", "repeated_secrets"):
        if options.get(name, "pass") not in ("pass", "fail"):
            pytest.fail(f"@pytest.mark.contract: {name}={options[name]!r}, expected 'pass' or 'fail'", pytrace=False)
    callspec = getattr(node, "callspec", None)
    parameter = callspec.params.get("contract") if callspec else None
    if parameter is not None:
        names: tuple[str, ...] = (str(parameter),)
    else:
        names = next((tuple(map(str, marker.args)) for marker in markers if marker.args), settings.contracts)
    base_path = options.get("base_path", settings.base_path)
    return Terms(
        names,
        None if base_path is None else str(base_path),
        "fail" if options.get("undocumented", settings.undocumented) == "fail" else "pass",
        bool(options.get("strict_requests", settings.strict_requests)),
        "pass" if options.get("repeated_secrets", settings.repeated_secrets) == "pass" else "fail",
        str(options["profile"]) if "profile" in options else None,
        options.get("undocumented") == "pass",
    )


def compiled(contract: Contract, base_path: str | None) -> Validator:
    """The validator for a service mounted at a path; unless one is given, where the document says or at the root."""
    return Validator(contract, base_paths=list(dict.fromkeys(_base_paths(contract, base_path))))


def _base_paths(contract: Contract, base_path: str | None) -> Iterator[str]:
    if base_path is not None:
        yield f"/{base_path.strip('/')}" if base_path.strip("/") else ""
        return
    for operation in contract.operations:
        yield from (path.removesuffix(operation.path) for path in operation.paths)
    yield ""
