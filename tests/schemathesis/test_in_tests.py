"""Schemathesis' own pytest plugin with the extension loaded: exact values, our checks, the guard, and nothing shown."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.check.leaky import WAYS, leaky_service
from tests.check.test_byte_scan import VARIABLE, environment, known, settings, told
from tests.leak_scan import found, found_below

from watchword.contract import load_contract
from watchword.mock import load_fixtures

SPEC = load_contract("kii").root.document.path.resolve()
_SOUND = (next(way for way in WAYS if way.__name__ == "_sound"),)
_READABLE = tuple(way for way in WAYS if way.__name__ not in ("_no_http", "_broken_header", "_broken_chunks"))

APPLICATION = """
import schemathesis
from fastapi import FastAPI
from pydantic import BaseModel, Field

api = FastAPI()


class Change(BaseModel):
    password: str = Field(min_length=8, max_length=20, pattern="^[a-z0-9]+$", json_schema_extra={"format": "password"})


@api.put("/users/{user}/password", status_code=204)
def change(user: str, change: Change) -> None:
    if len(change.password) == 20:
        raise KeyError(change.password)


schema = schemathesis.openapi.from_asgi("/openapi.json", api)


@schema.parametrize()
def test_contract(case):
    case.call_and_validate()


@schema.parametrize()
def test_of_ones_own(case):
    response = case.call()
    assert response.status_code == 500, case
"""

TARGET = f"""
import os

import schemathesis

schema = schemathesis.openapi.from_path({str(SPEC)!r})


@schema.parametrize()
def test_contract(case):
    case.call_and_validate()


@schema.parametrize()
def test_of_ones_own(case):
    assert case.call().status_code == 500, case


@schema.parametrize()
def test_elsewhere(case):
    case.call(base_url="http://127.0.0.1:9", headers={{"X-Secret": os.environ["WORD"]}})
"""


def ran(folder: Path, test: str, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Pytest on one file in a folder of its own."""
    work = folder / "work"
    work.mkdir(exist_ok=True)
    (work / "conftest.py").write_text("import watchword.schemathesis\n")
    (work / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    (work / "test_it.py").write_text(test)
    inherited = {name: value for name, value in {**os.environ, **variables}.items() if "XDIST" not in name}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options],
        cwd=work,
        env={**inherited, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )


def at_target(folder: Path, url: str, *options: str) -> subprocess.CompletedProcess[str]:
    settings(folder, "kii", url)
    variables: Mapping[str, str] = environment(folder, "kii")
    return ran(folder, TARGET, *options, WATCHWORD_TARGET="bench", WORD="a-secret-word", **variables)


@pytest.mark.slow
def test_an_application_is_tested_by_rule_and_its_failures_show_shapes(tmp_path: Path) -> None:
    """Findings bear rule ids; what the application raised is told by its place; no drawn value is seen anywhere."""
    done = ran(tmp_path, APPLICATION, "--showlocals")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "RuleBroken: Password/" in done.stdout or "ST901" in done.stdout
    assert re.search(r"KeyError in .*test_it\.py:16: its message may hold a value and is left out", done.stdout)
    assert "'password': '<" in done.stdout or '"password":"<' in done.stdout
    assert not re.search(r"[\"']password[\"']: ?[\"'][a-z0-9]{8,20}[\"']", done.stdout)
    assert not (tmp_path / "work" / ".hypothesis" / "examples").exists()


@pytest.mark.slow
def test_reports_under_pytest_are_refused(tmp_path: Path) -> None:
    """They are written from what goes by, not from events that are hidden; nothing is sent."""
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "schemathesis.toml").write_text("[reports.vcr]\nenabled = true\n")
    done = ran(tmp_path, APPLICATION)
    assert done.returncode in (1, 2), done.stdout
    assert "the vcr report of Schemathesis' pytest plugin would show passwords" in done.stdout
    assert b"password" not in b"".join(path.read_bytes() for path in tmp_path.rglob("*.yaml"))


@pytest.mark.slow
def test_a_target_is_guarded_judged_and_put_back(tmp_path: Path) -> None:
    """Requests go to listed devices of the target alone, and the secrets are back when pytest ends."""
    fixtures = load_fixtures()["kii"]
    with leaky_service("kii", _SOUND) as (url, seen):
        done = at_target(tmp_path, url, "-k", "test_contract or test_elsewhere", "--tb=long")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 failed, 1 passed" in done.stdout
    assert f"not sent: the service is {url}, and this would go to http://127.0.0.1:9" in done.stdout
    assert "a-secret-word" not in done.stdout + done.stderr
    restored = b"".join(request.body for request, _ in seen.exchanges[-len(fixtures.devices) :])
    assert all(secret.encode() in restored for device in fixtures.devices for secret in device.secrets.values())
    assert len(seen.exchanges) > 100


@pytest.mark.slow
def test_two_workers_are_told_that_a_target_is_for_one(tmp_path: Path) -> None:
    """Processes that change the same devices would know of no secret; nothing is sent."""
    with leaky_service("kii", _SOUND) as (url, seen):
        done = at_target(tmp_path, url, "-n", "2", "-k", "test_contract")
    assert done.returncode == 1, done.stdout
    assert "not sent: the target bench is for one process at a time; leave out -n" in done.stdout
    assert not seen.exchanges


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--showlocals", "--tb=long")])
def test_a_leaking_service_shows_no_secret(options: tuple[str, ...], tmp_path: Path) -> None:
    """Whatever pytest shows and keeps of failing tests holds no secret that went over the wire."""
    with leaky_service("kii", _READABLE) as (url, seen):
        done = at_target(tmp_path, url, "-k", "not elsewhere", *options)
    assert done.returncode == 1, done.stdout + done.stderr
    secrets = known(seen, tmp_path)
    assert len(seen.secrets) > 10
    output = (done.stdout + done.stderr).encode()
    leaks = found(output, secrets, "the terminal") + found_below(tmp_path, secrets)
    assert not leaks, told(leaks)
    assert VARIABLE not in done.stdout
