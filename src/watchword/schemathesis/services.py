"""The services of this process, by the document that Schemathesis loaded. Decides where a target comes from."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from watchword.check import Principal, Target, bare_token, guarded, make_plan, read_target, settings_file
from watchword.contract import Contract, load_contract, read_contract
from watchword.document import read
from watchword.ground import BrokenDocument, WatchwordError
from watchword.schemathesis.judging import Judge
from watchword.schemathesis.keeping import Keeper
from watchword.schemathesis.peer import StSchema
from watchword.schemathesis.service import Service
from watchword.service.appointed import appointed

Json = Any

TARGET_VARIABLE = "WATCHWORD_TARGET"
"""Names the target of `watchword.toml` for runs that Watchword's own command did not start."""

_judges: dict[int, Judge] = {}
_documents: list[Path] = []
_named_checks: list[str] = []


def judge_of(schema: StSchema) -> Judge | None:
    """The judge for a loaded document."""
    return _judges.get(id(schema.raw_schema))


def services() -> list[Service]:
    """Every service of the run."""
    return [judge.service for judge in _judges.values()]


def begin(location: str | None, checks: Sequence[str] = ()) -> None:
    """Begins a run of the document at a path or URL; a document that is loaded does not know yet where it was.

    `checks` are those that the user named.
    """
    _judges.clear()
    _named_checks[:] = checks
    _documents[:] = [Path(location)] if location and Path(location).is_file() else []


def named_checks() -> frozenset[str]:
    """The checks that the user asked for by name."""
    return frozenset(_named_checks)


def enrol(schema: StSchema) -> Service | None:
    """The service of a document that was just loaded; `None` for one that is no OpenAPI 3 document.

    Raises `WatchwordError` for a target elsewhere that does not list its devices, or cannot be read.
    """
    service = _appointed() or _configured(schema)
    if service is not None:
        _judges[id(schema.raw_schema)] = Judge(service)
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
    name = os.environ.get(TARGET_VARIABLE)
    if name:
        path = settings_file(Path.cwd())
        if path is None:
            raise WatchwordError(f"no watchword.toml here or above; {TARGET_VARIABLE} names a target of that file")
        target, contract = read_target(path, name)
        known = target.principal is not None
    else:
        found = _contract(schema)
        if found is None or (_documents and schema.config.base_url is None):
            return None  # Schemathesis says so
        url = (schema.config.base_url or schema.get_base_url()).rstrip("/")
        contract, known = found, False
        target = Target(contract.name, url, _principal(schema, contract) or Principal("nobody", ""))
    target = guarded(target, contract)
    plan = make_plan(contract, target)
    # Nobody listed the devices of a target without a name: it is on this machine, and its devices are made up.
    return Service(plan, Keeper(contract, target, journaled=name is not None), appointed=known)


def _contract(schema: StSchema) -> Contract | None:
    raw: Json = schema.raw_schema
    if not str(raw.get("openapi", "")).startswith("3."):
        return None
    if _documents:
        return load_contract(_documents[0])
    try:
        content = orjson.dumps(raw, option=orjson.OPT_NON_STR_KEYS)
        return read_contract(read(content, file="the document", path=Path.cwd() / "-"), "api")
    except (BrokenDocument, orjson.JSONEncodeError):
        return None


def _principal(schema: StSchema, contract: Contract) -> Principal | None:
    """The credential that the caller configured in Schemathesis, where it is one of the document's schemes."""
    given = {name.lower(): value for name, value in schema.config.headers_for().items()}
    for operation in contract.operations:
        for alternative in operation.security:
            for scheme in alternative:
                name = scheme.name if scheme.kind == "apiKey" else "Authorization"
                if name.lower() in given:
                    return Principal(name, bare_token(str(given[name.lower()])))
    return None
