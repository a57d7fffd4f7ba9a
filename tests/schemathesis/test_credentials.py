"""Where `st run` with the extension takes the credential from, and what goes out with it and without."""

import errno
import os
import socket
from pathlib import Path
from urllib.parse import unquote

import pytest
from tests.schemathesis.conftest import Run
from tests.schemathesis.keyed import PASSWORD, TOKEN, USER, Keyed, document

from watchword.mock import serve

_SHORT = ("--seed", "1", "--phases", "coverage,fuzzing", "--max-examples", "10", "--continue-on-failure")

_WAYS = {
    "query-scheme": ("query", '[auth.openapi.by-query]\napi_key = "${KEY}"', ()),
    "query-parameter": ("query", '[parameters]\n"query.api_key" = "${KEY}"', ()),
    "cookie-scheme": ("cookie", '[auth.openapi.by-cookie]\napi_key = "${KEY}"', ()),
    "cookie-header": ("cookie", "", ("-H", f"Cookie: sid={TOKEN}; theme=one")),
    "cookie-parameter": ("cookie", '[parameters]\n"cookie.sid" = "${KEY}"', ()),
    "header-scheme": ("header", '[auth.openapi.by-header]\napi_key = "${KEY}"', ()),
    "basic-option": ("basic", "", ("--auth", f"{USER}:{PASSWORD}")),
    "basic-scheme": ("basic", f'[auth.openapi.by-basic]\nusername = "{USER}"\npassword = "{PASSWORD}"', ()),
    "bearer-scheme": ("bearer", '[auth.openapi.by-bearer]\nbearer = "${KEY}"', ()),
}


@pytest.mark.parametrize(
    "way",
    [pytest.param(way, marks=() if way == "query-scheme" else pytest.mark.slow) for way in _WAYS],
)
def test_however_a_credential_is_configured_a_sound_service_passes(st: Run, tmp_path: Path, way: str) -> None:
    """Valid requests bear it, those about credentials bear forged ones at the same place, or none at all."""
    scheme, configuration, options = _WAYS[way]
    (tmp_path / "schemathesis.toml").write_text(configuration)
    service = Keyed(scheme)
    with serve(service) as server:
        done = st(str(document(tmp_path, scheme)), "--url", server.url, *options, *_SHORT, KEY=TOKEN)
    assert done.returncode == 0, done.stdout + done.stderr
    refused = [service.credentials(request) for request, status in service.seen if status == 401]
    assert [] in refused
    forged = {text for each in refused for text in each}
    assert len(forged) > 4
    assert any(len(unquote(text)) == len(service.valid) for text in forged)
    assert sum(status == 204 for _, status in service.seen) > 10
    for secret in (TOKEN, PASSWORD):
        assert secret not in done.stdout + done.stderr


def test_the_alternative_is_taken_that_a_credential_was_given_for(st: Run, tmp_path: Path) -> None:
    """Of a document that takes either a bearer token or a key, the key is used where the key is configured."""
    (tmp_path / "schemathesis.toml").write_text('[auth.openapi.by-query]\napi_key = "${KEY}"')
    service = Keyed("query")
    with serve(service) as server:
        done = st(str(document(tmp_path, "bearer", "query")), "--url", server.url, *_SHORT, KEY=TOKEN)
    assert done.returncode == 0, done.stdout + done.stderr
    assert any(status == 204 for _, status in service.seen)


@pytest.mark.slow
def test_a_credential_that_a_hook_of_the_caller_gets_is_used(st: Run, tmp_path: Path) -> None:
    """`@schemathesis.auth` gives valid cases their credential; those about credentials go without."""
    (tmp_path / "own_hooks.py").write_text(
        "import schemathesis\nimport watchword.schemathesis\n\n@schemathesis.auth()\nclass Own:\n"
        f"    def get(self, case, context):\n        return {TOKEN!r}\n"
        "    def set(self, case, data, context):\n        case.headers['Authorization'] = 'Bearer ' + data\n"
    )
    service = Keyed("bearer")
    with serve(service) as server:
        path = str(document(tmp_path, "bearer"))
        done = st(path, "--url", server.url, *_SHORT, SCHEMATHESIS_HOOKS="own_hooks")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [] in [service.credentials(request) for request, status in service.seen if status == 401]


@pytest.mark.parametrize(
    ("scheme", "line"),
    [("query", 'api_key = "${CREDENTIAL}"'), ("basic", 'password = "${CREDENTIAL_PASSWORD}"')],
)
def test_without_a_credential_one_message_says_where_to_write_it(
    st: Run, tmp_path: Path, scheme: str, line: str
) -> None:
    """Nothing is sent where every case would be refused for the want of a credential."""
    service = Keyed(scheme)
    with serve(service) as server:
        done = st(str(document(tmp_path, scheme)), "--url", server.url, *_SHORT)
    assert done.returncode == 2, done.stdout + done.stderr
    assert f"[auth.openapi.by-{scheme}]" in done.stderr
    assert line in done.stderr
    assert not service.seen


def test_an_unreachable_service_is_told_with_its_error_number_and_no_value(st: Run, tmp_path: Path) -> None:
    """As Schemathesis tells it: a network error, refused at this origin; the key of the query is not in it."""
    (tmp_path / "schemathesis.toml").write_text('[auth.openapi.by-query]\napi_key = "${KEY}"')
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    options = ("--phases", "coverage", "--max-examples", "1")
    done = st(str(document(tmp_path, "query")), "--url", url, *options, KEY=TOKEN)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Network Error" in done.stdout
    assert f"[Errno {errno.ECONNREFUSED}] {os.strerror(errno.ECONNREFUSED)} at {url}" in done.stdout
    assert "qk-" not in done.stdout + done.stderr
