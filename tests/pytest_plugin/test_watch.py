"""The fixture `watch`: whose exchanges it sees, and what it makes of them."""

import textwrap

import django.test
import flask
import httpcore
import httpx
import httpx2
import pytest
import requests
import starlette.testclient

pytest_plugins = ["pytester"]

LOADED = (django.test, flask, httpcore, httpx, httpx2, requests, starlette.testclient)

PATH = "/api/apps/app1/things/VENDOR_THING_ID:thing-1/ownership/password"
KII = "application/vnd.kii.ChangeThingPasswordRequest+json"

# Each gives `put(body)`, which asks a service that answers every request with 200, and `watched`, its client.
CLIENTS = {
    "httpx": """
        import httpx
        watched = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200)))
        def put(body): return watched.put("http://service" + PATH, content=body, headers=HEADERS)
    """,
    "httpx async": """
        import asyncio, httpx
        watched = httpx.AsyncClient(transport=httpx.MockTransport(lambda request: httpx.Response(200)))
        def put(body): return asyncio.run(watched.put("http://service" + PATH, content=body, headers=HEADERS))
    """,
    "requests": """
        import requests
        class Adapter(requests.adapters.BaseAdapter):
            def send(self, request, **named):
                response = requests.Response()
                response.status_code, response.request, response._content = 200, request, b""
                response.url = request.url
                return response
            def close(self): pass
        watched = requests.Session()
        watched.mount("http://", Adapter())
        def put(body): return watched.put("http://service" + PATH, data=body, headers=HEADERS)
    """,
    "Starlette": """
        from starlette.applications import Starlette
        from starlette.responses import Response
        from starlette.routing import Route
        from starlette.testclient import TestClient
        async def everything(request): return Response(status_code=200)
        watched = TestClient(Starlette(routes=[Route("/{path:path}", everything, methods=["PUT"])]))
        def put(body): return watched.put(PATH, content=body, headers=HEADERS)
    """,
    "Flask": """
        import flask
        app = flask.Flask(__name__)
        @app.put("/<path:path>")
        def everything(path):
            flask.request.get_json(force=True, silent=True)
            return ""
        watched = app.test_client()
        def put(body): return watched.put(PATH, data=body, headers=HEADERS)
    """,
    "Django": """
        import django
        from django.conf import settings
        from django.http import HttpResponse
        from django.urls import re_path
        def everything(request):
            request.read()
            return HttpResponse(status=200)
        urlpatterns = [re_path(".*", everything)]
        if not settings.configured:
            settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="x")
            django.setup()
        settings.ROOT_URLCONF = __name__
        from django.test import Client
        watched = Client()
        def put(body):
            return watched.generic("PUT", PATH, body, content_type=KII, headers={"Authorization": "Bearer t"})
    """,
    "Django async": """
        import asyncio, django
        from django.conf import settings
        from django.http import HttpResponse
        from django.urls import re_path
        async def everything(request):
            request.read()
            return HttpResponse(status=200)
        urlpatterns = [re_path(".*", everything)]
        if not settings.configured:
            settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="x")
            django.setup()
        settings.ROOT_URLCONF = __name__
        from django.test import AsyncClient
        watched = AsyncClient()
        def put(body):
            headers = {"Authorization": "Bearer t"}
            return asyncio.run(watched.generic("PUT", PATH, body, content_type=KII, headers=headers))
    """,
}

TESTS = f"""
import pytest
PATH, KII = {PATH!r}, {KII!r}
HEADERS = {{"Authorization": "Bearer t", "Content-Type": KII}}
pytestmark = pytest.mark.contract("kii")
"""


@pytest.fixture
def tests(pytester):
    """Writes a module of tests, below a client of `CLIENTS`."""

    def write(body: str, client: str = "httpx") -> None:
        pytester.makepyfile(TESTS + textwrap.dedent(CLIENTS[client]) + textwrap.dedent(body))

    return write


@pytest.mark.parametrize("client", CLIENTS)
def test_exchange_of_a_client_is_judged(session, tests, client):
    """Status, and the bytes of the request, also where the application has read them up."""
    tests(
        """
        def test_it(watch):
            assert put(b'{"newPassword": ""}').status_code == 200
            assert watch.judged == 1
            assert [finding.rule for finding in watch.findings] == ["Password/first", "reply-status"]
        """,
        client,
    )
    result = session()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "* error  Password/first  PUT …/ownership/password → 200",
            '  accepted with `200`, must be refused: "" does not match *',
            "* error  reply-status  PUT …/ownership/password → 200",
            "FAILED *::test_it - Password/first: *",
        ]
    )
    assert "Traceback" not in result.stdout.str()


@pytest.mark.parametrize("client", CLIENTS)
def test_client_is_itself_again_after_the_test(session, tests, client):
    """A test without the fixture is not judged, before or after."""
    tests(
        """
        def test_before(): assert put(b"{}")
        @pytest.mark.xfail(strict=True, raises=pytest.fail.Exception)
        def test_watched(watch): assert put(b"{}")
        def test_after(): assert put(b"{}")
        """,
        client,
    )
    session("-p", "no:asyncio").assert_outcomes(passed=2, xfailed=1)


def test_whole_module_is_watched_by_a_marker(session, tests):
    """`usefixtures`: no test has to change."""
    tests(
        """
        pytestmark = [pytestmark, pytest.mark.usefixtures("watch")]
        def test_it(): assert put(b"{}")
        """
    )
    session().assert_outcomes(failed=1)


def test_only_given_clients_are_watched(session, tests):
    """`watch(client)` gives the client back, and leaves the others alone."""
    tests(
        """
        def test_other(watch):
            other = watch(httpx.Client())
            put(b"{}")
            assert watch.judged == 0
        def test_own(watch):
            assert watch(watched) is watched
            put(b"{}")
            assert watch.judged == 1
        """
    )
    session().assert_outcomes(passed=1, failed=1)


ANSWERS = """
def answering(status, headers={}, body=b""):
    return httpx.Client(
        base_url="http://service", headers=HEADERS,
        transport=httpx.MockTransport(lambda request: httpx.Response(status, headers=headers, content=body)),
    )
INVALID = {"Content-Type": "application/vnd.kii.ValidationException+json"}, (
    b'{"errorCode": "INVALID_INPUT_DATA", "message": "no", "invalidFields": {}}')
"""


@pytest.mark.parametrize(
    ("line", "outcomes"),
    [
        ("answering(204).put(PATH, content=b'{\"newPassword\": \"a\"}')", {"passed": 1}),
        ("answering(400, *INVALID).put(PATH, content=b'{}')", {"passed": 1}),
        ("answering(500).put(PATH, content=b'{}')", {"failed": 1}),
        ("answering(204).put(PATH, content=b'{}')", {"failed": 1}),
        ("answering(400, *INVALID).put(PATH, content=b'{\"newPassword\": \"a\"}')", {"failed": 1}),
        ("answering(204).put(PATH, content='{\"newPassword\": \"a\\u00e9\"}')", {"passed": 1, "warnings": 1}),
        ("answering(200).get('/health')", {"passed": 1}),
        ("answering(405).delete(PATH)", {"passed": 1}),
        ("answering(200).delete(PATH)", {"failed": 1}),
    ],
    ids=[
        "valid-accepted", "invalid-refused", "invalid-crashed", "invalid-accepted", "valid-refused", "assumed-broken",
        "elsewhere", "other-method-refused", "other-method-accepted",
    ],
)  # fmt: skip
def test_exchange_counts_against_the_service(session, tests, line, outcomes):
    """A test may send what the contract refuses, to see it refused; what the service makes of it is judged."""
    tests(ANSWERS + f"def test_it(watch): {line}")
    session().assert_outcomes(**outcomes)


@pytest.mark.parametrize("how", ["option", "ini", "marker"])
def test_requests_count_too_where_asked(session, tests, pytester, how):
    """For tests of a client: it must not even send what the contract refuses."""
    mark = "@pytest.mark.contract(strict_requests=True)" if how == "marker" else ""
    tests(f"{ANSWERS}\n{mark}\ndef test_it(watch): answering(400, *INVALID).put(PATH, content=b'{{}}')")
    if how == "ini":
        pytester.makeini("[pytest]\nwatchword_strict_requests = true\n")
    session(*["--watchword-strict-requests"][: how == "option"]).assert_outcomes(failed=1)


@pytest.mark.parametrize("how", ["option", "ini", "marker"])
def test_other_paths_fail_where_asked(session, tests, pytester, how):
    """For a service that the contract describes whole."""
    mark = "@pytest.mark.contract(undocumented='fail')" if how == "marker" else ""
    tests(f"{ANSWERS}\n{mark}\ndef test_it(watch): answering(200).get('/health')")
    if how == "ini":
        pytester.makeini("[pytest]\nwatchword_undocumented = fail\n")
    result = session(*["--watchword-undocumented=fail"][: how == "option"])
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["* error  unknown-operation  GET /*"])


def test_watch_that_sees_only_other_paths_says_so(session, tests):
    """A mistyped base path must not look like success."""
    tests(ANSWERS + "def test_it(watch): answering(200).get('/health')")
    session().stdout.fnmatch_lines(["watch judged nothing: of 1 exchange none is on a path of kii; *base_path right?"])


def test_other_method_of_a_documented_path_is_judged(session, tests):
    """The base path is right then, and nothing says that it were not."""
    tests(
        ANSWERS
        + """
def test_it(watch):
    answering(405).delete(PATH)
    assert repr(watch) == "<watch over kii: 1 judged, 0 findings>"
"""
    )
    result = session()
    result.assert_outcomes(passed=1)
    assert "judged nothing" not in result.stdout.str()


def test_error_of_a_client_has_no_frame_of_ours(session, tests):
    """A refused connection is shown as it would be without the fixture."""
    tests("""
        def test_it(watch):
            httpx.put("http://127.0.0.1:9/")
    """)
    result = session()
    result.stdout.fnmatch_lines(["*httpx.ConnectError*"])
    shown = result.stdout.str()
    assert "clients.py" not in shown
    assert "session.py" not in shown


def test_service_is_watched_where_it_is_mounted(session, tests):
    """At the document's path unless told; with a base path, there and nowhere else."""
    tests(
        ANSWERS
        + """
        @pytest.mark.contract(base_path="/kii/")
        def test_mounted(watch):
            answering(204).put("/kii" + PATH, content=b'{"newPassword": "a"}')
            answering(204).put(PATH, content=b'{"newPassword": "a"}')
            assert watch.judged == 1
        """.replace("\n        ", "\n")
    )
    session().assert_outcomes(passed=1)


def test_failure_of_the_test_itself_comes_first(session, tests):
    """The findings stand below it: they often say why."""
    tests(
        """
        def test_it(watch):
            assert put(b"{}").status_code == 204
        """
    )
    result = session()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E  *assert 200 == 204", "*Captured watchword call*", "* error  reply-status  PUT *"])


def test_redirects_are_exchanges_of_their_own(session, tests):
    """Each is judged once, in every library that follows them."""
    tests(
        """
        import flask, requests
        app = flask.Flask(__name__)
        @app.route("/start")
        def start(): return flask.redirect(PATH)
        @app.route("/api/<path:path>")
        def everything(path): return ""
        def test_flask(watch):
            app.test_client().get("/start", follow_redirects=True)
            assert [finding.rule for finding in watch.findings] == ["unknown-operation"]
            watch.findings.clear()
        def test_httpx(watch):
            with httpx.Client(transport=httpx.WSGITransport(app), base_url="http://service") as client:
                client.get("/start", follow_redirects=True)
            assert [finding.rule for finding in watch.findings] == ["unknown-operation"]
            watch.findings.clear()
        """
    )
    session().assert_outcomes(passed=2)


def test_nearest_path_is_named_where_nothing_was_judged(session, tests):
    """One warning, which tells no part of the URL that the contract does not know; none without an exchange."""
    tests(
        ANSWERS
        + """
def test_it(watch):
    answering(204).put(PATH + "/", content=b'{"newPassword": "a"}')
    answering(204).put("/a-secret-path", content=b'{"newPassword": "a"}')
def test_nothing(watch): pass
@pytest.mark.contract(undocumented="pass")
def test_meant(watch): answering(200).get("/health")
"""
    )
    result = session()
    result.assert_outcomes(passed=3, warnings=1)
    result.stdout.fnmatch_lines(
        [
            "*ContractWarning: watch judged nothing: of 2 exchanges of this test none is on a path of kii; nearest to "
            "`PUT /api/apps/*` is `/api/apps/{appID}/things/VENDOR_THING_ID:{vendorThingID}/ownership/password` "
            "(a slash at the end differs)"
        ]
    )
    assert "a-secret-path" not in result.stdout.str()


NEAR_MISSES = [
    ("PATH + '/'", "a slash at the end differs"),
    ("PATH.replace('/apps', '//apps')", "a slash differs"),
    ("PATH.replace('ownership', 'Ownership')", "upper and lower case differ"),
    ("PATH.removeprefix('/api')", "it lacks what comes in front"),
    ("'/v2' + PATH", "it has more in front"),
]


@pytest.mark.parametrize(("path", "difference"), NEAR_MISSES)
def test_near_miss_of_a_client_fails(session, tests, path, difference):
    """A client that is held to the contract has to ask for its paths as they are documented; others go by."""
    tests(
        ANSWERS
        + f"""
@pytest.mark.contract(strict_requests=True)
def test_it(watch): answering(204).put({path}, content=b'{{"newPassword": "a"}}')
def test_lenient(watch): answering(204).put({path}, content=b'{{"newPassword": "a"}}')
@pytest.mark.contract(strict_requests=True)
def test_elsewhere(watch): answering(204).put("/health/check", content=b'{{"newPassword": "a"}}')
@pytest.mark.contract(strict_requests=True)
def test_other_method(watch): answering(204).get({path})
"""
    )
    result = session()
    result.assert_outcomes(failed=1, passed=3, warnings=3)
    result.stdout.fnmatch_lines([f"*is not documented; no operation has such a path; `PUT /api/*` is: {difference}*"])


def test_streamed_reply_of_django_is_judged(session, tests):
    """Joined by the test as it would be without the fixture."""
    tests(
        """
        from django.http import StreamingHttpResponse
        def streaming(request): return StreamingHttpResponse(iter([b"{", b"}"]), status=400, content_type="text/html")
        urlpatterns = [re_path(".*", streaming)]
        def test_it(watch):
            assert b"".join(put("{").streaming_content) == b"{}"
            assert [each.rule for each in watch.findings] == ["media-type"]
            watch.findings.clear()
        """,
        "Django",
    )
    session().assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("httpx.Response(204)", "watch.judge: httpx.Response does not know its request*"),
        ("object()", "watch.judge: no adapter for builtins.object*"),
        ("httpx.Response(204), httpx.Request('PUT', 'http://s' + PATH), side='left'", "watch.judge: side is 'left'*"),
    ],
)
def test_what_cannot_be_judged_by_hand_is_told_in_a_sentence(session, tests, arguments, told):
    """Without a line of ours above it."""
    tests(f"def test_it(watch): watch.judge({arguments})")
    result = session()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([told])
    assert "watch.py:" not in result.stdout.str()


def test_side_and_bodies_are_given_by_hand(session, tests):
    """As to `assert_conforms`; of one side alone nothing is said about secrets or the other one."""
    tests(
        """
        ASKED = httpx.Request("PUT", "http://s" + PATH, headers=HEADERS, content=iter([b"?"]))
        def found(watch): return [(str(each.side), each.rule.rpartition("/")[2]) for each in watch.findings]
        def test_it(watch):
            watch.judge(httpx.Response(200), ASKED, request_body=b'{"newPassword": ""}', side="request")
            assert found(watch) == [("request", "first")]
            watch.judge(httpx.Response(418), request=ASKED, response_body=b"", side="response")
            assert found(watch)[1:] == [("response", "reply-status")]
            assert watch.judged == 2
            watch.findings.clear()
        """
    )
    session().assert_outcomes(passed=1)


def test_client_imported_in_the_test_is_missed_and_told(session, pytester):
    """Patching begins with the fixture; nothing goes by in silence."""
    pytester.makepyfile(
        """
        import pytest, sys
        @pytest.mark.contract("kii")
        def test_it(watch):
            for name in [name for name in sys.modules if name.partition(".")[0] == "requests"]: del sys.modules[name]
            import requests
        """
    )
    result = session(apart=True)
    result.stdout.fnmatch_lines(["*watch did not see requests, imported in the test itself; import it above"])


def test_client_of_a_later_fixture_is_watched(session, pytester):
    """pytest-django's `client` imports Django's only when it is asked for."""
    pytester.makepyfile(
        TESTS
        + textwrap.dedent(
            """
            @pytest.fixture
            def client():
                import httpx
                return httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200)))
            def test_it(watch, client):
                client.put("http://service" + PATH, content=b"{}", headers=HEADERS)
                assert watch.judged == 1
            """
        )
    )
    session(apart=True).assert_outcomes(failed=1)


def test_exchange_of_no_known_client_is_judged_by_hand(session, tests):
    """`watch.judge` takes what `assert_conforms` takes."""
    tests(
        """
        from watchword.ground import Exchange, Request, Response
        def test_it(watch): watch.judge(Exchange(Request("PUT", PATH), Response(204)))
        """
    )
    session().assert_outcomes(failed=1)


def test_exchange_of_a_fixtures_end_fails_the_test_too(session, tests):
    """As an error of its teardown."""
    tests(
        """
        @pytest.fixture
        def cleaned(watch):
            yield
            put(b"{}")
        def test_it(cleaned): pass
        """
    )
    session().assert_outcomes(passed=1, errors=1)


def test_unittest_class_is_watched(session, tests):
    """Django's tests are such classes."""
    tests(
        """
        import unittest
        @pytest.mark.usefixtures("watch")
        class TestIt(unittest.TestCase):
            def test_it(self): self.assertTrue(put(b"{}"))
        """
    )
    session().assert_outcomes(failed=1)


def test_failure_of_a_unittest_class_shows_the_findings_too(session, tests):
    """Below its own, as for any other test."""
    tests(
        """
        import unittest
        @pytest.mark.usefixtures("watch")
        class TestIt(unittest.TestCase):
            def test_it(self): self.assertEqual(put(b"{}").status_code, 204)
        """
    )
    result = session()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*200 != 204", "*Captured watchword call*", "* error  reply-status  PUT *"])


def test_session_without_a_terminal_ends_as_ever(session, tests):
    """`-p no:terminal` takes the option `-v` away."""
    tests("def test_it(watch): put(b'{}')")
    assert session("-p", "no:terminal", apart=True).ret == pytest.ExitCode.TESTS_FAILED


def test_drawn_requests_are_watched(session, tests):
    """Inside of `@given`, every example is; the fixture lasts for all of them."""
    tests(
        """
        from hypothesis import HealthCheck, given, settings, strategies as st
        @settings(max_examples=5, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
        @given(text=st.text())
        def test_it(watch, text):
            put(b"{}")
            watch.findings.clear()
            assert watch.judged
        """
    )
    session().assert_outcomes(passed=1)
