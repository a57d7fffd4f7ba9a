"""The twin of IoTDA, "Reset a Device Secret".

Where the text is silent it follows the decisions of docs/contracts.md: a call without a known token is refused with
401, and error bodies hold `error_code` and `error_msg`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from watchword.contract import Operation, Schema
from watchword.ground import WatchwordError
from watchword.language import Rules
from watchword.mock.answer import Answer, json_answer
from watchword.mock.endpoint import Call, broken_rules
from watchword.mock.fixtures import Fixtures
from watchword.mock.twin import Callers, SecretSource, reply_member

Json = Any

_NB_IOT = "nb-iot"
_COAP = "coap"
_NB_IOT_SCHEMA = "#/components/schemas/NbIotSecret"


@dataclass(slots=True)
class _Device:
    path: Mapping[str, str]
    owner: str | None
    profile: str | None
    secrets: dict[Json, Json]
    connected: bool = False


class IotdaTwin:
    """Devices by id; each has a primary secret and, unless it speaks CoAP, a secondary one."""

    def __init__(self, operation: Operation, fixtures: Fixtures) -> None:
        self._fixtures = fixtures
        self._callers = Callers(fixtures, "X-Auth-Token")
        hexadecimal = _nb_iot_schema(operation)
        self._hexadecimal = Rules.of(
            hexadecimal.value, name=hexadecimal.name, at=hexadecimal.at, resolve=hexadecimal.resolve
        )
        self._sources = {
            None: SecretSource(reply_member(operation, "200", "secret")),
            _NB_IOT: SecretSource(hexadecimal),
        }
        self._devices: dict[str, _Device] = {}
        self.reset()

    def reset(self) -> None:
        """Put everything back to what the fixtures say."""
        self._devices = {
            device.path["device_id"]: _Device(device.path, device.owner, device.profile, dict(device.secrets))
            for device in self._fixtures.existing
        }

    def admit(self, call: Call) -> Answer | None:
        """401 without a known token, 403 without the permission or for a project that is not the caller's."""
        credential = self._callers.find(call)
        if credential is None:
            return _error(401, "IOTDA.000002", "The request bears no token that is known here.")
        if not credential.permitted or call.path.get("project_id") != credential.scope["project_id"]:
            return _error(403, "IOTDA.000004", "The user may not reset secrets in this project.")
        return None

    def refuse(self, call: Call) -> Answer:
        """400 with the broken rules."""
        return _error(400, "IOTDA.000006", f"Not valid: {broken_rules(call.findings)}.")

    def act(self, call: Call) -> Answer:
        """200 with the secret that holds now; 404 and 403 for devices; 400 for what the device's protocol forbids."""
        device = self._devices.get(call.path.get("device_id", ""))
        if device is None or device.path["project_id"] != call.path.get("project_id"):
            return _error(404, "IOTDA.014000", "The device does not exist in this project.")
        credential = self._callers.find(call)
        if credential is not None and device.owner != credential.principal:
            return _error(403, "IOTDA.000004", "The user may not reset the secrets of this device.")
        members = call.members()
        slot = members.get("secret_type", "PRIMARY")
        secret = members.get("secret")
        refusal = self._refusal(device, slot, secret)
        if refusal is not None:
            return refusal
        if secret is None:
            secret = self._sources.get(device.profile, self._sources[None]).draw()
        device.secrets[slot] = secret
        if members.get("force_disconnect") is True:
            device.connected = False
        return json_answer(200, {"device_id": call.path["device_id"], "secret": secret, "secret_type": slot})

    def _refusal(self, device: _Device, slot: Json, secret: Json) -> Answer | None:
        """Table 2: secrets of NB-IoT devices are hexadecimal. Table 4: CoAP devices have no secondary secret."""
        if device.profile == _COAP and slot != "PRIMARY":
            return _error(400, "IOTDA.000006", "Not valid: secret_type, a device that speaks CoAP has one secret.")
        if device.profile == _NB_IOT and isinstance(secret, str) and not self._hexadecimal.accepts(secret):
            return _error(400, "IOTDA.000006", "Not valid: secret, that of an NB-IoT device must be hexadecimal.")
        return None

    def login(self, given: Mapping[str, Json]) -> bool:
        """Whether one of the device's secrets, or the one in this slot, is this one; the device is then connected."""
        device = self._devices.get(str(given.get("id")))
        if device is None:
            return False
        slot = given.get("slot")
        held = list(device.secrets.values()) if slot is None else [device.secrets.get(str(slot))]
        accepted = given.get("secret") is not None and given["secret"] in held
        device.connected = device.connected or accepted
        return accepted

    def is_connected(self, device_id: str) -> bool:
        """Whether the device has logged in and was not forced off since."""
        return self._devices[device_id].connected


def _nb_iot_schema(operation: Operation) -> Schema:
    secret = reply_member(operation, "200", "secret")
    try:
        value, at = secret.resolve(_NB_IOT_SCHEMA)
    except WatchwordError:
        raise WatchwordError(f"{operation.label}: the twin needs the schema {_NB_IOT_SCHEMA}") from None
    return Schema(value, "NbIotSecret", at, secret.clause, secret.resolve)


def _error(status: int, code: str, message: str) -> Answer:
    return json_answer(status, {"error_code": code, "error_msg": message})
