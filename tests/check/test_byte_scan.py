"""Every byte that a run writes, anywhere: no secret and no token, in no form, whatever the service does."""

import gzip
import json
import os
import pty
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.check.leaky import Seen, leaky_service
from tests.leak_scan import Leak, found, found_below, needles
from watchword.mock import load_fixtures
from watchword.report import FORMATS

NAMES = ("roma-connect", "iotda", "kii")
VARIABLE = "BENCH_TOKEN"
OTHER = "OTHER_TOKEN"


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


def known(seen: Seen, *more: str) -> Mapping[bytes, Mapping[bytes, str]]:
    """All secrets and tokens that a service has seen, that the environment holds, and more."""
    fixtures = load_fixtures()[seen.contract]
    tokens = [next(iter(each.headers.values())).split()[-1] for each in (fixtures.credential, *fixtures.refused)]
    devices = [*fixtures.devices, *fixtures.profiled, *fixtures.foreign, *fixtures.unknown]
    return needles([*seen.secrets, *tokens, *more], " ".join(str(dict(device.path)) for device in devices))


def told(leaks: list[Leak]) -> str:
    """The leaks in lines, for the message of a failing test."""
    return "\n".join(str(leak) for leak in leaks[:20])


def scanned(folder: Path, secrets: Mapping[bytes, Mapping[bytes, str]], *outputs: bytes) -> None:
    """Fails for a leak in any file below the folder or in an output."""
    leaks = found_below(folder, secrets)
    for number, output in enumerate(outputs):
        leaks += found(output, secrets, f"output {number}")
    assert not leaks, told(leaks)


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
    scanned(tmp_path, known(seen), *outputs)
