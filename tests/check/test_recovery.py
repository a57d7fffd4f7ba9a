"""What `recover` says and does after runs that ended badly, in one process and over real HTTP."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from watchword.check import Journal, Lock, Standing, settling
from watchword.check.journal import KEY_VARIABLE, UnusableJournal
from watchword.cli import main
from watchword.contract import load_contract
from watchword.ground import WatchwordError
from watchword.mock import app, load_fixtures, serve

DEVICE = {"appID": "app1", "vendorThingID": "thing-1"}
CONFIGURED = "an example password"
SETTINGS = """
[targets.bench]
contract = "kii"
url = "{url}"
credential = {{ env = "KII_TOKEN" }}
devices = [ {{ appID = "app1", vendorThingID = "thing-1", secret = {{ env = "KII_SECRET" }} }} ]
"""


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journal]:
    """The journal of the usual place, which is below the test's folder."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("KII_TOKEN", next(iter(load_fixtures()["kii"].credential.headers.values())))
    monkeypatch.setenv("KII_SECRET", CONFIGURED)
    monkeypatch.chdir(tmp_path)
    with Journal() as opened:
        yield opened


def only(journal: Journal) -> Standing:
    (standing,) = journal.standings()
    return standing


@pytest.mark.parametrize(
    ("accepted", "changed", "candidates", "refused"),
    [
        (True, True, ("new",), ()),
        (False, True, (CONFIGURED,), ("new",)),
        (None, True, ("new", CONFIGURED), ()),
    ],
    ids=["accepted", "refused", "nobody-knows"],
)
def test_outcome_of_a_reset_leaves_the_secrets_that_it_allows(
    journal: Journal, accepted: bool | None, changed: bool, candidates: tuple[str, ...], refused: tuple[str, ...]
) -> None:
    """Accepted: the new one. A 5xx: either. Refused: the old one, but a service may store before it judges."""
    journal.known("http://x", DEVICE, "", CONFIGURED)
    journal.answered(journal.sending("http://x", DEVICE, "", "new"), accepted=accepted, secret=None)
    standing = only(journal)
    assert (standing.is_changed, standing.candidates, standing.refused) == (changed, candidates, refused)
    journal.restored("http://x", DEVICE, "", CONFIGURED)
    assert not only(journal).is_changed


def test_request_that_never_left_leaves_no_trace(journal: Journal) -> None:
    """A refused connection changed nothing, whatever the request would have set."""
    journal.known("http://x", DEVICE, "", CONFIGURED)
    journal.unsent(journal.sending("http://x", DEVICE, "", "new"))
    assert not only(journal).is_changed
    assert only(journal).refused == ()


def test_device_without_a_configured_secret_is_changed_by_a_reset_alone(journal: Journal) -> None:
    """Listed and never touched: nothing to tell. After a reset: the new one, or one that nobody knows."""
    journal.known("http://x", DEVICE, "", None)
    assert not only(journal).is_changed
    journal.sending("http://x", DEVICE, "", "new")
    assert only(journal).is_changed


def test_settled_devices_keep_one_entry_however_many_runs_there_were(journal: Journal) -> None:
    """Secrets of earlier runs do not pile up, nor do their sealed bytes stay in the file."""
    for number in range(20):
        journal.known("http://x", DEVICE, "", CONFIGURED)
        journal.answered(journal.sending("http://x", DEVICE, "", f"new {number}"), accepted=True, secret=None)
        journal.restored("http://x", DEVICE, "", CONFIGURED)
    journal.known("http://x", DEVICE, "", CONFIGURED)
    with sqlite3.connect(journal.path) as database:
        assert database.execute("SELECT COUNT(*) FROM change").fetchone() == (1,)
    database.close()


def test_every_file_of_the_journal_is_its_owner_s_alone(journal: Journal, tmp_path: Path) -> None:
    """Database, log, key and lock have mode 0600, also where the journal was readable before; each commit is synced."""
    journal.known("http://x", DEVICE, "", CONFIGURED)
    journal.path.chmod(0o644)
    with Journal() as again, Lock(again.path.parent, "http://x").alone():
        files = [path for folder in ("state", "config") for path in (tmp_path / folder).rglob("*") if path.is_file()]
        assert {path.name.rpartition(".")[2] for path in files} == {"sqlite", "sqlite-wal", "sqlite-shm", "key", "lock"}
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
        assert again._database.execute("PRAGMA synchronous").fetchone() == (2,)
        assert again._database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_journal_that_is_damaged_is_one_clear_error(journal: Journal, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that was overwritten in the middle: no traceback, no guess."""
    for number in range(200):
        journal.known("http://x", DEVICE | {"appID": str(number)}, "", CONFIGURED)
    journal.close()
    content = bytearray(journal.path.read_bytes())
    content[4096:20480] = os.urandom(16384)
    journal.path.write_bytes(content)
    assert main(["recover"]) == 2
    assert "cannot be used" in capsys.readouterr().err


def test_lost_key_is_one_clear_error_with_a_way_out(journal: Journal, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the key nothing can be read; what was noted of a target can be dropped, and a new run begins afresh."""
    journal.known("http://x", DEVICE, "", CONFIGURED)
    (Path(os.environ["XDG_CONFIG_HOME"]) / "watchword" / "journal.key").unlink()
    assert main(["recover"]) == 2
    told = capsys.readouterr().err
    assert "was written with another key" in told
    assert KEY_VARIABLE in told
    assert main(["recover", "--forget", "http://x/"]) == 0
    assert "forgot 1 device of http://x\n" in capsys.readouterr().out
    assert main(["recover"]) == 0


def test_forgetting_one_target_leaves_the_others(journal: Journal, capsys: pytest.CaptureFixture[str]) -> None:
    """`--url` shows the devices of one base URL, `--forget` drops them."""
    for url in ("http://gone", "http://here"):
        journal.known(url, DEVICE, "", CONFIGURED)
        journal.sending(url, DEVICE, "", "new")
    assert main(["recover", "--url", "http://gone/"]) == 1
    shown = capsys.readouterr().out
    assert "http://gone" in shown
    assert "http://here" not in shown
    assert main(["recover", "--forget", "http://gone"]) == 0
    assert [standing.target for standing in journal.standings()] == ["http://here"]
    assert main(["recover", "--forget", "http://here", "--url", "http://here"]) == 2


def test_recovery_puts_the_secret_of_today_s_settings_back(
    journal: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not the one that was configured when the run was killed; a device that is listed no longer is not touched."""
    with serve(app([load_contract("kii")])) as server:
        Path("watchword.toml").write_text(SETTINGS.format(url=server.url))
        for device, old in ((DEVICE, "an older one"), (DEVICE | {"vendorThingID": "thing-2"}, "another")):
            journal.known(server.url, device, "", old)
            journal.sending(server.url, device, "", "new")
        assert main(["recover", "--target", "bench", "--settle", "0"]) == 1
    shown = capsys.readouterr().out
    assert "vendorThingID=thing-1: put back" in shown
    assert "vendorThingID=thing-2: the target lists it no longer" in shown
    held = {standing.device["vendorThingID"]: standing for standing in journal.standings()}
    assert held["thing-1"].candidates == (CONFIGURED,)
    assert held["thing-2"].is_changed


def test_revealed_secrets_go_into_a_new_file_alone(journal: Journal, capsys: pytest.CaptureFixture[str]) -> None:
    """The file is its owner's, holds every secret that may be current, and replaces none that is there."""
    journal.known("http://x", DEVICE, "", CONFIGURED)
    journal.answered(journal.sending("http://x", DEVICE, "", "refused one"), accepted=False, secret=None)
    journal.sending("http://x", DEVICE, "", "new")
    assert main(["recover", "--reveal", "secrets.json"]) == 1
    (record,) = json.loads(Path("secrets.json").read_text())
    assert record["candidates"] == ["new", CONFIGURED]
    assert record["refused"] == ["refused one"]
    assert stat.S_IMODE(Path("secrets.json").stat().st_mode) == 0o600
    assert main(["recover", "--reveal", "secrets.json"]) == 2
    told = capsys.readouterr()
    assert "--reveal makes a new file" in told.err
    assert "refused one" not in told.out + told.err


def test_recovery_waits_for_what_may_come_late() -> None:
    """A request without a reply may take effect after what puts the secret back: until it is old enough, wait."""
    lost = Standing("http://x", DEVICE, "", ("new",), False, CONFIGURED, (), 100.0)
    sure = Standing("http://x", DEVICE, "", ("new",), False, CONFIGURED)
    assert settling([lost, sure], 10.0, 104.0) == 6.0
    assert settling([lost], 10.0, 111.0) == 0.0
    assert settling([sure], 10.0, 104.0) == 0.0
    assert settling([lost], 10.0, 50.0) == 0.0, "a clock that was set back keeps nobody waiting"


def test_two_runs_on_one_target_are_refused(journal: Journal, capsys: pytest.CaptureFixture[str]) -> None:
    """The second says so before it sends anything, `recover` too; a listing is no run."""
    Path("watchword.toml").write_text(SETTINGS.format(url="http://127.0.0.1:9"))
    journal.known("http://127.0.0.1:9", DEVICE, "", CONFIGURED)
    journal.sending("http://127.0.0.1:9", DEVICE, "", "new")
    with Lock(journal.path.parent, "http://127.0.0.1:9").alone():
        for command in (["check", "--target", "bench"], ["recover", "--target", "bench"]):
            assert main(command) == 2
            assert "another run has the devices of http://127.0.0.1:9" in capsys.readouterr().err
        assert main(["recover"]) == 1
    one, other = (Lock(journal.path.parent, "http://x") for _ in range(2))
    with one.alone(), pytest.raises(WatchwordError, match="another run"), other.alone():
        pass
    with other.alone(), Lock(journal.path.parent, "http://y").alone():
        pass


@pytest.mark.parametrize("place", ["state", "config"])
def test_unwritable_folder_stops_a_check_before_a_request(
    journal: Journal, tmp_path: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file where journal or key should be kept: exit code 2, and the service was asked nothing."""
    journal.close()
    asked: list[str] = []
    with serve(app([load_contract("kii")], log=asked.append)) as server:
        Path("watchword.toml").write_text(SETTINGS.format(url=server.url))
        blocked = tmp_path / f"blocked-{place}"
        blocked.write_text("in the way")
        os.environ[{"state": "XDG_STATE_HOME", "config": "XDG_CONFIG_HOME"}[place]] = str(blocked)
        assert main(["check", "--target", "bench"]) == 2
    assert asked == []
    assert "cannot be used" in capsys.readouterr().err


def test_disk_that_fills_up_ends_the_run_with_nothing_unnoted(journal: Journal, tmp_path: Path) -> None:
    """From the moment on at which the journal takes no more, nothing is sent; what may be current is known."""
    journal.close()
    program = """
import sqlite3, sys
import watchword.check.journal as journal
kept = journal.Journal.__init__
def small(self, *given):
    kept(self, *given)
    pages = self._database.execute("PRAGMA page_count").fetchone()[0]
    self._database.execute(f"PRAGMA max_page_count = {pages + 6}")
journal.Journal.__init__ = small
from watchword.__main__ import entry
sys.exit(entry())
"""
    with serve(app([load_contract("kii")])) as server:
        Path("watchword.toml").write_text(SETTINGS.format(url=server.url))
        command = [sys.executable, "-c", program, "check", "--target", "bench", "--output", "report.json"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 2, done.stdout + done.stderr
        assert "database or disk is full; nothing is sent without it" in done.stderr
        rules = [finding["rule"] for finding in json.loads(Path("report.json").read_text())["findings"]]
        assert {"unreachable", "not-restored"} <= set(rules)
        with Journal() as opened:
            standing = only(opened)
        assert standing.is_changed
        assert main(["recover", "--target", "bench", "--settle", "0"]) == 0
    with pytest.raises(UnusableJournal), Journal(tmp_path) as opened:
        pass


def test_old_entries_show_neither_passwords_of_urls_nor_values_that_sound_secret(
    journal: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    """What an earlier version put into the journal as it stood is masked wherever it is shown."""
    url = "http://someone:hunter2secret@192.0.2.1:8080/api?token=s3cr3t&debug#at-the-end"
    entry = journal.sending(url, {"appID": "app1", "secret": "in-the-wrong-place"}, "", "new password")
    journal.answered(entry, accepted=True, secret=None)
    assert main(["recover"]) == 1
    told = capsys.readouterr().out
    assert told.startswith("http://***@192.0.2.1:8080/api?token=***&***  appID=app1, secret=<18 characters")
    main(["recover", "--forget", url])
    told += capsys.readouterr().out
    assert "forgot 1 device of http://***@192.0.2.1:8080/api?token=***&***" in told
    for secret in ("someone", "hunter2secret", "s3cr3t", "in-the-wrong-place", "at-the-end", "new password"):
        assert secret not in told


def test_lost_reply_to_a_request_without_a_secret_is_not_said_to_make_one_up(
    journal: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    """The journal knows no contract: of one that makes nothing up it must not say that it did."""
    journal.known("http://192.0.2.1", DEVICE, "", CONFIGURED)
    journal.sending("http://192.0.2.1", DEVICE, "", None)
    main(["recover"])
    told = capsys.readouterr().out
    assert "made up" not in told
    assert "or one that the request did not name and whose reply was lost" in told
