"""`st run` on the three twins with and without the extension: what is sent, how long it takes, which defects it finds.

Same release, seed, number of examples, document, path values and credential; what is sent is judged where it arrives.
A defect counts as found where Schemathesis' own baseline, made on the sound twin, does not have all of the failures.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.table import bar, show
from watchword.contract import BUNDLED, Contract, load_contract
from watchword.ground import Certainty, Exchange, Request
from watchword.mock import app, load_fixtures, serve
from watchword.mock.faults import NamedFault, faults
from watchword.validation import Validator

_SEED = 7
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


def run() -> bool:
    """Prints the table; false where the extension is not ahead in each column."""
    rows: list[list[str]] = []
    totals: dict[bool, list[float]] = {False: [0, 0, 0, 0], True: [0, 0, 0, 0]}
    for name in BUNDLED:
        contract = load_contract(name)
        for with_it in (False, True):
            sent = _measured(contract, with_extension=with_it)
            for number, value in enumerate((sent.accepted, len(sent.rules), sent.violations, sent.seconds)):
                totals[with_it][number] += value
            label = f"{name}, {'with' if with_it else 'without'} the extension"
            rows.append(
                [label, str(sent.accepted), str(len(sent.rules)), str(sent.violations), f"{sent.seconds:.1f} s"]
            )
    heads = ["st run", "valid, accepted", "rules broken alone", "requests that do", "wall time"]
    show(f"{_EXAMPLES} examples, seed {_SEED}; distinct requests", heads, rows)
    found = {name: _found(load_contract(name)) for name in BUNDLED}
    heads = ["defects found", "without", "with", "of"]
    show("", heads, [[name, *map(str, counts)] for name, counts in found.items()])
    plain, extended = totals[False], totals[True]
    return all(
        [
            bar("more valid requests are accepted", holds=extended[0] > plain[0]),
            bar("more rules are broken alone", holds=extended[1] > plain[1]),
            bar("it takes less time", holds=extended[3] < plain[3]),
            bar("more defects are found", holds=sum(f[1] for f in found.values()) > sum(f[0] for f in found.values())),
        ]
    )


def _measured(contract: Contract, *, with_extension: bool) -> Sent:
    with tempfile.TemporaryDirectory() as folder:
        recorder = Recorder(app([contract]))
        with serve(recorder) as server:
            started = time.perf_counter()
            _st(contract, server.url, Path(folder), with_extension=with_extension)
            seconds = time.perf_counter() - started
    return _judged(contract, recorder.seen, seconds)


def _judged(contract: Contract, seen: list[tuple[Request, int]], seconds: float) -> Sent:
    validator = Validator(contract, base_paths=[load_fixtures()[contract.name].base_path])
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


def _found(contract: Contract) -> tuple[int, int, int]:
    """The defects found without and with the extension, and how many there were."""
    chosen = list(_sample(faults(contract)))
    counts = []
    for with_it in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            baseline = ("--baseline", "baseline.json", "--max-examples", str(_EXAMPLES_A_DEFECT))
            with _served(contract, None) as url:
                _st(contract, url, Path(folder), *baseline, with_extension=with_it)
            found = 0
            for fault in chosen:
                with _served(contract, fault) as url:
                    found += _st(contract, url, Path(folder), *baseline, with_extension=with_it) == 1
            counts.append(found)
    return counts[0], counts[1], len(chosen)


def _sample(known: tuple[NamedFault, ...]) -> Iterator[NamedFault]:
    """Faults of every group in turn, evenly spread within each; those that break documented clauses."""
    groups: dict[str, list[NamedFault]] = {}
    for fault in known:
        if fault.certainty is Certainty.DOCUMENTED:
            groups.setdefault(fault.group, []).append(fault)
    each = _FAULTS // len(groups)
    for group in groups.values():
        for number in range(each):
            yield group[(2 * number + 1) * len(group) // (2 * each)]


@contextmanager
def _served(contract: Contract, fault: NamedFault | None) -> Iterator[str]:
    with serve(app([contract], fault=fault.fault if fault else None)) as server:
        yield server.url


def _st(contract: Contract, url: str, folder: Path, *options: str, with_extension: bool) -> int:
    """The exit code of a run in a folder of its own: 0 nothing new, 1 failures."""
    fixtures = load_fixtures()[contract.name]
    name, value = next(iter(fixtures.credential.headers.items()))
    parameters = "\n".join(f'"path.{key}" = "{text}"' for key, text in fixtures.devices[0].path.items())
    (folder / "schemathesis.toml").write_text(f"[parameters]\n{parameters}\n")
    command = [
        str(Path(sys.executable).with_name("st")), "run", str(contract.root.document.path.resolve()),
        "--url", url + fixtures.base_path, "-H", f"{name}: {value}", "--seed", str(_SEED),
        "--continue-on-failure", *(options or ("--max-examples", str(_EXAMPLES))),
    ]  # fmt: skip
    environment = {**os.environ, "XDG_STATE_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    if with_extension:
        environment["SCHEMATHESIS_HOOKS"] = "watchword.schemathesis"
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"st ended with {done.returncode}: {done.stderr.decode()[-2000:]}")
    return done.returncode


if __name__ == "__main__":
    sys.exit(not run())
