"""The ASGI application around the answers: routes, limits, its own operations, faults, the log."""

import asyncio
import json
from dataclasses import replace

import pytest

from watchword.contract import load_contract
from watchword.ground import Exchange, Request, Response, WatchwordError
from watchword.mock import Answer, app
from watchword.validation import Validator

PATH = "/v2/default/link/instances/default/devices/1000001/authentication"
TOKEN = ("X-Auth-Token", "roma-token-of-the-account")
JSON = ("Content-Type", "application/json")


def asked(application, method, target, headers=(), chunks=(b"",), **scope):
    """(status, headers by name, body) over the ASGI interface; `target` is sent as `raw_path` and query."""
    raw, _, query = target.partition("?")
    whole = {
        "type": "http",
        "method": method,
        "raw_path": raw.encode(),
        "path": "/never/looked/at",
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
        **scope,
    }
    messages = [
        {"type": "http.request", "body": chunk, "more_body": number + 1 < len(chunks)}
        for number, chunk in enumerate(chunks)
    ]
    sent = []

    async def receive():
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    asyncio.run(application(whole, receive, send))
    if not sent:
        return None
    start, *parts = sent
    names = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], names, b"".join(part["body"] for part in parts)


def test_body_in_chunks_is_put_together(application):
    """As the server hands it over."""
    chunks = (b'{"pass', b"", b'word": "Example-Pass-', b'0001"}')
    status, headers, body = asked(application, "PUT", PATH, (TOKEN, JSON), chunks)
    assert (status, json.loads(body)["password"]) == (200, "Example-Pass-0001")
    assert headers["content-length"] == str(len(body))


def test_percent_encoding_is_kept_until_after_the_split(application):
    """An encoded slash is part of a value; the raw path counts, not the decoded one."""
    status, _, body = asked(application, "PUT", PATH.replace("default/link", "a%2Fb/link"), (TOKEN, JSON))
    assert status == 500
    assert "a/b" in json.loads(body)["error_msg"]


def test_without_raw_path_the_path_is_encoded_again(application):
    """ASGI servers may leave `raw_path` out."""
    assert asked(application, "PUT", "", (TOKEN, JSON), raw_path=None, path=PATH)[0] == 200


@pytest.mark.parametrize("path", ["/", "", "*", "/nope", "//", "/v2/default", PATH + "/", "/%ff", "/\u00e9"])
def test_unknown_path_is_404(application, path):
    """A problem of the mock's own, which repeats nothing of the request."""
    status, headers, body = asked(application, "PUT", path)
    assert (status, headers["content-type"]) == (404, "application/problem+json")
    assert json.loads(body) == {"title": "Not Found", "status": 404, "detail": "No operation has such a path."}


@pytest.mark.parametrize("method", ["GET", "put", "BREW", "OPTIONS"])
def test_known_path_with_another_method_is_405(application, method):
    """With the methods that there are."""
    status, headers, _ = asked(application, method, PATH)
    assert (status, headers["allow"]) == (405, "PUT")


def test_reply_to_head_has_no_body(application):
    """RFC 9110 section 9.3.2; the length is that of the body left out."""
    status, headers, body = asked(application, "HEAD", PATH)
    assert (status, body) == (405, b"")
    assert int(headers["content-length"]) > 0


def test_body_over_the_limit_is_413(all_contracts):
    """Whether in one piece or many; one of exactly the limit is read."""
    small = app(all_contracts, limit=64)
    assert asked(small, "PUT", PATH, (TOKEN, JSON), (b"{}" + b" " * 62,))[0] == 200
    for chunks in ((b" " * 65,), (b" " * 60, b" " * 5), (b" ",) * 65):
        status, headers, _ = asked(small, "PUT", PATH, (TOKEN, JSON), chunks)
        assert (status, headers["connection"]) == (413, "close")


def test_endless_body_is_read_no_further(all_contracts):
    """What is left lying is the client's affair."""
    small = app(all_contracts, limit=64)
    assert asked(small, "PUT", PATH, (TOKEN, JSON), (b" " * 1000,) * 100)[0] == 413


def test_client_that_leaves_gets_no_answer(application):
    """And changes nothing."""
    assert asked(application, "PUT", PATH, (TOKEN, JSON), ()) is None


def test_lifespan_and_websockets_are_answered(application):
    """The one is confirmed, the other closed."""
    sent = []
    messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    async def receive():
        return messages.pop(0)

    async def send(message):
        sent.append(message["type"])

    asyncio.run(application({"type": "lifespan"}, receive, send))
    asyncio.run(application({"type": "websocket"}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete", "websocket.close"]


def test_reset_puts_everything_back(application):
    """`POST /_twin/reset` undoes every change."""
    asked(application, "PUT", PATH, (TOKEN, JSON), (b'{"password": "Example-Pass-0001"}',))
    login = json.dumps({"id": "1000001", "secret": "Initial-Pass-0001"}).encode()
    assert asked(application, "POST", "/_twin/roma-connect/login", (), (login,))[2] == b'{"ok":false}'
    assert asked(application, "POST", "/_twin/reset")[0] == 204
    assert asked(application, "POST", "/_twin/roma-connect/login", (), (login,))[2] == b'{"ok":true}'


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/_twin/reset", b"", 405),
        ("GET", "/_twin/kii/login", b"", 405),
        ("POST", "/_twin", b"", 404),
        ("POST", "/_twin/nobody/login", b"{}", 404),
        ("POST", "/_twin/kii/login/x", b"{}", 404),
        ("POST", "/_twin/kii/login", b"", 400),
        ("POST", "/_twin/kii/login", b"[]", 400),
        ("POST", "/_twin/kii/login", b'{"id": "thing-1"}', 400),
        ("POST", "/_twin/kii/login", b'{"id": [], "secret": {}}', 200),
        ("POST", "/_twin/iotda/login", b'{"id": null, "secret": null, "slot": []}', 200),
        ("POST", "/_twin/roma-connect/login", b'{"id": 1000001, "secret": "Initial-Pass-0001"}', 200),
    ],
)
def test_own_operations_refuse_what_they_do_not_know(application, method, path, body, status):
    """With a problem, never a traceback."""
    assert asked(application, method, path, (), (body,))[0] == status


def test_contract_below_the_own_prefix_is_refused(tmp_path):
    """No contract can use it."""
    text = "openapi: 3.1.0\ninfo: {title: x, version: '1'}\npaths:\n  /_twin/x:\n    get: {responses: {'200': {}}}\n"
    (tmp_path / "x.yaml").write_text(text)
    with pytest.raises(WatchwordError, match="/_twin"):
        app([load_contract(tmp_path / "x.yaml")])


def test_contracts_of_one_name_are_refused(all_contracts):
    """Findings, twins and the log go by names."""
    with pytest.raises(WatchwordError, match="kii"):
        app([*all_contracts, load_contract("kii")])


def test_document_that_lacks_what_a_twin_needs_is_refused(tmp_path):
    """A document that merely bears the name of a bundled one."""
    text = (
        "openapi: 3.1.0\ninfo: {title: x, version: '1'}\npaths:\n  /x:\n"
        "    get: {operationId: resetDeviceSecret, responses: {'200': {description: ok}}}\n"
    )
    (tmp_path / "iotda.yaml").write_text(text)
    with pytest.raises(WatchwordError, match="the twin needs"):
        app([load_contract(tmp_path / "iotda.yaml")])


def test_fault_in_judging_is_found_by_the_reply(all_contracts):
    """A fault that takes one rule out of the judging makes the twin accept a password of 15 characters."""

    def lax(endpoint):
        def judge(request):
            return [each for each in endpoint.judge(request) if each.rule != "Password/length.minLength"]

        return replace(endpoint, judge=judge)

    body = (b'{"password": "Example-Pass-01"}',)
    assert asked(app(all_contracts), "PUT", PATH, (TOKEN, JSON), body)[0] == 400
    status, _, reply = asked(app(all_contracts, fault=lax), "PUT", PATH, (TOKEN, JSON), body)
    assert (status, json.loads(reply)["password"]) == (200, "Example-Pass-01")


def test_fault_in_the_reply_is_named_by_the_validator(all_contracts):
    """A fault that answers 201, and one that leaves a member out, each break the clause that they are about."""

    def created(endpoint):
        return replace(endpoint, act=lambda call: replace(endpoint.act(call), status=201))

    def forgetful(endpoint):
        def act(call):
            answer = endpoint.act(call)
            members = json.loads(answer.body)
            del members["user_name"]
            return Answer(answer.status, answer.headers, json.dumps(members).encode())

        return replace(endpoint, act=act)

    validator = Validator(load_contract("roma-connect"))
    request = Request("PUT", PATH, (TOKEN, JSON), b"{}")
    for fault, rule in ((created, "reply-status"), (forgetful, "ResetReply/complete")):
        answer, _ = app(all_contracts, fault=fault).answer(request)
        response = Response(answer.status, answer.headers, answer.body)
        assert [each.rule for each in validator.findings(Exchange(request, response))] == [rule]


def test_fault_in_admission_lets_anybody_in(all_contracts):
    """A missing credential is the business of one step alone."""

    def open_to_all(endpoint):
        return replace(endpoint, admit=lambda call: None)

    assert asked(app(all_contracts, fault=open_to_all), "PUT", PATH, (JSON,), (b"{}",))[0] == 200


def test_failure_of_our_own_is_a_problem_without_a_traceback(all_contracts):
    """The client learns the kind of error, and no value."""

    def broken(endpoint):
        def act(call):
            raise ValueError("Example-Pass-0001")

        return replace(endpoint, act=act)

    status, headers, body = asked(app(all_contracts, fault=broken), "PUT", PATH, (TOKEN, JSON), (b"{}",))
    assert (status, headers["content-type"]) == (500, "application/problem+json")
    assert b"ValueError" in body
    assert b"Example" not in body
    assert b"File" not in body


def test_log_has_a_line_per_request_without_values(all_contracts):
    """Operation, status and broken rules; neither URLs nor tokens nor secrets."""
    lines = []
    application = app(all_contracts, log=lines.append, limit=100)
    asked(application, "PUT", PATH, (TOKEN, JSON), (b'{"password": "Sesame-Sesame-01"}',))
    asked(application, "PUT", PATH, (TOKEN, JSON), (b'{"password": "sesame", "sesame": 1}',))
    asked(application, "PUT", PATH, (JSON,), (b'{"password": "sesame-Sesame-01"}',))
    asked(application, "GET", "/sesame")
    asked(application, "SESAME", "/sesame")
    asked(application, "POST", "/", (), (b"sesame" * 40,))
    asked(application, "POST", "/_twin/reset")
    assert lines == [
        "PUT roma-connect resetDeviceAuthentication → 200",
        "PUT roma-connect resetDeviceAuthentication → 400  "
        "Password/length.minLength (body), Password/digit (body), Password/upper (body), Password/special (body)",
        "PUT roma-connect resetDeviceAuthentication → 400  missing-credential (security)",
        "GET no operation → 404",
        "… no operation → 404",
        "POST no operation → 413",
        "POST no operation → 204",
    ]
    assert "esame" not in "".join(lines)
