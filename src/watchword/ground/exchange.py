"""One HTTP request with its response, as every room sees them. Holds no behaviour beyond header look-up."""

from typing import Any

from watchword.ground.frozen import record

Headers = tuple[tuple[str, str], ...]


def header_values(headers: Headers, name: str) -> list[str]:
    """All values of one header, in order; names compare case-insensitively (RFC 9110 section 5.1)."""
    wanted = name.lower()
    return [value for given, value in headers if given.lower() == wanted]


@record()
class Request:
    """What was asked.

    `url` is absolute (`https://host/a?b=c`) or starts with `/`, still percent-encoded.
    Header text is latin-1 decoded, one pair per field line. `body` is the content as sent; empty when there was none.
    """

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""

    def __repr__(self) -> str:
        path, mark, _ = self.url.partition("?")
        return f"Request({self.method} {path}{mark and '?…'}, {_shown(self.headers, self.body)})"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """Hypothesis asks this before it shows how an object was made, and from which values."""
        printer.text(repr(self))


@record()
class Response:
    """What came back; header text and body as in `Request`."""

    status: int
    headers: Headers = ()
    body: bytes = b""

    def __repr__(self) -> str:
        return f"Response({self.status}, {_shown(self.headers, self.body)})"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(repr(self))


@record()
class Exchange:
    """One request with its response; the response is absent where none was recorded.

    `id` is whatever the producer calls the exchange by (a line's `id`, a case id).
    """

    request: Request
    response: Response | None = None
    id: Any = None

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(repr(self))


def _shown(headers: Headers, body: bytes) -> str:
    """Headers by their names, for who knows which of them bear a credential, and the body by its size."""
    names = ", ".join(f"{name}: {value!r}" if name.lower() == "content-type" else name for name, value in headers)
    return f"headers=[{names}], body=<{len(body)} bytes>"
