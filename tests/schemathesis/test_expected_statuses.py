"""Statuses that a user's configuration expects, for what no document says."""

from pathlib import Path

import pytest
from tests.schemathesis.conftest import Run
from tests.schemathesis.keyed import TOKEN, Keyed, document

from watchword.ground import Request
from watchword.mock import serve


class Locked(Keyed):
    """The service while its card is in use elsewhere: it accepts nothing."""

    def _status(self, request: Request) -> int:
        status = super()._status(request)
        return 403 if status == 204 else status


@pytest.mark.parametrize(("expected", "code"), [('["2xx", 403]', 0), ('["2xx", 404]', 1)])
def test_a_status_that_the_configuration_expects_of_valid_requests_fails_nothing(
    st: Run, tmp_path: Path, expected: str, code: int
) -> None:
    """`expected-statuses` of positive_data_acceptance hold for our checks, which ask the same."""
    (tmp_path / "schemathesis.toml").write_text(
        f"[checks.positive_data_acceptance]\nexpected-statuses = {expected}\n\n"
        '[auth.openapi.by-query]\napi_key = "${KEY}"\n'
    )
    options = ("--phases", "fuzzing", "--max-examples", "5", "--seed", "1", "--mode", "positive")
    only = ("--checks", "watchword_decisions")
    with serve(Locked("query")) as server:
        done = st(str(document(tmp_path, "query")), "--url", server.url, *options, *only, KEY=TOKEN)
    assert done.returncode == code, done.stdout + done.stderr
