"""Calls that cannot work: one line, exit code 4, and nothing collected."""

import pytest

from watchword.pytest_plugin import settings

pytest_plugins = ["pytester"]

CLOSED = "http://127.0.0.1:9"
"""Port 9 is `discard`, where nobody listens."""


def refused(result: pytest.RunResult) -> str:
    """The one line on standard error of a session that did not begin."""
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "collected" not in result.stdout.str()
    (line,) = (line for line in result.errlines if line)
    return line


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--watchword-contract", "ki", "--watchword-mock"], "no contract `ki`: did you mean kii? *"),
        (["--watchword-contract", "no.yaml", "--watchword-mock"], "no.yaml: no such file; bundled contracts are*"),
        (["--watchword-contract", "kii"], "--watchword-contract: say what to test, with --watchword-mock*"),
        (["--watchword-mock"], "--watchword-mock: name a contract with --watchword-contract"),
        (["--watchword-url", CLOSED], "--watchword-url is one service, so name one contract*"),
        (["--watchword-target", "nope"], "no watchword.toml here or above*"),
        (
            ["--watchword-contract", "kii", "--watchword-mock", "--watchword-url", CLOSED],
            "give one of --watchword-mock, --watchword-url and --watchword-target",
        ),
        (["--watchword-contract", "kii", "--watchword-url", CLOSED], "*with --watchword-credential-env"),
        (
            ["--watchword-contract", "kii", "--watchword-url", CLOSED, "--watchword-credential-env", "ABSENT"],
            "the environment variable ABSENT is not set",
        ),
        (
            ["--watchword-contract", "kii", "--watchword-url", CLOSED, "--watchword-credential-env", "PRESENT"],
            f"{CLOSED} cannot be reached: connection refused",
        ),
        (
            [
                "--watchword-contract", "kii", "--watchword-url", "http://kii.example",
                "--watchword-credential-env", "PRESENT",
            ],
            "http://kii.example is not on this machine, and no device is listed*(--watchword-device appID=*",
        ),
        (
            ["--watchword-contract", "kii", "--watchword-mock", "--watchword-fail-under", "most"],
            "--watchword-fail-under most: a number from 0 to 100 is needed",
        ),
        (
            ["--watchword-contract", "kii", "--watchword-mock", "--watchword-fail-on", "never"],
            "--watchword-fail-on never: known are error, warning, observation",
        ),
        (["--watchword-contract", "broken.yaml", "--watchword-mock"], "broken.yaml:*"),
        (["-o", "watchword_mock=perhaps"], "*watchword_mock: invalid truth value 'perhaps'; write true or false"),
        (["--watchword-undocumented", "no"], "--watchword-undocumented no: known are pass, fail"),
        (["--watchword-repeated-secrets", "no"], "--watchword-repeated-secrets no: known are pass, fail"),
    ],
)  # fmt: skip
def test_call_that_cannot_work_is_refused(session, pytester, monkeypatch, arguments, message):
    """What is wrong and what to do, before anything is collected."""
    monkeypatch.setenv("PRESENT", "hunter2-hunter2")
    pytester.makepyfile("def test_own(): pass")
    pytester.path.joinpath("broken.yaml").write_text("openapi: 3.1.0\npaths: 7\n", encoding="utf-8")
    line = refused(session(*arguments))
    pytest.LineMatcher([line]).fnmatch_lines([f"ERROR: {message}"])
    assert "hunter2" not in line


def test_target_that_the_settings_do_not_have_is_refused(session, pytester):
    """With those that they have."""
    pytester.path.joinpath("watchword.toml").write_text(
        '[targets.bench]\ncontract = "kii"\nurl = "http://127.0.0.1:9"\n', encoding="utf-8"
    )
    assert "no target `nope`; it has bench" in refused(session("--watchword-target", "nope"))


def test_contract_of_the_ini_file_that_does_not_exist_is_refused(session, pytester):
    """Also where only fixtures would use it: a mistyped name is found at once."""
    pytester.makeini("[pytest]\nwatchword_contract = ki\n")
    assert "no contract" in refused(session())


def test_two_contracts_of_one_name_are_refused(session, pytester):
    """Their node ids would be the same."""
    document = "openapi: 3.1.0\ninfo: {title: a, version: '1'}\npaths: {}\n"
    for folder in ("one", "two"):
        pytester.mkdir(folder).joinpath("shop.yaml").write_text(document, encoding="utf-8")
    arguments = ("--watchword-contract", "one/shop.yaml", "--watchword-contract", "two/shop.yaml", "--watchword-mock")
    assert "two contracts are called shop" in refused(session(*arguments))


def test_old_pytest_is_refused(session, monkeypatch, mock):
    """Where Watchword is used; a session that does not use it runs as ever."""
    monkeypatch.setattr(settings, "OLDEST", (99, 1))
    assert "watchword needs pytest 99.1 or newer; this is " in refused(session(*mock))
    assert session().ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_old_pytest_is_told_once_by_fixtures(session, pytester, monkeypatch):
    """Not once for each test that uses one, and without a traceback."""
    monkeypatch.setattr(settings, "OLDEST", (99, 1))
    pytester.makepyfile(
        "import pytest\npytestmark = pytest.mark.contract('kii')\n"
        "def test_one(watch): pass\ndef test_two(contract): pass"
    )
    result = session()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert result.stdout.str().count("watchword needs pytest 99.1 or newer; this is ") == 1
    assert "Traceback" not in result.stdout.str()


def test_help_has_the_options_and_ini_keys(session):
    """In a group of their own, by the same names."""
    result = session("--help")
    result.stdout.fnmatch_lines(["contract tests (Watchword)*", "  --watchword-contract=NAME|SPEC*"])
    result.stdout.fnmatch_lines(["  watchword_fail_under *"])


def test_markers_are_registered(session):
    """`--strict-markers` knows them, whether they are used or not."""
    result = session("--markers", "--strict-markers")
    result.stdout.fnmatch_lines(["@pytest.mark.contract(*", "@pytest.mark.watchword:*"])
