"""A session that uses nothing of Watchword: what it pays."""

import subprocess
import sys

import pytest

pytest_plugins = ["pytester"]

HEAVY = {"orjson", "yaml", "jsonschema_rs", "hypothesis", "httpx", "rich", "click", "uvicorn", "cryptography"}


def test_entry_point_loads_pytest_alone():
    """And of Watchword no more than the two packages that it lies in."""
    program = "import pytest, sys; before = set(sys.modules); import watchword.pytest_plugin.plugin"
    shown = subprocess.run(
        [sys.executable, "-c", f"{program}; print(*sorted(set(sys.modules) - before))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert shown == ["watchword", "watchword.pytest_plugin", "watchword.pytest_plugin.plugin"]


def test_unused_session_loads_nothing_more(session, pytester):
    """From its first hook to its last, failing comparisons included."""
    pytester.makeconftest(
        """
        import sys
        def pytest_unconfigure():
            print("loaded:", *sorted({name.partition(".")[0] for name in sys.modules}))
            print("ours:", *sorted(name for name in sys.modules if name.startswith("watchword")))
        """
    )
    pytester.makepyfile("def test_good(): pass\ndef test_bad(): assert 'a' == 'b'")
    result = session(apart=True)
    result.assert_outcomes(passed=1, failed=1)
    (loaded,) = (line for line in result.outlines if line.startswith("loaded:"))
    assert HEAVY.isdisjoint(loaded.split())
    result.stdout.fnmatch_lines(["ours: watchword watchword.pytest_plugin watchword.pytest_plugin.plugin"])


def test_plugin_can_be_left_out(session, pytester):
    """By pytest's own means."""
    pytester.makepyfile("def test_own(): pass")
    session("-p", "no:watchword").assert_outcomes(passed=1)
    assert session("-p", "no:watchword", "--watchword-mock").ret == pytest.ExitCode.USAGE_ERROR


def test_asserts_of_watchword_are_not_rewritten(session, pytester):
    """They are no tests; rewriting a hundred modules takes a second wherever bytecode is not kept."""
    pytester.makepyfile(
        """
        import watchword.validation
        def test_it(): assert "Rewrit" not in type(watchword.validation.__loader__).__name__
        """
    )
    session(apart=True).assert_outcomes(passed=1)
