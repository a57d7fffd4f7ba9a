"""The options that commands share: which format goes where, and which findings make a run fail."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO, TypeVar

import click

from watchword.cli.exits import FINDINGS, OK
from watchword.ground import Severity, WatchwordError
from watchword.report import FORMATS, format_of_file

STANDARD_OUTPUT = "-"

_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Target:
    """One report to write: its format, and its file or `-`."""

    format: str
    name: str


@dataclass(frozen=True, slots=True)
class Outlet:
    """An open target."""

    format: str
    stream: TextIO


def report_options(command: _Command) -> _Command:
    """Add `--format`, `--output` and `--fail-on`; they arrive as `formats`, `outputs` and `fail_on`."""
    for option in (_FAIL_ON, _OUTPUT, _FORMAT):
        command = option(command)
    return command


_FORMAT = click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(list(FORMATS)),
    help="Format of the report; text by default. Repeated, the first is for the first --output, and so on.",
)
_OUTPUT = click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="Write the report to FILE, in the format that --format or its ending says. Repeatable. "
    "Standard output then gets the text, unless FILE is -.",
)
_FAIL_ON = click.option(
    "--fail-on",
    type=click.Choice([severity.value for severity in Severity]),
    default=Severity.ERROR.value,
    show_default=True,
    help="The least severity that makes the exit code 1.",
)


def targets(formats: Sequence[str], outputs: Sequence[str]) -> list[Target]:
    """What to write where, standard output last.

    Raises click's UsageError for more formats than outputs, one file twice, or an ending that stands for no format.
    """
    if len(formats) > max(1, len(outputs)):
        raise click.UsageError(f"--format is given {len(formats)} times, for {len(outputs)} --output")
    if not outputs:
        return [Target(formats[0] if formats else "text", STANDARD_OUTPUT)]
    if len(set(outputs)) < len(outputs):
        raise click.UsageError("--output names the same file twice")
    wanted: list[str | None] = [*formats, *[None] * (len(outputs) - len(formats))]
    listed = [Target(form or format_for(name), name) for form, name in zip(wanted, outputs, strict=True)]
    if STANDARD_OUTPUT not in outputs:
        listed.append(Target("text", STANDARD_OUTPUT))
    return listed


def format_for(name: str) -> str:
    """The format that a file's ending says; text for standard output and names without an ending.

    Raises click's UsageError for any other ending.
    """
    found = format_of_file(name)
    ending = Path(name).suffix
    if found is None and ending and name != STANDARD_OUTPUT:
        raise click.UsageError(f"no format is known by the ending {ending} of {name}; say which with --format")
    return found or "text"


def exit_code(worst: Severity | None, fail_on: str) -> int:
    """1 if the most severe finding reaches the threshold, else 0."""
    return FINDINGS if worst is not None and worst.rank <= Severity(fail_on).rank else OK


@contextmanager
def written(target: Target) -> Iterator[Outlet]:
    """An open target. A file appears under its name only when it is complete; a failing run leaves what was there.

    Raises WatchwordError when it cannot be opened or put in its place.
    """
    if target.name == STANDARD_OUTPUT:
        yield Outlet(target.format, sys.stdout)
        return
    path = Path(target.name).resolve()  # through links: what they point to is replaced, not they
    if path.exists() and not path.is_file():  # a device or a pipe cannot be renamed over
        with _writable(path, "w", target.name) as stream:
            yield Outlet(target.format, stream)
        return
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with _writable(part, "x", target.name) as stream:
            yield Outlet(target.format, stream)
        with _named(target.name):
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _writable(path: Path, mode: str, name: str) -> TextIO:
    with _named(name):
        return path.open(mode, encoding="utf-8", errors="backslashreplace", newline="\n")  # type: ignore[return-value]


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Say of a file that cannot be written what its name is to the user, who knows of no temporary one."""
    try:
        yield
    except OSError as error:
        raise WatchwordError(f"cannot write {name}: {error.strerror}") from None
