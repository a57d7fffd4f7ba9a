"""`watchword recover`: devices whose secret a run left changed."""

import json
import time
from collections.abc import Sequence
from pathlib import Path

import click

from watchword.check import (
    DEFAULT_TIMEOUT,
    HttpTransport,
    Journal,
    Lock,
    Standing,
    Target,
    describe,
    guarded,
    read_target,
    restore,
    settings_file,
    settling,
    shown_url,
)
from watchword.contract import Contract
from watchword.ground import WatchwordError


@click.command(epilog="Secrets show as their shape; --reveal FILE writes them, and nothing else does.")
@click.option("--target", "target_name", help="Put the configured secrets of this target of watchword.toml back.")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file; else the nearest watchword.toml.")
@click.option("-u", "--url", help="Only devices of this base URL.")
@click.option("--journal", "path", type=click.Path(path_type=Path), help="Journal of the run; else the usual one.")
@click.option("--reveal", type=click.Path(path_type=Path), help="Write the secrets that may be current to FILE, 0600.")
@click.option("--forget", metavar="URL", help="Drop what is noted of a base URL, for a target that is no more.")
@click.option(
    "--settle",
    type=click.FloatRange(min=0),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="Put back when a request that got no reply was sent so long ago: it may take effect late.",
)
def command(
    target_name: str | None,
    config: Path | None,
    url: str | None,
    path: Path | None,
    reveal: Path | None,
    forget: str | None,
    settle: float,
) -> int:
    """Name devices whose secret a run left changed, and put it back."""
    if sum(each is not None for each in (target_name, url, forget)) > 1:
        raise click.UsageError("give one of --target, --url and --forget")
    with Journal(path) as journal:
        if forget is not None:
            return _forget(journal, forget.rstrip("/"))
        target = _target(target_name, config) if target_name is not None else None
        only = target[0].url if target else url.rstrip("/") if url else None
        changed = [each for each in journal.standings() if each.is_changed and only in (None, each.target)]
        for standing in changed:
            click.echo(describe(standing))
        if not changed:
            click.echo("every device has its configured secret, as far as the journal knows")
            return 0
        if reveal is not None:
            _reveal(reveal, [standing.record() for standing in changed])
        return 1 if target is None else _put_back(journal, *target, changed, settle)


def _target(name: str, config: Path | None) -> tuple[Target, Contract]:
    settings = config or settings_file(Path.cwd())
    if settings is None:
        raise WatchwordError("no watchword.toml here or above; give one with --config")
    target, contract = read_target(settings, name)
    return guarded(target, contract), contract


def _put_back(journal: Journal, target: Target, contract: Contract, changed: Sequence[Standing], settle: float) -> int:
    with Lock(journal.path.parent, target.url).alone():
        seconds = settling(changed, settle, time.time())
        if seconds:
            click.echo(f"waiting {seconds:.1f} s: a request that got no reply may still take effect", err=True)
            time.sleep(seconds)
        transport = HttpTransport(target.url, target.timeout or DEFAULT_TIMEOUT)
        failed = 0
        try:
            for each in restore(journal, target, contract, changed, transport):
                failed += each.reason is not None
                click.echo(f"{describe(each.standing).rpartition(': may be ')[0]}: {each.reason or 'put back'}")
        finally:
            transport.close()
    return 1 if failed else 0


def _forget(journal: Journal, url: str) -> int:
    count = journal.forget(url)
    click.echo(f"forgot {count} device{'' if count == 1 else 's'} of {shown_url(url)}")
    return 0


def _reveal(path: Path, records: list[dict[str, object]]) -> None:
    try:
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(json.dumps(records, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise WatchwordError(f"cannot write {path}: {error.strerror}; --reveal makes a new file") from None
    click.echo(f"secrets written to {path}; delete it when done")
