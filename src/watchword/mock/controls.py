"""The mock's own operations, below a prefix of their own: what a device would do, and putting everything back.

POST /_twin/<contract>/login  {"id": ..., "secret": ...}  ->  200 {"ok": true | false}
POST /_twin/reset                                         ->  204
"""

from collections.abc import Mapping

from watchword.ground import Request
from watchword.mock.answer import Answer, json_answer, problem
from watchword.mock.twin import Twin
from watchword.validation.decode import Undecodable, decode_json
from watchword.validation.route import split_url

PREFIX = "/_twin"


class Controls:
    """Requests below the prefix."""

    def __init__(self, twins: Mapping[str, Twin]) -> None:
        self._twins = twins

    def answer(self, request: Request) -> Answer | None:
        """The answer, or `None` for a request that is not below the prefix."""
        path = split_url(request.url)[0]
        if path != PREFIX and not path.startswith(f"{PREFIX}/"):
            return None
        match path.split("/")[2:]:
            case ["reset"]:
                return self._reset() if request.method == "POST" else _only_post()
            case [contract, "login"] if contract in self._twins:
                return self._login(self._twins[contract], request) if request.method == "POST" else _only_post()
        known = ", ".join(f"{PREFIX}/{name}/login" for name in self._twins)
        return problem(404, f"Here are {PREFIX}/reset{', ' if known else ''}{known}.")

    def _reset(self) -> Answer:
        for twin in self._twins.values():
            twin.reset()
        return Answer(204)

    @staticmethod
    def _login(twin: Twin, request: Request) -> Answer:
        try:
            given = decode_json(request.body)
        except Undecodable as error:
            return problem(400, f"The body is {error}.")
        if not isinstance(given, dict) or not {"id", "secret"} <= given.keys():
            return problem(400, "The body is an object with the members id and secret.")
        return json_answer(200, {"ok": twin.login(given)})


def _only_post() -> Answer:
    return problem(405, "The method here is POST.", headers=(("Allow", "POST"),))
