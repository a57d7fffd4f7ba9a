"""Where the extension takes hold of Schemathesis: its hooks and checks, and the places that have no hook.

Those are `as_strategy` of an operation, `iter_coverage_cases` of a document and `generation_for` of a configuration
(what is generated and kept), `send` of each transport (what goes out), and `execute_event_loop` of the command line
(what is reported). `compatible` has the list, and sees before all else that they are there.
"""

import atexit
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.cli import executor
from schemathesis.cli.commands.fuzz import executor as fuzz_executor
from schemathesis.cli.commands.replay import replay
from schemathesis.cli.commands.run import executor as run_executor
from schemathesis.config import ProjectConfig
from schemathesis.core import NOT_SET
from schemathesis.specs.openapi.schemas import OpenApiSchema
from schemathesis.transport.asgi import ASGI_TRANSPORT
from schemathesis.transport.requests import REQUESTS_TRANSPORT
from schemathesis.transport.wsgi import WSGI_TRANSPORT

from watchword.schemathesis import values
from watchword.schemathesis.checks import CHECKS
from watchword.schemathesis.compatible import changed
from watchword.schemathesis.drawing import coverage_cases, exact_strategy
from watchword.schemathesis.events import hidden_events, put_back_all
from watchword.schemathesis.guard import as_planned, authorised, guarded_send, put_on_listed_device
from watchword.schemathesis.in_tests import install_in_tests
from watchword.schemathesis.outlets import known_handlers, make_safe, refused_replay
from watchword.schemathesis.peer import StCase, StContext, StOperation, StSchema
from watchword.schemathesis.service import Service
from watchword.schemathesis.services import (
    begin,
    enrol,
    is_command,
    judge_of,
    named_checks,
    problem_of,
    refuse_reports,
    refuse_without_credential,
)

SUPERSEDED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "positive_data_acceptance",
    "missing_required_header",
    "unsupported_method",
    "ignored_auth",
)
"""Checks of Schemathesis that ours answer more exactly; they rest while ours run, so nothing is told twice."""

OF_RESOURCES = ("use_after_free", "ensure_resource_availability")
"""Checks that ask what became of an earlier request; a mock made from a document keeps nothing."""

_INSTALLED: list[bool] = []


def install() -> None:
    """Registers everything, once."""
    if _INSTALLED:
        return
    _INSTALLED.append(True)
    for check in CHECKS:
        schemathesis.check(check)
    for hook in (after_load_schema, before_init_operation, before_add_examples, before_call):
        schemathesis.hook(hook)
    for where in ("path_parameters", "query", "headers", "cookies", "body"):
        schemathesis.hook(f"before_generate_{where}")(partial(_exact, where))
    for transport in (REQUESTS_TRANSPORT, ASGI_TRANSPORT, WSGI_TRANSPORT):
        _replace(transport, "send", partial(guarded_send, _service_of, problem_of))
    _replace(OpenApiSchema, "iter_coverage_cases", _coverage)
    _replace(ProjectConfig, "generation_for", _without_database)
    _replace(executor, "initialize_report_handlers", known_handlers)
    for each in (run_executor, fuzz_executor):
        _replace(each, "execute_event_loop", _loop)
    _replace(replay, "callback", lambda _: refused_replay)
    install_in_tests()
    atexit.register(put_back_all)


def _replace(owner: Any, name: str, made: Callable[[Any], Any]) -> None:
    """Puts another callable in the place of one. Raises `WatchwordError` where the owner keeps its own."""
    replacement = made(getattr(owner, name))
    setattr(owner, name, replacement)
    if getattr(owner, name) is not replacement:
        raise changed(f"{name} that can be replaced")


def after_load_schema(_context: StContext, schema: StSchema) -> None:
    """Finds the service of a document, and lets the doubled checks rest, and those that a mock has no memory for."""
    service: Service | None = None
    if is_command():
        service = enrol(schema)
        if service is not None:
            refuse_without_credential(schema, service)
    else:
        refuse_reports(schema)
        judge_of(schema)  # a test says by itself why its document has none
    checks = schema.config.checks_config_for()
    doubled = SUPERSEDED if checks.get_by_name(name=CHECKS[0].__name__).enabled else ()
    forgotten = OF_RESOURCES if service is not None and service.is_forgetful else ()
    resting = [name for name in (*doubled, *forgotten) if name not in named_checks()]
    if resting:
        schema.config.checks.update(excluded_check_names=resting)


def before_init_operation(_context: StContext, operation: StOperation) -> None:
    """Gives an operation our strategy."""
    service = _service_of(operation.schema)
    if service is not None:
        changed: Any = operation
        changed.as_strategy = exact_strategy(service, operation, operation.as_strategy)


def before_add_examples(context: StContext, examples: list[StCase]) -> None:
    """Gives the document's examples the target's credential."""
    service = _service_of(context.operation.schema) if context.operation else None
    if service is not None:
        for example in examples:
            authorised(service, example)


def before_call(_context: StContext, case: StCase, _kwargs: dict[str, Any]) -> None:
    """Gives a case of Schemathesis' own making a listed device, and one of ours what it is about."""
    service = _service_of(case.operation.schema)
    if service is not None:
        put_on_listed_device(service, case)
        as_planned(service, case)


def _service_of(schema: StSchema) -> Service | None:
    judge = judge_of(schema)
    return judge.service if judge else None


_WHERE = {"path_parameters": "path", "query": "query", "headers": "header", "cookies": "cookie"}
_PARTS: dict[tuple[int, str, str], Any] = {}


def _exact(where: str, context: StContext, strategy: Any) -> Any:
    """The exact strategy for one part of a request, or the given one where there is none."""
    operation = context.operation
    service = _service_of(operation.schema) if operation else None
    known = service.operation(operation.method, operation.path) if service and operation else None
    if service is None or known is None:
        return strategy
    key = (id(service), known.label, where)
    if key not in _PARTS:
        found = values.body(known) if where == "body" else values.parameters(service, known, _WHERE[where])
        _PARTS[key] = found
    found = _PARTS[key]
    if found is None:
        return strategy
    optional = where == "body" and known.body is not None and not known.body.required
    return found | st.just(NOT_SET) if optional else found


def _coverage(original: Callable[..., Any]) -> Callable[..., Any]:
    def iter_coverage_cases(
        self: StSchema, operation: StOperation, *, generation_modes: list[GenerationMode], **options: Any
    ) -> Iterator[StCase]:
        service = _service_of(self)
        found = coverage_cases(service, operation, generation_modes) if service else None
        return original(self, operation, generation_modes=generation_modes, **options) if found is None else found

    return iter_coverage_cases


def _without_database(original: Callable[..., Any]) -> Callable[..., Any]:
    def generation_for(self: Any, **which: Any) -> Any:
        found = original(self, **which)
        found.update(database="none")  # it would keep every password of a failure
        return found

    return generation_for


def _loop(original: Callable[..., None]) -> Callable[..., None]:
    def execute_event_loop(event_stream: Iterator[Any], *, config: Any, **options: Any) -> None:
        given = options["params"]
        make_safe(config, given.get("headers") or ())
        begin(given.get("location"), given.get("included_check_names") or ())
        original(hidden_events(event_stream), config=config, **options)

    return execute_event_loop
