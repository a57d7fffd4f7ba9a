"""The command line: `watchword COMMAND`. Holds which commands there are, and nothing of what they do.

A command is one file of this folder with a click command named `command`, and one line in COMMANDS. Its module is
imported only when it is called, so that `watchword --version` and `watchword --help` start at once.
"""

import contextlib
import errno
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

import click

from watchword import __version__
from watchword.cli.exits import BROKEN_PIPE, BUG, INTERRUPTED, MISTAKE
from watchword.cli.interruption import was_interrupted
from watchword.ground import WatchwordError

__all__ = ["COMMANDS", "load", "main"]

# Name, as the module's with hyphens, and its line of help.
COMMANDS: Mapping[str, str] = {
    "check": "Test endpoints against their contracts.",
    "diff": "Say what changed between two versions of a contract, and whom it hurts.",
    "audit": "Judge recorded traffic against contracts.",
    "lint": "Judge OpenAPI and Arazzo documents themselves.",
    "explain": "Explain string rules, counted, with samples of each side.",
    "mock": "Serve contracts: a mock of any OpenAPI document, with stateful twins of the bundled ones.",
    "fuzz": "Run Schemathesis with exact values, a verdict per rule and nothing secret shown.",
    "recover": "Name devices whose secret a run left changed, and put it back.",
}

# What an output answers that takes no more: a full disk, a quota, a broken device, a descriptor closed by the caller.
_UNWRITABLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})


class _Commands(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        return load(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            raise click.exceptions.NoSuchCommand(args[0], possibilities=COMMANDS, ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def load(name: str) -> click.Command:
    """The command of a name in COMMANDS; its module is imported."""
    command: click.Command = import_module(f"watchword.cli.{name.replace('-', '_')}").command
    return command


def _print_version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"watchword {__version__}")
        ctx.exit()


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show it.")
def watchword() -> None:
    """Test APIs that hand out secrets, driven by nothing but their OpenAPI documents."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line (the process's by default) and return its exit code.

    0 nothing found; 1 findings that `--fail-on` names; 2 the call or its input is wrong; 3 our own bug;
    130 interrupted; 141 whoever reads the output has left.
    """
    _prepare_streams()
    try:
        code = watchword.main(arguments, prog_name="watchword", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return MISTAKE
    except WatchwordError as error:
        click.echo(f"error: {error}", err=True)
        return MISTAKE
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except (BrokenPipeError, SystemExit):  # click turns the first into the second
        _leave_pipe()
        return BROKEN_PIPE
    except BaseException as error:  # noqa: BLE001 (the border: anything that arrives here is our own bug)
        if was_interrupted():
            click.echo("interrupted", err=True)
            return INTERRUPTED
        if isinstance(error, OSError) and error.errno in _UNWRITABLE and error.filename is None:
            _leave_pipe()
            click.echo(f"error: cannot write the output: {error.strerror}", err=True)
            return MISTAKE
        from watchword.cli.bug import report_bug  # rare, and not light

        click.echo(report_bug(error), err=True)
        return BUG
    return int(code or 0)


def _prepare_streams() -> None:
    # a stream that the caller has closed is None, and what is written to it goes nowhere, to the end of the process
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # findings hold arrows and vendor text; a terminal may be ASCII
            stream.reconfigure(errors="backslashreplace")


def _leave_pipe() -> None:
    """Let the interpreter's last flush go nowhere: it would complain of the broken pipe or the full disk once more."""
    with contextlib.suppress(OSError, ValueError), Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
