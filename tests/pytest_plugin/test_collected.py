"""Tests that a contract asks for: what they are called, and that pytest's own options work on them."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

KII = Path(__file__).parents[2].joinpath("specs", "kii.arazzo.yaml").read_text(encoding="utf-8")
WORKFLOWS = KII.count("workflowId:")

ONE = "kii::changeThingPassword::Password/first::refuse"
OWN = "def test_own(): pass"


def collected(result: pytest.RunResult) -> list[str]:
    """The node ids that a quiet collection printed."""
    return [line for line in result.outlines if "::" in line]


def test_contract_is_collected_by_operation_rule_and_side(session, mock):
    """Ids read contract, operation, rule, side; examples and workflows are tests of their own."""
    ids = collected(session(*mock, "--collect-only", "-q"))
    assert ONE in ids
    assert "kii::changeThingPassword::example/usual::accept" in ids
    assert "kii::changeThingPassword::broken-body::refuse" in ids
    assert "kii::workflow::same-password-again" in ids
    assert len(ids) == len(set(ids)) > 30


def test_devices_of_a_profile_have_tests_of_their_own(session):
    """The rules that hold for NB-IoT devices alone are not mixed with those of all devices."""
    ids = collected(session("--watchword-contract", "iotda", "--watchword-mock", "--collect-only", "-q"))
    assert "iotda::resetDeviceSecret.nb-iot::NbIotSecret/hexadecimal::refuse" in ids
    assert not [name for name in ids if "resetDeviceSecret::NbIotSecret" in name]


def test_contract_runs_beside_the_users_own_tests(session, pytester, mock):
    """A folder on the command line, and the contract: both are run."""
    pytester.makepyfile(OWN)
    result = session(*mock, ".")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["test_contract_runs*.py .*", "kii ....*"])


def test_several_contracts_are_collected_together(session):
    """One session, a twin for each."""
    ids = collected(
        session(
            "--watchword-contract", "kii", "--watchword-contract", "roma-connect", "--watchword-mock", "--collect-only",
            "-q",
        )
    )  # fmt: skip
    assert {name.partition("::")[0] for name in ids} == {"kii", "roma-connect"}


def test_document_of_ones_own_is_collected_under_its_name(session, pytester):
    """A path in place of a name; a mock of it knows no devices, and what needs them is skipped."""
    pytester.path.joinpath("shop.openapi.yaml").write_text(SHOP, encoding="utf-8")
    result = session("--watchword-contract", "shop.openapi.yaml", "--watchword-mock", "-v", "-rs")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["shop::order::Code/length::refuse PASSED*"])


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        (["-k", "Password/first"], 1),
        (["-k", "workflow"], WORKFLOWS),
        (["-m", "watchword"], None),
        (["-m", "not watchword"], 0),
        ([ONE], 1),
        (["kii::workflow"], WORKFLOWS),
        (["../kii::workflow::things-apart"], 1),
        ([ONE, "kii::workflow::things-apart"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_selection_of_pytest_selects(session, mock, arguments, count):
    """`-k`, `-m`, and node ids as pytest prints them, also those of a subfolder."""
    ids = collected(session(*mock, "--collect-only", "-q", *arguments))
    assert len(ids) == count if count is not None else len(ids) > 30


def test_named_test_that_does_not_exist_is_a_usage_error(session, mock):
    """As for a file's tests: exit code 4, and what was not found."""
    result = session(*mock, "kii::changeThingPassword::Password/last")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: not found: kii::changeThingPassword::Password/last*"])


def test_contract_of_the_ini_file_stays_out_of_a_single_test(session, pytester):
    """Who names a file of the user's wants that; who names nothing, or a folder, wants all."""
    pytester.makeini("[pytest]\nwatchword_contract = kii\nwatchword_mock = true\n")
    path = pytester.makepyfile(OWN)
    assert len(collected(session("--collect-only", "-q", path.name))) == 1
    assert len(collected(session("--collect-only", "-q", f"{path.name}::test_own"))) == 1
    assert len(collected(session("--collect-only", "-q", "."))) > 30
    assert len(collected(session("--collect-only", "-q"))) > 30


def test_failure_is_a_finding_and_no_traceback(session, real):
    """What the contract says, where, and what the service did; the summary begins with the rule."""
    result = session(*real, ONE, "kii::changeThingPassword::ChangeThingPasswordRequest/required::refuse", "-rf")
    assert result.ret == 1
    text = result.stdout.str()
    assert "Traceback" not in text
    assert "runtest" not in text
    result.stdout.fnmatch_lines(
        [
            "* error  Password/first  PUT …/ownership/password → 204",
            "  accepted with `204`, must be refused: *",
            "  repeat   watchword check kii --url * --case kii/changeThingPassword/refuse/Password/first/*",
            f"FAILED {ONE} - Password/first: acc*",
        ]
    )


def test_failure_shows_no_credential(session, real):
    """The token from the environment is nowhere in what the session prints."""
    result = session(*real, "-v", "-rA")
    assert result.ret == 1
    assert "token-of-the-administrator" not in result.stdout.str() + result.stderr.str()


def test_first_failure_stops_the_session_where_asked(session, real):
    """`-x` ends at the first finding."""
    result = session(*real, "-x")
    result.stdout.fnmatch_lines(["*stopping after 1 failures*"])
    assert result.parseoutcomes()["failed"] == 1


def test_last_failures_are_run_again(session, pytester, real):
    """`--lf` runs those that failed, and nothing else."""
    pytester.makepyfile(OWN)
    failed = session(*real, "-k", "Password/ or own").parseoutcomes()
    again = session(*real, "--lf").parseoutcomes()
    assert again.get("failed") == failed["failed"] > 1
    assert "passed" not in again


def test_junit_file_has_a_case_per_test(session, pytester, real):
    """With the finding as its failure, and the rule in its message."""
    session(*real, ONE, "--junitxml=report.xml")
    case = ET.parse(pytester.path / "report.xml").getroot().find(".//testcase")
    assert case is not None
    assert (case.get("classname"), case.get("name")) == ("kii.changeThingPassword.Password/first", "refuse")
    failure = case.find("failure")
    assert failure is not None
    assert (failure.get("message") or "").startswith("Password/first: accepted with `204`")
    assert "must be refused" in (failure.text or "")


def test_assumed_clause_that_is_broken_is_a_warning(session, real):
    """It fails nothing, and the warnings summary tells it."""
    result = session(*real, "kii::changeThingPassword::Password/alphabet::refuse")
    result.assert_outcomes(passed=1, warnings=1)
    result.stdout.fnmatch_lines(["*ContractWarning: observation: Password/alphabet PUT *refused under our reading*"])


def test_assumed_clause_stays_a_warning_where_warnings_are_errors(session, real):
    """An observation never fails a run; a filter may silence it."""
    name = "kii::changeThingPassword::Password/alphabet::refuse"
    session(*real, name, "-W", "error").assert_outcomes(passed=1, warnings=1)
    silenced = "ignore::watchword.pytest_plugin.verdict.ContractWarning"
    session(*real, name, "-W", silenced).assert_outcomes(passed=1, warnings=0)


def test_assumed_clause_fails_where_asked(session, real):
    """`--watchword-fail-on observation`."""
    name = "kii::changeThingPassword::Password/alphabet::refuse"
    session(*real, name, "--watchword-fail-on", "observation").assert_outcomes(failed=1)


def test_service_that_goes_away_fails_one_test_and_skips_the_rest(session, pytester, real):
    """One line says so; thirty more would say nothing new."""
    pytester.makeconftest(GONE)
    result = session(*real, "-k", "Password/ or broken-body", "-rs", apart=True)
    outcomes = result.parseoutcomes()
    assert outcomes["failed"] == 1
    assert outcomes["skipped"] > 1
    result.stdout.fnmatch_lines(["SKIPPED * specs/kii.openapi.yaml:*: not tried: http://127.0.0.1:*"])


def test_two_workers_collect_the_same_and_run_each_test_once(session, mock):
    """pytest-xdist refuses workers that disagree; each has a twin of its own, and the controller adds up."""
    result = session(*mock, "-n", "2", "-k", "Password/ or workflow", apart=True)
    assert result.ret == 0
    assert result.parseoutcomes()["passed"] == 4 + WORKFLOWS
    result.stdout.fnmatch_lines(["kii changeThingPassword *"])


GONE = """
from watchword.check import HttpTransport
from watchword.ground import Unreachable

def send(self, request):
    raise Unreachable(f"{self.url}: connection refused", sent=False)

HttpTransport.send = send
"""

SHOP = """
openapi: 3.1.0
info: { title: shop, version: '1' }
paths:
  /orders:
    post:
      operationId: order
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [code]
              properties: { code: { $ref: '#/components/schemas/Code' } }
      responses:
        '201': { description: done }
        '400': { description: wrong }
components:
  schemas:
    Code:
      type: string
      allOf: [{ title: length, minLength: 3 }]
"""
