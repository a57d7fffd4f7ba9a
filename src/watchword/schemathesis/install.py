"""Where the extension takes hold of Schemathesis: its hooks and checks, and four places that have no hook.

Those four are `as_strategy` of an operation and `iter_coverage_cases` of a document (what is generated), `send` of the
transport (what goes out), and `execute_event_loop` of the command line (what is reported).
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import click
import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.cli.commands.fuzz import executor as fuzz_executor
from schemathesis.cli.commands.run import executor as run_executor
from schemathesis.core import NOT_SET

from watchword.schemathesis import values
from watchword.schemathesis.checks import CHECKS
from watchword.schemathesis.drawing import coverage_cases, exact_strategy
from watchword.schemathesis.events import hidden_events
from watchword.schemathesis.guard import authorised, guarded_send, put_on_listed_device
from watchword.schemathesis.peer import StCase, StContext, StOperation, StSchema
from watchword.schemathesis.service import Service
from watchword.schemathesis.services import begin, enrol, judge_of, named_checks

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
    executors: tuple[Any, ...] = (run_executor, fuzz_executor)
    for executor in executors:
        executor.execute_event_loop = _loop(executor.execute_event_loop)


def after_load_schema(_context: StContext, schema: StSchema) -> None:
    """Finds the service of a document, has its requests pass the guard, and lets the doubled checks rest."""
    service = enrol(schema)
    if service is None:
        return
    transport: Any = schema.transport
    if not getattr(transport.send, "is_guarded", False):
        transport.send = guarded_send(_service_of, transport.send)
        transport.send.is_guarded = True
    document: Any = schema
    document.iter_coverage_cases = _coverage(service, document.iter_coverage_cases)
    checks = schema.config.checks_config_for()
    if checks.get_by_name(name=CHECKS[0].__name__).enabled:
        resting = [name for name in SUPERSEDED if name not in named_checks()]
        schema.config.checks.update(excluded_check_names=resting)
    schema.config.generation.update(database="none")
    service.keeper.open()


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
    """Gives a case of Schemathesis' own making a listed device."""
    service = _service_of(case.operation.schema)
    if service is not None:
        put_on_listed_device(service, case)


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


def _coverage(service: Service, original: Callable[..., Any]) -> Callable[..., Any]:
    def iter_coverage_cases(
        operation: StOperation, *, generation_modes: list[GenerationMode], **options: Any
    ) -> Iterator[StCase]:
        found = coverage_cases(service, operation, generation_modes)
        return original(operation, generation_modes=generation_modes, **options) if found is None else found

    return iter_coverage_cases


def _loop(original: Callable[..., None]) -> Callable[..., None]:
    def execute_event_loop(event_stream: Iterator[Any], *, config: Any, **options: Any) -> None:
        config.cache.enabled = False  # it would send requests of this run again, values and all
        if config.reports.pytest.enabled:
            raise click.UsageError(
                "the pytest report sends the run's passwords again, so it is not written; leave it out, and repeat "
                "a failure with the same --seed"
            )
        given = options.get("params", {})
        begin(given.get("location"), given.get("included_check_names") or ())
        original(hidden_events(event_stream), config=config, **options)

    return execute_event_loop
