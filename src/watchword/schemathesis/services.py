"""The services of this process, by the document that Schemathesis loaded. Decides where a target comes from."""

import os
import shlex
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import orjson

from watchword.check import Principal, Target, guarded, make_plan, read_target, settings_file
from watchword.contract import Contract, load_contract, read_contract
from watchword.document import read
from watchword.ground import WatchwordError
from watchword.schemathesis.credentials import (
    answered_first,
    fetches_by_itself,
    first_token,
    given_tokens,
    lacking,
)
from watchword.schemathesis.judging import Judge
from watchword.schemathesis.keeping import Keeper
from watchword.schemathesis.outlets import enabled_reports
from watchword.schemathesis.peer import StSchema
from watchword.schemathesis.service import IN_PROCESS, Service
from watchword.service.appointed import appointed

Json = Any

TARGET_VARIABLE = "WATCHWORD_TARGET"
"""Names the target of `watchword.toml` for runs that Watchword's own command did not start."""


@dataclass(frozen=True, slots=True)
class _Enrolled:
    """What is known of a loaded document; the document is kept, for others must not take its address."""

    document: Json
    judge: Judge | None = None
    problem: str | None = None


_enrolled: dict[int, _Enrolled] = {}
_locations: list[str] = []
_named_checks: list[str] = []
_commands: list[None] = []
_lock = threading.RLock()


def judge_of(schema: StSchema) -> Judge | None:
    """The judge for a loaded document; one whose service was not known when it was loaded is enrolled now."""
    with _lock:
        known = _enrolled.get(id(schema.raw_schema))
        if known is None:
            try:
                enrol(schema)
            except WatchwordError as problem:
                _enrolled[id(schema.raw_schema)] = _Enrolled(schema.raw_schema, problem=str(problem))
            known = _enrolled.get(id(schema.raw_schema))
        return known.judge if known else None


def problem_of(schema: StSchema) -> str:
    """Why a document has no judge."""
    known = _enrolled.get(id(schema.raw_schema))
    return known.problem if known and known.problem else "no base URL is known for the document"


def services() -> list[Service]:
    """Every service of the run."""
    return [each.judge.service for each in _enrolled.values() if each.judge is not None]


def begin(location: str | None, checks: Sequence[str] = ()) -> None:
    """Begins a command's run of the document at a path or URL; a loaded document does not know yet where it was.

    `checks` are those that the user named.
    """
    _enrolled.clear()
    _commands[:] = [None]
    _named_checks[:] = checks
    _locations[:] = [location] if location else []


def is_command() -> bool:
    """Whether a command of Schemathesis runs, whose events are hidden; else somebody's tests do."""
    return bool(_commands)


def named_checks() -> frozenset[str]:
    """The checks that the user asked for by name."""
    return frozenset(_named_checks)


def enrol(schema: StSchema) -> Service | None:
    """The service of a document that was just loaded; `None` where its URL is not known yet.

    Raises `WatchwordError` for a document that is not OpenAPI 3, for a target elsewhere that does not list its
    devices, cannot be read or is another service than the one to be called, and for a report that tests would write.
    """
    with _lock:
        service = _appointed() or _configured(schema)
        if service is not None:
            service.keeper.open()
            _enrolled[id(schema.raw_schema)] = _Enrolled(schema.raw_schema, Judge(service))
    return service


def _appointed() -> Service | None:
    plan = appointed()
    if plan is None:
        return None
    journaled = plan.target.options != "--mock"
    keeper = Keeper(plan.contract, plan.target, journaled=journaled)
    return Service(plan, keeper, appointed=plan.target.principal is not None)


def _configured(schema: StSchema) -> Service | None:
    """The service that the environment names, else the one that Schemathesis was given."""
    if not is_command():
        refuse_reports(schema)
    name = os.environ.get(TARGET_VARIABLE)
    path = _file(schema)
    tokens: dict[str, str] = {}
    if name:
        target, contract = _named(name)
        _aim(schema, name, target)
        known = target.principal is not None
    else:
        contract = _contract(schema, path)
        url = _url(schema, path)
        if url is None:
            return None  # Schemathesis says so, or is told later
        tokens = given_tokens(schema, contract)
        contract = answered_first(contract, tokens)
        token = first_token(contract, tokens)
        known = token is not None
        principal = Principal("of schemathesis.toml" if known else "nobody", token or "")
        target = Target(str(path or contract.name), url, principal, options=f"--url {shlex.quote(url)}")
    target = guarded(target, contract)
    plan = make_plan(contract, target)
    # Nobody listed the devices of a target without a name: it is on this machine, and its devices are made up.
    keeper = Keeper(contract, target, journaled=name is not None)
    service = Service(plan, keeper, appointed=known, credentials=tokens)
    service.repeatable = bool(name) or (path is not None and not service.is_in_process)
    return service


def refuse_reports(schema: StSchema) -> None:
    """Raises `WatchwordError` where Schemathesis' pytest plugin is to write a report: it knows no events to hide."""
    found = enabled_reports(schema.config.reports)
    if found:
        raise WatchwordError(
            f"the {found[0]} report of Schemathesis' pytest plugin would show passwords; leave it out, or let "
            "`st run` write it"
        )


def refuse_without_credential(schema: StSchema, service: Service) -> None:
    """Raises `WatchwordError` where a command would have each case refused for the want of a credential."""
    problem = None if service.appointed else lacking(service.contract, service.credentials)
    if problem is not None and not fetches_by_itself(schema):
        raise WatchwordError(problem)


def _named(name: str) -> tuple[Target, Contract]:
    if not is_command() and os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1") != "1":
        raise WatchwordError(f"the target {name} is for one process at a time; leave out -n")
    path = settings_file(Path.cwd())
    if path is None:
        raise WatchwordError(f"no watchword.toml here or above; {TARGET_VARIABLE} names a target of that file")
    return read_target(path, name)


def _aim(schema: StSchema, name: str, target: Target) -> None:
    """Has Schemathesis call the target. Raises `WatchwordError` where it was told to call another service."""
    if schema.app is not None:
        raise WatchwordError(
            f"the target {name} is at {target.url}, and an application in this process is to be called"
        )
    if schema.config.base_url is None and schema.config.origin is None:
        schema.config.update(base_url=target.url)
    given = schema.config.base_url
    if given is not None and given.rstrip("/") != target.url.rstrip("/"):
        raise WatchwordError(f"the target {name} is at {target.url}, and {given} is to be called; leave that out")


def _location(schema: StSchema) -> str:
    """Where a document is from; a command knows it before the document does."""
    return str(schema.location or next(iter(_locations), ""))


def _file(schema: StSchema) -> Path | None:
    """The document's file, if it is from one; relative to the working folder where it is below that."""
    location = _location(schema)
    path = Path(url2pathname(urlsplit(location).path)) if location.startswith("file:") else Path(location)
    if not location or not path.is_file():
        return None
    return path.relative_to(Path.cwd()) if path.is_absolute() and path.is_relative_to(Path.cwd()) else path


def _url(schema: StSchema, path: Path | None) -> str | None:
    """Where requests will go; `None` where nobody has said it yet."""
    if schema.app is not None:
        return IN_PROCESS + schema.base_path.rstrip("/")
    if schema.config.base_url is not None:
        return schema.config.base_url.rstrip("/")
    origin = urlsplit(_location(schema))
    if path is not None or schema.config.origin is not None or origin.scheme not in ("http", "https"):
        return None
    return f"{origin.scheme}://{origin.netloc}{schema.base_path}".rstrip("/")


def _contract(schema: StSchema, path: Path | None) -> Contract:
    raw: Json = schema.raw_schema
    if not isinstance(raw, dict) or not str(raw.get("openapi", "")).startswith("3."):
        raise WatchwordError("the document is not OpenAPI 3, so nothing would be safe; run it without the extension")
    if path is not None:
        return load_contract(path)
    try:
        content = orjson.dumps(raw, option=orjson.OPT_NON_STR_KEYS)
    except orjson.JSONEncodeError:
        raise WatchwordError("the document holds what JSON cannot") from None
    return read_contract(read(content, file="the document", path=Path.cwd() / "-"), "api")
