"""Contract tests for the APIs that hand out secrets.

    validator = watchword.load("kii")
    validator.findings(exchange)                        # a list of Finding records
    validator.conforms(exchange)                        # the same verdict as a bool, faster
    watchword.assert_conforms(validator, response)      # the same verdict as an ExceptionGroup

Importing this loads nothing else: a pytest session with the plug-in installed pays for it every time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from watchword.validation import Validator

__all__ = ["__version__", "assert_conforms", "load"]

__version__ = "0.1.0"


def load(name_or_path: str | Path) -> Validator:
    """The validator of a bundled contract (`roma-connect`, `iotda`, `kii`) or of an OpenAPI document.

    Raises `UnknownContract`, `UnreadableInput`, or `BrokenDocument` with everything that is wrong with the document.
    """
    from watchword.contract import load_contract
    from watchword.validation import Validator

    return Validator(load_contract(name_or_path))


def assert_conforms(validator: Validator, response: Any) -> None:
    """Raises one `ExceptionGroup` with a `ContractViolation` per documented clause that an exchange breaks.

    `response` is an `Exchange`, or a response of `requests`, `httpx`, Starlette, werkzeug, Flask, Django or aiohttp.
    Raises `WatchwordError` for any other object.
    """
    from watchword.ground import Exchange
    from watchword.validation import assert_conforms as judge

    if not isinstance(response, Exchange):
        from watchword.adapters import exchange_from

        response = exchange_from(response)
    judge(validator, response)
