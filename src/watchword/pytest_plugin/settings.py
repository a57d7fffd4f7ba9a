"""The options of a session, those of the command line before those of the ini file. Opens no contract."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from watchword.contract import BUNDLED
from watchword.ground import Severity

OLDEST = (8, 0)
"""The first pytest whose hooks the plugin is written for."""

Undocumented = Literal["pass", "fail"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a session asks of Watchword.

    At most one of `mock`, `url` and `target` is given. `asked` says that the command line itself asks for collected
    tests; `fail_under` is in percent.
    """

    contracts: tuple[str, ...] = ()
    mock: bool = False
    url: str | None = None
    target: str | None = None
    credential_env: str | None = None
    devices: tuple[str, ...] = ()
    base_path: str | None = None
    undocumented: Undocumented = "pass"
    strict_requests: bool = False
    repeated_secrets: Undocumented = "fail"
    fail_on: Severity = Severity.ERROR
    fail_under: float | None = None
    asked: bool = False

    @property
    def collects(self) -> bool:
        """Whether tests are collected from contracts."""
        return self.mock or self.url is not None or self.target is not None


def read_settings(config: pytest.Config) -> Settings:
    """The settings of a session. Raises `pytest.UsageError` where they contradict each other or say nothing."""
    if pytest.version_tuple < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise pytest.UsageError(f"watchword needs pytest {oldest} or newer; this is {pytest.__version__}")
    given = _Given(config)
    places = given.places()
    contracts = given.contracts()
    settings = Settings(
        contracts=contracts,
        mock="mock" in places,
        url=_url(places.get("url")),
        target=places.get("target"),
        credential_env=given.text("credential_env"),
        devices=given.devices(),
        base_path=given.text("base_path"),
        undocumented=_one_of("undocumented", given.text("undocumented") or "pass", ("pass", "fail")),  # type: ignore[arg-type]
        strict_requests=bool(given.option("strict_requests") or config.getini("watchword_strict_requests")),
        repeated_secrets=_one_of("repeated-secrets", given.text("repeated_secrets") or "fail", ("pass", "fail")),  # type: ignore[arg-type]
        fail_on=Severity(_one_of("fail-on", given.text("fail_on") or "error", tuple(map(str, Severity)))),
        fail_under=_percent(given.text("fail_under")),
        asked=any(given.option(name) for name in ("contract", "mock", "url", "target")),
    )
    _check(settings, given)
    return settings


class _Given:
    """Options by the name that the command line and the ini file share."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def option(self, name: str) -> object:
        return self._config.getoption(f"watchword_{name}")

    def text(self, name: str) -> str | None:
        value = self.option(name) or self._config.getini(f"watchword_{name}")
        return str(value) if value not in (None, "") else None

    def devices(self) -> tuple[str, ...]:
        given = self.option("device") or self._config.getini("watchword_device")
        return tuple(given) if isinstance(given, list) else ()

    def places(self) -> dict[str, str]:
        """Where collected tests go; the command line replaces what the ini file says."""
        names = ("mock", "url", "target")
        found = {name: str(self.option(name)) for name in names if self.option(name)}
        if not found:
            found = {name: str(self._config.getini(f"watchword_{name}")) for name in names}
            found = {name: value for name, value in found.items() if value not in ("", "None", "False")}
        if len(found) > 1:
            raise pytest.UsageError("give one of --watchword-mock, --watchword-url and --watchword-target")
        return found

    def contracts(self) -> tuple[str, ...]:
        """Names as given; a path of the ini file is relative to the root folder."""
        given = self.option("contract")
        if isinstance(given, list) and given:
            return tuple(dict.fromkeys(given))
        named = self._config.getini("watchword_contract")
        return tuple(dict.fromkeys(located(name, self._config.rootpath) for name in named))


def located(name: str, root: Path) -> str:
    """A contract's name, or the path of its document, which an ini file or marker gives from the root folder."""
    return str(root / name) if name not in BUNDLED and (root / name).exists() else name


def names_files(config: pytest.Config) -> bool:
    """Whether the command line names tests or files, and no folder."""
    given = config.args
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        return False
    here = config.invocation_params.dir
    return bool(given) and all("::" in argument or (here / argument).is_file() for argument in given)


def _check(settings: Settings, given: _Given) -> None:
    if settings.url is not None and len(settings.contracts) != 1:
        raise pytest.UsageError("--watchword-url is one service, so name one contract with --watchword-contract")
    if settings.mock and not settings.contracts:
        raise pytest.UsageError("--watchword-mock: name a contract with --watchword-contract")
    if given.option("contract") and not settings.collects:
        raise pytest.UsageError(
            "--watchword-contract: say what to test, with --watchword-mock, --watchword-url or --watchword-target "
            "(for the fixtures alone, write watchword_contract in the ini file)"
        )


def _url(text: str | None) -> str | None:
    return None if text is None else text.rstrip("/")


def _one_of(option: str, given: str, known: tuple[str, ...]) -> str:
    if given not in known:
        raise pytest.UsageError(f"--watchword-{option} {given}: known are {', '.join(known)}")
    return given


def _percent(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 100:
        raise pytest.UsageError(f"--watchword-fail-under {text}: a number from 0 to 100 is needed")
    return value
