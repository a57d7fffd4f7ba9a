"""Where a check is sent, as whom, and which devices it may touch. Reads no configuration and sends nothing."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from watchword.check.probe import Probe
from watchword.contract import Contract, Operation
from watchword.ground import WatchwordError


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls: a name for messages, and the credential that proves it, without a scheme's name; it is never shown."""

    name: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Device:
    """A device by the path parameters that name it, decoded.

    `secrets` are those to restore, by slot; a device with one secret has it under `""`. `profile` is the contract's
    word for a kind of device with rules of its own; such a device takes part in workflows alone.
    """

    path: Mapping[str, str]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    profile: str | None = None

    @property
    def name(self) -> str:
        """The device in one word, for messages: its last path parameter."""
        return next(reversed(list(self.path.values())), "the only device")


@dataclass(frozen=True, slots=True)
class Target:
    """One deployment of one contract.

    Only `devices` may be acted on; `unknown` ones do not exist, `foreign` ones exist and are not ours. `refused` are
    principals that may not act on `devices`. `rate` is in requests per second.
    """

    contract: str
    url: str
    principal: Principal | None = None
    refused: tuple[Principal, ...] = ()
    devices: tuple[Device, ...] = ()
    unknown: tuple[Device, ...] = ()
    foreign: tuple[Device, ...] = ()
    rate: float | None = None
    probe: Probe | None = None
    options: str = ""
    """How the command line names this target, for the command that repeats a case."""

    @property
    def plain_devices(self) -> tuple[Device, ...]:
        """The listed devices for which the contract's rules hold as they stand."""
        return tuple(device for device in self.devices if device.profile is None)

    @property
    def is_loopback(self) -> bool:
        """Whether the host is this machine."""
        host = urlsplit(self.url).hostname or ""
        if host == "localhost":
            return True
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False


def guarded(target: Target, contract: Contract) -> Target:
    """The target, with devices made from the document's own examples where it lists none and is on loopback.

    Raises `WatchwordError` for a target elsewhere that does not list its devices, and for a device that leaves out a
    path parameter.
    """
    names = path_parameters(contract)
    for device in (*target.devices, *target.unknown, *target.foreign):
        missing = sorted(names - set(device.path))
        if missing:
            raise WatchwordError(f"device {device.name!r} of {target.url} has no value for {', '.join(missing)}")
    if target.devices or not names:
        return target
    if not target.is_loopback:
        raise WatchwordError(
            f"{target.url} is not on this machine, and no device is listed; resetting credentials is destructive, "
            f"so name the devices that may be touched (--device {','.join(f'{name}=...' for name in sorted(names))})"
        )
    return replace(target, devices=(_from_examples(contract.operations[0]),))


def path_parameters(contract: Contract) -> set[str]:
    """The names of the parameters that every operation has in its path; they say which device is meant."""
    sets = [
        {parameter.name for parameter in operation.parameters if parameter.where == "path"}
        for operation in contract.operations
    ]
    return set.intersection(*sets) if sets else set()


def bare_token(value: str) -> str:
    """A credential without the name of its scheme: `Bearer abc` is `abc`."""
    scheme, _, rest = value.strip().partition(" ")
    return rest.strip() if scheme.lower() in ("bearer", "basic") and rest.strip() else value.strip()


def _from_examples(operation: Operation) -> Device:
    path = {}
    for parameter in operation.parameters:
        if parameter.where == "path":
            path[parameter.name] = str(parameter.examples[0].value) if parameter.examples else "1"
    return Device(path)
