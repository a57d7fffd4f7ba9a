"""The events of a run, hidden before anything that reports them sees one; secrets put back when they end."""

import os
from collections.abc import Generator, Iterator
from typing import Any
from urllib.parse import urlsplit

import click
import requests
from schemathesis.core.errors import HookExecutionError
from schemathesis.engine import events

from watchword.ground import WatchwordError
from watchword.schemathesis.hiding import Hider
from watchword.schemathesis.scenarios import hidden_scenario, hide_failure
from watchword.schemathesis.service import Service
from watchword.schemathesis.services import services

Event = Any

_OWN_WORDS = (
    "InvalidSchema",
    "ConfigError",
    "LoaderError",
    "OperationNotFound",
    "InvalidRegexPattern",
    "Unsatisfiable",
)
"""Errors of Schemathesis whose texts speak of the document and the configuration."""


class LeftOut(Exception):
    """An error whose own text may hold a value."""


def hidden_events(given: Iterator[Event]) -> Generator[Event, None, None]:
    """The same events without a value in them. Raises click's UsageError for a mistake of the caller.

    However the run ends, the secrets of the devices are put back.
    """
    hiders: dict[int, Hider] = {}
    try:
        for event in given:
            for service in services():
                hiders.setdefault(id(service), Hider(service))
            yield _hidden(event, list(hiders.values()))
    finally:
        try:
            close = getattr(given, "close", None)
            if close is not None:
                close()
        finally:
            put_back_all()


def put_back_all() -> None:
    """Gives the devices of every service their secrets back; a second time does nothing."""
    for service in services():
        _put_back(service)


def _hidden(event: Event, hiders: list[Hider]) -> Event:
    if isinstance(event, events.FatalError):
        _tell_mistake(event.exception)
    if isinstance(event, events.ScenarioFinished | events.FuzzScenarioFinished) and hiders:
        event.recorder = hidden_scenario(event.recorder, _hider_of(event.recorder, hiders))
    elif isinstance(event, events.NonFatalError):
        return _error(event)
    elif isinstance(event, events.FatalError) and hiders:
        event.exception = _plain(event.exception)
    elif isinstance(event, events.EngineFinished):
        for failure in event.failures:
            hide_failure(failure)
    elif isinstance(event, events.PhaseFinished):
        _forget_probes(event.payload)
    return event


def _hider_of(recorder: Any, hiders: list[Hider]) -> Hider:
    """The hider of the service that a scenario was about: there is one, unless several documents are loaded."""
    for node in recorder.cases.values():
        operation = node.value.operation
        for hider in hiders:
            if hider.service.operation(operation.method, operation.path) is not None:
                return hider
    return hiders[0]


def _tell_mistake(problem: BaseException | None) -> None:
    """Raises what a caller did wrong as a usage error: one line, exit code 2."""
    while problem is not None:
        if isinstance(problem, WatchwordError):
            raise click.UsageError(str(problem))
        problem = problem.__cause__


def _error(event: events.NonFatalError) -> events.NonFatalError:
    return events.NonFatalError(
        error=_plain(event.value),
        phase=event.phase,
        label=event.label,
        related_to_operation=event.related_to_operation,
    )


def _plain(problem: Exception) -> Exception:
    """An exception whose text and notes hold no value."""
    cause: BaseException | None = problem
    while cause is not None:
        if isinstance(cause, WatchwordError):
            return LeftOut(str(cause))
        cause = cause.__cause__
    if isinstance(problem, requests.RequestException | HookExecutionError) or type(problem).__name__ in _OWN_WORDS:
        problem.__notes__ = []
        if isinstance(problem, requests.RequestException):
            return _network(problem)
        if not isinstance(problem, HookExecutionError):
            return problem
    return LeftOut(f"{type(problem).__name__}: its message may hold a value and is left out")


def _network(problem: requests.RequestException) -> Exception:
    """What went wrong on the way and where, without the request; of a kind that Schemathesis words as such."""
    host = urlsplit(str(problem.request.url or "")) if problem.request is not None else None
    where = f" at {host.scheme}://{host.netloc.rpartition('@')[2]}" if host is not None and host.netloc else ""
    cause = _of_system(problem)
    if type(problem) is requests.ConnectionError:
        told = f"[Errno {cause.errno}] {os.strerror(cause.errno)}" if cause and cause.errno else "no answer"
        return requests.ConnectionError(OSError(told + where))
    return requests.RequestException(f"{type(problem).__name__}: the service gave no answer{where}")


def _of_system(problem: BaseException) -> OSError | None:
    """The error of the operating system that is behind one of the client's."""
    pending, seen = [problem], set[int]()
    while pending:
        each = pending.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        if isinstance(each, OSError) and isinstance(each.errno, int) and each.errno > 0:
            return each
        inner = (each.__cause__, each.__context__, getattr(each, "reason", None), *each.args)
        pending.extend(found for found in inner if isinstance(found, BaseException))
    return None


def _forget_probes(payload: Any) -> None:
    found = payload.ok() if hasattr(payload, "ok") else None
    for probe in getattr(found, "probes", ()):
        probe.request = None
        probe.response = None


def _put_back(service: Service) -> None:
    findings, changed = service.keeper.finish()
    for finding in findings:
        click.echo(f"{finding.severity.value}: {finding.message}", err=True)
    for name in changed:
        click.echo(
            f"the secret of {name} may have changed and none is configured to put back; see `watchword recover`",
            err=True,
        )
