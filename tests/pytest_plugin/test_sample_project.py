"""A FastAPI service with three deliberate defects, and tests of its own that all pass."""

import shutil

import pytest

pytest_plugins = ["pytester"]

DEFECTS = {
    "test_unknown_thing_is_not_found": "media-type: `application/json` is not documented*",
    "test_missing_password_is_refused": "reply-status: `422` is not documented*",
    "test_password_can_be_cleared": "Password/first: accepted with `204`, must be refused*",
}


@pytest.fixture
def project(pytester, request):
    """The sample project, copied."""
    shutil.copytree(request.path.parents[1] / "fixtures" / "pytest_project", pytester.path, dirs_exist_ok=True)


def messages(result: pytest.RunResult) -> list[str]:
    """What the summary says of each failed test."""
    return sorted(line for line in result.outlines if line.startswith("FAILED test_service.py"))


@pytest.mark.parametrize("workers", [0, pytest.param(2, marks=pytest.mark.slow)])
def test_watch_alone_finds_all_three_defects(session, project, monkeypatch, workers):
    """Each in the test that meets it; without the plugin the tests pass."""
    monkeypatch.setenv("CI", "1")  # summaries are not cut
    result = session("-n", str(workers), apart=True)
    result.assert_outcomes(passed=3, failed=3, warnings=2)
    found = pytest.LineMatcher(messages(result))
    found.fnmatch_lines(sorted(f"FAILED test_service.py::{name} - {text}" for name, text in DEFECTS.items()))


def test_tests_of_the_project_pass_by_themselves(session, project, pytester):
    """The defects are those that they do not look for."""
    pytester.makeconftest("import pytest\n@pytest.fixture\ndef watch(): pass\n")
    session("-p", "no:watchword", "-W", "ignore", apart=True).assert_outcomes(passed=6)


@pytest.mark.parametrize("workers", [0, pytest.param(2, marks=pytest.mark.slow)])
def test_collected_tests_find_more(session, real, workers):
    """All three again, and what no test of the project tries."""
    result = session(*real, "-n", str(workers), "-rf", apart=workers > 0)
    failed = [line for line in result.outlines if line.startswith("FAILED kii::")]
    assert len(failed) > len(DEFECTS)
    text = result.stdout.str()
    for told in ("Password/first", "`422` is not documented", "ThingNotFoundException+json"):
        assert told in text
    assert "errorCode/const" in text
