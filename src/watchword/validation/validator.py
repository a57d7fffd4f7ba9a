"""A contract compiled for speed: one exchange against one operation, found by method and URL.

`conforms` and `findings` say the same thing at different prices; assumed clauses count in both.
"""

from collections.abc import Sequence

from watchword.contract import Clause, Contract, Operation
from watchword.ground import Exchange, Finding, Severity, Side, redact
from watchword.validation.book import Book
from watchword.validation.replies import CompiledReplies
from watchword.validation.requests import CompiledRequest
from watchword.validation.route import Router
from watchword.validation.scene import Scene

_METHODS = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"})


class _Route:
    """One path template of one operation; compiled when first used, for a document may have thousands."""

    __slots__ = ("compiled", "operation", "path")

    def __init__(self, operation: Operation, path: str) -> None:
        self.operation = operation
        self.path = path
        self.compiled: tuple[CompiledRequest, CompiledReplies] | None = None


class Validator:
    """Judges exchanges against one contract.

    `base_paths` replaces the base paths of the document's servers, for a service that is mounted elsewhere.
    """

    __slots__ = ("_book", "_router", "contract")

    def __init__(self, contract: Contract, *, base_paths: Sequence[str] | None = None) -> None:
        self.contract = contract
        self._book = Book(contract)
        self._router: Router[_Route] = Router()
        for operation in contract.operations:
            paths = operation.paths
            if base_paths is not None:
                paths = tuple(base.rstrip("/") + operation.path for base in base_paths)
            for path in paths:
                self._router.add(operation.method, path, _Route(operation, path))

    def route(self, method: str, url: str) -> Operation | None:
        """The operation that a request is for, or `None`. Methods are case-sensitive (RFC 9110 section 9.1)."""
        found = self._router.find(method, url)
        return found[0].operation if found else None

    def conforms(self, exchange: Exchange) -> bool:
        """Whether `findings` would be empty; several times faster."""
        found = self._router.find(exchange.request.method, exchange.request.url)
        return found is not None and self._fits(found, exchange)

    def findings(self, exchange: Exchange) -> list[Finding]:
        """One finding per broken clause, documented or assumed: first the request's, then the response's.

        An exchange that no operation describes gives a single `unknown-operation`. Never raises for what an exchange
        holds, whatever its bytes.
        """
        operation, found = self.judged(exchange)
        return found if operation is not None else [self._unknown(exchange)]

    def judged(self, exchange: Exchange) -> tuple[Operation | None, list[Finding]]:
        """`route` and `findings` at once; no finding where there is no operation."""
        found = self._router.find(exchange.request.method, exchange.request.url)
        if found is None:
            return None, []
        route, values, query = found
        if self._fits(found, exchange):
            return route.operation, []
        asked = self._request_findings(route, exchange, values, query)
        return route.operation, [*asked, *self._response_findings(route, exchange)]

    def _fits(self, found: tuple[_Route, list[str], str], exchange: Exchange) -> bool:
        """Whether an exchange breaks nothing of the route that was found for it."""
        route, values, query = found
        requests, replies = route.compiled or self._compile(route)
        verdict = requests.conforms(exchange.request, values, query)
        if verdict is False:
            return False
        if verdict is None and self._request_findings(route, exchange, values, query):
            return False
        if exchange.response is None:
            return True
        verdict = replies.conforms(exchange.response)
        return verdict if verdict is not None else not self._response_findings(route, exchange)

    def reply_findings(self, exchange: Exchange) -> list[Finding]:
        """The response's part of `findings`; nothing is asked of the request but which operation it is for."""
        found = self._router.find(exchange.request.method, exchange.request.url)
        if found is None or exchange.response is None:
            return []
        _, replies = found[0].compiled or self._compile(found[0])
        if replies.conforms(exchange.response):
            return []
        return self._response_findings(found[0], exchange)

    def left_out(self) -> dict[str, str]:
        """Address -> reason of each keyword met so far that no engine can apply; it is judged as if absent."""
        return dict(self._book.engine.left_out)

    def _compile(self, route: _Route) -> tuple[CompiledRequest, CompiledReplies]:
        route.compiled = (
            CompiledRequest(route.operation, route.path, self._book.engine),
            CompiledReplies(route.operation, self._book.engine),
        )
        return route.compiled

    def _request_findings(self, route: _Route, exchange: Exchange, values: list[str], query: str) -> list[Finding]:
        requests, _ = route.compiled or self._compile(route)
        return list(requests.findings(self._scene(route, exchange, Side.REQUEST), values, query))

    def _response_findings(self, route: _Route, exchange: Exchange) -> list[Finding]:
        _, replies = route.compiled or self._compile(route)
        return list(replies.findings(self._scene(route, exchange, Side.RESPONSE)))

    def _scene(self, route: _Route, exchange: Exchange, side: Side) -> Scene:
        return Scene(route.operation, exchange, side, self._book)

    def _unknown(self, exchange: Exchange) -> Finding:
        """Tells no part of the URL that the contract does not know: it may be anything."""
        request = exchange.request
        method = request.method if request.method in _METHODS else redact(request.method)
        segments = self._router.known_segments(request.url)
        shown = "/" + "/".join("…" if segment is None else segment for segment in segments)
        methods = self._router.methods(request.url)
        reason = f"documented there: {', '.join(methods)}" if methods else "no operation has such a path"
        place = Clause(self.contract.root).node.get("paths")
        return Finding(
            rule="unknown-operation",
            message=f"`{method} {shown}` is not documented; {reason}",
            severity=Severity.ERROR,
            side=Side.REQUEST,
            location="method" if methods else "url",
            place=place.place if place else None,
            subject=f"{method} {shown}",
        )
