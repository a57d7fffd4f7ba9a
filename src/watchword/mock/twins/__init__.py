"""The twins, one file each. To add one: its file, its fixtures, its line here."""

from collections.abc import Callable, Mapping

from watchword.contract import Operation
from watchword.mock.fixtures import Fixtures
from watchword.mock.twin import Twin
from watchword.mock.twins.iotda import IotdaTwin
from watchword.mock.twins.kii import KiiTwin
from watchword.mock.twins.roma_connect import RomaConnectTwin

# Contract name and operationId -> its twin, made of the operation and the contract's fixtures.
TWINS: Mapping[tuple[str, str], Callable[[Operation, Fixtures], Twin]] = {
    ("roma-connect", "resetDeviceAuthentication"): RomaConnectTwin,
    ("iotda", "resetDeviceSecret"): IotdaTwin,
    ("kii", "changeThingPassword"): KiiTwin,
}

__all__ = ["TWINS"]
