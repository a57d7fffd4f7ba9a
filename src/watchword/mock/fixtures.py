"""What the twins start with, as plain records; the values stand in fixtures.yaml. Holds no behaviour of a service."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from watchword.document import load
from watchword.ground import WatchwordError

FIXTURES_FILE = Path(__file__).parent / "fixtures.yaml"

Json = Any
_SECTIONS = frozenset({"base-path", "credentials", "forged", "devices", "foreign", "unknown"})
_CREDENTIAL = frozenset({"name", "headers", "principal", "scope", "permitted"})
_DEVICE = frozenset({"path", "id", "owner", "profile", "user_name", "secrets"})


@dataclass(frozen=True, slots=True)
class Credential:
    """What a caller bears. A forged one has no principal.

    `scope` holds the path parameters for which it is good. `permitted` says whether its principal may act at all.
    """

    name: str
    headers: Mapping[str, str]
    principal: str = ""
    scope: Mapping[str, str] = ()  # type: ignore[assignment]
    permitted: bool = True


@dataclass(frozen=True, slots=True)
class Device:
    """A device by the path parameters that name it in a request, and by its own `id` when it logs in.

    `secrets` by slot: the name of the request's member, or its `secret_type`. `profile` is the contract's word for a
    kind of device with rules of its own (`nb-iot`, `coap`).
    """

    path: Mapping[str, str]
    id: str
    secrets: Mapping[str, str]
    owner: str | None = None
    profile: str | None = None
    user_name: str | None = None


@dataclass(frozen=True, slots=True)
class Fixtures:
    """All of one contract. `credentials[0]` may reset `devices`; the other credentials must be refused there.

    `profiled` are devices that it may reset too, by the narrower rules of their profile.
    """

    contract: str
    base_path: str
    credentials: tuple[Credential, ...]
    forged: tuple[Credential, ...]
    devices: tuple[Device, ...]
    profiled: tuple[Device, ...]
    foreign: tuple[Device, ...]
    unknown: tuple[Device, ...]

    @property
    def credential(self) -> Credential:
        """The one to use."""
        return self.credentials[0]

    @property
    def existing(self) -> tuple[Device, ...]:
        """Every device that there is, whoever it belongs to."""
        return (*self.devices, *self.profiled, *self.foreign)

    @property
    def refused(self) -> tuple[Credential, ...]:
        """Those that must not reset one of `devices`: other principals' first, then forged ones."""
        return (*self.credentials[1:], *self.forged)


def load_fixtures(path: Path = FIXTURES_FILE) -> dict[str, Fixtures]:
    """Contract name -> its fixtures, file order.

    Raises `UnreadableInput` or `BrokenDocument` for the file, `WatchwordError` for what does not belong in it.
    """
    root = load(path).value
    if not isinstance(root, dict):
        raise WatchwordError(f"{path}: fixtures are an object with one member per contract")
    try:
        return {name: _fixtures(name, section) for name, section in root.items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise WatchwordError(f"{path}: these are no fixtures: {type(error).__name__}: {error}") from None


def _fixtures(contract: str, section: Mapping[str, Json]) -> Fixtures:
    _only(section, _SECTIONS, contract)
    devices = tuple(_devices(section, "devices"))
    return Fixtures(
        contract=contract,
        base_path=section["base-path"],
        credentials=tuple(_credentials(section, "credentials")),
        forged=tuple(_credentials(section, "forged")),
        devices=tuple(device for device in devices if device.profile is None),
        profiled=tuple(device for device in devices if device.profile is not None),
        foreign=tuple(_devices(section, "foreign")),
        unknown=tuple(_devices(section, "unknown")),
    )


def _credentials(section: Mapping[str, Json], name: str) -> Iterator[Credential]:
    for entry in section[name]:
        _only(entry, _CREDENTIAL, name)
        yield Credential(
            name=entry["name"],
            headers=dict(entry["headers"]),
            principal=entry.get("principal", ""),
            scope=dict(entry.get("scope", {})),
            permitted=entry.get("permitted", True),
        )


def _devices(section: Mapping[str, Json], name: str) -> Iterator[Device]:
    for entry in section[name]:
        _only(entry, _DEVICE, name)
        yield Device(
            path=dict(entry["path"]),
            id=entry["id"],
            secrets=dict(entry.get("secrets", {})),
            owner=entry.get("owner"),
            profile=entry.get("profile"),
            user_name=entry.get("user_name"),
        )


def _only(entry: Mapping[str, Json], known: frozenset[str], where: str) -> None:
    """Misspelt members would otherwise be read as left out."""
    strange = sorted(set(entry) - known)
    if strange:
        raise WatchwordError(f"fixtures, {where}: unknown member {strange[0]!r}; known are {', '.join(sorted(known))}")
