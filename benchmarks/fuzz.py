"""`st run` on mocks with and without the extension: what is sent, how long it takes, which defects it finds.

`python -m benchmarks.fuzz [SEED ...] [NAME|SPEC ...]`: without a seed it is one seed, without a document the three
twins. A document without a twin is served by the mock that is made from it.

Same release, seed, number of examples, document, path values and credential; what is sent is judged where it arrives.
A defect counts as found where Schemathesis' own baseline, made on the sound twin, does not have all of the failures.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.table import bar, show
from watchword.check import Target, guarded
from watchword.contract import BUNDLED, Contract, load_contract
from watchword.ground import Certainty, Exchange, Request
from watchword.mock import app, load_fixtures, serve
from watchword.mock.faults import NamedFault, faults
from watchword.strategies.enumeration import service_url
from watchword.validation import Validator

_SEEDS = (7,)
_EXAMPLES = 100
_EXAMPLES_A_DEFECT = 50
_FAULTS = 14
"""Of each contract; 42 in all."""

_UNDOCUMENTED = "unknown-operation"
"""Methods that nobody documented are not counted: the extension does not try them on credentials, on purpose."""

_OF_THE_CLIENT = frozenset(
    {"host", "user-agent", "accept", "accept-encoding", "connection", "content-length", "x-schemathesis-testcaseid"}
)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass
class Recorder:
    """An ASGI application that keeps what went by: requests with their statuses."""

    application: Any
    seen: list[tuple[Request, int]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as the application does."""
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        body, status = bytearray(), 0

        async def received() -> dict[str, Any]:
            message = await receive()
            body.extend(message.get("body", b""))
            return message

        async def sent(message: dict[str, Any]) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        await self.application(scope, received, sent)
        query = scope["query_string"].decode("latin-1")
        url = scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
        self.seen.append((Request(scope["method"], url, headers, bytes(body)), status))


@dataclass(frozen=True)
class Sent:
    """What one run came to; `rules` are those that some request broke alone, each with its place."""

    accepted: int
    rules: frozenset[tuple[str, str]]
    violations: int
    seconds: float


@dataclass(frozen=True)
class Subject:
    """A document under test: what its mock is called with, as `schemathesis.toml` and options of the command line."""

    contract: Contract
    base_path: str
    configuration: str
    options: tuple[str, ...]

    @classmethod
    def of(cls, name: str) -> "Subject":
        """A bundled contract with its twin's first device and credential, else a document with its examples."""
        contract = load_contract(name)
        fixtures = load_fixtures().get(contract.name)
        if fixtures is not None:
            header, value = next(iter(fixtures.credential.headers.items()))
            parameters = _parameters(contract, fixtures.devices[0].path)
            return cls(contract, fixtures.base_path, parameters, ("-H", f"{header}: {value}"))
        base_path = urlsplit(service_url(contract.operations[0])).path.rstrip("/")
        made_up = guarded(Target(name, "http://127.0.0.1" + base_path), contract).devices
        parameters = _parameters(contract, made_up[0].path) if made_up else ""
        return cls(contract, base_path, parameters + "".join(_credentials(contract)), ())


def _parameters(contract: Contract, path: Mapping[str, str]) -> str:
    """The path values as Schemathesis takes them: as they stand in the URL."""
    leads = {name: lead for operation in contract.operations for name, lead in operation.leads.items()}
    return "[parameters]\n" + "".join(f'"path.{name}" = "{leads.get(name, "")}{text}"\n' for name, text in path.items())


def _credentials(contract: Contract) -> Iterator[str]:
    """A credential for each scheme: a mock that is made from a document takes any."""
    security = [scheme for each in contract.operations for alternative in each.security for scheme in alternative]
    for scheme in {each.key: each for each in security}.values():
        given = 'api_key = "watchword"' if scheme.kind == "apiKey" else 'bearer = "watchword"'
        if (scheme.kind, scheme.scheme) == ("http", "basic"):
            given = 'username = "anybody"\npassword = "watchword"'
        yield f"\n[auth.openapi.{scheme.key}]\n{given}\n"


def run(seeds: Sequence[int] = _SEEDS, names: Sequence[str] = BUNDLED) -> bool:
    """Prints the tables; false where the extension is not ahead in each column."""
    holds = True
    subjects = {name: Subject.of(name) for name in names}
    for seed in seeds:
        totals: dict[bool, list[float]] = {False: [0, 0, 0, 0], True: [0, 0, 0, 0]}
        for name, subject in subjects.items():
            rows: list[list[str]] = []
            for with_it in (False, True):
                sent = _measured(subject, seed, with_extension=with_it)
                for number, value in enumerate((sent.accepted, len(sent.rules), sent.violations, sent.seconds)):
                    totals[with_it][number] += value
                label = "with the extension" if with_it else "without it"
                rows.append(
                    [label, str(sent.accepted), str(len(sent.rules)), str(sent.violations), f"{sent.seconds:.1f} s"]
                )
            heads = ["st run", "valid, accepted", "rules broken alone", "requests that do", "wall time"]
            show(f"{name}, {_EXAMPLES} examples, seed {seed}; distinct requests", heads, rows)
        found = {}
        for name, subject in subjects.items():
            found[name] = _found(subject, seed)
            heads = ["defects found", "without", "with", "of"]
            show("", heads, [[name, *map(str, found[name])]])
        plain, extended = totals[False], totals[True]
        holds &= all(
            [
                bar("more valid requests are accepted", holds=extended[0] > plain[0]),
                bar("more rules are broken alone", holds=extended[1] > plain[1]),
                bar("it takes less time", holds=extended[3] < plain[3]),
                bar(
                    "more defects are found",
                    holds=sum(each[1] for each in found.values()) > sum(each[0] for each in found.values()),
                ),
            ]
        )
    return holds


def _measured(subject: Subject, seed: int, *, with_extension: bool) -> Sent:
    with tempfile.TemporaryDirectory() as folder:
        recorder = Recorder(app([subject.contract]))
        with serve(recorder) as server:
            started = time.perf_counter()
            _st(subject, seed, server.url, Path(folder), with_extension=with_extension)
            seconds = time.perf_counter() - started
    return _judged(subject, recorder.seen, seconds)


def _judged(subject: Subject, seen: list[tuple[Request, int]], seconds: float) -> Sent:
    validator = Validator(subject.contract, base_paths=[subject.base_path or "/"])
    accepted: set[tuple[object, ...]] = set()
    alone: set[tuple[tuple[str, str], object]] = set()
    for request, status in seen:
        findings = validator.findings(Exchange(request))
        broken = {(finding.rule, finding.location or "") for finding in findings}
        if any(rule == _UNDOCUMENTED for rule, _ in broken):
            continue
        if not broken and 200 <= status < 300:
            accepted.add(_identity(request))
        elif len(broken) == 1:
            alone.add((next(iter(broken)), _identity(request)))
    return Sent(len(accepted), frozenset(rule for rule, _ in alone), len(alone), seconds)


def _identity(request: Request) -> tuple[object, ...]:
    """What makes two requests the same: all but what every client adds by itself."""
    headers = frozenset((name, value) for name, value in request.headers if name not in _OF_THE_CLIENT)
    return request.method, request.url, headers, request.body


def _found(subject: Subject, seed: int) -> tuple[int, int, int]:
    """The defects found without and with the extension, and how many there were."""
    chosen = list(_sample(faults(subject.contract)))
    counts = []
    for with_it in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            baseline = ("--baseline", "baseline.json", "--max-examples", str(_EXAMPLES_A_DEFECT))
            with _served(subject.contract, None) as url:
                _st(subject, seed, url, Path(folder), *baseline, with_extension=with_it)
            found = 0
            for fault in chosen:
                with _served(subject.contract, fault) as url:
                    found += _st(subject, seed, url, Path(folder), *baseline, with_extension=with_it) == 1
            counts.append(found)
    return counts[0], counts[1], len(chosen)


def _sample(known: tuple[NamedFault, ...]) -> Iterator[NamedFault]:
    """Faults of every group in turn, evenly spread within each; those that break documented clauses."""
    groups: dict[str, list[NamedFault]] = {}
    for fault in known:
        if fault.certainty is Certainty.DOCUMENTED:
            groups.setdefault(fault.group, []).append(fault)
    for group in groups.values():
        each = min(_FAULTS // len(groups), len(group))
        for number in range(each):
            yield group[(2 * number + 1) * len(group) // (2 * each)]


@contextmanager
def _served(contract: Contract, fault: NamedFault | None) -> Iterator[str]:
    with serve(app([contract], fault=fault.fault if fault else None)) as server:
        yield server.url


def _st(subject: Subject, seed: int, url: str, folder: Path, *options: str, with_extension: bool) -> int:
    """The exit code of a run in a folder of its own: 0 nothing new, 1 failures."""
    (folder / "schemathesis.toml").write_text(subject.configuration)
    command = [
        str(Path(sys.executable).with_name("st")), "run", str(subject.contract.root.document.path.resolve()),
        "--url", url + subject.base_path, *subject.options, "--seed", str(seed),
        "--continue-on-failure", *(options or ("--max-examples", str(_EXAMPLES))),
    ]  # fmt: skip
    environment = {**os.environ, "XDG_STATE_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    if with_extension:
        environment["SCHEMATHESIS_HOOKS"] = "watchword.schemathesis"
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"st ended with {done.returncode}: {done.stderr.decode()[-2000:]}")
    return done.returncode


def main(arguments: Sequence[str]) -> int:
    """Exit code 1 where the extension is not ahead, else 0."""
    seeds = [int(each) for each in arguments if each.isdecimal()]
    names = [each for each in arguments if not each.isdecimal()]
    return int(not run(seeds or _SEEDS, names or BUNDLED))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
