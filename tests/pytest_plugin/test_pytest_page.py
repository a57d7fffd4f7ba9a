"""The examples of docs/pytest.md do what the page says."""

import re
import shlex
from pathlib import Path

import pytest

from watchword.pytest_plugin import plugin

pytest_plugins = ["pytester"]

PAGE = Path(__file__).parents[2].joinpath("docs", "pytest.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"```python\n# (\w+\.py)\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = [
    line.removeprefix("$ pytest ")
    for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
]


@pytest.mark.parametrize(("name", "source"), PYTHON, ids=[name for name, _ in PYTHON])
def test_example_of_a_test_passes(session, pytester, name, source):
    """As it stands, in a folder of its own."""
    pytester.path.joinpath(name).write_text(source, encoding="utf-8")
    session(name, "-p", "hypothesispytest", "--strict-markers").assert_outcomes(passed=1)


@pytest.mark.parametrize("command", COMMANDS)
def test_command_works(session, pytester, command):
    """Beside the page's own test."""
    pytester.path.joinpath(PYTHON[0][0]).write_text(PYTHON[0][1], encoding="utf-8")
    assert session(*shlex.split(command), apart="-n" in command).ret == 0


def test_ini_example_serves_the_fixtures(session, pytester):
    """Without a marker, and the bar that it sets is met by the page's own test."""
    (ini,) = re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL)
    pytester.makeini(ini)
    unmarked = PYTHON[0][1].replace('@pytest.mark.contract("kii")\n', "")
    pytester.path.joinpath(PYTHON[0][0]).write_text(unmarked, encoding="utf-8")
    assert session().ret == 0
    assert session("--watchword-fail-under", "90").ret == 1


def test_node_ids_of_the_page_exist(session, mock):
    """Those that show what ids look like."""
    shown = set(re.findall(r"^    (kii::\S+)$", PAGE, re.MULTILINE))
    assert shown
    assert shown <= set(session(*mock, "--collect-only", "-q").outlines)


def test_page_names_every_option_and_fixture():
    """And the plugin has no other."""
    options = {*plugin._TEXTS, *plugin._LISTS, *plugin._FLAGS}
    told = set(re.findall(r"`(?:--watchword)?-([a-z-]+)", PAGE))
    assert options <= told
    for fixture in ("contract", "watch", "assert_conforms", "mock_service", "session_mock_service"):
        assert f"| `{fixture}` |" in PAGE
