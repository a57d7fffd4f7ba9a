"""Which releases of Schemathesis the extension works with. Imports none of it that may be missing."""

import re
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

from watchword.ground import WatchwordError

LEAST = (4, 32)
BELOW = (5,)

_SEAMS = (
    ("schemathesis.cli.commands.run.executor", "execute_event_loop"),
    ("schemathesis.cli.commands.fuzz.executor", "execute_event_loop"),
    ("schemathesis.schemas", "APIOperation.as_strategy"),
    ("schemathesis.specs.openapi.schemas", "OpenApiSchema.iter_coverage_cases"),
    ("schemathesis.engine.recorder", "ScenarioRecorder"),
)
"""What is used of it that its documentation does not name. Without one of these nothing would be safe to run."""


def require_schemathesis() -> None:
    """Raises `WatchwordError` with one line where Schemathesis is missing or is a release that is not known to work."""
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
    for module, name in _SEAMS:
        if not _has(module, name):
            raise WatchwordError(
                f"Schemathesis {found} has no {module}.{name}, without which its reports cannot be made safe; "
                "install a release that this extension knows: pip install 'watchword[fuzz]'"
            )


def _has(module: str, name: str) -> bool:
    try:
        found = import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError):
        return False
    return True
