"""The fixtures `contract`, `mock_service` and `assert_conforms`, and how a test names its contract."""

import pytest

pytest_plugins = ["pytester"]

PUT = """
import urllib.request, urllib.error

def put(url, headers, body):
    request = urllib.request.Request(url, body, headers | {
        "Content-Type": "application/vnd.kii.ChangeThingPasswordRequest+json"}, method="PUT")
    try:
        with urllib.request.urlopen(request) as reply:
            return reply.status
    except urllib.error.HTTPError as reply:
        return reply.code
"""

DOCUMENT = """
openapi: 3.1.0
info: { title: shop, version: '1' }
servers: [{ url: 'https://shop.example/v1' }]
security: [{ key: [] }]
paths:
  /orders/{number}:
    get:
      operationId: order
      parameters: [{ name: number, in: path, required: true, schema: { type: integer } }]
      responses: { '204': { description: none }, '404': { description: unknown } }
components:
  securitySchemes: { key: { type: apiKey, in: header, name: X-Key } }
"""


def test_contract_is_the_validator_of_the_marked_one(session, pytester):
    """As `watchword.load` gives it, of a function's, a class's or a module's marker; the nearest one counts."""
    pytester.makepyfile(
        """
        import pytest
        from watchword.validation import Validator
        pytestmark = pytest.mark.contract("kii")
        def test_module(contract):
            assert isinstance(contract, Validator)
            assert contract.contract.name == "kii"
        @pytest.mark.contract("iotda")
        class TestClass:
            def test_class(self, contract): assert contract.contract.name == "iotda"
            @pytest.mark.contract("roma-connect")
            def test_function(self, contract): assert contract.contract.name == "roma-connect"
        """
    )
    session("--strict-markers").assert_outcomes(passed=3)


def test_contract_is_a_parameter(session, pytester):
    """One test for several contracts."""
    pytester.makepyfile(
        """
        import pytest
        @pytest.mark.parametrize("contract", ["kii", "iotda"], indirect=True)
        def test_it(contract, watch, request):
            assert contract.contract.name == request.node.callspec.params["contract"]
        """
    )
    session().assert_outcomes(passed=2)


def test_contract_is_that_of_the_ini_file(session, pytester):
    """Named once for the whole project, by a path from the root folder; tests may be run from any other one."""
    pytester.makeini("[pytest]\nwatchword_contract = documents/shop.openapi.yaml\n")
    pytester.mkdir("documents").joinpath("shop.openapi.yaml").write_text(DOCUMENT, encoding="utf-8")
    tests = pytester.mkdir("tests")
    tests.joinpath("test_it.py").write_text(
        "def test_it(contract): assert contract.contract.name == 'shop'\n", encoding="utf-8"
    )
    session().assert_outcomes(passed=1)
    session("--rootdir", str(pytester.path), str(tests)).assert_outcomes(passed=1)


def test_contract_of_a_path_in_a_marker_is_found_from_the_root_folder(session, pytester, monkeypatch):
    """Whatever the current folder is."""
    pytester.makeini("[pytest]")
    pytester.path.joinpath("shop.openapi.yaml").write_text(DOCUMENT, encoding="utf-8")
    tests = pytester.mkdir("tests")
    tests.joinpath("test_it.py").write_text(
        "import pytest\n@pytest.mark.contract('shop.openapi.yaml')\n"
        "def test_it(contract): assert contract.route('GET', '/v1/orders/7').id == 'order'\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(tests)
    session().assert_outcomes(passed=1)


@pytest.mark.parametrize("fixture", ["contract", "watch", "mock_service", "assert_conforms", "session_mock_service"])
def test_fixture_without_a_contract_says_how_to_name_one(session, pytester, fixture):
    """One line, no traceback of ours."""
    pytester.makepyfile(f"def test_it({fixture}): pass")
    result = session()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"`{fixture}` needs a contract: mark the test with @pytest.mark.contract(*"])
    assert "pytest_plugin" not in result.stdout.str()


def test_unknown_contract_of_a_marker_is_one_line(session, pytester):
    """With the closest names, and no traceback of ours."""
    pytester.makepyfile("import pytest\n@pytest.mark.contract('kij')\ndef test_it(contract): pass")
    result = session()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["no contract `kij`: did you mean kii? *"])
    assert "pytest_plugin" not in result.stdout.str()


@pytest.mark.parametrize("name", ["undocumented", "repeated_secrets"])
def test_unknown_value_of_the_marker_is_refused(session, pytester, name):
    """It would otherwise count as the default, in silence."""
    pytester.makepyfile(f"import pytest\n@pytest.mark.contract('kii', {name}='fial')\ndef test_it(watch): pass")
    result = session()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"@pytest.mark.contract: {name}='fial', expected 'pass' or 'fail'"])


def test_unknown_argument_of_the_marker_is_refused(session, pytester):
    """A misspelt one would otherwise change nothing, in silence."""
    pytester.makepyfile("import pytest\n@pytest.mark.contract('kii', basepath='/')\ndef test_it(watch): pass")
    result = session()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["@pytest.mark.contract: unknown argument basepath"])


def test_fixture_about_one_contract_refuses_two(session, pytester):
    """`watch` takes several; what is about one says so."""
    pytester.makepyfile(
        """
        import pytest
        pytestmark = pytest.mark.contract("kii", "iotda")
        def test_watch(watch): pass
        def test_contract(contract): pass
        """
    )
    result = session()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["`contract` is about one contract, and kii and iotda are named"])


def test_mock_service_answers_as_the_contract_says(session, pytester):
    """A twin on a free port, with a credential to use, ones to refuse, and devices of each kind."""
    pytester.makepyfile(
        PUT
        + """
import pytest
pytestmark = pytest.mark.contract("kii")
BODY = b'{"newPassword": "correct horse"}'

def test_it(mock_service):
    url = mock_service.url_of("changeThingPassword")
    assert url.startswith("http://127.0.0.1:")
    assert put(url, mock_service.headers, BODY) == 204
    assert put(url, mock_service.headers, b"{}") == 400
    assert [put(url, headers, BODY) for headers in mock_service.refused_headers] == [401, 401, 401]
    unknown = mock_service.url_of("changeThingPassword", mock_service.unknown_devices[0])
    assert put(unknown, mock_service.headers, BODY) == 404
    assert put(mock_service.url_of("changeThingPassword", vendorThingID="a b"), mock_service.headers, BODY) == 404
    assert mock_service.devices[0] == {"appID": "app1", "vendorThingID": "thing-1"}
    assert mock_service.foreign_devices
    assert "kii-token" not in repr(mock_service)
"""
    )
    session().assert_outcomes(passed=1)


def test_mock_service_is_new_for_each_test_and_one_for_the_session(session, pytester):
    """A test leaves nothing behind for the next one, unless the session's is asked for."""
    pytester.makeini("[pytest]\nwatchword_contract = kii\n")
    pytester.makepyfile(
        """
        seen = []
        def test_first(mock_service, session_mock_service): seen.append((mock_service.url, session_mock_service.url))
        def test_second(mock_service, session_mock_service): seen.append((mock_service.url, session_mock_service.url))
        def test_apart(): assert seen[0][1] == seen[1][1] not in (seen[0][0], seen[1][0])
        """
    )
    session().assert_outcomes(passed=3)


def test_mock_service_of_a_profile_that_the_contract_lacks_is_an_error(session, pytester):
    """As with `watch`: a mistyped kind of device must not pass."""
    pytester.makepyfile(
        """
        import pytest
        @pytest.mark.contract("iotda", profile="nope")
        def test_it(mock_service): pass
        """
    )
    result = session()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*no profile `nope`: the profiles of iotda are nb-iot, coap*"])


def test_mock_service_of_a_document_makes_up_its_replies(session, pytester):
    """Any document, with its own server's path and kind of credential."""
    pytester.path.joinpath("shop.openapi.yaml").write_text(DOCUMENT, encoding="utf-8")
    pytester.makepyfile(
        """
        import pytest, urllib.request
        @pytest.mark.contract("shop.openapi.yaml")
        def test_it(mock_service):
            assert list(mock_service.headers) == ["X-Key"]
            url = mock_service.url_of("order", number=7)
            with urllib.request.urlopen(urllib.request.Request(url, headers=mock_service.headers)) as reply:
                assert reply.status == 204
        """
    )
    session().assert_outcomes(passed=1)


def test_assert_conforms_judges_both_sides_at_once(session, pytester):
    """It fails the test there and then, with the findings alone."""
    pytester.makepyfile(
        """
        import pytest
        from watchword.ground import Exchange, Request, Response
        pytestmark = pytest.mark.contract("kii")
        PATH = "/api/apps/app1/things/VENDOR_THING_ID:thing-1/ownership/password"
        HEADERS = (("Authorization", "Bearer t"), ("Content-Type",
            "application/vnd.kii.ChangeThingPasswordRequest+json"))
        def test_good(assert_conforms):
            assert_conforms(Exchange(Request("PUT", PATH, HEADERS, b'{"newPassword": "a"}'), Response(204)))
        def test_bad(assert_conforms):
            assert_conforms(Exchange(Request("PUT", PATH, HEADERS, b'{}'), Response(400)))
            assert not "reached"
        """
    )
    result = session()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["* error  ChangeThingPasswordRequest/required  PUT *"])
    assert "reached" not in result.stdout.str()


CONFORMS = """
import httpx, pytest
PATH = "http://s/api/apps/a/things/VENDOR_THING_ID:t/ownership/password"
HEADERS = {"Authorization": "Bearer t", "Content-Type": "application/vnd.kii.ChangeThingPasswordRequest+json"}
pytestmark = pytest.mark.contract("kii")

def reply(status, body, **named):
    return httpx.Response(status, request=httpx.Request("PUT", PATH, content=body, headers=HEADERS), **named)
"""


@pytest.mark.parametrize(
    ("call", "outcome"),
    [
        ("assert_conforms(reply(204, b'{}'))", "failed"),
        ("assert_conforms(reply(204, b'{}'), side='response')", "passed"),
        ("assert_conforms(reply(204, b'{}'), side='request')", "failed"),
        ("assert_conforms(reply(500, b'{\"newPassword\": \"a\"}'), side='request')", "passed"),
        ("assert_conforms(reply(500, b'{}'), side='response')", "failed"),
        ("assert_conforms(reply(204, iter([b'used up'])), request_body=b'{\"newPassword\": \"a\"}')", "passed"),
        ("assert_conforms(reply(204, iter([b'used up'])), side='response')", "passed"),
        ("assert_conforms(reply(204, b'{\"newPassword\": \"a\"}'), response_body=b'{}')", "failed"),
    ],
)
def test_assert_conforms_judges_the_side_and_the_bodies_that_are_given(session, pytester, call, outcome):
    """As `watchword.assert_conforms` does."""
    pytester.makepyfile(CONFORMS + f"def test_it(assert_conforms): {call}")
    session().assert_outcomes(**{outcome: 1})


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("assert_conforms(reply(204, b''), side='reply')", "side is 'reply', expected 'request', 'response' or None"),
        ("assert_conforms(reply(204, iter([b''])))", "the request's body was a stream: *request_body*"),
        ("assert_conforms(17)", "no adapter for builtins.int: known are requests and responses of *"),
    ],
)
def test_assert_conforms_that_cannot_judge_says_why(session, pytester, call, told):
    """In one line, once and without a traceback."""
    pytester.makepyfile(CONFORMS + f"def test_it(assert_conforms): {call}")
    result = session("-rN")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"assert_conforms: {told}"])
    assert result.stdout.str().count("assert_conforms: ") == 1


def test_unknown_contract_of_a_marker_is_told_once(session, pytester):
    """Without the exception from which it was learnt."""
    pytester.makepyfile("import pytest\n@pytest.mark.contract('nobody')\ndef test_it(contract): pass")
    result = session("-rN")
    result.assert_outcomes(errors=1)
    assert result.stdout.str().count("nobody") == 1
