"""Contract tests for the APIs that hand out secrets.

    validator = watchword.load("kii")
    validator.findings(exchange)                        # a list of Finding records
    validator.conforms(exchange)                        # the same verdict as a bool, faster
    watchword.assert_conforms(validator, response)      # the same verdict as an ExceptionGroup

Importing this loads nothing else: a pytest session with the plug-in installed pays for it every time.
"""

from __future__ import annotations

TYPE_CHECKING = False  # type checkers know the name; `typing` itself takes longer to load than all else here
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any, Literal

    from watchword.validation import Validator

__all__ = ["__version__", "assert_conforms", "load"]

__version__ = "0.1.0"


def load(name_or_path: str | Path) -> Validator:
    """The validator of a bundled contract (`roma-connect`, `iotda`, `kii`) or of an OpenAPI document.

    Raises `UnknownContract`, `UnreadableInput`, or `BrokenDocument` with everything that is wrong with the document.
    """
    import gc

    collects = gc.isenabled()
    gc.disable()  # what is made here stays; looking for garbage in it takes a twentieth of the time
    try:
        from watchword.contract import load_contract
        from watchword.validation import Validator

        return Validator(load_contract(name_or_path))
    finally:
        if collects:
            gc.enable()


def assert_conforms(
    validator: Validator,
    response: Any,
    request: Any = None,
    *,
    side: Literal["request", "response"] | None = None,
    request_body: bytes | None = None,
    response_body: bytes | None = None,
) -> None:
    """Raises one `ExceptionGroup` with a `ContractViolation` per documented clause that an exchange breaks.

    `response` is an `Exchange`, or a response of `requests`, `httpx`, Starlette, werkzeug, Flask, Django or aiohttp.
    `side` judges one half alone: `"response"` where a test sends something wrong on purpose. `request` is the request
    of a response that does not know it (server-side ones). `request_body` and `response_body` stand for bodies that
    the object does not keep: aiohttp forgets what it sent. A body on the side that is not judged is never needed.

    Raises `WatchwordError` for any other object, another side, or a body that is needed and not there.
    """
    from watchword.adapters import judged_exchange
    from watchword.ground import Side
    from watchword.validation import assert_conforms as judge

    exchange = judged_exchange(response, request, side=side, request_body=request_body, response_body=response_body)
    judge(validator, exchange, side=Side(side) if side else None)
