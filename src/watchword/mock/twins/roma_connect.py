"""The twin of ROMA Connect, "Resetting Device Authentication Information".

Where the text is silent it follows the decisions of docs/contracts.md: a missing or wrong token is refused with 400, a
lacking permission and another account's device with 403, an unknown project like an unknown instance with 500.
"""

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from watchword.contract import Operation
from watchword.mock.answer import Answer, json_answer
from watchword.mock.endpoint import Call, broken_rules
from watchword.mock.fixtures import Fixtures
from watchword.mock.twin import Callers, SecretSource, reply_member

Json = Any


@dataclass(slots=True)
class _Device:
    owner: str | None
    user_name: Json
    password: Json


class RomaConnectTwin:
    """Devices by project, instance and number; each has a user name and a password."""

    def __init__(self, operation: Operation, fixtures: Fixtures) -> None:
        self._fixtures = fixtures
        self._callers = Callers(fixtures, "X-Auth-Token")
        self._passwords = SecretSource(reply_member(operation, "200", "password"))
        self._projects = {device.path["project_id"] for device in fixtures.existing}
        self._instances = {(device.path["project_id"], device.path["instance_id"]) for device in fixtures.existing}
        self._devices: dict[tuple[str, str, str], _Device] = {}
        self.reset()

    def reset(self) -> None:
        """Put everything back to what the fixtures say."""
        self._devices = {
            _key(device.path): _Device(device.owner, device.user_name, device.secrets["password"])
            for device in self._fixtures.existing
        }

    def admit(self, call: Call) -> Answer | None:
        """400 without a known token, 403 without the permission or for a project that is somebody else's."""
        credential = self._callers.find(call)
        if credential is None:
            return _error(400, "APIGW.0301", "The header X-Auth-Token holds no token that is known here.")
        project = call.path.get("project_id", "")
        if not credential.permitted or (project in self._projects and project != credential.scope["project_id"]):
            return _error(403, "APIGW.0302", "The user may not reset device credentials in this project.")
        return None

    def refuse(self, call: Call) -> Answer:
        """400 with the broken rules."""
        return _error(400, "SCB.00000000", f"Not valid: {broken_rules(call.findings)}.")

    def act(self, call: Call) -> Answer:
        """200 with what holds now; 500 for an unknown instance, as in the vendor's example; 404 for a device."""
        project, instance, number = _key(call.path)
        if (project, instance) not in self._instances:
            reason = f"The instance does not exist. project_id: {project}, instance_id: {instance}."
            return _error(500, "ROMA.00110002", reason)
        device = self._devices.get((project, instance, number))
        if device is None:
            return _error(404, "ROMA.00110006", f"The device {number} does not exist.")
        credential = self._callers.find(call)
        if credential is not None and device.owner != credential.principal:
            return _error(403, "APIGW.0302", "The user may not reset the credentials of this device.")
        members = call.members()
        user_name, password = members.get("user_name"), members.get("password")
        # Left empty, a password is not reset; if the user name is empty too, the service makes one up (Table 3).
        if not _is_empty(user_name):
            device.user_name = user_name
        if not _is_empty(password):
            device.password = password
        elif _is_empty(user_name):
            device.password = self._passwords.draw()
        return json_answer(200, {"user_name": device.user_name, "password": device.password})

    def login(self, given: Mapping[str, Json]) -> bool:
        """Whether the device of this number has this password."""
        number = str(given.get("id"))
        return any(key[2] == number and device.password == given.get("secret") for key, device in self._devices.items())


def _key(path: Mapping[str, str]) -> tuple[str, str, str]:
    return path.get("project_id", ""), path.get("instance_id", ""), path.get("device_id", "")


def _is_empty(value: Json) -> bool:
    return value is None or value == ""


def _error(status: int, code: str, message: str) -> Answer:
    request_id = f"{uuid.uuid4()}-{time.time_ns() // 1_000_000}-watchword-mock"
    return json_answer(status, {"error_code": code, "error_msg": message, "request_id": request_id})
