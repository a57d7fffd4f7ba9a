"""Devices come back to their configured secrets; killed at any instant, the journal knows what they may have."""

import json
import os
import stat
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from watchword.check import Journal
from watchword.contract import load_contract
from watchword.ground import WatchwordError
from watchword.mock import app, serve

DEVICE = {"project_id": "5f2b8c1d9e3a47608b1c2d3e4f506172", "device_id": "7f3c1a52-0b6d-4e8f-9a21-5c4d3e2f1b0a"}
SETTINGS = """
[targets.bench]
contract = "iotda"
url = "{url}"
credential = {{ env = "IOTDA_TOKEN" }}
devices = [ {{ project_id = "{project_id}", device_id = "{device_id}", secret = {slots} }} ]
"""
SLOTS = '{ PRIMARY = { env = "PRIMARY" }, SECONDARY = { env = "SECONDARY" } }'
ENVIRONMENT = {
    "IOTDA_TOKEN": "iotda-token-of-the-project-user",
    "PRIMARY": "initial-primary_1",
    "SECONDARY": "initial-secondary_1",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def command(folder: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "watchword", *arguments, "--config", str(folder / "watchword.toml")]


def environment(folder: Path) -> dict[str, str]:
    places = {"XDG_STATE_HOME": str(folder / "state"), "XDG_CONFIG_HOME": str(folder / "config")}
    return {**os.environ, **ENVIRONMENT, **places}


def opens(url: str, slot: str, secret: str) -> bool:
    """Whether the device could log in with this secret."""
    body = json.dumps({"id": DEVICE["device_id"], "secret": secret, "slot": slot}).encode()
    request = urllib.request.Request(f"{url}/_twin/iotda/login", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as response:
        return bool(json.load(response)["ok"])


def test_check_puts_every_slot_back(folder: Path) -> None:
    """After a run with hundreds of resets, both slots of the device have their configured secrets again."""
    with serve(app([load_contract("iotda")])) as server:
        (folder / "watchword.toml").write_text(SETTINGS.format(url=server.url, slots=SLOTS, **DEVICE))
        done = subprocess.run(
            command(folder, "check", "--target", "bench"), env=environment(folder), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert opens(server.url, "PRIMARY", "initial-primary_1")
        assert opens(server.url, "SECONDARY", "initial-secondary_1")
    recovered = subprocess.run(command(folder, "recover"), env=environment(folder), capture_output=True, text=True)
    assert recovered.returncode == 0
    assert "every device has its configured secret" in recovered.stdout


def test_no_file_of_a_run_holds_a_secret(folder: Path) -> None:
    """Journal, report and output hold neither the token nor a configured secret, and the journal is ours alone."""
    with serve(app([load_contract("iotda")])) as server:
        (folder / "watchword.toml").write_text(SETTINGS.format(url=server.url, slots=SLOTS, **DEVICE))
        done = subprocess.run(
            command(folder, "check", "--target", "bench", "--format", "json", "--output", str(folder / "report.json")),
            env=environment(folder),
            capture_output=True,
            cwd=folder,
        )
    written = [path for path in folder.rglob("*") if path.is_file()]
    journal = folder / "state" / "watchword" / "journal.sqlite"
    assert journal in written
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    content = done.stdout + done.stderr + b"".join(path.read_bytes() for path in written)
    for secret in ENVIRONMENT.values():
        assert secret.encode() not in content


def test_lost_reply_keeps_both_candidates(folder: Path) -> None:
    """A request whose reply never came leaves two candidates; a made-up secret is said to be unknown."""
    device = {"id": "d"}
    with Journal(folder / "journal.sqlite", folder / "key") as journal:
        journal.known("http://x", device, "", "old")
        journal.sending("http://x", device, "", "new")
        (standing,) = journal.standings()
        assert standing.is_changed
        assert set(standing.candidates) == {"old", "new"}
        assert not standing.unknown
        journal.sending("http://x", device, "", None)
        (standing,) = journal.standings()
        assert standing.unknown
        assert "old" not in repr(standing)


def test_accepted_and_refused_replies_settle_it(folder: Path) -> None:
    """An accepted reset leaves one candidate, a refused one changes nothing, a restored one ends it."""
    device = {"id": "d"}
    with Journal(folder / "journal.sqlite", folder / "key") as journal:
        journal.known("http://x", device, "", "old")
        journal.answered(journal.sending("http://x", device, "", "new"), accepted=True, secret=None)
        journal.answered(journal.sending("http://x", device, "", "bad"), accepted=False, secret=None)
        (standing,) = journal.standings()
        assert standing.candidates == ("new",)
        journal.restored("http://x", device, "", "old")
        (standing,) = journal.standings()
        assert not standing.is_changed


def test_another_key_is_said_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A journal opened with the wrong key is one clear error; a broken key and a broken file too."""
    with Journal(folder / "journal.sqlite", folder / "key") as journal:
        journal.known("http://x", {"id": "d"}, "", "old")
    with (
        Journal(folder / "journal.sqlite", folder / "other-key") as journal,
        pytest.raises(WatchwordError, match="another key"),
    ):
        list(journal.standings())
    (folder / "broken").write_text("no key")
    with pytest.raises(WatchwordError, match="holds no key"):
        Journal(folder / "journal.sqlite", folder / "broken")
    (folder / "not.sqlite").write_bytes(b"something else entirely, and long enough to be a header" * 20)
    with pytest.raises(WatchwordError, match="cannot be used"):
        Journal(folder / "not.sqlite", folder / "key")
