"""What Schemathesis may write with the extension loaded, however the user asks for it: safe, or refused in one line."""

from collections.abc import Iterator
from dataclasses import make_dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
from schemathesis.cli import executor
from schemathesis.config import ReportFormat, SchemathesisConfig
from tests.schemathesis.conftest import Run

from watchword.contract import load_contract
from watchword.mock import app, load_fixtures, serve
from watchword.schemathesis.outlets import HANDLERS, SAFE, enabled_reports, known_handlers, make_safe

SPEC = str(load_contract("kii").root.document.path.resolve())
KEYS_OF_NOBODY = (
    '[output.sanitization]\nenabled = false\nkeys-to-sanitize = ["nothing"]\nsensitive-markers = ["nothing"]\n'
)


@pytest.fixture
def url() -> Iterator[str]:
    """The base URL of a twin."""
    with serve(app([load_contract("kii")])) as server:
        yield server.url + load_fixtures()["kii"].base_path


def below(folder: Path) -> dict[Path, bytes]:
    """Every file below a folder with its content."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_report_format_is_known() -> None:
    """Each format of the installed Schemathesis is safe or the refused one, and so is what writes it."""
    assert {each.value for each in ReportFormat} == SAFE | {"pytest"}
    writers = {each.__name__ for each in executor._BUILT_IN_HANDLERS}
    assert writers == HANDLERS | {"PytestReportHandler", "CrashHandler"}


def test_an_unknown_report_format_is_refused() -> None:
    """A format of a future release is not written, whether or not a list names it."""
    reports: Any = SchemathesisConfig().reports
    assert enabled_reports(reports) == []
    config = SimpleNamespace(
        cache=SimpleNamespace(enabled=True), reports=SimpleNamespace(pytest=SimpleNamespace(enabled=True))
    )
    with pytest.raises(click.UsageError, match="sends the run's passwords again"):
        make_safe(config)
    assert not config.cache.enabled

    future = make_dataclass("Future", ["junit", "sarif"])
    config.reports = future(*[SimpleNamespace(enabled=True)] * 2)
    with pytest.raises(click.UsageError, match="the sarif report is not known to be safe"):
        make_safe(config)


def test_an_unknown_reader_of_events_is_refused() -> None:
    """One that Schemathesis starts unasked is told from a user's own, and the run does not begin."""
    theirs = type("FutureHandler", (), {"__module__": "schemathesis.cli.future"})()
    users = type("Mine", (), {"__module__": "mine"})()
    assert known_handlers(lambda: [users])() == [users]
    with pytest.raises(click.UsageError, match="FutureHandler is not known to be safe"):
        known_handlers(lambda: [users, theirs])()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("configuration", "options"),
    [("[reports.pytest]\nenabled = true\n", ()), ("", ("--report-pytest-path", "here/test_it.py"))],
)
def test_the_reproducer_is_refused_by_file_and_by_path(
    st: Run, url: str, tmp_path: Path, configuration: str, options: tuple[str, ...]
) -> None:
    """Whatever asks for it, nothing is written."""
    (tmp_path / "schemathesis.toml").write_text(configuration)
    done = st(SPEC, "--url", url, *options)
    assert done.returncode == 2, done.stdout
    assert "the pytest report sends the run's passwords again" in done.stderr
    assert not list(tmp_path.rglob("*test_*"))


@pytest.mark.slow
def test_words_of_the_command_line_are_masked_in_every_report(st: Run, url: str, tmp_path: Path) -> None:
    """Reports repeat the command; headers are masked whatever their name, and the user's own list cannot undo that."""
    (tmp_path / "schemathesis.toml").write_text(KEYS_OF_NOBODY)
    formats = ",".join(sorted(SAFE))
    secrets = ("hunter2hunter2", "t0k3n-of-somebody")
    headers = ("-H", f"X-Subject: {secrets[0]}", "-H", f"Authorization: Bearer {secrets[1]}")
    options = ("--phases", "fuzzing", "-n", "3", "--output-sanitize", "false", "--report", formats, "--report-dir", "r")
    done = st(SPEC, "--url", url, *headers, *options)
    assert done.returncode == 1, done.stderr
    written = below(tmp_path)
    assert len([path for path in written if "r" in path.relative_to(tmp_path).parts]) >= len(SAFE)
    for path, content in written.items():
        assert not any(secret.encode() in content for secret in secrets), path
    assert not any(secret in done.stdout + done.stderr for secret in secrets)


@pytest.mark.slow
def test_no_example_database_is_kept_wherever_it_is_configured(st: Run, url: str, tmp_path: Path) -> None:
    """A database of a phase, of an operation and of the command line stay empty; so does the cache."""
    configuration = (
        '[cache]\nenabled = true\ndirectory = "kept/cache"\n[generation]\ndatabase = "kept/all"\n'
        '[phases.fuzzing.generation]\ndatabase = "kept/phase"\n'
        '[[operations]]\ninclude-method = "PUT"\n[operations.generation]\ndatabase = "kept/operation"\n'
    )
    (tmp_path / "schemathesis.toml").write_text(configuration)
    options = ("--phases", "fuzzing", "-n", "5", "--seed", "1", "--generation-database", "kept/option")
    done = st(SPEC, "--url", url, "-H", "Authorization: Bearer of-nobody", *options)
    assert done.returncode == 1, done.stderr
    assert not (tmp_path / "kept").exists()
    assert not (tmp_path / ".hypothesis" / "examples").exists()


def test_observations_of_hypothesis_are_refused(st: Run, tmp_path: Path) -> None:
    """It would write each drawn request to a file."""
    variables = {"HYPOTHESIS_EXPERIMENTAL_OBSERVABILITY": "1"}  # read when it is imported
    done = st(SPEC, "--url", "http://127.0.0.1:9", apart=True, **variables)
    assert done.returncode == 2
    assert "HYPOTHESIS_EXPERIMENTAL_OBSERVABILITY has Hypothesis write every drawn password" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_replay_is_refused() -> None:
    """`st replay` knows neither the guard nor shapes."""
    from schemathesis.cli.commands.replay import replay

    with pytest.raises(click.UsageError, match="st replay"):
        replay.callback()  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("old.yaml", 'swagger: "2.0"\ninfo: {title: a, version: "1"}\npaths: {/a: {get: {responses: {}}}}\n'),
        ("shop.graphql", "type Query { a: String }\n"),
    ],
)
def test_a_document_that_is_no_openapi_3_is_refused(st: Run, tmp_path: Path, name: str, text: str) -> None:
    """Its requests could not be guarded nor its values hidden, so nothing is sent."""
    (tmp_path / name).write_text(text)
    done = st(name, "--url", "http://127.0.0.1:9")
    assert done.returncode == 2, done.stdout
    assert "Error: the document is not OpenAPI 3" in done.stderr
