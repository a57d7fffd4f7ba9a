"""A baseline that lives with one status that nobody documented, when the service begins to answer with another one."""

from pathlib import Path

from tests.schemathesis.conftest import Run
from tests.schemathesis.keyed import TOKEN, Keyed, document

from watchword.ground import Request
from watchword.mock import serve


class Teapot(Keyed):
    """The service with a status of its own for requests that it does not understand."""

    odd = 418

    def _status(self, request: Request) -> int:
        status = super()._status(request)
        return self.odd if status == 400 else status


def test_baseline_of_one_undocumented_status_hides_no_other(st: Run, tmp_path: Path) -> None:
    """What is known is no failure; the same operation with the next undocumented status is one, named by its rule."""
    (tmp_path / "schemathesis.toml").write_text('[auth.openapi.by-query]\napi_key = "${KEY}"\n')
    spec = str(document(tmp_path, "query"))
    options = ("--phases", "coverage", "--seed", "1", "--baseline", "baseline.json", "--continue-on-failure")
    only = ("--checks", "watchword_decisions,watchword_replies")
    service = Teapot("query")
    with serve(service) as server:
        first = st(spec, "--url", server.url, *options, *only, KEY=TOKEN)
        again = st(spec, "--url", server.url, *options, *only, KEY=TOKEN)
        service.odd = 302
        changed = st(spec, "--url", server.url, *options, *only, KEY=TOKEN)
    assert "418" in (tmp_path / "baseline.json").read_text(), first.stdout + first.stderr
    assert again.returncode == 0, again.stdout + again.stderr
    assert changed.returncode == 1
    assert "302" in changed.stdout
