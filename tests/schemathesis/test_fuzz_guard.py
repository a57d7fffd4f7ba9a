"""What Schemathesis may touch with the extension loaded, and what it leaves behind."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import orjson
import pytest
from tests.check.leaky import WAYS, Seen, leaky_service
from tests.check.test_byte_scan import environment, settings
from tests.schemathesis.conftest import Run

from watchword.contract import load_contract
from watchword.ground import Request
from watchword.mock import app, load_fixtures, serve

_SOUND = (next(way for way in WAYS if way.__name__ == "_sound"),)


def ran(folder: Path, url: str, *command: str) -> subprocess.CompletedProcess[str]:
    settings(folder, "kii", url)
    return subprocess.run(
        [sys.executable, "-m", "watchword", *command],
        cwd=folder,
        env=environment(folder, "kii"),
        capture_output=True,
        text=True,
        timeout=300,
    )


def aimed(seen: Seen) -> list[Request]:
    """All requests but two by which Schemathesis learns what the base URL takes: they name no device."""
    return [each for each, _ in seen.exchanges if each.method != "GET" or "things" in each.url]


def things(seen: Seen) -> set[str]:
    """The things that requests were for, decoded."""
    return {unquote(request.url.split("VENDOR_THING_ID:")[1].split("/")[0]) for request in aimed(seen)}


@pytest.mark.slow
def test_only_listed_devices_get_requests_and_their_secrets_come_back(tmp_path: Path) -> None:
    """Every request names a device of the target, by the documented method; at the end all is as it was."""
    fixtures = load_fixtures()["kii"]
    document = Path(load_contract("kii").root.document.path)
    before = document.read_bytes()
    with leaky_service("kii", _SOUND) as (url, seen):
        options = ("--phases", "examples,fuzzing", "--max-examples", "40", "--seed", "1")
        done = ran(tmp_path, url, "fuzz", "--target", "bench", *options)
        assert done.returncode == 0, done.stdout + done.stderr
        told = ran(tmp_path, url, "recover")
    named = {device.path["vendorThingID"] for device in (*fixtures.devices, *fixtures.unknown, *fixtures.foreign)}
    assert things(seen) <= named
    assert {request.method for request in aimed(seen)} == {"PUT"}
    last = orjson.loads(aimed(seen)[-1].body)
    assert last == {"newPassword": next(iter(fixtures.devices[0].secrets.values()))}
    assert told.returncode == 0, told.stdout
    assert "every device has its configured secret" in told.stdout
    assert document.read_bytes() == before


@pytest.mark.slow
def test_no_undocumented_method_is_tried_in_any_phase(tmp_path: Path) -> None:
    """Schemathesis sends DELETE, PATCH and TRACE to a credential's path by itself; with the extension it does not."""
    with leaky_service("kii", _SOUND) as (url, seen):
        done = ran(tmp_path, url, "fuzz", "--target", "bench", "--seed", "1", "--checks", "all")
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(seen.exchanges) > 100
    assert {request.method for request in aimed(seen)} == {"PUT"}


def test_st_refuses_a_service_elsewhere_whose_devices_nobody_lists(st: Run) -> None:
    """Without a target the extension lets nothing out to another machine."""
    document = str(load_contract("kii").root.document.path.resolve())
    done = st(document, "--url", "http://staging.example.com")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "no device is listed" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_puts_the_secrets_back(tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl-C in the middle is exit code 130, and the devices have their secrets again; so it is where CI cancels."""
    with leaky_service("kii", _SOUND) as (url, seen):
        settings(tmp_path, "kii", url)
        command = [sys.executable, "-m", "watchword", "fuzz", "--target", "bench", "--max-examples", "5000"]
        run = subprocess.Popen(
            command, cwd=tmp_path, env=environment(tmp_path, "kii"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        while len(aimed(seen)) < 40 and run.poll() is None:
            pass
        run.send_signal(number)
        output, _ = run.communicate(timeout=120)
        assert run.returncode == 130, output.decode()
        told = ran(tmp_path, url, "recover")
    assert b"Traceback" not in output
    assert told.returncode == 0, told.stdout


@pytest.mark.slow
def test_a_target_is_called_at_its_own_url_and_nowhere_else(st: Run, tmp_path: Path) -> None:
    """`st run` needs no URL for a target; another URL than the target's is a usage error, and nothing is sent."""
    document = str(load_contract("kii").root.document.path.resolve())
    with leaky_service("kii", _SOUND) as (url, seen):
        settings(tmp_path, "kii", url)
        variables = {"WATCHWORD_TARGET": "bench", **environment(tmp_path, "kii")}
        done = st(document, "--url", "http://127.0.0.1:9", **variables)
        assert done.returncode == 2, done.stdout
        assert f"the target bench is at {url}, and http://127.0.0.1:9 is to be called" in done.stderr
        assert not seen.exchanges
        done = st(document, "--phases", "fuzzing", "-n", "2", "--seed", "1", **variables)
        assert done.returncode == 0, done.stdout + done.stderr
        assert aimed(seen)


@pytest.mark.slow
def test_values_of_a_configuration_do_not_change_what_a_case_is_about(st: Run, tmp_path: Path) -> None:
    """`[parameters]` of schemathesis.toml names the device; cases about another id keep that: no false alarm."""
    contract, fixtures = load_contract("iotda"), load_fixtures()["iotda"]
    parameters = [f'"path.{name}" = "{value}"' for name, value in fixtures.devices[0].path.items()]
    (tmp_path / "schemathesis.toml").write_text(
        "\n".join(["[parameters]", *parameters, '"query.action_id" = "resetSecret"'])
    )
    name, token = next(iter(fixtures.credential.headers.items()))
    with serve(app([contract])) as server:
        options = ("--url", server.url + fixtures.base_path, "-H", f"{name}: {token}", "--phases", "coverage")
        done = st(str(contract.root.document.path.resolve()), *options)
    assert done.returncode == 0, done.stdout + done.stderr


KEYS = """
openapi: 3.1.0
info: {title: Keys, version: "1"}
paths:
  /keys/{id}:
    delete:
      operationId: remove
      parameters: [{name: id, in: path, required: true, schema: {type: string, pattern: '^[a-z]{3}$'}}]
      responses: {'204': {description: Gone.}, '401': {description: Who.}, '404': {description: None such.}}
security: [{key: []}]
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}
"""


def test_listed_device_is_never_removed(st: Run, tmp_path: Path) -> None:
    """No DELETE with the target's credential goes to a device that somebody listed, whatever a phase draws."""
    (tmp_path / "keys.yaml").write_text(KEYS)
    received = []

    async def service(scope: Any, _receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        allowed = dict(scope["headers"]).get(b"x-key") == b"t0k3n-of-the-bench"
        received.append((scope["method"], scope["path"], allowed))
        status = 401 if not allowed else 204 if scope["path"] == "/keys/abc" else 404
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    with serve(service) as server:
        (tmp_path / "watchword.toml").write_text(
            f'[targets.bench]\ncontract = "keys.yaml"\nurl = "{server.url}"\ncredential = {{ env = "BENCH_TOKEN" }}\n'
            'devices = [ { id = "abc" } ]\nunknown-devices = [ { id = "xyz" } ]\n'
        )
        options = ("--phases", "coverage,fuzzing", "--max-examples", "10", "--seed", "1")
        variables = {"WATCHWORD_TARGET": "bench", "BENCH_TOKEN": "t0k3n-of-the-bench"}
        done = st("keys.yaml", *options, **variables)
        excluded = st("keys.yaml", *options, "--exclude-method", "DELETE", **variables)
    assert any(method == "DELETE" for method, _, _ in received)
    assert ("DELETE", "/keys/abc", True) not in received
    assert "would remove a listed device; leave it out: --exclude-method DELETE" in done.stdout
    assert "would remove" not in excluded.stdout
