"""What a session exercised: counted, shown, demanded, and added up over workers."""

import json
import textwrap

import pytest

from watchword.contract import load_contract
from watchword.ground import Exchange, Request, Response
from watchword.pytest_plugin.coverage import coverage, percent
from watchword.pytest_plugin.ending import table
from watchword.pytest_plugin.tally import Tally
from watchword.validation import Validator

pytest_plugins = ["pytester"]

PATH = "/api/apps/app1/things/VENDOR_THING_ID:thing-1/ownership/password"
HEADERS = (
    ("Authorization", "Bearer t"),
    ("Content-Type", "application/vnd.kii.ChangeThingPasswordRequest+json"),
)


def tallied(*exchanges: tuple[bytes, int]) -> Tally:
    """A tally of requests with these bodies and the statuses that answered them."""
    validator = Validator(load_contract("kii"))
    tally = Tally()
    for body, status in exchanges:
        exchange = Exchange(Request("PUT", PATH, HEADERS, body), Response(status))
        operation = validator.route("PUT", PATH)
        assert operation
        tally.add("kii", operation, exchange, validator.findings(exchange))
    return tally


def test_accepted_value_exercises_all_its_rules():
    """And those of the object that it stands in; a value that is not sent exercises none."""
    (row,) = coverage(load_contract("kii"), tallied((b'{"newPassword": "a"}', 204)))
    assert row.accepted.missed == ()
    assert row.refused.count == 0
    assert row.statuses.missed == ("400", "401", "404")


FORMS = """
openapi: 3.1.0
info: {title: Forms, version: "1"}
paths:
  /login:
    post:
      operationId: login
      requestBody:
        content:
          %s:
            schema:
              type: object
              properties: {user: {type: string, maxLength: 5}, age: {type: integer, minimum: 3}}
      responses: {"204": {description: d}}
"""


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", b"user=ada&age=7"),
        (
            "multipart/form-data; boundary=X",
            b'--X\r\nContent-Disposition: form-data; name="user"\r\n\r\nada\r\n'
            b'--X\r\nContent-Disposition: form-data; name="age"\r\n\r\n7\r\n--X--\r\n',
        ),
    ],
)
def test_members_of_a_form_are_exercised_as_those_of_json_are(tmp_path, content_type, body):
    """A value is one whatever its media type."""
    (tmp_path / "forms.openapi.yaml").write_text(FORMS % content_type.partition(";")[0])
    contract = load_contract(str(tmp_path / "forms.openapi.yaml"))
    tally = Tally()
    exchange = Exchange(Request("POST", "/login", (("Content-Type", content_type),), body), Response(204))
    validator = Validator(contract)
    assert validator.findings(exchange) == []
    tally.add(contract.name, contract.operations[0], exchange, [])
    (row,) = coverage(contract, tally)
    assert {"user/maxLength", "age/minimum"} <= set(row.accepted.wanted) - set(row.accepted.missed)


def test_refused_request_exercises_the_one_rule_that_it_broke():
    """One that broke two shows neither: nobody knows which it was refused for."""
    (row,) = coverage(load_contract("kii"), tallied((b'{"newPassword": ""}', 400)))
    assert [name for name in row.refused.wanted if name not in row.refused.missed] == ["Password/first"]
    two = Exchange(Request("PUT", PATH, HEADERS[1:], b""), Response(400))
    validator, tally = Validator(load_contract("kii")), Tally()
    assert len({finding.rule for finding in validator.findings(two) if finding.side == "request"}) == 2
    operation = validator.route("PUT", PATH)
    assert operation
    tally.add("kii", operation, two, validator.findings(two))
    assert coverage(load_contract("kii"), tally)[0].refused.count == 0


def test_invalid_request_that_was_accepted_exercises_no_rule():
    """Neither side: that is a finding."""
    (row,) = coverage(load_contract("kii"), tallied((b'{"newPassword": ""}', 204)))
    assert (row.accepted.count, row.refused.count) == (0, 0)


def test_tally_is_the_same_after_the_way_from_a_worker():
    """Plain lists, which add up."""
    once = tallied((b'{"newPassword": "a"}', 204), (b"{}", 400))
    once.elsewhere = 3
    both = Tally()
    for _ in range(2):
        both.merge(json.loads(json.dumps(once.record())))
    assert both.counts == once.counts + once.counts
    assert both.elsewhere == 6


def test_percentage_says_100_only_for_everything():
    """An operation that nobody called is missing too."""
    empty = coverage(load_contract("kii"), Tally())
    assert percent(empty) == 0
    (row,) = coverage(load_contract("kii"), tallied((b'{"newPassword": "a"}', 204)))
    assert 0 < percent([row]) < 100


def test_table_has_a_row_for_each_operation():
    """Below it what is missing, cut unless all is asked for."""
    rows = coverage(load_contract("kii"), tallied((b'{"newPassword": "a"}', 204)))
    assert "\n".join(table(rows)) == textwrap.dedent(
        """\
        operation                exchanges  statuses  accepted  refused  covered
        kii changeThingPassword          1       1/4       4/4      0/9   33.3 %
          no reply: 400, 401, 404
          never refused: Password/first, missing-credential, wrong-scheme, missing-body and 5 more"""
    )
    assert "and 5 more" not in "\n".join(table(rows, most=100))


def test_collected_tests_cover_the_contract(session, mock):
    """All of it: nothing in the table is out of reach."""
    result = session(*mock, "--watchword-fail-under", "100")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["kii changeThingPassword * 100 %"])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["roma-connect", "iotda"])
def test_collected_tests_cover_the_other_contracts_too(session, name):
    """A bar of 100 % can be met for every contract that comes with it."""
    assert session("--watchword-contract", name, "--watchword-mock", "--watchword-fail-under", "100").ret == 0


def test_session_that_exercised_too_little_fails(session, mock):
    """With a line that says how much was asked, in status 1, though all tests passed."""
    result = session(*mock, "-k", "Password/first", "--watchword-fail-under", "80")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert result.parseoutcomes()["passed"] == 1
    result.stdout.fnmatch_lines(["FAILED: contract coverage is 16.6 %, at least 80 % required"])


def test_session_without_any_exchange_fails_the_bar(session, pytester):
    """Nothing was exercised, which is less than anything."""
    pytester.makeini("[pytest]\nwatchword_contract = kii\nwatchword_fail_under = 1\n")
    pytester.makepyfile("def test_own(): pass")
    result = session()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["FAILED: contract coverage is 0 %, at least 1 % required"])


WATCHED = f"""
import httpx, pytest
pytestmark = [pytest.mark.contract("kii"), pytest.mark.usefixtures("watch")]
def put(body, status):
    reply = lambda request: httpx.Response(status, content=BODIES.get(status, b""), headers=HEADERS.get(status, {{}}))
    client = httpx.Client(transport=httpx.MockTransport(reply))
    client.put("http://service{PATH}", content=body, headers={dict(HEADERS)!r})
BODIES = {{400: b'{{"errorCode": "INVALID_INPUT_DATA", "message": "no", "invalidFields": {{}}}}'}}
HEADERS = {{400: {{"Content-Type": "application/vnd.kii.ValidationException+json"}}}}
def test_accepted(): put(b'{{"newPassword": "a"}}', 204)
def test_refused(): put(b'{{"newPassword": ""}}', 400)
def test_elsewhere(): httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200))).get("http://a/b")
"""


def test_watched_exchanges_count(session, pytester):
    """Beside those of collected tests."""
    pytester.makepyfile(WATCHED)
    result = session()
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(
        ["kii changeThingPassword          2       2/4       4/4      1/9 *", "1 exchange on paths of no contract"]
    )


@pytest.mark.slow
def test_coverage_of_two_workers_adds_up(session, pytester):
    """The bar holds for both together, and the controller's exit status tells."""
    pytester.makepyfile(WATCHED)
    passed = session("-n", "2", "--dist", "each", "--watchword-fail-under", "40", apart=True)
    assert passed.ret == 0
    passed.stdout.fnmatch_lines(
        ["kii changeThingPassword          4       2/4       4/4      1/9 *", "2 exchanges on paths of no contract"]
    )
    failed = session("-n", "2", "--watchword-fail-under", "60", apart=True)
    assert failed.ret == pytest.ExitCode.TESTS_FAILED
    failed.stdout.fnmatch_lines(["FAILED: contract coverage is *, at least 60 % required"])


def test_session_without_watchword_has_no_table(session, pytester):
    """Nor any other line."""
    pytester.makepyfile("def test_own(): pass")
    result = session("-v")
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*coverage*")


def test_operations_of_a_large_document_that_nobody_called_are_one_line(session, pytester):
    """To count their rules takes long, and nobody reads the rows; -v and a bar ask for all."""
    paths = "".join(
        f"  /things{number}: {{get: {{operationId: get{number}, responses: {{'204': {{description: none}}}}}}}}\n"
        for number in range(30)
    )
    pytester.path.joinpath("large.yaml").write_text(
        "openapi: 3.1.0\ninfo: {title: large, version: '1'}\nservers: [{url: 'http://s'}]\npaths:\n" + paths, "utf-8"
    )
    pytester.makeini("[pytest]\nwatchword_contract = large.yaml\n")
    pytester.makepyfile(
        """
        import httpx
        def test_it(watch):
            with httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(204))) as client:
                client.get("http://s/things7")
        """
    )
    result = session()
    result.stdout.fnmatch_lines(
        ["large get7 * 100 %", "29 operations were never called, -v lists them: get0, get1, get2, get3 and 25 more"]
    )
    assert "large get8" not in result.stdout.str()
    session("-v").stdout.fnmatch_lines(["large get8 * 0 %"])
    result = session("--watchword-fail-under", "50")
    result.stdout.fnmatch_lines(["FAILED: contract coverage is 3.3 %, at least 50 % required"])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 1),
        (["test_x.py"], 1),
        (["test_plain.py"], 0),
        (["test_plain.py::test_plain"], 0),
        (["-k", "plain"], 0),
        (["-m", "not contract"], 0),
        (["test_x.py::test_judged"], 1),
        (["--collect-only"], 0),
    ],
)
def test_bar_is_for_sessions_that_are_about_a_contract(session, pytester, arguments, code):
    """Tests that were picked out, and judged nothing, leave it alone."""
    pytester.makeini("[pytest]\nwatchword_contract = kii\nwatchword_fail_under = 99\n")
    pytester.makepyfile(test_plain="def test_plain(): pass")
    pytester.path.joinpath("test_x.py").write_text(
        f"""
import pytest
from watchword.ground import Exchange, Request, Response
KII = "application/vnd.kii.ThingNotFoundException+json"
BODY = b'{{"errorCode": "THING_NOT_FOUND", "message": "no"}}'
HEADERS = {HEADERS!r}
@pytest.mark.contract
def test_judged(watch):
    request = Request("PUT", "{PATH}", HEADERS, b'{{"newPassword": "a"}}')
    watch.judge(Exchange(request, Response(404, (("Content-Type", KII),), BODY)))
"""
    )
    result = session(*arguments)
    assert result.ret == code
    assert ("FAILED: contract coverage" in result.stdout.str()) is bool(code)


def test_bar_says_nothing_beside_a_usage_error(session, mock):
    """One line tells what is wrong with the call."""
    result = session(*mock, "--watchword-fail-under", "99", "kii::nothing")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "FAILED" not in result.stdout.str() + result.stderr.str()
