"""docs/schemathesis.md: its examples do what it says."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from tests.schemathesis.conftest import Run

from watchword.contract import load_contract
from watchword.mock import app, load_fixtures, serve
from watchword.schemathesis.checks import CHECKS

PAGE = (Path(__file__).parents[2] / "docs" / "schemathesis.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"```console\n\$ (.*)\n```", PAGE)
SECRETS = {"THING_1": "the-secret-of-thing-1"}


@pytest.mark.slow
def test_the_examples_of_the_page_run(fuzz: Run, st: Run, tmp_path: Path) -> None:
    """The twin is fuzzed, `st run` goes to the target of the page, and the configuration is written."""
    mock, hooks, write = COMMANDS
    done = fuzz(*shlex.split(mock)[2:])
    assert done.returncode == 0, done.stdout + done.stderr

    fixtures = load_fixtures()["kii"]
    token = next(iter(fixtures.credential.headers.values())).removeprefix("Bearer ")
    contract = load_contract("kii")
    toml = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert toml
    words = shlex.split(hooks)
    variables = {**dict(word.split("=", 1) for word in words[:2]), "KII_ADMIN": token, **SECRETS}
    with serve(app([contract])) as server:
        url = server.url + fixtures.base_path
        settings = toml[1].replace("http://127.0.0.1:9001", url).replace('"10/s"', '"1000/s"')
        (tmp_path / "watchword.toml").write_text(settings)
        path = str(contract.root.document.path.resolve())
        done = st(path, "--url", url, "--phases", "examples", "--seed", "1", **variables)
        assert done.returncode == 0, done.stdout + done.stderr
        done = fuzz(*[word.replace("http://127.0.0.1:9001", url) for word in shlex.split(write)[2:]], KII_ADMIN=token)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "schemathesis.toml").exists()


@pytest.mark.slow
def test_the_test_of_the_page_passes(tmp_path: Path) -> None:
    """Under pytest, against the target of the page, and it fails where the credential is a wrong one."""
    fixtures = load_fixtures()["kii"]
    token = next(iter(fixtures.credential.headers.values())).removeprefix("Bearer ")
    contract = load_contract("kii")
    code, toml = (re.search(rf"```{name}\n(.*?)```", PAGE, re.DOTALL) for name in ("python", "toml"))
    assert code
    assert toml
    document = str(contract.root.document.path.resolve())
    (tmp_path / "conftest.py").write_text("import watchword.schemathesis\n")
    (tmp_path / "test_it.py").write_text(code[1].replace("specs/kii.openapi.yaml", document))
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    inherited = {name: value for name, value in os.environ.items() if "XDIST" not in name}
    places = {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path), "WATCHWORD_TARGET": "bench"}
    with serve(app([contract])) as server:
        settings = toml[1].replace("http://127.0.0.1:9001", server.url + fixtures.base_path)
        (tmp_path / "watchword.toml").write_text(settings.replace('"10/s"', '"1000/s"'))
        for credential, code_expected in ((token, 0), ("a-wrong-one", 1)):
            variables = {**inherited, **places, **SECRETS, "KII_ADMIN": credential}
            done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, timeout=120)
            assert done.returncode == code_expected, done.stdout + done.stderr


def test_the_page_has_every_check() -> None:
    """One row for each check that the extension registers."""
    rows = re.findall(r"^\| `(watchword_\w+)` \|", PAGE, re.MULTILINE)
    assert rows == [check.__name__ for check in CHECKS]
