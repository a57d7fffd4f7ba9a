"""Targets from `watchword.toml`: the form, where secrets come from, and mistakes told without telling a secret."""

from pathlib import Path

import pytest

from watchword.check import Device, Principal, Target, guarded, parse_device, parse_rate, read_target, settings_file
from watchword.contract import load_contract
from watchword.ground import WatchwordError

FULL = """
[targets.bench]
contract = "kii"
url = "http://127.0.0.1:9001"
credential = { env = "KII_ADMIN" }
other-credentials = [ { name = "ordinary user", env = "KII_USER" } ]
rate = "10/s"
devices = [ { appID = "app1", vendorThingID = "thing-1", secret = { file = "SECRET_FILE" } } ]
unknown-devices = [ { appID = "app1", vendorThingID = "nobody" } ]
foreign-devices = [ { appID = "app2", vendorThingID = "theirs" } ]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KII_ADMIN", "Bearer s3cret-admin-token")
    monkeypatch.setenv("KII_USER", "s3cret-user-token")
    (tmp_path / "secret.txt").write_text("the device secret\n")
    (tmp_path / "watchword.toml").write_text(FULL.replace("SECRET_FILE", str(tmp_path / "secret.txt")))
    return tmp_path


def test_full_target_is_read(folder: Path) -> None:
    """Every key of the documented form arrives; a scheme's name in front of a token is set aside."""
    target, contract = read_target(folder / "watchword.toml", "bench")
    assert contract.name == "kii"
    assert target.principal is not None
    assert target.principal.token == "s3cret-admin-token"
    assert [(each.name, each.token) for each in target.refused] == [("ordinary user", "s3cret-user-token")]
    assert target.rate == 10
    assert target.devices == (Device({"appID": "app1", "vendorThingID": "thing-1"}, {"": "the device secret"}),)
    assert target.unknown[0].path["vendorThingID"] == "nobody"
    assert target.foreign[0].path["appID"] == "app2"


def test_records_never_show_a_secret(folder: Path) -> None:
    """The representation of a target holds neither token nor device secret."""
    target, _ = read_target(folder / "watchword.toml", "bench")
    assert "s3cret" not in repr(target)
    assert "the device secret" not in repr(target)


def test_settings_are_found_upwards(folder: Path) -> None:
    """The nearest settings file counts, from the current folder upwards."""
    below = folder / "a" / "b"
    below.mkdir(parents=True)
    assert settings_file(below) == folder / "watchword.toml"


def test_section_of_pyproject_is_read(tmp_path: Path) -> None:
    """`[tool.watchword]` holds the same tables; a `pyproject.toml` without it is passed over."""
    (tmp_path / "pyproject.toml").write_text(
        '[tool.watchword.targets.local]\ncontract = "iotda"\nurl = "http://127.0.0.1:1/"\n'
    )
    path = settings_file(tmp_path)
    assert path is not None
    target, _ = read_target(path, "local")
    assert target.url == "http://127.0.0.1:1"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (('env = "KII_ADMIN"', 'env = "NOT_THERE"'), "the environment variable NOT_THERE is not set"),
        (('credential = { env = "KII_ADMIN" }', 'credential = "hunter2hunter2"'), "never written here"),
        (('contract = "kii"', 'contract = "kij"'), "did you mean kii"),
        (('rate = "10/s"', 'rate = "fast"'), "not of the form"),
        (("unknown-devices", "unknwon-devices"), "unknown key `unknwon-devices`"),
        (('url = "http://127.0.0.1:9001"', ""), "`url` must be given"),
        (("[targets.bench]", "[targets.other]"), "no target `bench`; it has other"),
        (("[targets.bench]", "[targets.bench"), "not TOML"),
    ],
)
def test_mistake_is_one_line_without_a_secret(folder: Path, change: tuple[str, str], reason: str) -> None:
    """Each mistake names file and key, and never the secret that somebody wrote in the wrong place."""
    path = folder / "watchword.toml"
    path.write_text(path.read_text().replace(*change))
    with pytest.raises(WatchwordError, match=reason) as caught:
        read_target(path, "bench")
    assert "hunter2" not in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_command_gives_a_secret(folder: Path) -> None:
    """A secret may come from a program's output; a program that fails gives a clear line."""
    path = folder / "watchword.toml"
    original = path.read_text()
    path.write_text(original.replace('{ env = "KII_ADMIN" }', '{ command = ["echo", "from-a-program"] }'))
    target, _ = read_target(path, "bench")
    assert target.principal is not None
    assert target.principal.token == "from-a-program"
    path.write_text(original.replace('{ env = "KII_ADMIN" }', '{ command = ["false"] }'))
    with pytest.raises(WatchwordError, match="false gave no secret"):
        read_target(path, "bench")


@pytest.mark.parametrize(("text", "rate"), [("10/s", 10.0), ("120/m", 2.0), ("3600/h", 1.0)])
def test_rate_is_requests_per_second(text: str, rate: float) -> None:
    """Rates per second, minute and hour come to the same unit."""
    assert parse_rate(text) == rate


def test_device_of_the_command_line_is_read() -> None:
    """`name=value,name=value` names a device; an `=` in a value stays."""
    assert parse_device("appID=app1,vendorThingID=a=b").path == {"appID": "app1", "vendorThingID": "a=b"}
    with pytest.raises(WatchwordError, match="not of the form"):
        parse_device("app1")


def test_remote_target_without_devices_is_refused() -> None:
    """Somewhere else, nothing is touched that is not listed."""
    kii = load_contract("kii")
    with pytest.raises(WatchwordError, match="not on this machine"):
        guarded(Target("kii", "https://api.example.com"), kii)
    listed = Target("kii", "https://api.example.com", devices=(Device({"appID": "a", "vendorThingID": "t"}),))
    assert guarded(listed, kii) is listed


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "[::1]"])
def test_loopback_target_takes_the_example_device(host: str) -> None:
    """On this machine the document's own example device serves where none is listed."""
    target = guarded(Target("kii", f"http://{host}:8700"), load_contract("kii"))
    assert target.devices[0].path == {"appID": "app1", "vendorThingID": "thing-1"}


def test_device_without_a_path_parameter_is_refused() -> None:
    """A device that leaves a part of the path open could be any device."""
    with pytest.raises(WatchwordError, match="no value for vendorThingID"):
        guarded(Target("kii", "http://127.0.0.1", devices=(Device({"appID": "a"}),)), load_contract("kii"))


def test_mistyped_key_of_a_device_tells_no_secret(folder: Path) -> None:
    """A secret under a wrong key is refused before anything is sent, and is in no message."""
    path = folder / "watchword.toml"
    original = path.read_text()
    path.write_text(original.replace("secret = { file", "secrets = { file"))
    with pytest.raises(WatchwordError, match="`secrets` must be a text; the secret of a device goes under `secret`"):
        read_target(path, "bench")
    path.write_text(
        original.replace(
            'vendorThingID = "thing-1", secret =', 'vendorThingID = "thing-1", pasword = "hunter2", secret ='
        )
    )
    target, contract = read_target(path, "bench")
    with pytest.raises(WatchwordError, match="unknown key pasword; known are appID, vendorThingID") as caught:
        guarded(target, contract)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        (Target("kii", "http://user:hunter2@127.0.0.1"), "holds a user name or password"),
        (Target("kii", "http://127.0.0.1", Principal("T", "bad\nhunter2")), "credential T holds a line break"),
        (Target("kii", "ftp://127.0.0.1"), "not an http or https URL"),
    ],
)
def test_target_that_cannot_be_used_is_refused_before_a_request(target: Target, reason: str) -> None:
    """What no request could carry, or what a report would show, is one clear error without the secret."""
    with pytest.raises(WatchwordError, match=reason) as caught:
        guarded(target, load_contract("kii"))
    assert "hunter2" not in str(caught.value)
