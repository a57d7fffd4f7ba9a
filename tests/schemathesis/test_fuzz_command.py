"""`watchword fuzz`: Schemathesis' options and exit codes go through, mistakes are one line."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from tests.check.leaky import Spoilt, leaky_service
from tests.check.test_byte_scan import settings
from tests.schemathesis.conftest import Run

from watchword.contract import BUNDLED, load_contract
from watchword.mock import app, load_fixtures, serve
from watchword.mock.answer import Answer

FEW = ("--phases", "examples,fuzzing", "--max-examples", "8", "--seed", "1")


def test_a_sound_twin_gives_exit_code_0(fuzz: Run, tmp_path: Path) -> None:
    """No failure on the twin: no false alarm, and nothing left in the folder."""
    done = fuzz("kii", "--mock", *FEW, apart=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No issues found" in done.stdout
    assert "Seed: 1" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


@pytest.mark.slow
@pytest.mark.parametrize("name", BUNDLED)
@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_sound_twins_raise_no_alarm(fuzz: Run, name: str, seed: str) -> None:
    """Whole runs on each twin, whatever the seed."""
    done = fuzz(name, "--mock", "--seed", seed, "--workers", "2")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_a_finding_gives_exit_code_1_and_names_the_rule(fuzz: Run, tmp_path: Path) -> None:
    """A service that accepts everything breaks rules by name; a baseline of one rule does not hide the others."""
    with leaky_service("kii", (_accepting,)) as (url, _):
        settings(tmp_path, "kii", url)
        variables = {"BENCH_TOKEN": "t0k3n-of-the-bench", "OTHER_TOKEN": "t0k3n-of-another", **_secrets("kii")}
        arguments = ("--target", "bench", "--phases", "coverage", "--seed", "1", "--baseline", "known.json")
        done = fuzz(*arguments, **variables)
        assert done.returncode == 1, done.stdout + done.stderr
        assert "ST901 Password/first" in done.stdout
        baseline = (tmp_path / "known.json").read_text()
        assert '"signature": "Password/first|body#/newPassword"' in baseline
        assert fuzz(*arguments, **variables).returncode == 0
        entries = baseline.replace("Password/first|", "Password/other|")
        (tmp_path / "known.json").write_text(entries)
        assert fuzz(*arguments, **variables).returncode == 1


def _accepting(_answer: Answer, _secret: str, _token: str) -> Spoilt:
    return Spoilt(204, "No Content", (), b"")


def _secrets(name: str) -> dict[str, str]:
    found = [secret for device in load_fixtures()[name].devices for secret in device.secrets.values()]
    return {f"SECRET_{number}": secret for number, secret in enumerate(found)}


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("kiii", "--mock"), "no contract `kiii`: did you mean kii?"),
        (("kii",), "give one of --mock, --url and --target"),
        (("kii", "--target", "bench"), "a target has its own contract; leave out kii"),
        (("--mock",), "name a contract first"),
        (("kii", "--mock", "--write-config"), "schemathesis.toml cannot keep --mock"),
        (("kii", "--url", "http://127.0.0.1:9", "--device", "a=b", "--write-config"), "cannot keep --device"),
        (("--seed", "1", "kii", "--mock"), "name a contract first"),
        (("kii", "--url", "http://127.0.0.1:9", "--credential-env", "TOKEN"), "connection refused"),
        (("kii", "--url", "http://staging.example.com", "--credential-env", "TOKEN"), "no device is listed"),
        (("kii", "--mock", "--no-such-option"), "No such option"),
        (("kii", "--mock", "--phases", "wrong"), "wrong"),
    ],
)
def test_a_mistake_of_the_caller_is_one_line_and_exit_code_2(fuzz: Run, arguments: tuple[str, ...], line: str) -> None:
    """Nothing is sent, and the last line says what is wrong."""
    done = fuzz(*arguments, TOKEN="t0k3n")
    assert done.returncode == 2, done.stdout + done.stderr
    assert line in done.stderr, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_written_configuration_makes_st_load_the_extension(fuzz: Run, st: Run, tmp_path: Path) -> None:
    """`--write-config` writes what `st run` needs, with the credential by its variable, and never over a file."""
    fixtures = load_fixtures()["kii"]
    token = next(iter(fixtures.credential.headers.values())).removeprefix("Bearer ")
    contract = load_contract("kii")
    with serve(app([contract])) as server:
        url = server.url + fixtures.base_path
        done = fuzz("kii", "--url", url, "--credential-env", "TOKEN", "--write-config", TOKEN=token)
        assert done.returncode == 0, done.stderr
        written = (tmp_path / "schemathesis.toml").read_text()
        assert token not in written
        ran = st(str(contract.root.document.path.resolve()), *FEW, TOKEN=token, SCHEMATHESIS_HOOKS="")
        assert ran.returncode == 0, ran.stdout + ran.stderr
        again = fuzz("kii", "--url", url, "--credential-env", "TOKEN", "--write-config", TOKEN=token)
    assert again.returncode == 2
    assert "is there already" in again.stderr


@pytest.mark.parametrize(
    ("found", "line"),
    [("4.31.9", "Schemathesis 4.31.9 is installed"), ("5.0.0", "works with 4.32 and later releases below 5")],
)
def test_an_unknown_release_of_schemathesis_is_one_line(tmp_path: Path, found: str, line: str) -> None:
    """An incompatible release is told before anything starts."""
    script = (
        "import importlib.metadata as m, sys\n"
        "real = m.version\n"
        f"m.version = lambda name: {found!r} if name == 'schemathesis' else real(name)\n"
        "import watchword.schemathesis\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2
    assert line in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_without_schemathesis_the_extra_is_named(tmp_path: Path) -> None:
    """Its absence is one line with the command that installs it."""
    script = (
        "import importlib.metadata as m, sys\n"
        "def absent(name):\n"
        "    raise m.PackageNotFoundError(name)\n"
        "m.version = absent\n"
        "from watchword.cli import main\n"
        "sys.exit(main(['fuzz', 'kii', '--mock']))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2
    assert "pip install 'watchword[fuzz]'" in done.stderr


def test_other_commands_do_not_load_schemathesis() -> None:
    """Only the extension, and the command in its last moment, import it."""
    source = Path(__file__).parents[2] / "src" / "watchword"
    for path in source.rglob("*.py"):
        if path.parent.name == "schemathesis":
            continue
        for node in ast.parse(path.read_text()).body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] == "schemathesis" for name in names), path
