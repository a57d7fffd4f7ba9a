"""`watchword recover`: devices whose secret a run left changed."""

import json
from pathlib import Path

import click

from watchword.check import HttpTransport, Journal, describe, read_target, restore, settings_file
from watchword.ground import WatchwordError


@click.command(epilog="Secrets show as their shape; --reveal FILE writes them, and nothing else does.")
@click.option("--target", "target_name", help="Put the configured secrets of this target of watchword.toml back.")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file; else the nearest watchword.toml.")
@click.option("--journal", "path", type=click.Path(path_type=Path), help="Journal of the run; else the usual one.")
@click.option("--reveal", type=click.Path(path_type=Path), help="Write the secrets that may be current to FILE, 0600.")
def command(target_name: str | None, config: Path | None, path: Path | None, reveal: Path | None) -> int:
    """Name devices whose secret a run left changed, and put it back."""
    with Journal(path) as journal:
        standings = list(journal.standings())
        changed = [standing for standing in standings if standing.is_changed]
        for standing in changed:
            click.echo(describe(standing))
        if not changed:
            click.echo("every device has its configured secret, as far as the journal knows")
            return 0
        if reveal is not None:
            _reveal(reveal, [standing.record() for standing in changed])
        if target_name is None:
            return 1
        settings = config or settings_file(Path.cwd())
        if settings is None:
            raise WatchwordError("no watchword.toml here or above; give one with --config")
        target, contract = read_target(settings, target_name)
        transport = HttpTransport(target.url)
        failed = 0
        for each in restore(journal, target, contract, changed, transport):
            failed += each.reason is not None
            click.echo(f"{describe(each.standing).partition(': ')[0]}: {each.reason or 'put back'}")
        return 1 if failed else 0


def _reveal(path: Path, records: list[dict[str, object]]) -> None:
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(json.dumps(records, indent=2) + "\n", encoding="utf-8")
    click.echo(f"secrets written to {path}; delete it when done")
