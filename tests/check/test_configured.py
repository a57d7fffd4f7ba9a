"""Mistakes in a target, found before anything is sent or changed: its secrets, its probe, its names."""

from pathlib import Path

import pytest

from watchword.check import HttpTransport, guarded, make_plan, read_target, refuse_bad_secrets, run
from watchword.contract import load_contract
from watchword.ground import Request, Response, WatchwordError
from watchword.mock import app, serve
from watchword.service import Choice, chosen

KII = """
[targets.bench]
contract = "kii"
url = "URL"
timeout = 2.5
credential = {{ env = "KII_ADMIN" }}
devices = [ {{ appID = "app1", vendorThingID = "thing-1", secret = {{ env = "KII_SECRET" }} }} ]
[targets.bench.probe]
request = {{ method = "POST", url = "ORIGIN/_twin/kii/login", json = {{ id = "{{{name}}}", secret = "{{secret}}" }} }}
accepted = "{accepted}"
"""
OPEN = "$response.body#/ok == true"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KII_ADMIN", "kii-token-of-the-administrator")
    monkeypatch.setenv("KII_SECRET", "initial password of thing-1")
    return tmp_path / "watchword.toml"


def written(settings: Path, url: str, name: str = "vendorThingID", accepted: str = OPEN) -> Path:
    """The settings of one Kii target."""
    origin = "/".join(url.split("/")[:3])
    settings.write_text(KII.format(name=name, accepted=accepted).replace("URL", url).replace("ORIGIN", origin))
    return settings


def test_secret_that_breaks_a_documented_rule_is_refused_unshown(
    settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A secret that the service would not take back is an error of the settings, with the rule and not the secret."""
    monkeypatch.setenv("KII_SECRET", "\xe9 hidden")
    target, contract = read_target(written(settings, "http://127.0.0.1:9/base"), "bench")
    with pytest.raises(WatchwordError) as caught:
        refuse_bad_secrets(target, contract)
    assert str(caught.value).startswith("target bench: the configured secret of device thing-1 breaks Password/first")
    assert "hidden" not in str(caught.value)


def test_secret_that_breaks_an_assumed_clause_alone_is_taken(settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the text leaves open is no reason to refuse a secret that the device has."""
    monkeypatch.setenv("KII_SECRET", "a" * 201)
    refuse_bad_secrets(*read_target(written(settings, "http://127.0.0.1:9"), "bench"))


def test_choice_of_a_target_with_a_bad_secret_plans_nothing(settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan, the dry one too, is not made."""
    monkeypatch.setenv("KII_SECRET", "\xe9 hidden")
    choice = Choice(target="bench", config=written(settings, "http://127.0.0.1:9"))
    with pytest.raises(WatchwordError, match="Password/first"), chosen(choice):
        pass


def test_contract_beside_a_target_of_another_one_is_refused(settings: Path) -> None:
    """`check iotda --target bench` says nothing to a service of Kii; its own name may stand there."""
    path = written(settings, "http://127.0.0.1:9")
    with (
        pytest.raises(WatchwordError, match="`bench` is one of kii, not of iotda; leave iotda out"),
        chosen(Choice(("iotda",), target="bench", config=path)),
    ):
        pass
    with chosen(Choice(("kii",), target="bench", config=path)) as plans:
        assert [plan.contract.name for plan in plans] == ["kii"]


def test_name_in_a_probe_that_stands_for_nothing_is_refused(settings: Path) -> None:
    """A placeholder in the wrong case would be sent as it stands, and every device be called locked out."""
    with pytest.raises(WatchwordError, match=r"\{vendorThingId\}` stands for nothing; .* appID, vendorThingID"):
        read_target(written(settings, "http://127.0.0.1:9", name="vendorThingId"), "bench")


def test_timeout_of_a_target_is_read_and_must_be_seconds(settings: Path) -> None:
    """Seconds, more than none."""
    path = written(settings, "http://127.0.0.1:9")
    assert read_target(path, "bench")[0].timeout == 2.5
    for wrong in ("0", "true", '"10s"', "inf"):
        path.write_text(path.read_text().replace("timeout = 2.5", f"timeout = {wrong}"))
        with pytest.raises(WatchwordError, match="timeout: a number of seconds"):
            read_target(path, "bench")
        path.write_text(path.read_text().replace(f"timeout = {wrong}", "timeout = 2.5"))


class Counting:
    """A transport that counts what goes through it."""

    def __init__(self, url: str) -> None:
        self.sent = 0
        self._http = HttpTransport(url, 5.0)

    def send(self, request: Request) -> Response:
        self.sent += 1
        return self._http.send(request)

    def close(self) -> None:
        self._http.close()


@pytest.mark.parametrize("accepted", ["$statusCode == 299", OPEN])
def test_probe_that_does_not_let_the_device_in_ends_all_before_anything_is_sent(
    settings: Path, monkeypatch: pytest.MonkeyPatch, accepted: str
) -> None:
    """A wrong condition, or a wrong secret, is one error about the target and no finding about the service."""
    if accepted == OPEN:
        monkeypatch.setenv("KII_SECRET", "another password")
    with serve(app([load_contract("kii")])) as server:
        target, contract = read_target(written(settings, server.url, accepted=accepted), "bench")
        transport = Counting(server.url)
        with pytest.raises(WatchwordError, match="target bench: the probe does not let device thing-1 in") as caught:
            run(make_plan(contract, guarded(target, contract)), transport)
        transport.close()
    assert transport.sent == 0
    assert "another password" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[target.bench]\ncontract = 'kii'\n", r"its table `\[target\]` is unknown, did you mean `\[targets\]`\?"),
        ("[lint]\n", "it has none$"),
        ("targets = 3\n", "it has none$"),
    ],
)
def test_misspelt_table_is_named(tmp_path: Path, text: str, told: str) -> None:
    """A target under a table of nearly the right name is not just missing."""
    path = tmp_path / "watchword.toml"
    path.write_text(text)
    with pytest.raises(WatchwordError, match=told):
        read_target(path, "bench")
