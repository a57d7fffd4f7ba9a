"""What Schemathesis may write: which reports are known to be made of its events, what is switched off, what is refused.

Fail-closed: a format that is not listed here is not written. The events themselves are hidden by `events`.
"""

from collections.abc import Callable, Iterable
from typing import Any

import click
from schemathesis.config import ReportFormat

SAFE = frozenset({"junit", "vcr", "har", "ndjson", "json", "wfc", "html", "allure"})
"""Report formats that hold nothing but what events tell."""

_REFUSED = {
    "pytest": "the pytest report sends the run's passwords again, so it is not written; leave it out, and repeat a "
    "failure with the same --seed"
}

HANDLERS = frozenset(
    {"JunitXMLHandler", "VcrHandler", "HarHandler", "NdjsonHandler", "JsonReportHandler", "WfcReportHandler"}
    | {"HtmlReportHandler", "AllureHandler", "OutputHandler", "FuzzOutputHandler"}
)
"""What of Schemathesis reads the events of a run, for the terminal and those formats."""

Config = Any


def enabled_reports(reports: Config) -> list[str]:
    """The formats that a configuration asks for, those of future releases too."""
    names = dict.fromkeys([*(each.value for each in ReportFormat), *_parts(reports)])
    return [name for name in names if getattr(getattr(reports, name, None), "enabled", False)]


def make_safe(config: Config, headers: Iterable[str] = ()) -> None:
    """Switches off what cannot be made safe, and has the command that reports repeat masked.

    `headers` are those of the command line. Raises click's UsageError for a report that is not known to be safe.
    """
    config.cache.enabled = False  # it would send requests of this run again, values and all
    for name in enabled_reports(config.reports):
        if name not in SAFE:
            raise click.UsageError(_REFUSED.get(name) or f"the {name} report is not known to be safe; leave it out")
    masked = type(config.output.sanitization)()  # the user's own may list fewer keys
    masked.keys_to_sanitize = (
        *masked.keys_to_sanitize,
        *config.output.sanitization.keys_to_sanitize,
        *(name.lower() for name in headers),
    )
    config.output.sanitization = masked


def known_handlers(original: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    """What makes the readers of a run's events, refusing those of Schemathesis that are not known to be safe."""

    def initialize_report_handlers(**given: Any) -> list[Any]:
        handlers = original(**given)
        for handler in handlers:
            kind = type(handler)
            if kind.__module__.partition(".")[0] == "schemathesis" and kind.__name__ not in HANDLERS:
                raise click.UsageError(f"Schemathesis' {kind.__name__} is not known to be safe; switch it off")
        return handlers

    return initialize_report_handlers


def refused_replay(*_words: Any, **_options: Any) -> None:
    """In place of `st replay`. Raises click's UsageError."""
    raise click.UsageError(
        "`st replay` shows and sends the values of a run without the extension; repeat a failure with the same --seed"
    )


def _parts(reports: Config) -> list[str]:
    return list(getattr(type(reports), "__dataclass_fields__", {}))
