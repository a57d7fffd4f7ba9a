"""What is known of the service of one loaded document: its contract, its target, who calls. Sends nothing."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from watchword.check import Device, Plan, Planned, Target
from watchword.check.routes import Routes, base_path
from watchword.contract import Contract, Operation
from watchword.ground import Certainty
from watchword.schemathesis.keeping import Keeper
from watchword.strategies.frame import Frame
from watchword.validation import Validator
from watchword.validation.decode import Undecodable, decode_json
from watchword.validation.route import decoded

Json = Any

_MOST_INTENTS = 50_000

IN_PROCESS = "http://127.0.0.1:0"
"""Where an application counts as being that tests call in their own process; nothing on a network has this port."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What a case of ours is about: the enumerated one that it is, or the rule that a drawn one breaks."""

    planned: Planned | None = None
    rule: str = "request"
    certainty: Certainty = Certainty.DOCUMENTED
    location: str | None = None
    also: tuple[str, ...] = ()


@dataclass(eq=False)
class Service:
    """One document under test.

    `appointed` says that the plan knows the credential, so that Schemathesis need not; `repeatable` that
    `watchword check` can send its cases, too.
    """

    plan: Plan
    keeper: Keeper
    appointed: bool = False
    repeatable: bool = True
    _intents: dict[str, Intent] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def remember(self, case_id: str, intent: Intent) -> None:
        """Keeps what a case is about for its checks; a run without end forgets the oldest."""
        with self.lock:
            self._intents[case_id] = intent
            if len(self._intents) > _MOST_INTENTS:
                del self._intents[next(iter(self._intents))]

    def intent(self, case_id: str) -> Intent | None:
        """What a case of ours is about; `None` for one of Schemathesis' own."""
        return self._intents.get(case_id)

    @cached_property
    def validator(self) -> Validator:
        """The compiled contract."""
        return Validator(self.contract, base_paths=[base_path(self.target.url)])

    @property
    def target(self) -> Target:
        """Where requests go."""
        return self.plan.target

    @property
    def contract(self) -> Contract:
        """The contract as it holds for devices without a profile."""
        return self.plan.contract

    @property
    def is_in_process(self) -> bool:
        """Whether it is an application that is called without a network."""
        return self.target.url.startswith(IN_PROCESS)

    @cached_property
    def devices(self) -> tuple[Device, ...]:
        """The devices that requests of chance may act on: listed ones, without rules of their own."""
        return tuple(device for device in self.target.devices if device.profile is None)

    @cached_property
    def _operations(self) -> dict[tuple[str, str], Operation]:
        return {(each.method.upper(), each.path): each for each in self.contract.operations}

    @cached_property
    def _routes(self) -> Routes:
        return Routes(self.contract, self.target.url)

    @cached_property
    def _frames(self) -> dict[str, Frame]:
        return {each.label: Frame(self.contract, each) for each in self.contract.operations}

    def operation(self, method: str, path: str) -> Operation | None:
        """The contract's operation for a method and a path template."""
        return self._operations.get((method.upper(), path))

    def route(self, method: str, url: str) -> tuple[Operation, dict[str, str]] | None:
        """The operation and the decoded path values of a URL on the wire."""
        found = self.raw_path(method, url)
        return None if found is None else (found[0], {name: decoded(value) for name, value in found[1].items()})

    def raw_path(self, method: str, url: str) -> tuple[Operation, dict[str, str]] | None:
        """As `route`, with the values as they stand in the URL."""
        return self._routes.find(method, url)

    def secrets(self, operation: Operation, body: bytes) -> tuple[str, ...]:
        """The texts of a body that stand where the contract puts a secret."""
        try:
            value = decode_json(body) if body else None
        except Undecodable:
            return ()
        return tuple(self._frames[operation.label].secrets(value))

    def frame(self, operation: Operation) -> Frame:
        """What the requests of an operation start from."""
        return self._frames[operation.label]

    def tokens(self) -> Iterator[str]:
        """Every credential that is known."""
        for principal in (self.target.principal, *self.target.refused):
            if principal is not None and principal.token:
                yield principal.token
