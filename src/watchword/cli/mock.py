"""`watchword mock`: contracts served over HTTP."""

import json
import shlex
from collections.abc import Iterator, Sequence

import click

from watchword.contract import BUNDLED, Contract, Operation, load_contract
from watchword.mock import FIXTURES_FILE, Application, Fixtures, app, load_fixtures, serve

_MOST_SHOWN = 8


@click.command(
    epilog="All bundled contracts are served without a name, each by a stateful twin. Operations without "
    "a twin answer from the document; `Prefer: code=404, example=NAME` chooses the reply."
)
@click.argument("contracts", nargs=-1, metavar="[NAME|SPEC]...")
@click.option("--port", default=8700, show_default=True, type=click.IntRange(0, 65535), help="0 is any free port.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--log", is_flag=True, help="Write a line per request to standard error; it holds no value.")
@click.option("--show-fixtures", is_flag=True, help="Print the devices and tokens of the twins, and stop.")
def command(contracts: Sequence[str], port: int, host: str, log: bool, show_fixtures: bool) -> int:
    """Serve contracts: a mock of any OpenAPI document, with stateful twins of the bundled ones."""
    if show_fixtures:
        click.echo(FIXTURES_FILE.read_text(encoding="utf-8"), nl=False)
        return 0
    loaded = [load_contract(name) for name in contracts or BUNDLED]
    application = app(loaded, log=_write_line if log else None)
    with serve(application, host, port) as served:
        click.echo(f"serving {', '.join(contract.name for contract in loaded)} on {served.url}; Ctrl-C stops it")
        for line in _listing(application, served.url):
            click.echo(line)
        served.wait()
    return 0


def _write_line(line: str) -> None:
    click.echo(line, err=True)


def _listing(application: Application, url: str) -> Iterator[str]:
    """What is served, and a command to try each operation with."""
    fixtures = load_fixtures()
    for contract in application.contracts:
        twin = contract.name in application.twins
        yield ""
        yield f"{contract.name}  {contract.title}{', a stateful twin' if twin else ''}"
        for operation in contract.operations[:_MOST_SHOWN]:
            yield f"  {_curl(operation, url, fixtures[contract.name] if twin else None)}"
        if len(contract.operations) > _MOST_SHOWN:
            yield f"  and {len(contract.operations) - _MOST_SHOWN} more operations"
        if twin:
            yield f"  {_login(contract, url, fixtures[contract.name])}"


def _curl(operation: Operation, url: str, fixtures: Fixtures | None) -> str:
    """A command that sends the operation's first example; what the document shows no example of stays as it is."""
    path = operation.paths[0]
    headers = dict(fixtures.credential.headers) if fixtures else {}
    values = dict(fixtures.devices[0].path) if fixtures else {}
    query = []
    for parameter in operation.parameters:
        shown = values.get(parameter.name) or next((str(example.value) for example in parameter.examples), None)
        if shown is not None and parameter.where == "path":
            path = path.replace("{" + parameter.name + "}", shown)
        elif parameter.where == "query" and parameter.required:
            query.append(f"{parameter.name}={shown or ''}")
    parts = ["curl", "-i", "-X", operation.method, url + path + ("?" + "&".join(query) if query else "")]
    for media in operation.body.content[:1] if operation.body else ():
        headers["Content-Type"] = media.media_type
    for name, value in headers.items():
        parts += ["-H", f"{name}: {value}"]
    body = _example_body(operation)
    return shlex.join([*parts, *(["-d", body] if body else [])])


def _example_body(operation: Operation) -> str | None:
    for media in operation.body.content[:1] if operation.body else ():
        for example in media.examples[:1]:
            return example.value if isinstance(example.value, str) else json.dumps(example.value)
    return None


def _login(contract: Contract, url: str, fixtures: Fixtures) -> str:
    """Whether a device would be let in: what the twin alone can tell."""
    device = fixtures.devices[0]
    body = f'{{"id": "{device.id}", "secret": "{next(iter(device.secrets.values()))}"}}'
    return shlex.join(["curl", "-i", "-X", "POST", f"{url}/_twin/{contract.name}/login", "-d", body])
