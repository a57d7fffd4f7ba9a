"""The mock as one ASGI application: any set of contracts under one root. Holds routing; the answers are made elsewhere.

Every request is answered within one step of the event loop, once its body is there: two requests never mix.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from watchword.contract import Contract, Operation
from watchword.ground import Exchange, Finding, Request, WatchwordError
from watchword.mock.answer import Answer, Hangup, problem
from watchword.mock.asgi import Disconnected, Receive, Scope, Send, TooLarge, hang_up, read_request, send_answer
from watchword.mock.controls import PREFIX, Controls
from watchword.mock.documented import DocumentedReplies
from watchword.mock.endpoint import Call, Endpoint, Fault, answered
from watchword.mock.fixtures import Fixtures, load_fixtures
from watchword.mock.log import log_line
from watchword.mock.twin import Twin
from watchword.mock.twins import TWINS
from watchword.validation import Validator
from watchword.validation.route import Router, decoded, template_names

MOST_BYTES = 1 << 20
"""The default limit of a request's body."""


@dataclass(frozen=True, slots=True)
class _Route:
    endpoint: Endpoint
    names: tuple[str, ...]


class Application:
    """An ASGI application; `app` makes it. `twins` holds the live twins by contract name."""

    def __init__(
        self,
        contracts: Sequence[Contract],
        fixtures: Mapping[str, Fixtures],
        fault: Fault | None,
        log: Callable[[str], None] | None,
        limit: int,
    ) -> None:
        self.contracts = tuple(contracts)
        self.twins: dict[str, Twin] = {}
        self._log = log
        self._limit = limit
        self._router: Router[_Route] = Router()
        for contract in contracts:
            validator = Validator(contract)
            for operation in contract.operations:
                endpoint = self._endpoint(contract, operation, validator, fixtures)
                endpoint = fault(endpoint) if fault else endpoint
                for path in operation.paths:
                    _refuse_reserved(operation, path)
                    self._router.add(operation.method, path, _Route(endpoint, tuple(template_names(path))))
        self._controls = Controls(self.twins)

    def _endpoint(
        self, contract: Contract, operation: Operation, validator: Validator, fixtures: Mapping[str, Fixtures]
    ) -> Endpoint:
        documented = DocumentedReplies(operation, validator)

        def judge(request: Request) -> list[Finding]:
            return validator.findings(Exchange(request))

        make = TWINS.get((contract.name, operation.id))
        if make is None:
            return Endpoint(contract, operation, judge, documented.admit, documented.refuse, documented.act)
        twin = make(operation, fixtures[contract.name])
        self.twins[contract.name] = twin

        def act(call: Call) -> Answer:
            return documented.wanted(call) or twin.act(call)

        return Endpoint(contract, operation, judge, twin.admit, twin.refuse, act)

    def reset(self) -> None:
        """Put every twin back to what the fixtures say."""
        for twin in self.twins.values():
            twin.reset()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request; any other kind of connection is closed."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close"})
            return
        call: Call | None = None
        try:
            request = await read_request(scope, receive, self._limit)
            answer, call = self.answer(request)
        except Disconnected:
            return
        except Hangup:
            await hang_up(send)
            return
        except TooLarge:
            close = (("Connection", "close"),)
            answer = problem(413, f"A body has at most {self._limit} bytes here.", headers=close)
        if self._log:
            self._log(log_line(scope["method"], call, answer))
        with suppress(OSError):  # the client has gone
            await send_answer(send, answer, with_body=scope["method"] != "HEAD")

    def answer(self, request: Request) -> tuple[Answer, Call | None]:
        """The answer to a request, and the call to an operation if it was one. Raises only `Hangup`."""
        try:
            control = self._controls.answer(request)
            if control is not None:
                return control, None
            found = self._router.find(request.method, request.url)
            if found is None:
                return self._no_route(request), None
            route, values, _query = found
            path = {name: decoded(value) for name, value in zip(route.names, values, strict=True)}
            return answered(route.endpoint, request, path)
        except Hangup:
            raise
        except Exception as error:  # noqa: BLE001 (the border: a client gets no traceback, and no value of it)
            return problem(500, f"The mock itself failed ({type(error).__name__}); this is a bug of watchword."), None

    def _no_route(self, request: Request) -> Answer:
        methods = self._router.methods(request.url)
        if not methods:
            return problem(404, "No operation has such a path.")
        allowed = ", ".join(methods)
        return problem(405, f"The methods of this path are {allowed}.", headers=(("Allow", allowed),))


def app(
    contracts: Sequence[Contract],
    *,
    fault: Fault | None = None,
    fixtures: Mapping[str, Fixtures] | None = None,
    log: Callable[[str], None] | None = None,
    limit: int = MOST_BYTES,
) -> Application:
    """An ASGI application that serves the contracts; of two with one route the first one answers.

    `fault` may change every endpoint. `log` gets one line per request. `limit` is the size in bytes that a request's
    body may have. Raises `WatchwordError` for two contracts with one name, for an operation below the reserved
    prefix, and for a contract with a twin whose document lacks what the twin needs.
    """
    names = [contract.name for contract in contracts]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise WatchwordError(f"two contracts are called {twice[0]}; rename one of the files")
    return Application(contracts, load_fixtures() if fixtures is None else fixtures, fault, log, limit)


def _refuse_reserved(operation: Operation, path: str) -> None:
    if path == PREFIX or path.startswith(f"{PREFIX}/"):
        raise WatchwordError(f"{operation.label}: paths below {PREFIX} are the mock's own")


async def _live(receive: Receive, send: Send) -> None:
    """The lifespan protocol: there is nothing to prepare, and nothing to clear away."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
