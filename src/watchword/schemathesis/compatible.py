"""Which releases of Schemathesis the extension works with. Imports none of it that may be missing."""

import inspect
import os
import re
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from watchword.ground import WatchwordError

LEAST = (4, 32)
BELOW = (5,)

SEAMS: dict[str, str] = {
    "schemathesis.auths:AuthContext": "operation app",
    "schemathesis.auths:GLOBAL_AUTH_STORAGE": "",
    "schemathesis.auths:set_on_case": "case context auth_storage",
    "schemathesis.cli.commands.replay:replay.callback": "",
    "schemathesis.cli.commands.fuzz.executor:execute_event_loop": "event_stream config params",
    "schemathesis.cli.commands.run.executor:execute_event_loop": "event_stream config params",
    "schemathesis.cli.executor:initialize_report_handlers": "config args params",
    "schemathesis.config:ProjectConfig.generation_for": "operation phase",
    "schemathesis.config:ProjectConfig.headers_for": "",
    "schemathesis.config:ReportFormat": "",
    "schemathesis.core.errors:HookExecutionError": "",
    "schemathesis.core.failures:Failure": "operation title message severity",
    "schemathesis.core.failures:format_failures": "case_id response failures curl config",
    "schemathesis.core.parameters:ParameterLocation": "",
    "schemathesis.engine.events:EngineFinished.failures": "",
    "schemathesis.engine.events:FatalError": "exception",
    "schemathesis.engine.events:FuzzScenarioFinished": "recorder",
    "schemathesis.engine.events:NonFatalError": "error phase label related_to_operation",
    "schemathesis.engine.events:PhaseFinished": "payload",
    "schemathesis.engine.events:ScenarioFinished": "recorder",
    "schemathesis.engine.recorder:CaseNode": "value parent_id transition is_transition_applied",
    "schemathesis.engine.recorder:CheckFailureInfo": "code_sample failure steps",
    "schemathesis.engine.recorder:CheckNode": "name status failure_info",
    "schemathesis.engine.recorder:Interaction": "request response",
    "schemathesis.engine.recorder:ReproductionStep": "case_id operation method path curl",
    "schemathesis.engine.recorder:Request": "method uri body body_size headers",
    "schemathesis.engine.recorder:ScenarioRecorder": "label",
    "schemathesis.generation.case:Case": "operation method path id path_parameters headers cookies query body meta",
    "schemathesis.generation.case:Case._freeze_metadata": "",
    "schemathesis.generation.case:Case.as_curl_command": "headers verify",
    "schemathesis.generation.case:Case.call": "",
    "schemathesis.generation.case:Case.validate_response": "response",
    "schemathesis.generation.meta:CaseMetadata": "generation components phase",
    "schemathesis.generation.meta:ComponentInfo": "mode",
    "schemathesis.generation.meta:CoveragePhaseData": "scenario description location parameter parameter_location",
    "schemathesis.generation.meta:ExamplesPhaseData": "description parameter parameter_location location",
    "schemathesis.generation.meta:FuzzingPhaseData": "description parameter parameter_location location",
    "schemathesis.generation.meta:GenerationInfo": "time mode",
    "schemathesis.generation.meta:PhaseInfo": "name data",
    "schemathesis.generation.meta:StatefulPhaseData": "description parameter parameter_location location",
    "schemathesis.generation.stateful.state_machine:Transition": "id parent_id is_inferred parameters request_body",
    "schemathesis.schemas:APIOperation.as_strategy": "generation_mode",
    "schemathesis.schemas:BaseSchema.transport": "",
    "schemathesis.specs.openapi.schemas:OpenApiSchema.iter_coverage_cases": "operation generation_modes",
    "schemathesis.transport.asgi:ASGI_TRANSPORT.send": "case session",
    "schemathesis.transport.requests:REQUESTS_TRANSPORT.send": "case session",
    "schemathesis.transport.wsgi:WSGI_TRANSPORT.send": "case session",
}
"""What is used of it that its documentation does not promise, with the parameters that are given or read.

Without one of these nothing would be safe to run.
"""

_OBSERVING = "HYPOTHESIS_EXPERIMENTAL_OBSERVABILITY"


def require_schemathesis() -> None:
    """Raises `WatchwordError` with one line where Schemathesis is missing, or not known to work with this."""
    try:
        found = version("schemathesis")
    except PackageNotFoundError:
        raise WatchwordError(
            "this needs Schemathesis, which is not installed; install the extra: pip install 'watchword[fuzz]'"
        ) from None
    numbers = tuple(int(number) for number in re.findall(r"\d+", found)[:3])
    if numbers[:2] < LEAST or numbers >= BELOW:
        raise WatchwordError(
            f"Schemathesis {found} is installed; this extension works with {LEAST[0]}.{LEAST[1]} and later "
            f"releases below {BELOW[0]}: pip install 'watchword[fuzz]'"
        )
    for seam, parameters in SEAMS.items():
        _require(seam, parameters.split())


def require_no_observer() -> None:
    """Raises `WatchwordError` where Hypothesis was told to write each drawn request to a file."""
    for name in os.environ:
        if name.startswith(_OBSERVING):
            raise WatchwordError(f"{name} has Hypothesis write every drawn password to .hypothesis/observed; unset it")


def changed(missing: str) -> WatchwordError:
    """The error that an installed Schemathesis is another one than the extension knows, by what it lacks."""
    return WatchwordError(
        f"Schemathesis {version('schemathesis')} has no {missing}, without which nothing would be safe to run; "
        "install a release that this extension knows: pip install 'watchword[fuzz]'"
    )


def _require(seam: str, parameters: list[str]) -> None:
    module, _, path = seam.partition(":")
    try:
        found: Any = import_module(module)
        for part in path.split("."):
            found = _part(found, part)
    except (ImportError, AttributeError):
        raise changed(f"{module}.{path}") from None
    known = inspect.signature(found).parameters if parameters else {}
    if any(each.kind is each.VAR_KEYWORD for each in known.values()):
        return
    for name in parameters:
        if name not in known:
            raise changed(f"parameter `{name}` of {module}.{path}")


def _part(owner: Any, name: str) -> Any:
    """An attribute; members of a class that only its instances have are told by its annotations."""
    if isinstance(owner, type) and name in getattr(owner, "__annotations__", {}):
        return getattr(owner, name, None)
    return getattr(owner, name)
