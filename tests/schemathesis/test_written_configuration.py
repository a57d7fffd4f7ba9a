"""What `watchword fuzz --write-config` writes runs with `st run`, however the credential is sent."""

import base64
from pathlib import Path

import pytest
from tests.schemathesis.conftest import Run
from tests.schemathesis.keyed import PASSWORD, SCHEMES, TOKEN, USER, Keyed, document

from watchword.mock import serve

_BASIC = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


@pytest.mark.parametrize(
    ("scheme", "credential"),
    [
        ("basic", _BASIC),
        ("cookie", TOKEN),
        pytest.param("basic", f"Basic {_BASIC}", marks=pytest.mark.slow),
        pytest.param("query", TOKEN, marks=pytest.mark.slow),
        pytest.param("header", TOKEN, marks=pytest.mark.slow),
        pytest.param("bearer", TOKEN, marks=pytest.mark.slow),
    ],
)
def test_the_written_file_gives_a_credential_by_its_scheme(
    fuzz: Run, st: Run, tmp_path: Path, scheme: str, credential: str
) -> None:
    """The credential goes where the document puts it, a sound service passes, and the file holds no secret."""
    assert scheme in SCHEMES
    service, path = Keyed(scheme), str(document(tmp_path, scheme))
    options = ("--phases", "coverage,fuzzing", "--max-examples", "5", "--seed", "1")
    with serve(service) as server:
        written = fuzz(path, "--url", server.url, "--credential-env", "KEY", "--write-config", KEY=credential)
        assert written.returncode == 0, written.stderr
        assert credential not in (tmp_path / "schemathesis.toml").read_text()
        done = st(path, *options, KEY=credential, SCHEMATHESIS_HOOKS="")
    assert done.returncode == 0, done.stdout + done.stderr
    assert any(status == 204 for _, status in service.seen)
