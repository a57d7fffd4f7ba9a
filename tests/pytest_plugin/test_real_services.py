"""Collected tests of a service that is not ours to start: devices in turns, secrets put back, what is left told."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from watchword.check.lock import Lock
from watchword.contract import load_contract
from watchword.mock import app, load_fixtures, serve

pytest_plugins = ["pytester"]


@pytest.fixture
def bench(pytester, monkeypatch):
    """A twin of Kii as the target `bench`, whose first device has a configured secret; gives the twin."""
    fixtures = load_fixtures()["kii"]
    application = app([load_contract("kii")])
    monkeypatch.setenv("KII_ADMIN", next(iter(fixtures.credential.headers.values())))
    monkeypatch.setenv("THING", "configured password")
    with serve(application) as served:
        pytester.path.joinpath("watchword.toml").write_text(
            textwrap.dedent(
                f"""
                [targets.bench]
                contract = "kii"
                url = "{served.url}"
                credential = {{ env = "KII_ADMIN" }}
                devices = [{{ appID = "app1", vendorThingID = "thing-1", secret = {{ env = "THING" }} }}]
                unknown-devices = [{{ appID = "app1", vendorThingID = "thing-unknown" }}]
                """
            ),
            encoding="utf-8",
        )
        yield application.twins["kii"]


def test_target_of_the_settings_is_tested_and_its_secret_put_back(session, bench):
    """By its name, credential and devices from `watchword.toml`."""
    result = session("--watchword-target", "bench", "-k", "Password/ or example or unknown-device")
    assert result.ret == 0
    assert login(bench)


@pytest.mark.slow
def test_two_workers_take_turns_and_put_the_secret_back(session, bench):
    """Each test has the devices to itself; the last worker leaves the configured secret."""
    result = session("--watchword-target", "bench", "-n", "2", "-k", "Password/ or workflow", apart=True)
    assert result.ret == 0
    assert login(bench)
    assert list(Path(os.environ["XDG_STATE_HOME"]).rglob("*.lock"))


def test_secret_that_could_not_be_put_back_fails_the_session(session, pytester, bench):
    """No test can tell, so the session does, at its end."""
    pytester.makeconftest(
        """
        from watchword.check import HttpTransport
        from watchword.ground import Response
        send = HttpTransport.send

        def sometimes(self, request):
            return Response(500) if b"configured" in request.body else send(self, request)

        HttpTransport.send = sometimes
        """
    )
    result = session("--watchword-target", "bench", "-k", "Password/first", apart=True)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*- watchword -*", "*not-restored*", "*1 passed*"])
    assert "configured password" not in result.stdout.str()


def test_lock_tells_whether_another_process_was_there(tmp_path):
    """Who had the devices since knows what their secrets are; a process alone need not forget."""
    lock = Lock(tmp_path, "http://service")
    for expected in (False, False):
        with lock.held() as others:
            assert others is expected
    program = "import sys, pathlib; from watchword.check.lock import Lock\n"
    program += "with Lock(pathlib.Path(sys.argv[1]), 'http://service').held() as others: print(others)"
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
    with lock.held() as others:
        assert others


def login(twin) -> bool:
    """Whether the first thing has the configured password again."""
    return twin.login({"id": "thing-1", "secret": "configured password"})
