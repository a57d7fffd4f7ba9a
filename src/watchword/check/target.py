"""Where a check is sent, as whom, and which devices it may touch. Reads no configuration and sends nothing."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from watchword.check.probe import Probe
from watchword.contract import Contract, Parameter, profile_names
from watchword.ground import PatternError, RuleTooLarge, WatchwordError
from watchword.strategies.frame import Frame
from watchword.strategies.instances import Impossible


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls: a name for messages, and the credential that proves it, without a scheme's name; it is never shown."""

    name: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Device:
    """A device by the path parameters that name it, decoded.

    `secrets` are those to restore, by slot; a device with one secret has it under `""`. `profile` is the contract's
    word for a kind of device with rules of its own.
    """

    path: Mapping[str, str]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    profile: str | None = None

    @property
    def key(self) -> str:
        """What tells it from every other device of its target, whatever the order of its path parameters."""
        return repr(sorted(self.path.items()))

    @property
    def name(self) -> str:
        """The device in one word, for messages: its last path parameter."""
        return next(reversed(list(self.path.values())), "the only device")


@dataclass(frozen=True, slots=True)
class Target:
    """One deployment of one contract.

    Only `devices` may be acted on; `unknown` ones do not exist, `foreign` ones exist and are not ours. `refused` are
    principals that may not act on `devices`. `rate` is in requests per second, `timeout` in seconds.
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
    timeout: float | None = None
    options: str = ""
    """How the command line names this target, for the command that repeats a case."""
    name: str | None = None
    """The target's own in the settings, if it has one there."""
    is_made_up: bool = False
    """Whether nobody listed `devices`, and they come from the document."""

    def device_at(self, path: Mapping[str, str]) -> Device | None:
        """The device that decoded path values name, whether it may be touched or not; `None` for one not listed."""
        for device in (*self.devices, *self.unknown, *self.foreign):
            if all(path.get(name) == value for name, value in device.path.items()):
                return device
        return None

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
    path parameter, has another one, or a profile that the contract does not define.
    """
    parts = urlsplit(target.url)
    if parts.username or parts.password:
        raise WatchwordError("the URL holds a user name or password, which would show in reports; leave it out")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WatchwordError(f"{target.url} is not an http or https URL")
    for principal in (target.principal, *target.refused):
        if principal is not None and not _fits_header(principal.token):
            raise WatchwordError(
                f"the credential {principal.name} holds a line break or another character of no header"
            )
    names = path_parameters(contract)
    known = all_path_parameters(contract)
    profiles = profile_names(contract)
    for device in (*target.devices, *target.unknown, *target.foreign):
        missing = sorted(names - set(device.path))
        strange = sorted(set(device.path) - known)
        if strange:
            raise WatchwordError(
                f"a device has an unknown key {', '.join(strange)}; known are {', '.join(sorted(known))}, "
                "and in watchword.toml `secret` and `profile`"
            )
        if missing:
            raise WatchwordError(f"device {device.name!r} of {target.url} has no value for {', '.join(missing)}")
        if device.profile is not None and device.profile not in profiles:
            told = f"known are {', '.join(profiles)}" if profiles else f"{contract.name} defines none"
            raise WatchwordError(f"device {device.name!r} has an unknown profile {device.profile!r}; {told}")
    if target.devices or not known:
        return target
    if not target.is_loopback:
        raise WatchwordError(
            f"{target.url} is not on this machine, and no device is listed; resetting credentials is destructive, "
            f"so name the devices that may be touched (--device {','.join(f'{name}=...' for name in sorted(known))})"
        )
    return replace(target, devices=(_from_examples(contract),), is_made_up=True)


def path_parameters(contract: Contract) -> set[str]:
    """The names of the parameters that every operation has in its path; they say which device is meant."""
    sets = [
        {parameter.name for parameter in operation.parameters if parameter.where == "path"}
        for operation in contract.operations
    ]
    return set.intersection(*sets) if sets else set()


def all_path_parameters(contract: Contract) -> set[str]:
    """The names of the path parameters of all operations."""
    return {each.name for operation in contract.operations for each in operation.parameters if each.where == "path"}


def _fits_header(token: str) -> bool:
    """RFC 9110 section 5.5: no control characters; `http.client` sends latin-1."""
    return all(" " <= character <= "\xff" and character != "\x7f" for character in token)


def bare_token(value: str) -> str:
    """A credential without the name of its scheme: `Bearer abc` is `abc`."""
    scheme, _, rest = value.strip().partition(" ")
    return rest.strip() if scheme.lower() in ("bearer", "basic") and rest.strip() else value.strip()


def _from_examples(contract: Contract) -> Device:
    """A device whose path parameters, those of all operations, have valid values: the document's examples, if any."""
    path: dict[str, str] = {}
    for operation in contract.operations:
        frame = Frame(contract, operation)
        for each in operation.parameters:
            if each.where == "path" and each.name not in path:
                path[each.name] = _valid(frame, each)
    return Device(path)


def _valid(frame: Frame, parameter: Parameter) -> str:
    try:
        return frame.value(parameter).text or "1"
    except (Impossible, PatternError, RuleTooLarge):
        return str(parameter.examples[0].value) if parameter.examples else "1"
