"""What is known of the service of one loaded document: its contract, its target, who calls. Sends nothing."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from watchword.check import Device, Plan, Planned, Target, guarded
from watchword.check.request_value import request_value
from watchword.check.routes import Routes, base_path, plain
from watchword.contract import Contract, Operation, Scheme
from watchword.ground import Certainty
from watchword.schemathesis.keeping import Keeper
from watchword.strategies.frame import Frame
from watchword.validation import Validator
from watchword.validation.decode import Undecodable

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

    `appointed` says that the plan knows the credential, so that Schemathesis need not; `credentials` has those by the
    key of their scheme that differ from the plan's. `repeatable` says that `watchword check` can send its cases, too.
    """

    plan: Plan
    keeper: Keeper
    appointed: bool = False
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
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

    def validator(self, operation: Operation) -> Validator:
        """The compiled contract that an operation is of."""
        return self._validators[operation.label]

    @cached_property
    def _validators(self) -> dict[str, Validator]:
        base = base_path(self.target.url)
        found: dict[str, Validator] = {}
        for contract in self._contracts:
            compiled = Validator(contract, base_paths=[base])
            found.update((operation.label, compiled) for operation in contract.operations)
        return found

    @cached_property
    def _contracts(self) -> tuple[Contract, ...]:
        """The contract, and how it holds for each kind of listed device that is told apart."""
        kinds = (reading.contract for reading in self.plan.readings if reading.profile is not None)
        return (self.contract, *kinds)

    @property
    def target(self) -> Target:
        """Where requests go."""
        return self.plan.target

    @property
    def contract(self) -> Contract:
        """The contract as it holds for devices without a profile."""
        return self.plan.contract

    @cached_property
    def has_made_up_devices(self) -> bool:
        """Whether nobody listed a device: those of the target are then the document's examples, and stand for any."""
        target = self.target
        nobody = replace(target, devices=())
        return target.is_loopback and target.devices == guarded(nobody, self.contract).devices

    @property
    def is_forgetful(self) -> bool:
        """Whether it is a mock made from the document alone, whose replies do not depend on earlier requests."""
        return self.target.options == "--mock" and self.has_made_up_devices

    @property
    def is_in_process(self) -> bool:
        """Whether it is an application that is called without a network."""
        return self.target.url.startswith(IN_PROCESS)

    @property
    def devices(self) -> tuple[Device, ...]:
        """The devices that requests of Schemathesis' own making may act on: those without a profile, if any are."""
        return self.plan.readings[0].devices if self.plan.readings else ()

    def kinds(self, operation: Operation, path: Mapping[str, str]) -> list[tuple[Operation, Contract, Device | None]]:
        """An operation as it holds for each kind of listed device, with one of these; of the kind that a path names."""
        named = self.target.device_at(path)
        readings = [each for each in self.plan.readings if named in each.devices] or list(self.plan.readings)
        return [
            (reading.contract.operation(operation.id), reading.contract, named or next(iter(reading.devices), None))
            for reading in readings
        ]

    def as_of(self, operation: Operation, path: Mapping[str, str]) -> Operation:
        """An operation as it holds for the device that decoded path values name."""
        return self.kinds(operation, path)[0][0]

    @cached_property
    def _operations(self) -> dict[tuple[str, str], Operation]:
        return {(each.method.upper(), each.path): each for each in self.contract.operations}

    @cached_property
    def _routes(self) -> Routes:
        return Routes(self.contract, self.target.url)

    @cached_property
    def _frames(self) -> dict[str, Frame]:
        return {each.label: Frame(contract, each) for contract in self._contracts for each in contract.operations}

    def operation(self, method: str, path: str) -> Operation | None:
        """The contract's operation for a method and a path template."""
        return self._operations.get((method.upper(), path))

    def route(self, method: str, url: str) -> tuple[Operation, dict[str, str]] | None:
        """The operation and the decoded path values of a URL on the wire."""
        found = self.raw_path(method, url)
        return None if found is None else (found[0], plain(*found))

    def raw_path(self, method: str, url: str) -> tuple[Operation, dict[str, str]] | None:
        """As `route`, with the values as they stand in the URL."""
        return self._routes.find(method, url)

    def secrets(self, operation: Operation, body: bytes) -> tuple[str, ...]:
        """The texts of a body that stand where the contract puts a secret."""
        try:
            value = request_value(operation, body) if body else None
        except Undecodable:
            return ()
        return tuple(self._frames[operation.label].secrets(value))

    def frame(self, operation: Operation) -> Frame:
        """What the requests of an operation start from."""
        return self._frames[operation.label]

    def token(self, scheme: Scheme) -> str:
        """The valid credential for a scheme."""
        principal = self.target.principal
        return self.credentials.get(scheme.key, principal.token if principal else "")
