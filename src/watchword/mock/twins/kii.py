r"""The twin of Kii, "Change the password" of a thing.

Of the readings of `^\p{Print}{1,200}` it follows the assumed one: the whole password is printable ASCII, at most 200
characters; anything else is refused with 400.
"""

from collections.abc import Mapping
from typing import Any

from watchword.contract import Operation
from watchword.mock.answer import Answer, json_answer
from watchword.mock.endpoint import Call, broken_rules
from watchword.mock.fixtures import Credential, Fixtures
from watchword.mock.twin import Callers

Json = Any


class KiiTwin:
    """Things by application and vendor's id; each has a password."""

    def __init__(self, _operation: Operation, fixtures: Fixtures) -> None:
        self._fixtures = fixtures
        self._callers = Callers(fixtures, "Authorization")
        self._passwords: dict[tuple[str, str], Json] = {}
        self.reset()

    def reset(self) -> None:
        """Put everything back to what the fixtures say."""
        self._passwords = {_key(device.path): device.secrets["newPassword"] for device in self._fixtures.existing}

    def admit(self, call: Call) -> Answer | None:
        """401 for whoever is no administrator of the application; it names who that was, as far as it is known."""
        credential = self._callers.find(call)
        if credential is None:
            return _unauthorized("The header Authorization holds no token that is known here.", credential)
        if not credential.permitted or credential.scope["appID"] != call.path.get("appID"):
            return _unauthorized("Only an administrator of the application may do this.", credential)
        return None

    def refuse(self, call: Call) -> Answer:
        """400 with the broken rules."""
        members = {"errorCode": "INVALID_INPUT_DATA", "message": f"Not valid: {broken_rules(call.findings)}."}
        return json_answer(400, members, "application/vnd.kii.ValidationException+json")

    def act(self, call: Call) -> Answer:
        """204 without a body, also for the password that the thing already has; 404 for an unknown thing."""
        key = _key(call.path)
        if key not in self._passwords:
            return _not_found(*key)
        self._passwords[key] = call.members().get("newPassword")
        return Answer(204)

    def login(self, given: Mapping[str, Json]) -> bool:
        """Whether a thing of this vendor's id has this password; `appID` narrows it to one application."""
        app, thing = given.get("appID"), given.get("id")
        return any(
            key[1] == thing and app in (None, key[0]) and password is not None and password == given.get("secret")
            for key, password in self._passwords.items()
        )


def _key(path: Mapping[str, str]) -> tuple[str, str]:
    return path.get("appID", ""), path.get("vendorThingID", "")


def _unauthorized(message: str, credential: Credential | None) -> Answer:
    members = {
        "errorCode": "UNAUTHORIZED",
        "message": message,
        "authenticatedAppID": credential.scope["appID"] if credential else "",
        "authenticatedPrincipalID": credential.principal if credential else "",
    }
    return json_answer(401, members, "application/vnd.kii.UnauthorizedAccessException+json")


def _not_found(app: str, thing: str) -> Answer:
    members = {
        "errorCode": "THING_NOT_FOUND",
        "message": "The thing does not exist in this application.",
        "field": "vendorThingID",
        "value": thing,
        "appID": app,
    }
    return json_answer(404, members, "application/vnd.kii.ThingNotFoundException+json")
