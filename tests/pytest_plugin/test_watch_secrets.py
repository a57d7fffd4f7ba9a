"""What `watch` finds that takes both sides of an exchange, or several: leaks, echoes, poor and repeated secrets."""

import json
import textwrap

import httpx
import pytest

pytest_plugins = ["pytester"]

LOADED = (httpx,)

TESTS = """
import httpx, json, pytest
pytestmark = [pytest.mark.contract("iotda"), pytest.mark.usefixtures("watch")]
URL = "http://service/v5/iot/p1/devices/%s/action?action_id=resetSecret"
TOKEN = "token-of-a-user-0001"

def asked(body, reply, status=200, device="meter-01", headers=None, method="POST", **more):
    def answer(request):
        given = {"content": reply.encode()} if isinstance(reply, str) else {"json": reply}
        return httpx.Response(status, headers=headers, **given)
    with httpx.Client(transport=httpx.MockTransport(answer), headers={"X-Auth-Token": TOKEN, **more}) as client:
        return client.request(method, URL % device, json=body)

def told(secret, **members):
    return {"device_id": "meter-01", "secret": secret, "secret_type": "PRIMARY", **members}

def error(text): return {"error_code": "IOTDA.000006", "error_msg": text}
GOOD = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"
OTHER = "0c4de1b27a93f85560e2b7dd91a3c648"
"""


@pytest.fixture
def outcome(session, pytester):
    """Runs tests of the given lines, each of them one test; what the summary says of each failure."""

    def run(*lines: str, options: tuple[str, ...] = (), marks: str = "") -> list[str]:
        tests = "".join(f"def test_{number}(watch):\n    {line}\n" for number, line in enumerate(lines))
        pytester.makepyfile(test_it=TESTS + marks + "\n" + textwrap.dedent(tests))
        result = session(*options)
        for secret in ("9f8e7d6c", "0c4de1b2", "token-of-a-user"):
            assert secret not in result.stdout.str(), "a secret is shown"
        return [line.partition(" - ")[2] for line in result.outlines if line.startswith("FAILED test_it")]

    return run


@pytest.fixture(autouse=True)
def _wide(monkeypatch):
    monkeypatch.setenv("CI", "1")  # summaries are not cut


@pytest.mark.parametrize(
    "line",
    [
        "asked({'secret': 'no spaces, please'}, error('no spaces, please is no good'), 400)",
        "asked({'secret': 'abc-123'}, error('\"abc-123\" is too short'), 400)",
        "asked({'secret': 'short'}, {**error('no'), 'input': 'short'}, 400)",
        "asked({'secret': GOOD}, told(GOOD, previous=GOOD))",
        "asked({'secret': GOOD}, told(GOOD), headers={'Location': '/login?s=' + GOOD})",
        "asked({'secret': GOOD}, told(GOOD), headers={'Set-Cookie': 's=' + GOOD})",
        "asked({}, told(GOOD, link='mqtts://service/?password=' + GOOD))",
        "asked({}, told(GOOD), headers={'Set-Cookie': 's=' + GOOD})",
        "import base64; asked({}, told(GOOD, basic=base64.b64encode(GOOD.encode()).decode()))",
        "asked({'secret': GOOD}, GOOD, 404)",
    ],
)
def test_secret_told_where_the_contract_puts_none_fails(outcome, line):
    """In another member, a header or an error, also encoded; one of the reply's own as well."""
    (told,) = outcome(line)
    assert told.startswith("secret-repeated: the reply repeats the secret")


def test_credential_of_the_caller_told_fails(outcome):
    """An error that quotes the token ends in somebody's log."""
    (told,) = outcome("asked({}, error('token ' + TOKEN + ' has expired'), 401)")
    assert told == "credential-repeated: the reply repeats the caller's credential"


@pytest.mark.parametrize(
    "line",
    [
        "asked({'secret': GOOD}, told(GOOD))",
        "asked({'secret': 'short'}, error('the secret is too short'), 400)",
        "asked({'secret': 'secret'}, error(\"'secret' is too short\"), 400)",
        "asked({'secret': 'meter-01'}, told('meter-01'))",
        "asked({}, told(GOOD), headers={'X-Request-Id': 'a3f0c1d2-0000-4000-8000-0123456789ab'})",
    ],
    ids=["as-documented", "a-word", "a-name-of-the-contract", "known-from-the-url", "another-id"],
)
def test_secret_told_where_it_belongs_passes(outcome, line):
    """And what only looks like a secret told."""
    assert outcome(line) == []


@pytest.mark.parametrize(
    ("line", "member"),
    [
        ("asked({'secret': GOOD}, told(OTHER))", "secret"),
        ("asked({'secret': GOOD}, told(GOOD, device_id='meter-02'))", "device_id"),
        ("asked({'secret': GOOD, 'secret_type': 'SECONDARY'}, told(GOOD))", "secret_type"),
    ],
)
def test_member_that_repeats_something_else_fails(outcome, line, member):
    """What the document marks `x-watchword-echo` has to repeat the request, its body or its path."""
    (told,) = outcome(line)
    assert told.startswith(f'echo: member "{member}" must repeat `request.')


def test_secret_made_up_twice_fails(outcome):
    """In the same test, in another one, for another device; the message says where it was first."""
    first, second = outcome(
        "asked({}, told(GOOD)); asked({'force_disconnect': True}, told(GOOD))",
        "asked({}, told(OTHER))",
        "asked({}, told(OTHER, device_id='meter-02'), device='meter-02')",
    )
    assert first == "generated-secret/repeated: the service made up the same secret twice: first in this test"
    assert second == "generated-secret/repeated: the service made up the same secret twice: first in test_it.py::test_1"


def test_secret_made_up_that_was_set_before_fails(outcome):
    """The old one is no new one."""
    (told,) = outcome("asked({'secret': GOOD}, told(GOOD))", "asked({}, told(GOOD))")
    assert told.startswith("generated-secret/repeated: the service made up a secret that was in use before: in test_it")


def test_counted_secrets_fail(outcome):
    """Two that differ at one end alone come from a counter or a clock."""
    (told,) = outcome("asked({}, told('Xk29-fhqLz-000711'))", "asked({}, told('Xk29-fhqLz-000712'))")
    assert told.startswith("generated-secret/similar: the service made up two secrets that differ at their end alone")


@pytest.mark.parametrize(
    ("secret", "rule"),
    [
        ("aaaaaaaaaaaaaaaa", "alphabet"),
        ("000000000000000000004711", "alphabet"),
        ("Xk29-meter-01", "derived"),
        ("c0d14955ce9027dbe469b5bc8adb6307", "derived"),
    ],
)
def test_poor_secret_fails_at_once(outcome, secret, rule):
    """One of few characters, or made from the device's id: here its MD5."""
    (told,) = outcome(f"asked({{}}, told({secret!r}))")
    assert told.startswith(f"generated-secret/{rule}: ")


@pytest.mark.parametrize(
    ("members", "text"),
    [
        ("number=5", "5"),
        ("serial='c5'", "c5"),
        ("serial='c5', tags=[{'batch': 'b-7'}]", "b-7"),
    ],
)
@pytest.mark.parametrize(
    "form", ["md5({}).hexdigest()", "sha256({}).hexdigest()[:24]", "sha1({}).hexdigest()[:32].upper()"]
)
def test_hash_of_a_text_of_the_reply_fails(outcome, members, text, form):
    """However short the text: the id of what was just made is known to whoever sees the reply."""
    (told,) = outcome(f"import hashlib; asked({{}}, told(hashlib.{form.format(text.encode())}, {members}))")
    assert told == "generated-secret/derived: the service made up a secret that follows from what the reply tells"


@pytest.mark.parametrize("line", ["asked({}, told(GOOD, key_id='9f8e7d6c'))", "asked({}, told(GOOD, batch='c5'))"])
def test_secret_that_begins_with_its_public_id_passes(outcome, line):
    """A key by whose beginning people know it is no poor one."""
    assert [told for told in outcome(line) if told.startswith("generated-secret")] == []


@pytest.mark.parametrize(
    ("reply", "warnings"),
    [
        ("told(GOOD, password='an-old-one-1')", 1),
        ("told(GOOD, nested={'apiKey': 'an-old-one-1'})", 0),
        ("told(GOOD, password='****')", 0),
        ("told(GOOD, password=None)", 0),
        ("told(GOOD, password_expires='2027-01-01')", 0),
        ("told(GOOD, note='an-old-one-1')", 0),
    ],
)
def test_secret_that_the_contract_does_not_name_is_a_warning(session, pytester, reply, warnings):
    """It may be one, and nobody reads the contract to learn that it is told."""
    pytester.makepyfile(test_it=TESTS + f"def test_it(): asked({{'secret': GOOD}}, {reply})")
    result = session()
    result.assert_outcomes(passed=1, warnings=warnings)
    assert "an-old-one-1" not in result.stdout.str()
    if warnings:
        result.stdout.fnmatch_lines(["*warning: undocumented-secret POST *"])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("asked({'secret': GOOD}, told(GOOD), more='&password=' + GOOD)", ["query.…"]),
        ("asked({'secret': GOOD}, told(GOOD), more='&note=x' + GOOD)", ["query.…"]),
        ("asked({'secret': 'short-1'}, told('short-1'), more='&p=short-1')", ["query.…"]),
        ("asked({'secret': GOOD}, told(GOOD), device=GOOD)", ["path.device_id"]),
        ("asked({'secret': GOOD}, told(GOOD), more='&p=1')", []),
    ],
)
def test_client_that_shows_a_secret_in_its_url_fails(session, pytester, line, expected):
    """URLs end in logs; only tests of a client are told, as the rest of what it sends."""
    tests = TESTS.replace("URL % device", "URL % device + more").replace(
        'method="POST", **more', 'method="POST", more=""'
    )
    tests = tests.replace(", **more}", "}")
    for strict in (True, False):
        marks = f"pytestmark += [pytest.mark.contract(strict_requests={strict})]\n"
        found = "[each.location for each in watch.findings if each.rule == 'secret-in-url']"
        check = f"    assert {found} == {expected if strict else []}\n    watch.findings.clear()\n"
        body = f"def test_it(watch):\n    {line}\n{check}"
        pytester.makepyfile(test_it=tests + marks + body)
        session().assert_outcomes(passed=1)


def test_earlier_secret_told_fails(outcome):
    """Also as a piece of a longer text, and from another test."""
    (told,) = outcome(
        "asked({'secret': GOOD}, told(GOOD))", "asked({'secret': OTHER}, told(OTHER, note=f'was {GOOD} before'))"
    )
    assert told == "earlier-secret-told: the reply tells a secret of an earlier exchange"


@pytest.mark.parametrize(
    "lines",
    [
        ["asked({'secret': GOOD}, told(GOOD))"] * 2,
        ["asked({}, told(GOOD), **{'Idempotency-Key': '17'})"] * 2,
        ["asked({}, told(GOOD))", "asked({}, told(OTHER))"],
        ["watch.judge(asked({}, told(GOOD)))"],
    ],
    ids=["set-again", "same-request-sent-again", "different-ones", "judged-by-hand-too"],
)
def test_secrets_that_may_be_the_same_pass(outcome, lines):
    """Given ones, one request sent again, an exchange that is judged already."""
    assert outcome(*lines) == []


def test_current_secret_told_again_passes(session, pytester):
    """ROMA Connect tells the password that holds where only the user name was set: nobody made one up."""
    pytester.makepyfile(
        """
        import httpx, pytest
        @pytest.mark.contract("roma-connect")
        def test_it(watch):
            reply = {"user_name": "dev", "password": "Held/Since-Long-0001"}
            transport = httpx.MockTransport(lambda request: httpx.Response(200, json=reply))
            with httpx.Client(transport=transport, headers={"X-Auth-Token": "t"}) as client:
                for _ in range(2):
                    url = "http://s/v2/default/link/instances/default/devices/1/authentication"
                    client.put(url, json={"user_name": "dev"})
            assert watch.judged == 2
        """
    )
    session().assert_outcomes(passed=1)


@pytest.mark.parametrize("how", ["option", "ini", "marker"])
def test_repeated_secrets_pass_where_asked(outcome, pytester, how):
    """For tests that pin the generator."""
    if how == "ini":
        pytester.makeini("[pytest]\nwatchword_repeated_secrets = pass\n")
    marks = "pytestmark += [pytest.mark.contract(repeated_secrets='pass')]" if how == "marker" else ""
    options = ("--watchword-repeated-secrets=pass",) if how == "option" else ()
    lines = ["asked({}, told(GOOD))"] * 2
    assert outcome(*lines, options=options, marks=marks) == []


def test_valid_secret_refused_fails(outcome):
    """Where nothing else was chosen that only the service knows; one set before may have to be another."""
    (told,) = outcome(
        "asked({'secret': GOOD}, error('no'), 400)",
        "asked({'secret': OTHER}, told(OTHER)); asked({'secret': OTHER}, error('the same as before'), 400)",
    )
    assert told.startswith("valid-request-refused: refused with `400`")


def test_device_with_narrower_rules_says_so(outcome):
    """`profile` names the kind of device, whose rules then are the contract's."""
    marks = "pytestmark += [pytest.mark.contract(profile='nb-iot')]"
    line = "asked({'secret': 'not-hexadecimal'}, error('no'), 400)"
    assert outcome(line, marks=marks) == []
    (told,) = outcome("asked({'secret': 'not-hexadecimal'}, told('not-hexadecimal'))", marks=marks)
    assert told.startswith("NbIotSecret/hexadecimal: accepted with `200`, must be refused")


def test_profile_that_the_contract_lacks_is_named(session, pytester):
    """Once, as an error of the fixture."""
    pytester.makepyfile(TESTS + "pytestmark += [pytest.mark.contract(profile='nb')]\ndef test_it(): pass")
    result = session()
    result.assert_outcomes(errors=1)
    assert result.stdout.str().count("no profile `nb`: the profiles of iotda are nb-iot, coap") == 2, "once and below"


@pytest.mark.parametrize(
    ("line", "outcomes"),
    [
        ("asked({'secret': GOOD}, 'Internal Server Error', 500)", {"failed": 1}),
        ("asked({'secret': GOOD}, error('failed'), 500)", {"passed": 1, "warnings": 1}),
        ("asked({'secret': 'x'}, error('failed'), 500)", {"failed": 1}),
    ],
    ids=["crash", "as-documented", "invalid-request"],
)
def test_5xx_is_no_answer(session, pytester, line, outcomes):
    """A documented one in its documented form may be what a test is about."""
    pytester.makepyfile(TESTS + f"def test_it(): {line}")
    session().assert_outcomes(**outcomes)


@pytest.mark.parametrize(
    ("status", "failed"), [(400, 1), (401, 0), (404, 0)], ids=["as-if-invalid", "as-documented", "as-unknown"]
)
def test_stranger_refused_as_if_the_request_were_invalid_fails(session, pytester, status, failed):
    """Where the contract says how those without a credential are refused."""
    replies = {
        400: ("ValidationException", {"errorCode": "INVALID_INPUT_DATA", "message": "no"}),
        401: ("UnauthorizedAccessException", {"errorCode": "UNAUTHORIZED", "message": "no"}),
        404: ("ThingNotFoundException", {"errorCode": "THING_NOT_FOUND", "message": "no"}),
    }
    kind, body = replies[status]
    pytester.makepyfile(
        f"""
        import httpx, pytest
        @pytest.mark.contract("kii")
        def test_it(watch):
            headers = {{"Content-Type": "application/vnd.kii.{kind}+json"}}
            reply = httpx.Response({status}, headers=headers, content={json.dumps(body)!r})
            with httpx.Client(transport=httpx.MockTransport(lambda request: reply)) as client:
                client.put(
                    "http://s/api/apps/a/things/VENDOR_THING_ID:t/ownership/password", json={{"newPassword": "a"}},
                    headers={{"Content-Type": "application/vnd.kii.ChangeThingPasswordRequest+json"}},
                )
        """
    )
    result = session("-W", "ignore")
    result.assert_outcomes(failed=failed, passed=1 - failed)
    if failed:
        result.stdout.fnmatch_lines(["  refused with `400`, `401` is documented for this: no credential*"])


@pytest.mark.slow
def test_workers_see_together_what_the_service_repeats(session, pytester):
    """Each met the secret once; the session fails, and says in which tests."""
    line = "asked({}, told(GOOD))"
    pytester.makepyfile(TESTS + f"def test_0(): {line}\ndef test_1(): {line}")
    result = session("-n", "2", "--dist", "each", "-k", "test_0", apart=True)
    assert result.ret == pytest.ExitCode.OK, "one test that ran twice"
    result = session("-n", "2", "--dist", "load", "--maxschedchunk", "1", apart=True)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        ["error  generated-secret/repeated", "  the service made up the same secret twice: in *::test_* and in *"]
    )
