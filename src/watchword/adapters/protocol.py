"""What an adapter module offers. Holds no behaviour."""

from typing import Any, Protocol

from watchword.ground import Request, Response


class Adapter(Protocol):
    """One HTTP library. A given `body` is used in place of the object's own, which is then not touched."""

    def is_request(self, given: Any, /) -> bool:
        """Whether the object is a request rather than a response."""

    def request_of(self, response: Any, /) -> Any:
        """The request that a response says it answers, or None where it does not know."""

    def request_from(self, given: Any, body: bytes | None, /) -> Request:
        """The request; raises UnreadableInput for a body that was not read."""

    def response_from(self, given: Any, body: bytes | None, /) -> Response:
        """The response; raises UnreadableInput for a body that was not read, or whose encoding is unknown."""
