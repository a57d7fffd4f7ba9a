"""A stand-in for validators, so that reading, counting and rendering are tested without any contract. Holds no test."""

from dataclasses import dataclass, field

import pytest

from watchword.ground import Certainty, Exchange, Finding, Severity, Side


@dataclass(frozen=True)
class StandInOperation:
    id: str
    method: str
    path: str


@dataclass(frozen=True)
class StandInContract:
    name: str
    operations: tuple[StandInOperation, ...]


@dataclass
class StandIn:
    """Judges by words in the bodies: `wrong` breaks a documented clause, `doubtful` an assumed one."""

    contract: StandInContract
    asked: list[str] = field(default_factory=list)

    def route(self, method: str, url: str) -> StandInOperation | None:
        path = url.partition("?")[0]
        return next((each for each in self.contract.operations if (each.method, each.path) == (method, path)), None)

    def conforms(self, exchange: Exchange) -> bool:
        self.asked.append("conforms")
        return not self._findings(exchange)

    def findings(self, exchange: Exchange) -> list[Finding]:
        self.asked.append("findings")
        if self.route(exchange.request.method, exchange.request.url) is None:
            location = (
                "method" if any(each.path == exchange.request.url for each in self.contract.operations) else "url"
            )
            return [Finding("unknown-operation", self.contract.name, side=Side.REQUEST, location=location)]
        return self._findings(exchange)

    def _findings(self, exchange: Exchange) -> list[Finding]:
        sides = [(Side.REQUEST, exchange.request.body)]
        if exchange.response is not None:
            sides.append((Side.RESPONSE, exchange.response.body))
        name = f"{self.contract.name} op"
        wrong = [
            Finding("Password/digit", "has no digit", side=side, location="body#/p", operation=name)
            for side, body in sides
            if b"wrong" in body
        ]
        assumed = (Severity.OBSERVATION, Certainty.ASSUMED)
        doubtful = [
            Finding("Password/alphabet", "has 1 other", *assumed, side=side, location="body#/p", operation=name)
            for side, body in sides
            if b"doubtful" in body
        ]
        return [*wrong, *doubtful]


@pytest.fixture
def one() -> StandIn:
    """Contract `one`: PUT /things/password."""
    return StandIn(StandInContract("one", (StandInOperation("op", "PUT", "/things/password"),)))


@pytest.fixture
def two() -> StandIn:
    """Contract `two`: PUT /things/password too, and GET /other."""
    operations = (StandInOperation("op", "PUT", "/things/password"), StandInOperation("get", "GET", "/other"))
    return StandIn(StandInContract("two", operations))
