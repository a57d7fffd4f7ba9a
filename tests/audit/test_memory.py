"""Memory of an audit: constant, whatever the size of the file."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

MIB = 1 << 20
# Not `ru_maxrss`: that of a child begins with what the process that started it had.
AUDIT = (
    "import sys; from watchword.cli import main\n"
    "code = main(['audit', sys.argv[1], '--contract', 'kii', '--output', sys.argv[2]])\n"
    "peak = next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM'))\n"
    "print(code, int(peak) * 1024, file=sys.stderr)"
)
URL = "https://kii.example.com/api/apps/app1/things/VENDOR_THING_ID:thing-1/ownership/password"


pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from Linux's /proc")


def _archive(path: Path, size: int) -> int:
    """Write a HAR file of that many bytes: password changes among pages of HTML; returns the number of entries."""
    fields = {
        "Authorization": "Bearer token-of-the-example",
        "Content-Type": "application/vnd.kii.ChangeThingPasswordRequest+json",
    }
    request = {
        "method": "PUT",
        "url": URL,
        "headers": [{"name": name, "value": value} for name, value in fields.items()],
    }
    posted = {"mimeType": "application/json", "text": '{"newPassword": "an example password"}'}
    change = {
        "request": {**request, "postData": posted},
        "response": {"status": 204, "headers": [], "content": {"size": 0}},
    }
    page = {"status": 200, "headers": [], "content": {"mimeType": "text/html", "size": 3_000, "text": "<p>é</p>" * 375}}
    other = {"request": {"method": "GET", "url": "https://kii.example.com/", "headers": []}, "response": page}
    pair = f"{json.dumps(change)},{json.dumps(other)}"
    count = size // len(pair)
    with path.open("w", encoding="utf-8") as file:
        file.write('{"log": {"version": "1.2", "creator": {"name": "t", "version": "1"}, "entries": [' + pair)
        for _ in range(count):
            file.write("," + pair)
        file.write("]}}")
    return 2 * (count + 1)


def _peak(archive: Path, entries: int) -> int:
    """Bytes that a process had resident at most while it audited the archive."""
    report = archive.with_suffix(".json")
    done = subprocess.run(
        [sys.executable, "-c", AUDIT, str(archive), str(report)],
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    assert f"{entries:,} exchanges" in done.stdout
    code, peak = done.stderr.split()
    assert code == "1"
    (finding,) = json.loads(report.read_text())["findings"]
    assert finding["rule"] == "unknown-operation"
    assert f"{entries // 2:,} times" in finding["message"]
    return int(peak)


def test_larger_archive_takes_no_more_memory(tmp_path: Path) -> None:
    """A HAR file eight times as large costs no more memory."""
    small, large = tmp_path / "small.har", tmp_path / "large.har"
    few, many = _archive(small, MIB), _archive(large, 8 * MIB)
    assert _peak(large, many) < _peak(small, few) + 4 * MIB


@pytest.mark.slow
def test_200_mb_archive_is_audited_within_150_mib(tmp_path: Path) -> None:
    """A HAR file of 200 MB is streamed: the whole process stays below 150 MiB."""
    archive = tmp_path / "large.har"
    entries = _archive(archive, 200_000_000)
    assert archive.stat().st_size >= 200_000_000
    assert _peak(archive, entries) < 150 * MIB
