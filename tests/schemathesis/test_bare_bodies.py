"""Bodies that come without a media type."""

from pathlib import Path

from tests.schemathesis.conftest import Run
from tests.schemathesis.keyed import TOKEN, Keyed, document

from watchword.ground import Request
from watchword.mock import serve


class Guessing(Keyed):
    """The service that takes any body for JSON where nobody says what it is."""

    def _status(self, request: Request) -> int:
        if not any(name == "content-type" for name, _ in request.headers):
            request = Request(
                request.method, request.url, (*request.headers, ("content-type", "application/json")), request.body
            )
        return super()._status(request)


def test_a_body_without_a_media_type_goes_out_as_such(st: Run, tmp_path: Path) -> None:
    """No Content-Type is put on it on the way, so that a service that takes it is found."""
    (tmp_path / "schemathesis.toml").write_text('[auth.openapi.by-query]\napi_key = "${KEY}"')
    service, path = Guessing("query"), str(document(tmp_path, "query"))
    with serve(service) as server:
        done = st(path, "--url", server.url, "--phases", "coverage", "--continue-on-failure", KEY=TOKEN)
    bare = [
        (request.body, status)
        for request, status in service.seen
        if request.body and all(name != "content-type" for name, _ in request.headers)
    ]
    assert bare, done.stdout
    assert done.returncode == 1
    assert "cards/setPin/refuse/media-type/none" in done.stdout
    assert "ST901 media-type" in done.stdout
