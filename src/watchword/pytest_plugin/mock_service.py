"""A contract's mock as a test sees it: where it is, who may call, which devices there are. Starts nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from urllib.parse import quote

from watchword.check import Principal, Target
from watchword.contract import Contract

Path = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MockService:
    """A running mock. Devices are tables of path parameters: `{"appID": "app1", "vendorThingID": "thing-1"}`."""

    contract: Contract = field(repr=False)
    url: str
    target: Target = field(repr=False)

    @property
    def devices(self) -> tuple[Path, ...]:
        """Those that exist and may be changed; none for a mock made from a document alone, which knows any."""
        return tuple(device.path for device in self.target.devices if device.profile is None)

    @property
    def unknown_devices(self) -> tuple[Path, ...]:
        """Those that do not exist."""
        return tuple(device.path for device in self.target.unknown)

    @property
    def foreign_devices(self) -> tuple[Path, ...]:
        """Those that exist and belong to somebody else."""
        return tuple(device.path for device in self.target.foreign)

    @property
    def headers(self) -> dict[str, str]:
        """The credential to use, as headers."""
        return self._headers(self.target.principal)

    @property
    def refused_headers(self) -> tuple[dict[str, str], ...]:
        """Credentials that must be refused: of other principals, then forged ones."""
        return tuple(self._headers(principal) for principal in self.target.refused)

    def url_of(self, operation: str, device: Path | None = None, **parameters: object) -> str:
        """The URL of an operation for a device, the first one unless given; path parameters replace the device's.

        Raises `KeyError` for an unknown operation, and for a path parameter without a value.
        """
        found = self.contract.operation(operation)
        values = {**(device or next(iter(self.devices), {})), **parameters}
        path = found.path
        for parameter in found.parameters:
            if parameter.where == "path":
                path = path.replace(f"{{{parameter.name}}}", quote(str(values[parameter.name]), safe=""))
        return self.url + path

    def _headers(self, principal: Principal | None) -> dict[str, str]:
        if principal is None:
            return {}
        alternatives = chain.from_iterable(operation.security for operation in self.contract.operations)
        for scheme in chain.from_iterable(alternatives):
            if scheme.kind != "apiKey":
                word = scheme.scheme.capitalize() if scheme.kind == "http" else "Bearer"
                return {"Authorization": f"{word} {principal.token}"}
            if scheme.where == "header":
                return {scheme.name: principal.token}
        return {}
