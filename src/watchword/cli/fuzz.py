"""`watchword fuzz`: Schemathesis with our strategies, checks, guard and redaction. Generates nothing itself."""

import json
import os
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

import click

from watchword.check import Plan
from watchword.check.transport import reason_of
from watchword.contract import Scheme
from watchword.ground import WatchwordError
from watchword.service import Choice, chosen
from watchword.service.appointed import appoint

EXTENSION = "watchword.schemathesis"
_CONNECTING = 5.0


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": True},
    epilog="Every other option is one of `st run`, and goes there: --max-examples, --seed, --phases, --checks, "
    "--report, --workers, --baseline and so on. Exit codes are those of `st run`: 0, 1, 2, 130.",
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[NAME|SPEC] [ST-OPTION]...")
@click.option("--mock", is_flag=True, help="Start the twin on a free loopback port and fuzz that.")
@click.option("-u", "--url", help="Base URL of the service.")
@click.option("--target", help="A target of watchword.toml: [targets.NAME].")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file; else the nearest watchword.toml.")
@click.option("--credential-env", metavar="VARIABLE", help="Environment variable with the credential to use.")
@click.option("--device", "devices", multiple=True, metavar="NAME=VALUE,...", help="A device that may be touched.")
@click.option("--unknown-device", "unknown", multiple=True, metavar="NAME=VALUE,...", help="One that does not exist.")
@click.option("--write-config", is_flag=True, help="Write schemathesis.toml for `st run` into this folder, and stop.")
def command(
    words: Sequence[str],
    mock: bool,
    url: str | None,
    target: str | None,
    config: Path | None,
    credential_env: str | None,
    devices: Sequence[str],
    unknown: Sequence[str],
    write_config: bool,
) -> int:
    """Run Schemathesis with exact values, a verdict per rule and nothing secret shown.

    The contract comes first; a target of watchword.toml has its own.
    """
    if sum((mock, url is not None, target is not None)) != 1:
        raise click.UsageError("give one of --mock, --url and --target")
    if write_config and (mock or devices or unknown):
        flag = "--mock" if mock else "--device" if devices else "--unknown-device"
        raise click.UsageError(
            f"schemathesis.toml cannot keep {flag}; put it into a target of watchword.toml: --target"
        )
    contract, options = _split(words, named=target is not None)
    _require_schemathesis()
    choice = Choice(
        contracts=contract,
        mock=mock,
        url=url,
        target=target,
        config=config,
        credential_env=credential_env,
        devices=tuple(devices),
        unknown=tuple(unknown),
    )
    with chosen(choice) as plans:
        if write_config:
            return _write_config(plans[0], target, credential_env)
        _require_listener(plans[0].target.url)
        return _run(plans[0], options)


def _split(words: Sequence[str], *, named: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The contract, if one is to be named, and what goes to Schemathesis."""
    if named:
        if words and not words[0].startswith("-"):
            raise click.UsageError(f"a target has its own contract; leave out {words[0]}")
        return (), tuple(words)
    if not words or words[0].startswith("-"):
        raise click.UsageError("name a contract first: roma-connect, iotda, kii, or a path to an OpenAPI document")
    return (words[0],), tuple(words[1:])


def _require_schemathesis() -> None:
    try:
        version("schemathesis")
    except PackageNotFoundError:
        raise WatchwordError(
            "this needs Schemathesis, which is not installed; install the extra: pip install 'watchword[fuzz]'"
        ) from None


def _require_listener(url: str) -> None:
    """Raises `WatchwordError` where nobody listens: Schemathesis would say so once for each phase."""
    parts = urlsplit(url)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        socket.create_connection((parts.hostname or "", port), _CONNECTING).close()
    except OSError as error:
        raise WatchwordError(f"{url}: {reason_of(error, _CONNECTING)}") from None
    except ValueError:
        raise WatchwordError(f"{url}: the port is no number from 0 to 65535") from None


def _run(plan: Plan, options: tuple[str, ...]) -> int:
    arguments = ["run", str(plan.contract.root.document.path), "--url", plan.target.url, *_defaults(plan, options)]
    with _started(plan, arguments + list(options)) as whole:
        from schemathesis.cli import schemathesis  # 0.5 s, and no other command wants it

        # A run that is asked to end puts the secrets back, as with Ctrl-C.
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            code = schemathesis.main(whole, prog_name="st", standalone_mode=False)
        except SystemExit as done:
            code = done.code
        finally:
            signal.signal(signal.SIGTERM, before)
    return code if isinstance(code, int) else int(bool(code))


def _defaults(plan: Plan, options: tuple[str, ...]) -> Iterator[str]:
    """What a run per rule wants, unless the user says otherwise."""
    given = {option.partition("=")[0] for option in options}
    if "--continue-on-failure" not in given:
        yield "--continue-on-failure"
    if plan.target.rate is not None and "--rate-limit" not in given:
        yield f"--rate-limit={max(1, round(plan.target.rate * 3600))}/h"


@contextmanager
def _started(plan: Plan, arguments: list[str]) -> Iterator[list[str]]:
    """Has Schemathesis load the extension, the extension find the plan, and reports tell a command that `st` knows."""
    before, hooks = sys.argv, os.environ.get("SCHEMATHESIS_HOOKS")
    sys.argv = ["st", *arguments]
    os.environ["SCHEMATHESIS_HOOKS"] = EXTENSION
    appoint(plan)
    try:
        yield arguments
    finally:
        appoint(None)
        sys.argv = before
        if hooks is None:
            del os.environ["SCHEMATHESIS_HOOKS"]
        else:
            os.environ["SCHEMATHESIS_HOOKS"] = hooks


def _write_config(plan: Plan, target: str | None, credential_env: str | None) -> int:
    path = Path("schemathesis.toml")
    if path.exists():
        raise WatchwordError(f'{path} is there already; remove it, or add: hooks = "{EXTENSION}"')
    path.write_text("\n".join(_configuration(plan, target, credential_env)) + "\n", encoding="utf-8")
    variable = f"WATCHWORD_TARGET={target} " if target else ""
    click.echo(f"{path} written; now: {variable}st run {plan.contract.root.document.path}")
    return 0


def _configuration(plan: Plan, target: str | None, credential_env: str | None) -> Iterator[str]:
    """The lines of the file: no secret, for credentials are named by their variable."""
    yield f'hooks = "{EXTENSION}"'
    yield f'base-url = "{plan.target.url}"'
    yield "continue-on-failure = true"
    schemes = _schemes(plan) if target is None and credential_env is not None else ()
    named = {name: value for name, value in (_header(each, str(credential_env)) for each in schemes) if name}
    if named:
        yield f"headers = {{ {', '.join(f'{_quoted(name)} = {_quoted(value)}' for name, value in named.items())} }}"
    yield from ("", "[generation]", 'database = "none"', "", "[cache]", "enabled = false")
    for scheme in schemes:
        if not _header(scheme, "")[0]:
            yield from ("", f"[auth.openapi.{_quoted(scheme.key)}]", f'api_key = "${{{credential_env}}}"')


def _schemes(plan: Plan) -> tuple[Scheme, ...]:
    """The schemes that a credential is sent by: those of the first alternative that asks for any."""
    alternatives = (each for operation in plan.contract.operations for each in operation.security)
    return next(filter(None, alternatives), ())


def _header(scheme: Scheme, variable: str) -> tuple[str, str]:
    """Name and value of the header that bears a scheme's credential; no name where it is no header's."""
    if scheme.kind == "apiKey":
        return (scheme.name if scheme.where == "header" else "", f"${{{variable}}}")
    word = scheme.scheme.capitalize() if scheme.kind == "http" else "Bearer"
    is_whole = os.environ.get(variable, "").lower().startswith(f"{word.lower()} ")
    return "Authorization", f"${{{variable}}}" if is_whole else f"{word} ${{{variable}}}"


def _quoted(text: str) -> str:
    """A basic string of TOML, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False)
