"""Runs killed, or told to stop, at random instants: `recover` knows the current secret of every device, every time."""

import asyncio
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from watchword.contract import load_contract
from watchword.mock import app, load_fixtures, serve

FIXTURES = load_fixtures()["iotda"]
SECRETS = {
    (number, slot): secret for number, device in enumerate(FIXTURES.devices) for slot, secret in device.secrets.items()
}
LATEST = 0.4
"""Seconds that a slow service takes at most before a request has its effect."""


def late(application: Any, randomness: random.Random) -> Any:
    """The application, each of whose requests has its effect after a while, also where nobody waits for it any more."""

    async def called(scope: Any, receive: Callable[[], Any], send: Any) -> None:
        messages = [await receive()]
        while messages[-1].get("more_body"):
            messages.append(await receive())
        if not scope["path"].startswith("/_twin"):
            await asyncio.sleep(randomness.uniform(0.0, LATEST))
        replayed = iter(messages)

        async def again() -> Any:
            return next(replayed)

        await application(scope, again, send)

    return called


class Bench:
    """A service with two devices of two slots each, its settings, and the commands that are run on it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url
        devices = [
            f'{{ project_id = "{device.path["project_id"]}", device_id = "{device.path["device_id"]}", '
            f'secret = {{ PRIMARY = {{ env = "PRIMARY{number}" }}, SECONDARY = {{ env = "SECONDARY{number}" }} }} }}'
            for number, device in enumerate(FIXTURES.devices)
        ]
        (folder / "watchword.toml").write_text(
            f'[targets.bench]\ncontract = "iotda"\nurl = "{url}"\ncredential = {{ env = "IOTDA_TOKEN" }}\n'
            f"devices = [ {', '.join(devices)} ]\n"
        )
        self.environment = {
            **os.environ,
            **{f"{slot}{number}": secret for (number, slot), secret in SECRETS.items()},
            "IOTDA_TOKEN": next(iter(FIXTURES.credential.headers.values())),
            "XDG_STATE_HOME": str(folder / "state"),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_CACHE_HOME": str(folder / "cache"),
        }

    def command(self, *words: str) -> list[str]:
        """A command line with the settings."""
        return [sys.executable, "-m", "watchword", *words, "--config", str(self.folder / "watchword.toml")]

    def started(self, *options: str) -> subprocess.Popen[str]:
        """A check that has printed its plan, and is about to send its first request."""
        run = subprocess.Popen(
            self.command("check", "--target", "bench", *options),
            env=self.environment,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert run.stderr is not None
        assert run.stderr.readline().startswith("iotda: ")
        return run

    def recover(self, *options: str) -> subprocess.CompletedProcess[str]:
        """`recover` with options."""
        return subprocess.run(
            self.command("recover", *options), env=self.environment, capture_output=True, text=True, timeout=60
        )

    def opens(self, number: int, slot: str, secret: str) -> bool:
        """Whether a device could log in with this secret."""
        given = {"id": FIXTURES.devices[number].path["device_id"], "secret": secret, "slot": slot}
        request = urllib.request.Request(
            f"{self.url}/_twin/iotda/login", json.dumps(given).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request) as response:
            return bool(json.load(response)["ok"])

    def is_as_configured(self) -> bool:
        """Whether every slot of every device has its configured secret."""
        return all(self.opens(number, slot, secret) for (number, slot), secret in SECRETS.items())

    def lost(self, revealed: Path) -> list[str]:
        """The slots whose secret is not among those that `recover` named; one that it did not name is settled."""
        records = json.loads(revealed.read_text()) if revealed.exists() else []
        known = {(record["device"]["device_id"], record["slot"]): record for record in records}
        found = []
        for (number, slot), configured in SECRETS.items():
            record = known.get((FIXTURES.devices[number].path["device_id"], slot))
            candidates = record["candidates"] if record else [configured]
            tries = 2  # what takes effect between two looks is seen by the second
            is_known = any(self.opens(number, slot, secret) for _ in range(tries) for secret in candidates)
            if not is_known and not (record and record["unknown"]):
                found.append(f"{slot} of device {number}")
        return found


@contextmanager
def bench(folder: Path, *, slow: bool, seed: int = 0) -> Iterator[Bench]:
    """A bench on a running service, one that takes its time if `slow`."""
    application = app([load_contract("iotda")])
    with serve(late(application, random.Random(seed)) if slow else application) as server:
        yield Bench(folder, server.url)


def killed_runs(folder: Path, runs: int, seed: int, *options: str, slow: bool = False) -> int:
    """Kills a check at a random instant, again and again; how many were killed before their end.

    After each, `recover` must name the current secret of every slot, and put the configured ones back.
    """
    randomness = random.Random(seed)
    killed = 0
    with bench(folder, slow=slow, seed=seed) as service:
        for number in range(runs):
            run = service.started("--output", os.devnull, *options)
            try:
                run.wait(randomness.uniform(0.0, 1.2))
            except subprocess.TimeoutExpired:
                run.send_signal(signal.SIGKILL)
                killed += 1
            run.communicate()
            revealed = folder / f"secrets-{number}.json"
            told = service.recover("--reveal", str(revealed))
            assert told.returncode in (0, 1), told.stderr
            assert not service.lost(revealed), f"run {number}"
            mended = service.recover("--target", "bench", "--settle", str(2 * LATEST if slow else 0))
            assert mended.returncode == 0, f"run {number}: {mended.stdout}{mended.stderr}"
            assert service.is_as_configured(), f"run {number}"
    return killed


@pytest.mark.parametrize(
    "options",
    [pytest.param((), id="one-worker", marks=pytest.mark.slow), pytest.param(("--workers", "2"), id="two-workers")],
)
def test_killed_runs_leave_no_secret_unknown(tmp_path: Path, options: tuple[str, ...]) -> None:
    """A run killed at a random instant leaves a journal that names the current secrets, and can be mended."""
    assert killed_runs(tmp_path, 2, 1, *options)


@pytest.mark.slow
@pytest.mark.parametrize("slow", [False, True], ids=["prompt-service", "slow-service"])
@pytest.mark.parametrize("options", [(), ("--workers", "2")], ids=["one-worker", "two-workers"])
def test_two_hundred_killed_runs_leave_no_secret_unknown(tmp_path: Path, options: tuple[str, ...], slow: bool) -> None:
    """The same two hundred times, fifty of a kind; a slow service does what it was asked after the asker is dead."""
    assert killed_runs(tmp_path, 50, 2, *options, slow=slow) > 30


@pytest.mark.parametrize(
    ("signals", "code"),
    [
        pytest.param([signal.SIGINT], 130, id="ctrl-c"),
        pytest.param([signal.SIGTERM], 130, id="sigterm", marks=pytest.mark.slow),
        pytest.param([signal.SIGINT, signal.SIGINT], 130, id="ctrl-c-twice", marks=pytest.mark.slow),
    ],
)
@pytest.mark.parametrize("workers", [pytest.param("1", marks=pytest.mark.slow), "2"])
def test_interrupted_run_puts_every_secret_back(
    tmp_path: Path, signals: list[signal.Signals], code: int, workers: str
) -> None:
    """The reply in flight is awaited, then all is as configured; what was learned is reported."""
    with bench(tmp_path, slow=True) as service:
        run = service.started("--workers", workers, "--output", "report.json")
        with pytest.raises(subprocess.TimeoutExpired):
            run.wait(0.7)
        for each in signals:
            run.send_signal(each)
            with pytest.raises(subprocess.TimeoutExpired):
                run.wait(0.05)
        shown, told = run.communicate(timeout=30)
        assert run.returncode == code, told
        assert service.is_as_configured()
        assert service.recover().returncode == 0
    assert told.splitlines()[0] == "interrupted: the last reply is awaited, then changed secrets are put back"
    assert ("once more to leave" in told) is (len(signals) > 1)
    assert told.splitlines()[-1] == "interrupted"
    assert "Traceback" not in told
    assert "interrupted" in shown
    assert (tmp_path / "report.json").exists()


def test_run_that_is_left_in_a_hurry_is_known_to_the_journal(tmp_path: Path) -> None:
    """Ctrl-C three times, and nothing is waited for any more: `recover` names what may have changed."""

    async def stalling(scope: Any, receive: Callable[[], Any], send: Any) -> None:
        if stalling.count > 20 and not scope["path"].startswith("/_twin"):  # type: ignore[attr-defined]
            await asyncio.sleep(5)
        stalling.count += 1  # type: ignore[attr-defined]
        await sound(scope, receive, send)

    stalling.count = 0  # type: ignore[attr-defined]
    sound = app([load_contract("iotda")])
    with serve(stalling) as server:
        service = Bench(tmp_path, server.url)
        run = service.started()
        with pytest.raises(subprocess.TimeoutExpired):
            run.wait(1.0)
        presses = 0
        while run.poll() is None:  # the third leaves the request in flight, later ones the restoration
            run.send_signal(signal.SIGINT)
            presses += 1
            with contextlib.suppress(subprocess.TimeoutExpired):
                run.wait(0.05)
        assert 2 < presses < 12
        _, told = run.communicate(timeout=30)
        assert run.returncode == 130, told
        assert "Traceback" not in told
        revealed = tmp_path / "secrets.json"
        assert service.recover("--reveal", str(revealed)).returncode == 1
        assert not service.lost(revealed)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_slow_pace_does_not_delay_an_interruption(tmp_path: Path, number: signal.Signals) -> None:
    """At one request an hour, the wait for the next turn ends at once."""
    with bench(tmp_path, slow=False) as service:
        run = service.started("--rate", "1/h")
        with pytest.raises(subprocess.TimeoutExpired):
            run.wait(0.5)
        run.send_signal(number)
        run.communicate(timeout=10)
        assert run.returncode == 130
        assert service.is_as_configured()


@pytest.mark.slow
def test_a_hundred_interrupted_runs_leave_every_secret_as_it_was(tmp_path: Path) -> None:
    """Ctrl-C or SIGTERM at a random instant of a run, from the first request to the last."""
    randomness = random.Random(6)
    with bench(tmp_path, slow=False) as service:
        for number in range(100):
            run = service.started("--output", os.devnull, "--workers", randomness.choice("12"))
            try:
                run.wait(randomness.uniform(0.0, 2.0))
            except subprocess.TimeoutExpired:
                run.send_signal(randomness.choice([signal.SIGINT, signal.SIGTERM]))
            _, told = run.communicate(timeout=60)
            assert run.returncode in (0, 130), f"run {number}: {told}"
            assert "Traceback" not in told
            assert service.is_as_configured(), f"run {number}"
