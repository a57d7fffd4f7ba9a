"""Every byte that a run writes, anywhere: no secret and no token, in no form, whatever the service does.

The one exception is asked for by name: `--example-database` keeps what Hypothesis drew, and that holds secrets.
"""

import contextlib
import gzip
import http.client
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from tests.check.leaky import WAYS, Seen, Spoilt, leaky_service
from tests.leak_scan import Leak, found, found_below, needles

from watchword.ground import Request
from watchword.mock import load_fixtures
from watchword.report import FORMATS

NAMES = ("roma-connect", "iotda", "kii")
VARIABLE = "BENCH_TOKEN"
OTHER = "OTHER_TOKEN"
_WAYS_BY_NAME = {way.__name__: way for way in WAYS}


def environment(folder: Path, name: str) -> dict[str, str]:
    """Tokens and configured secrets of a contract in variables, and every place where files are kept by habit."""
    fixtures = load_fixtures()[name]
    tokens = [next(iter(each.headers.values())) for each in (fixtures.credential, *fixtures.refused)]
    places = {
        variable: str(folder / "home" / part)
        for variable, part in {
            "HOME": "", "TMPDIR": "tmp", "XDG_STATE_HOME": "state", "XDG_CONFIG_HOME": "config",
            "XDG_CACHE_HOME": "cache", "XDG_DATA_HOME": "data", "XDG_RUNTIME_DIR": "run",
        }.items()
    }  # fmt: skip
    for place in places.values():
        Path(place).mkdir(parents=True, exist_ok=True)
    secrets = {f"SECRET_{number}": secret for number, secret in enumerate(_configured(name))}
    return {**os.environ, **places, **secrets, VARIABLE: tokens[0], OTHER: tokens[1], "PYTHONDONTWRITEBYTECODE": "1"}


def _configured(name: str) -> list[str]:
    return [secret for device in load_fixtures()[name].devices for secret in device.secrets.values()]


def settings(folder: Path, name: str, url: str) -> Path:
    """A watchword.toml with every kind of device, each with its secrets."""
    fixtures = load_fixtures()[name]
    number = 0
    devices = []
    for device in fixtures.devices:
        slots = []
        for slot in device.secrets:
            slots.append(f'{slot} = {{ env = "SECRET_{number}" }}')
            number += 1
        secret = f"{{ {', '.join(slots)} }}" if len(slots) > 1 else slots[0].partition(" = ")[2]
        devices.append(_table(device.path, secret))
    path = folder / "watchword.toml"
    path.write_text(
        f'[targets.bench]\ncontract = "{name}"\nurl = "{url}"\ncredential = {{ env = "{VARIABLE}" }}\n'
        f'other-credentials = [ {{ name = "other", env = "{OTHER}" }} ]\n'
        f"devices = [ {', '.join(devices)} ]\n"
        f"unknown-devices = [ {', '.join(_table(each.path) for each in fixtures.unknown)} ]\n"
        f"foreign-devices = [ {', '.join(_table(each.path) for each in fixtures.foreign)} ]\n"
    )
    return path


def _table(path: Mapping[str, str], secret: str = "") -> str:
    members = [f'{key} = "{value}"' for key, value in path.items()] + ([f"secret = {secret}"] if secret else [])
    return f"{{ {', '.join(members)} }}"


def watchword(folder: Path, name: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """A command run in a folder of its own."""
    (folder / "work").mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-m", "watchword", *arguments],
        cwd=folder / "work",
        env=environment(folder, name),
        capture_output=True,
        timeout=120,
    )


def every_format(folder: Path, formats: Mapping[str, object] = FORMATS) -> list[str]:
    """Options that write a report in each format, all into the folder."""
    (folder / "reports").mkdir(exist_ok=True)
    return [
        word for form in formats for word in ("--format", form, "--output", str(folder / "reports" / f"report.{form}"))
    ]


def known(seen: Seen, folder: Path) -> Mapping[bytes, Mapping[bytes, str]]:
    """All secrets and tokens that a service has seen, and that the environment holds."""
    fixtures = load_fixtures()[seen.contract]
    tokens = [next(iter(each.headers.values())).split()[-1] for each in (fixtures.credential, *fixtures.refused)]
    devices = [*fixtures.devices, *fixtures.profiled, *fixtures.foreign, *fixtures.unknown]
    public = " ".join([_literals(folder), *(str(dict(device.path)) for device in devices)])
    return needles([*seen.secrets, *tokens], public)


def told(leaks: list[Leak]) -> str:
    """The leaks in lines, for the message of a failing test."""
    return "\n".join(str(leak) for leak in leaks[:20])


def _literals(folder: Path) -> str:
    """What Hypothesis keeps of the string literals in our modules, where they are a checkout: code, and no secrets."""
    return "".join(path.read_text() for path in folder.rglob("hypothesis/constants/*"))


def scanned(folder: Path, secrets: Mapping[bytes, Mapping[bytes, str]], *outputs: bytes) -> None:
    """Fails for a leak in any file below the folder or in an output."""
    leaks = found_below(folder, secrets)
    for number, output in enumerate(outputs):
        leaks += found(output, secrets, f"output {number}")
    assert not leaks, told(leaks)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_run_against_a_leaky_service_writes_no_secret(tmp_path: Path, name: str) -> None:
    """All phases, every report format, journal, caches, terminal: hundreds of leaking replies leave no trace."""
    with leaky_service(name) as (url, seen):
        settings(tmp_path, name, url)
        config = ("--config", str(tmp_path / "watchword.toml"))
        done = watchword(tmp_path, name, "check", "--target", "bench", *config, *every_format(tmp_path))
        assert done.returncode in (1, 2), done.stderr
        assert len(seen.exchanges) > 100
        recover = watchword(tmp_path, name, "recover", *config)
        mended = watchword(tmp_path, name, "recover", "--target", "bench", *config)
    outputs = [text for run in (done, recover, mended) for text in (run.stdout, run.stderr)]
    report = (tmp_path / "reports" / "report.json").read_text()
    assert {"secret-repeated", "credential-repeated", "server-error"} <= {
        each["rule"] for each in json.loads(report)["findings"]
    }
    assert {path.suffix for path in (tmp_path / "reports").iterdir()} == {f".{form}" for form in FORMATS}
    assert (tmp_path / "home" / "state" / "watchword" / "journal.sqlite").exists()
    assert not list(tmp_path.rglob("examples")), "drawn examples are kept only where somebody asks for it"
    scanned(tmp_path, known(seen, tmp_path), *outputs)


@pytest.mark.slow
def test_terminal_shows_no_secret(tmp_path: Path) -> None:
    """On a terminal, with colours and a progress bar, the same."""
    with leaky_service("kii") as (url, seen):
        config = settings(tmp_path, "kii", url)
        main, terminal = pty.openpty()
        run = subprocess.Popen(
            [sys.executable, "-m", "watchword", "check", "--target", "bench", "--config", str(config)],
            cwd=tmp_path,
            env=environment(tmp_path, "kii") | {"TERM": "xterm-256color"},
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
        )
        os.close(terminal)
        shown = b"".join(_until_closed(main))
        assert run.wait(60) in (1, 2)
    assert b"\x1b[" in shown
    assert b"secret-repeated" in shown
    scanned(tmp_path, known(seen, tmp_path), shown)


def _until_closed(terminal: int) -> Iterator[bytes]:
    with contextlib.suppress(OSError):  # Linux says EIO when the last writer has gone
        while part := os.read(terminal, 65536):
            yield part
    os.close(terminal)


@pytest.mark.slow
def test_repeated_case_and_drawn_requests_write_no_secret(tmp_path: Path) -> None:
    """Each command that a report gives to repeat a finding is run: the cases, and the drawn requests of a seed."""
    with leaky_service("kii", (_WAYS_BY_NAME["_told_in_members"], _WAYS_BY_NAME["_sound"])) as (url, seen):
        config = settings(tmp_path, "kii", url)
        outputs = []
        for options in (
            ["--case", "kii/changeThingPassword/refuse/*"],
            ["--phases", "random", "-n", "30", "--seed", "5"],
        ):
            options += ["--config", str(config), *every_format(tmp_path)]
            done = watchword(tmp_path, "kii", "check", "--target", "bench", *options)
            assert done.returncode == 1, done.stderr
            outputs += [done.stdout, done.stderr]
    scanned(tmp_path, known(seen, tmp_path), *outputs)


@pytest.mark.slow
def test_examples_are_kept_only_where_somebody_asks(tmp_path: Path) -> None:
    """`--example-database` holds drawn values; nothing else does, even then."""
    with leaky_service("kii", (_WAYS_BY_NAME["_told_in_members"],)) as (url, seen):
        config = settings(tmp_path, "kii", url)
        kept = tmp_path / "kept"
        options = ["--phases", "random", "--example-database", str(kept), "--config", str(config)]
        done = watchword(tmp_path, "kii", "check", "--target", "bench", *options, *every_format(tmp_path))
    assert done.returncode == 1, done.stderr
    assert any(path.is_file() for path in kept.rglob("*"))
    shutil.rmtree(kept)
    scanned(tmp_path, known(seen, tmp_path), done.stdout, done.stderr)


def test_bug_of_ours_writes_no_secret(tmp_path: Path) -> None:
    """An exception that quotes request and credential, in the middle of a check, leaves a report of the bug without."""
    program = """
import sys
import watchword.check.judge as judge
def broken(planned, response, *_):
    secret = planned.request.body.decode() + str(planned.request.headers)
    try:
        raise ValueError(f"inner {secret}")
    except ValueError:
        raise RuntimeError(secret, planned, response) from None
import watchword.check.inspection
watchword.check.inspection.judged = broken
from watchword.__main__ import entry
sys.argv[0] = "watchword"
sys.exit(entry())
"""
    with leaky_service("kii", (_WAYS_BY_NAME["_sound"],)) as (url, seen):
        config = settings(tmp_path, "kii", url)
        done = subprocess.run(
            [sys.executable, "-c", program, "check", "--target", "bench", "--config", str(config)],
            cwd=tmp_path,
            env=environment(tmp_path, "kii"),
            capture_output=True,
            timeout=60,
        )
    assert done.returncode == 3, done.stderr
    assert seen.secrets
    assert list((tmp_path / "home" / "tmp").glob("watchword-*.txt"))
    scanned(tmp_path, known(seen, tmp_path), done.stdout, done.stderr)


@pytest.mark.slow
def test_interrupted_run_writes_no_secret(tmp_path: Path) -> None:
    """Ctrl-C in the middle of a run, and `recover` for a service that refuses every restoration."""
    with leaky_service("iotda", (_WAYS_BY_NAME["_sound"],) * 60 + (_WAYS_BY_NAME["_crashed"],) * 1000) as (url, seen):
        config = settings(tmp_path, "iotda", url)
        run = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "watchword",
                "check",
                "--target",
                "bench",
                "--config",
                str(config),
                "--rate",
                "200/s",
            ],
            cwd=tmp_path,
            env=environment(tmp_path, "iotda"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        while len(seen.exchanges) < 70 and run.poll() is None:
            threading.Event().wait(0.01)
        run.send_signal(signal.SIGINT)
        shown, told = run.communicate(timeout=60)
        assert run.returncode == 130, told
        assert b"was not put back: answered `500`" in shown
        recover = watchword(tmp_path, "iotda", "recover", "--target", "bench", "--config", str(config))
        assert recover.returncode == 1, recover.stderr
        assert b"answered `500`" in recover.stdout
    scanned(tmp_path, known(seen, tmp_path), shown, told, recover.stdout, recover.stderr)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_audit_of_leaking_traffic_writes_no_secret(tmp_path: Path, name: str) -> None:
    """The traffic of a leaking service, as JSON lines, gzip'd, and as HAR, judged into every format."""
    with leaky_service(name) as (url, seen):
        settings(tmp_path, name, url)
        watchword(tmp_path, name, "check", "--target", "bench", "--config", str(tmp_path / "watchword.toml"))
    entries = [_entry(request, reply) for request, reply in seen.exchanges if reply.raw is None]
    traffic = tmp_path.with_name(f"{tmp_path.name}-traffic")
    traffic.mkdir()
    lines = "".join(json.dumps(entry) + "\n" for entry in entries)
    (traffic / "t.jsonl").write_text(lines + '{"id": 1, "request": {"body": "cut o')
    (traffic / "t.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    (traffic / "t.har").write_text(json.dumps({"log": {"version": "1.2", "entries": [_har(each) for each in entries]}}))
    outputs = []
    for path in sorted(traffic.iterdir()):
        done = watchword(tmp_path, name, "audit", str(path), "--contract", name, *every_format(tmp_path))
        assert done.returncode in (1, 2), done.stderr
        outputs += [done.stdout, done.stderr]
    scanned(tmp_path, known(seen, tmp_path), *outputs)


def _entry(request: Request, reply: Spoilt) -> dict[str, object]:
    headers = dict(request.headers)
    return {
        "id": 1,
        "request": {"method": request.method, "url": request.url, "headers": headers, "body": _text(request.body)},
        "response": {"status": reply.status, "headers": dict(reply.headers), "body": _text(reply.body)},
    }


def _har(entry: dict[str, Any]) -> dict[str, object]:
    request, response = entry["request"], entry["response"]
    pairs = [{"name": name, "value": value} for name, value in request["headers"].items()]
    kind = response["headers"].get("Content-Type", "")
    return {
        "request": {
            "method": request["method"],
            "url": f"https://example.com{request['url']}",
            "headers": pairs,
            "postData": {"mimeType": request["headers"].get("Content-Type", ""), "text": request["body"]},
        },
        "response": {
            "status": response["status"],
            "headers": [{"name": name, "value": value} for name, value in response["headers"].items()],
            "content": {"mimeType": kind, "text": response["body"]},
        },
    }


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")


SECRETS = ("Zebra=Crossing7&Lamp", "q8Wd_Real-looking_Secret-41", "Tr0ub4dor & 3 the elephant")
"""One that obeys the rules of each contract, to plant in documents."""


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        pytest.param(name, secret, marks=() if name == "kii" else pytest.mark.slow)
        for name, secret in zip(NAMES, SECRETS, strict=True)
    ],
)
def test_documents_that_hold_secrets_are_judged_without_showing_them(tmp_path: Path, name: str, secret: str) -> None:
    """Examples, defaults, enums, constants and descriptions with a real-looking secret: lint, diff and explain."""
    source = (Path(__file__).parents[2] / "specs" / f"{name}.openapi.yaml").read_text()
    example = {"roma-connect": "Example-Pass-0001", "iotda": "example-secret_01", "kii": "an example password"}[name]
    held = source.replace(example, secret)
    short = json.dumps(secret[:-3])
    held = held.replace("format: password", f"format: password\n          default: {short}\n          example: 17", 1)
    assert secret in held
    assert short in held
    (tmp_path / "work").mkdir()
    documents = tmp_path.with_name(f"{tmp_path.name}-documents")
    documents.mkdir()
    old, new = documents / f"{name}.openapi.yaml", documents / "other.openapi.yaml"
    old.write_text(held)
    new.write_text(held.replace(secret, secret[::-1]).replace("maxLength: 32", "maxLength: 31"))
    outputs = []
    for words in (["lint", str(old), "--select", "all"], ["diff", str(old), str(new), "--all"]):
        done = watchword(tmp_path, name, *words, *every_format(tmp_path))
        assert done.returncode in (0, 1), done.stderr
        outputs += [done.stdout, done.stderr]
    for form in ("text", "json", "html"):
        done = watchword(tmp_path, name, "explain", str(old), "--format", form)
        assert done.returncode == 0, done.stderr
        outputs += [done.stdout, done.stderr]
    scanned(tmp_path, needles([secret, secret[::-1], secret[:-3]]), *outputs)


def test_access_log_of_the_mock_shows_no_secret(tmp_path: Path) -> None:
    """Secrets in bodies, paths, queries, headers and methods: the log has a line for each and none of them."""
    secret = "Zebra=Crossing7&Lamp"
    run = subprocess.Popen(
        [sys.executable, "-m", "watchword", "mock", "--port", "0", "--log"],
        cwd=tmp_path,
        env=environment(tmp_path, "kii"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert run.stdout is not None
    url = next(word for line in run.stdout for word in line.decode().split() if word.startswith("http://")).rstrip(";,")
    device = dict(load_fixtures()["kii"].devices[0].path)
    base = f"/api/apps/{device['appID']}/things/VENDOR_THING_ID:{device['vendorThingID']}/ownership/password"
    token = next(iter(load_fixtures()["kii"].credential.headers.values()))
    media = "application/vnd.kii.ChangeThingPasswordRequest+json"
    for method, path, headers, body in (
        ("PUT", base, {"Authorization": token, "Content-Type": media}, json.dumps({"newPassword": secret})),
        (
            "PUT",
            base,
            {"Authorization": token, "Content-Type": media},
            json.dumps({"newPassword": [secret], secret: 1}),
        ),
        (
            "PUT",
            f"{base}?p={quote(secret)}",
            {"Authorization": f"Bearer {secret}", "Content-Type": quote(secret)},
            secret,
        ),
        ("PUT", base.replace("thing-1", quote(secret, safe="")), {"Authorization": token, "Content-Type": media}, "{}"),
        ("GET", f"/{quote(secret, safe='')}", {"Cookie": secret, "Prefer": f"example={quote(secret)}"}, ""),
        ("POST", "/_twin/kii/login", {}, json.dumps({"id": "thing-1", "secret": secret})),
    ):
        connection = http.client.HTTPConnection(url.rstrip("/").partition("//")[2], timeout=10)
        connection.request(method, path, body.encode(), headers)
        connection.getresponse().read()
        connection.close()
    run.send_signal(signal.SIGINT)
    shown, told = run.communicate(timeout=20)
    assert told.count("→".encode()) == 6, told
    scanned(tmp_path, needles([secret]), shown, told)
