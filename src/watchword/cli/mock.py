"""`watchword mock`: contracts served over HTTP."""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace

import click

from watchword.contract import BUNDLED, Contract, Operation, load_contract
from watchword.ground import Exchange, Request, WatchwordError
from watchword.mock import FIXTURES_FILE, Application, Fixtures, app, load_fixtures, serve
from watchword.strategies.frame import Frame
from watchword.strategies.instances import Impossible
from watchword.validation import Validator

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
        click.echo(_fixtures(contracts), nl=False)
        return 0
    loaded = [load_contract(name) for name in contracts or BUNDLED]
    application = app(loaded, log=_write_line if log else None)
    with serve(application, host, port) as served:
        click.echo(f"serving {', '.join(contract.name for contract in loaded)} on {served.url}; Ctrl-C stops it")
        for line in _listing(application, served.url):
            click.echo(line)
        served.wait()
    return 0


def _fixtures(contracts: Sequence[str]) -> str:
    """The readable file, comments and all; of named contracts their own sections. Raises `WatchwordError`."""
    text = FIXTURES_FILE.read_text(encoding="utf-8")
    heading, *sections = re.split(r"(?m)^(?=[A-Za-z-]+:)", text)
    known = {section.partition(":")[0]: section for section in sections}
    names = [load_contract(contract).name for contract in contracts]
    without = [contract for contract, name in zip(contracts, names, strict=True) if name not in known]
    if without:
        raise WatchwordError(
            f"{without[0]} has no twin, so no devices and tokens; twins are of {', '.join(known)}. "
            "A mock made from a document takes any credential and any device"
        )
    return text if not names else heading + "".join(known[name] for name in dict.fromkeys(names)).rstrip("\n") + "\n"


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
            yield f"  {_command_for(contract, operation, url, fixtures[contract.name] if twin else None)}"
        if len(contract.operations) > _MOST_SHOWN:
            yield f"  and {len(contract.operations) - _MOST_SHOWN} more operations"
        if twin:
            yield f"  {_login(contract, url, fixtures[contract.name])}"


def _command_for(contract: Contract, operation: Operation, url: str, fixtures: Fixtures | None) -> str:
    """A command that sends a valid request: the document's examples first, what is missing made from the schemas."""
    try:
        request = _request(contract, operation, url, fixtures)
        body = _shown_body(request.body)
    except Impossible as reason:
        return f"{operation.method} {operation.path}  (no command to try it with: {reason})"
    words = ["curl", "-i", *(["--head"] if request.method == "HEAD" else ["-X", request.method])]
    words.append(request.url)
    for name, value in request.headers:
        words += ["-H", f"{name}: {value}" if value else f"{name};"]  # as curl wants an empty one
    if body:
        words += ["--data-raw" if body.startswith("@") else "-d", body]
    return shlex.join(words)


def _request(contract: Contract, operation: Operation, url: str, fixtures: Fixtures | None) -> Request:
    """Raises `Impossible` where the document does not let a valid request be made."""
    frame = Frame(contract, operation, daring=True)
    draft = frame.draft()
    content = frame.content
    examples = content.media.examples if content is not None else ()
    if examples:
        draft = frame.with_value(draft, examples[0].value)
    base = re.sub(r"\{[^{}]*\}", "x", operation.paths[0].removesuffix(operation.path))
    values = dict(fixtures.devices[0].path) if fixtures else {}
    request = draft.request(operation, base_url=url + base, values=values, token=lambda _: "any")
    given = dict(fixtures.credential.headers) if fixtures else {}
    kept = [(name, value) for name, value in request.headers if name not in given]
    request = replace(request, headers=(*given.items(), *kept))
    if not Validator(contract).conforms(Exchange(request)):
        raise Impossible("the document has no example of a valid request")
    return request


def _shown_body(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = "\0"
    if not text.isprintable():
        raise Impossible("its body is no line of text")
    return text


def _login(contract: Contract, url: str, fixtures: Fixtures) -> str:
    """Whether a device would be let in: what the twin alone can tell."""
    device = fixtures.devices[0]
    body = f'{{"id": "{device.id}", "secret": "{next(iter(device.secrets.values()))}"}}'
    return shlex.join(["curl", "-i", "-X", "POST", f"{url}/_twin/{contract.name}/login", "-d", body])
