"""Targets in `watchword.toml`, or under `[tool.watchword]` in `pyproject.toml`.

Secrets come from the environment, a file or a command, never from the text itself.
"""

import os
import subprocess
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from watchword.check.probe import Probe, read_probe, strange_name
from watchword.check.target import Device, Principal, Target, all_path_parameters, bare_token
from watchword.contract import Contract, load_contract
from watchword.ground import WatchwordError
from watchword.ground.settings import read_settings

Json = Any

_TARGET = frozenset(
    {"contract", "url", "credential", "other-credentials", "rate", "devices", "unknown-devices", "foreign-devices"}
    | {"probe", "timeout"}
)
_TABLES = ("targets", "lint")
_SECRET = ("env", "file", "command")
_COMMAND_SECONDS = 30


def read_target(path: Path, name: str) -> tuple[Target, Contract]:
    """The target `[targets.NAME]` of a settings file with its contract.

    Raises `UnreadableInput` for the file, `WatchwordError` for a missing target, a wrong or unknown key, or a secret
    whose variable, file or command gives nothing. No message holds a secret.
    """
    table = _table(read_settings(path) or {}, name, path)
    where = f"{path}: [targets.{name}]"
    strange = sorted(set(table) - _TARGET)
    if strange:
        raise WatchwordError(f"{where}: unknown key `{strange[0]}`; known are {', '.join(sorted(_TARGET))}")
    contract = load_contract(_text(table, "contract", where))
    credential = table.get("credential")
    principal = None
    if credential is not None:
        principal = Principal("credential", bare_token(_secret(credential, f"{where} credential")))
    refused = []
    for number, entry in enumerate(table.get("other-credentials", []), 1):
        label = f"{where} other-credentials {number}"
        value = _secret({key: entry[key] for key in entry if key != "name"}, label)
        refused.append(Principal(_text(entry, "name", label), bare_token(value)))
    target = Target(
        contract=_text(table, "contract", where),
        url=_text(table, "url", where).rstrip("/"),
        principal=principal,
        refused=tuple(refused),
        devices=_devices(table, "devices", where),
        unknown=_devices(table, "unknown-devices", where),
        foreign=_devices(table, "foreign-devices", where),
        rate=parse_rate(table["rate"]) if "rate" in table else None,
        probe=_probe(table["probe"], contract, f"{where} probe") if "probe" in table else None,
        timeout=_seconds(table["timeout"], f"{where} timeout") if "timeout" in table else None,
        options=f"--target {name}",
        name=name,
    )
    return target, contract


def _table(settings: Mapping[str, Json], name: str, path: Path) -> Mapping[str, Json]:
    """The table of a target; the message for one that is not there names the likely mistake."""
    targets = settings.get("targets", {})
    table = targets.get(name) if isinstance(targets, dict) else None
    if isinstance(table, dict):
        return table
    known = f"it has {', '.join(targets)}" if targets and isinstance(targets, dict) else "it has none"
    for strange in settings:
        likely = get_close_matches(strange, _TABLES, 1, 0.75)
        if strange not in _TABLES and likely:
            known += f"; its table `[{strange}]` is unknown, did you mean `[{likely[0]}]`?"
    raise WatchwordError(f"{path}: no target `{name}`; {known}")


def _probe(table: Json, contract: Contract, where: str) -> Probe:
    probe = read_probe(table, where)
    known = sorted(all_path_parameters(contract))
    strange = strange_name(probe, [*known, "secret", "slot"])
    if strange is not None:
        raise WatchwordError(
            f"{where}: `{{{strange}}}` stands for nothing; the path parameters are {', '.join(known) or 'none'}, "
            "and there are `secret` and `slot`"
        )
    return probe


def _seconds(value: Json, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
        raise WatchwordError(f"{where}: a number of seconds, more than 0")
    return float(value)


def parse_rate(text: str) -> float:
    """Requests per second of `10/s`, `100/m` or `1000/h`. Raises `WatchwordError` for any other text."""
    count, _, unit = str(text).partition("/")
    seconds = {"s": 1, "m": 60, "h": 3600}.get(unit)
    if seconds is None or not count.isdecimal() or int(count) == 0:
        raise WatchwordError(f"rate `{text}` is not of the form 10/s, 100/m or 1000/h")
    return int(count) / seconds


def parse_device(text: str) -> Device:
    """The device of `appID=app1,vendorThingID=thing-1`. Raises `WatchwordError` for any other text."""
    pairs = [part.partition("=") for part in text.split(",")]
    if not all(name.strip() and mark for name, mark, _ in pairs):
        raise WatchwordError(f"device `{text}` is not of the form name=value,name=value")
    return Device({name.strip(): value for name, _, value in pairs})


def _devices(table: Mapping[str, Json], key: str, where: str) -> tuple[Device, ...]:
    found = []
    for number, entry in enumerate(table.get(key, []), 1):
        label = f"{where} {key} {number}"
        if not isinstance(entry, dict):
            raise WatchwordError(f"{label}: a device is a table of path parameters")
        path = {name: str(value) for name, value in entry.items() if name not in ("secret", "profile")}
        for name in path:
            if not isinstance(entry[name], str | int):
                raise WatchwordError(f"{label}: `{name}` must be a text; the secret of a device goes under `secret`")
        secrets = _secrets(entry["secret"], f"{label} secret") if "secret" in entry else {}
        found.append(Device(path, secrets, str(entry["profile"]) if "profile" in entry else None))
    return tuple(found)


def _secrets(source: Json, where: str) -> dict[str, str]:
    """Secrets by slot, of one source or of a table of them: `{ PRIMARY = { env = "A" } }`."""
    if isinstance(source, dict) and source and not set(source) & set(_SECRET):
        return {slot: _secret(entry, f"{where} {slot}") for slot, entry in source.items()}
    return {"": _secret(source, where)}


def _secret(source: Json, where: str) -> str:
    if not isinstance(source, dict) or len(source) != 1 or next(iter(source)) not in _SECRET:
        raise WatchwordError(
            f"{where}: a secret is never written here; give one of {{ env }}, {{ file }}, {{ command }}"
        )
    kind, value = next(iter(source.items()))
    if kind == "env":
        if not os.environ.get(value):
            raise WatchwordError(f"{where}: the environment variable {value} is not set")
        return os.environ[value]
    if kind == "file":
        try:
            return Path(value).expanduser().read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise WatchwordError(f"{where}: cannot read {value}: {type(error).__name__}") from None
    return _from_command(value, where)


def _from_command(command: Json, where: str) -> str:
    if not isinstance(command, list) or not all(isinstance(word, str) for word in command) or not command:
        raise WatchwordError(f"{where}: a command is a list of words")
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=_COMMAND_SECONDS)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        raise WatchwordError(f"{where}: {command[0]} did not run: {type(error).__name__}") from None
    if done.returncode != 0 or not done.stdout.strip():
        raise WatchwordError(f"{where}: {command[0]} gave no secret (exit code {done.returncode})")
    return done.stdout.decode("utf-8", "replace").rstrip("\r\n")


def _text(table: Mapping[str, Json], key: str, where: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise WatchwordError(f"{where}: `{key}` must be given as a text")
    return value
