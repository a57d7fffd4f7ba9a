"""Schemathesis' own pytest plugin with the extension loaded: what a failing test may show. Sends and judges nothing.

A test of the user's has no events that could be hidden; what shows values there are the texts that a case makes of
itself, and those of the exceptions that calling it raises.
"""

import traceback
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, cast

import requests
from schemathesis import Case
from schemathesis.core.failures import FailureGroup, format_failures
from schemathesis.errors import SchemathesisError

from watchword.ground import WatchwordError
from watchword.schemathesis.events import LeftOut
from watchword.schemathesis.hiding import Hider
from watchword.schemathesis.peer import StCase, StResponse
from watchword.schemathesis.scenarios import hidden_case, hidden_response, hide_failure
from watchword.schemathesis.service import Service
from watchword.schemathesis.services import is_command, judge_of

Method = Callable[..., Any]

_LEFT_OUT = "(a case whose values are left out)"


def install_in_tests() -> None:
    """Has every case that no command of Schemathesis' made hide its values wherever it shows them."""
    case: Any = Case
    case.validate_response = _validating(case.validate_response, case.as_curl_command)
    case.call = _calling(case.call)
    case.as_curl_command = _curl(case.as_curl_command)
    case.__repr__ = _repr(case.__repr__)


@lru_cache(maxsize=16)
def _hider(service: Service) -> Hider:
    return Hider(service)


def _hider_of(case: StCase) -> Hider | None:
    judge = judge_of(case.operation.schema)
    return _hider(judge.service) if judge else None


def _validating(original: Method, curl: Method) -> Method:
    def validate_response(self: StCase, response: Any, *given: Any, **options: Any) -> None:
        __tracebackhide__ = True
        try:
            original(self, response, *given, **options)
        except FailureGroup as group:
            if is_command():
                raise
            failures: Any = list(group.exceptions)
        else:
            return
        for failure in failures:
            hide_failure(failure)
        raise FailureGroup(failures, _message(self, response, failures, curl)) from None

    return validate_response


def _message(case: StCase, response: Any, failures: list[Any], curl: Method) -> str:
    """What Schemathesis says of failures, of the hidden case and the hidden response."""
    titles = ", ".join(dict.fromkeys(failure.title for failure in failures))
    hider = _hider_of(case)
    if hider is None or not isinstance(response, StResponse):
        return titles
    headers = _headers(response.request.headers, hider)
    told = format_failures(
        case_id=None,
        response=hidden_response(response, hider),
        failures=failures,
        curl=curl(hidden_case(case, hider), headers=headers, verify=response.verify),
        config=case.operation.schema.config.output,
    )
    return f"{titles}\n{told}\n\n"


def _headers(given: Mapping[str, Any] | None, hider: Hider) -> dict[str, str]:
    return {name: hider.header(name, str(value)) for name, value in (given or {}).items()}


def _curl(original: Method) -> Method:
    def as_curl_command(self: StCase, headers: Mapping[str, Any] | None = None, *given: Any, **options: Any) -> str:
        if is_command():
            return str(original(self, headers, *given, **options))
        hider = _hider_of(self)
        if hider is None:
            return _LEFT_OUT
        return str(original(hidden_case(self, hider), _headers(headers, hider), *given, **options))

    return as_curl_command


def _repr(original: Method) -> Method:
    def __repr__(self: StCase) -> str:  # noqa: N807 (it takes that name's place)
        if is_command():
            return str(original(self))
        hider = _hider_of(self)
        return _LEFT_OUT if hider is None else str(original(hidden_case(self, hider)))

    return __repr__


def _calling(original: Method) -> Method:
    def call(self: StCase, *given: Any, **options: Any) -> StResponse:
        __tracebackhide__ = True
        if is_command():
            return cast("StResponse", original(self, *given, **options))
        try:
            return cast("StResponse", original(self, *given, **options))
        except SchemathesisError:
            raise
        except (requests.RequestException, WatchwordError) as problem:
            if isinstance(problem, requests.RequestException):
                problem.args = ("the service gave no answer",)
            told: Exception = problem
        except Exception as problem:  # noqa: BLE001 (whatever an application raises)
            told = LeftOut(f"{type(problem).__name__}{_place(problem)}: its message may hold a value and is left out")
        # Frames on the way have the request among their arguments, and pytest shows those.
        told.__notes__ = []
        raise told.with_traceback(None) from None

    return call


def _place(problem: Exception) -> str:
    """Where an application raised it."""
    frames = traceback.extract_tb(problem.__traceback__)
    return f" in {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
