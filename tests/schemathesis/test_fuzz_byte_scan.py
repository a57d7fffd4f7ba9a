"""Every byte that Schemathesis writes with the extension loaded: no secret and no token, in no form."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.check.leaky import WAYS, leaky_service
from tests.check.test_byte_scan import NAMES, VARIABLE, environment, known, settings, told
from tests.leak_scan import found, found_below

FILES = {
    "junit": "junit.xml",
    "vcr": "cassette.yaml",
    "har": "traffic.har",
    "ndjson": "events.ndjson",
    "json": "report.json",
    "wfc": "wfc.json",
    "html": "page",
    "allure": "allure",
}
"""Every report format of Schemathesis but the pytest reproducer, which is refused."""

_SOUND_WAYS = tuple(way for way in WAYS if way.__name__ not in ("_no_http", "_broken_header", "_broken_chunks"))
"""What `requests` reads; the other ways end a run at once."""


def fuzzed(folder: Path, name: str, *options: str) -> subprocess.CompletedProcess[bytes]:
    """A run in a folder of its own, with a report of each format below it."""
    reports = folder / "reports"
    reports.mkdir(exist_ok=True)
    paths = [word for form, file in FILES.items() for word in (f"--report-{form}-path", str(reports / file))]
    (folder / "work").mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-m", "watchword", "fuzz", "--target", "bench", *paths, "--seed", "1", *options],
        cwd=folder / "work",
        env=environment(folder, name),
        capture_output=True,
        timeout=300,
    )


def scanned(folder: Path, name: str, *options: str, ways: tuple[object, ...] = _SOUND_WAYS) -> None:
    with leaky_service(name, ways) as (url, seen):  # type: ignore[arg-type]
        settings(folder, name, url)
        done = fuzzed(folder, name, *options)
    output = done.stdout + done.stderr
    assert done.returncode == 1, output.decode()
    for file in FILES.values():
        assert (folder / "reports" / file).exists(), file
    secrets = known(seen, folder)
    assert len(seen.secrets) > 10
    leaks = found(output, secrets, "the terminal") + found_below(folder, secrets)
    assert not leaks, told(leaks)


def test_a_short_run_against_a_leaking_service_shows_no_secret(tmp_path: Path) -> None:
    """Terminal, every report and every cache of a run with failures hold no secret that went over the wire."""
    scanned(tmp_path, "kii", "--phases", "examples,fuzzing", "--max-examples", "20")


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("bytes_kept", [(), ("--report-preserve-bytes",)])
def test_a_whole_run_against_a_leaking_service_shows_no_secret(
    name: str, bytes_kept: tuple[str, ...], tmp_path: Path
) -> None:
    """So do whole runs, on each service, also with bodies kept as bytes and without Schemathesis' own masking."""
    scanned(tmp_path, name, *bytes_kept, "--output-sanitize", "false")


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_service_that_speaks_no_http_shows_no_secret(name: str, tmp_path: Path) -> None:
    """Errors of the network are told without the request that met them."""
    scanned(tmp_path, name, "--max-examples", "20", ways=WAYS)


def test_the_reproducer_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    """A report whose purpose is to send the passwords again is a usage error."""
    with leaky_service("kii") as (url, seen):
        settings(tmp_path, "kii", url)
        done = fuzzed(tmp_path, "kii", "--report", "pytest")
    assert done.returncode == 2, done.stderr.decode()
    assert b"pytest report sends the run's passwords again" in done.stderr
    assert not seen.exchanges
    assert VARIABLE.encode() not in done.stderr
