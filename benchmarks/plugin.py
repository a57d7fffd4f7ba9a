"""What the pytest plugin costs: a session that does not use it, and an exchange that `watch` judges."""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from importlib import metadata
from pathlib import Path

import pytest

from benchmarks.table import bar, show
from watchword.ground import Exchange, Request, Response
from watchword.pytest_plugin.agreement import Terms
from watchword.pytest_plugin.session import run_of
from watchword.pytest_plugin.watch import Watch

_TESTS = 500
_PAIRS = 10
_EXCHANGES = 5_000
_ROOT = Path(__file__).resolve().parents[1]
_PYTEST = ("pytest", "pluggy", "iniconfig", "packaging", "pygments")
_IMPORT = """
import pytest, time
started = time.process_time()
import watchword.pytest_plugin.plugin
print(1000 * (time.process_time() - started))
"""
_EXCHANGE = Exchange(
    Request(
        "PUT",
        "http://testserver/api/apps/app1/things/VENDOR_THING_ID:thing-1/ownership/password",
        (
            ("Host", "testserver"),
            ("Accept", "*/*"),
            ("User-Agent", "testclient"),
            ("Authorization", "Bearer token"),
            ("Content-Type", "application/vnd.kii.ChangeThingPasswordRequest+json"),
        ),
        b'{"newPassword": "correct horse"}',
    ),
    Response(204),
)


def run() -> bool:
    """Print the tables; false where a bar is missed."""
    with tempfile.TemporaryDirectory() as folder:
        tests = Path(folder) / "tests"
        tests.mkdir()
        text = "".join(f"def test_{number}(): pass\n" for number in range(_TESTS))
        (tests / "test_trivial.py").write_text(text, encoding="utf-8")
        without, unused, off = _sessions(tests, *_installations(Path(folder)))
        loading = statistics.median(_imported(folder) for _ in range(_PAIRS))
    more = 100 * (unused / without - 1)
    show(
        f"A session of {_TESTS} trivial tests, medians of {_PAIRS} pairs",
        ["pytest", "CPU ms"],
        [
            ["Watchword not installed", f"{without:.0f}"],
            ["installed, unused", f"{unused:.0f}"],
            ["installed, -p no:watchword", f"{off:.0f}"],
            ["its import", f"{loading:.1f}"],
        ],
    )
    plain, lib = _watched()
    show(
        "An exchange that `watch` judges and counts",
        ["kind", "us"],
        [["an Exchange", f"{plain:.0f}"], ["an httpx response", f"{lib:.0f}"]],
    )
    return all(
        [
            bar(f"under 2 % more: {more:.1f} %", holds=more < 2),
            bar(f"import under 5 ms: {loading:.1f}", holds=loading < 5),
            bar(f"under 100 us an exchange: {lib:.0f}", holds=lib < 100),
        ]
    )


def _installations(folder: Path) -> tuple[Path, Path]:
    """Two folders of packages: pytest with what it needs, and Watchword as pip installs it."""
    plain, ours = folder / "plain", folder / "ours"
    plain.mkdir()
    for name in _PYTEST:
        for path in _files_of(name):
            (plain / path.name).symlink_to(path)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--target"]
    subprocess.run([*command, str(ours), str(_ROOT)], check=True, capture_output=True)
    return plain, ours


def _files_of(name: str) -> set[Path]:
    """The files and folders of a distribution beside each other in its site folder."""
    distribution = metadata.distribution(name)
    tops = {file.parts[0] for file in distribution.files or () if file.parts[0] not in {"..", "__pycache__"}}
    return {Path(str(distribution.locate_file(top))).resolve() for top in tops}


def _sessions(tests: Path, plain: Path, ours: Path) -> list[float]:
    """Medians in milliseconds of CPU time: not installed, unused, installed but left out; run in turns."""
    kinds: list[tuple[list[Path], list[str]]] = [
        ([plain], []),
        ([plain, ours], []),
        ([plain, ours], ["-p", "no:watchword"]),
    ]
    taken: list[list[float]] = [[] for _ in kinds]
    for number in range(_PAIRS + 1):
        turn = list(zip(kinds, taken, strict=True))
        for (folders, options), times in turn if number % 2 else reversed(turn):
            spent = _session(tests, folders, options)
            if number:  # the first round writes bytecode
                times.append(spent)
    return [statistics.median(times) for times in taken]


def _session(tests: Path, folders: list[Path], options: list[str]) -> float:
    """CPU milliseconds of a pytest that sees these folders of packages alone."""
    searched = {"PYTHONPATH": os.pathsep.join(map(str, folders)), "PYTHONDONTWRITEBYTECODE": ""}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-S", "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, str(tests)],
        check=True,
        capture_output=True,
        cwd=tests,
        env={**os.environ, **searched},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _imported(folder: str) -> float:
    """CPU milliseconds for the module of the entry point, pytest being there already."""
    done = subprocess.run([sys.executable, "-c", _IMPORT], check=True, capture_output=True, text=True, cwd=folder)
    return float(done.stdout)


def _watched() -> tuple[float, float]:
    """Microseconds for an exchange, and for one of httpx that has to be made into one first."""
    import httpx

    config = pytest.Config.fromdictargs({}, ["-p", "no:terminal", "-p", "no:schemathesis", os.devnull])
    session = run_of(config)
    request = httpx.Request(
        "PUT", _EXCHANGE.request.url, headers=_EXCHANGE.request.headers, content=_EXCHANGE.request.body
    )
    response = httpx.Response(204, request=request)
    times = []
    for given in (_EXCHANGE, response):
        watch = Watch(session, session.agreed(Terms(("kii",), None, "pass", False)))
        best = float("inf")
        for _ in range(5):
            started = time.perf_counter()
            for _ in range(_EXCHANGES):
                watch.saw(None, given)
            best = min(best, time.perf_counter() - started)
        assert not watch.findings
        assert watch.judged == 5 * _EXCHANGES
        times.append(1e6 * best / _EXCHANGES)
    return times[0], times[1]
