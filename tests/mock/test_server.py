"""The twins over real HTTP on a loopback port, with clients that behave and clients that do not."""

import http.client
import json
import logging
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from watchword.ground import WatchwordError
from watchword.mock import app, load_fixtures, serve

PATH = "/v2/default/link/instances/default/devices/1000001/authentication"
HEADERS = {"X-Auth-Token": "roma-token-of-the-account", "Content-Type": "application/json"}
GOOD = (
    f"PUT {PATH} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: roma-token-of-the-account\r\nContent-Type: application/json\r\n"
)


@pytest.fixture(scope="module")
def served(all_contracts):
    with serve(app(all_contracts, limit=100_000)) as server:
        yield server


def netloc(server):
    return urlsplit(server.url).netloc


def ask(server, method, path, body=None, headers=None, **options):
    """(status, headers, body) of one request on a connection of its own."""
    connection = http.client.HTTPConnection(netloc(server), timeout=10)
    try:
        connection.request(method, path, body, headers or {}, **options)
        reply = connection.getresponse()
        return reply.status, dict(reply.headers), reply.read()
    finally:
        connection.close()


def raw(server, content):
    """Everything that the server says to these bytes until it closes, or the client does."""
    host, _, port = netloc(server).partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(content)
        connection.shutdown(socket.SHUT_WR)
        parts = []
        while True:
            try:
                part = connection.recv(65536)
            except ConnectionResetError:
                break
            if not part:
                break
            parts.append(part)
        return b"".join(parts)


def works(server):
    status, _, body = ask(server, "PUT", PATH, b"{}", HEADERS)
    return status == 200 and "password" in json.loads(body)


def test_device_is_reset_over_http(served):
    """With its head as HTTP wants it: a length, a date, the media type, and no name of the server."""
    status, headers, body = ask(served, "PUT", PATH, b'{"password": "Example-Pass-0001"}', HEADERS)
    assert (status, json.loads(body)["password"]) == (200, "Example-Pass-0001")
    assert {name.lower() for name in headers} == {"content-type", "content-length", "date"}
    login = json.dumps({"id": "1000001", "secret": "Example-Pass-0001"})
    assert ask(served, "POST", "/_twin/roma-connect/login", login)[2] == b'{"ok":true}'


def test_reply_without_content_has_neither_length_nor_type(served):
    """204 of Kii."""
    fixtures = load_fixtures()["kii"]
    headers = {"Content-Type": "application/vnd.kii.ChangeThingPasswordRequest+json", **fixtures.credential.headers}
    path = "/api/apps/app1/things/VENDOR_THING_ID:thing-1/ownership/password"
    status, found, body = ask(served, "PUT", path, b'{"newPassword": "x"}', headers)
    assert (status, body, {name.lower() for name in found}) == (204, b"", {"date"})


def test_chunked_body_is_read(served):
    """Transfer-Encoding: chunked, in many pieces."""
    pieces = [b'{"pass', b'word": ', b'"Example-Pass-0002"}']
    status, _, body = ask(served, "PUT", PATH, iter(pieces), HEADERS, encode_chunked=True)
    assert (status, json.loads(body)["password"]) == (200, "Example-Pass-0002")


def test_reply_is_not_held_back(served):
    """Head and body leave in two writes; with Nagle's algorithm the second would wait 40 ms for the client."""
    connection = http.client.HTTPConnection(netloc(served), timeout=10)
    durations = []
    for _ in range(21):
        start = time.perf_counter()
        connection.request("PUT", PATH, b"{}", HEADERS)
        connection.getresponse().read()
        durations.append(time.perf_counter() - start)
    connection.close()
    assert sorted(durations)[5] < 0.035


def test_connection_is_kept(served):
    """Many requests on one, also after a refused and after an unknown one."""
    connection = http.client.HTTPConnection(netloc(served), timeout=10)
    statuses = []
    for path, body in ((PATH, b"{}"), (PATH, b"{"), ("/nope", b"x" * 1000), (PATH, b"{}")):
        connection.request("PUT", path, body, HEADERS)
        reply = connection.getresponse()
        reply.read()
        statuses.append(reply.status)
    connection.close()
    assert statuses == [200, 400, 404, 200]


def test_body_over_the_limit_is_413(served):
    """The client that writes it all gets to read the answer."""
    assert ask(served, "PUT", PATH, b" " * 3_000_000, HEADERS)[0] == 413
    assert works(served)


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\xff\x16\x03\x01 not http at all\r\n\r\n",
        b"GET\r\n\r\n",
        b"PUT " + PATH.encode() + b"\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"PUT /\xc3\xa9 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET http://elsewhere/nope HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"CONNECT elsewhere:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: \x00\x01\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Auth-Token: \xff\xfe\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET " + b"/a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        GOOD.encode() + b"Content-Length: 10\r\n\r\n{}",
        GOOD.encode() + b"Content-Length: -1\r\n\r\n{}",
        GOOD.encode() + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        GOOD.encode() + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        GOOD.encode() + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}",
        GOOD.encode() + b"Expect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
        (GOOD + "Content-Length: 2\r\n\r\n{}").encode() * 3,
    ],
)
def test_hostile_bytes_do_no_harm(served, content, caplog):
    """Refused or answered or dropped, without a traceback; the next client is served."""
    with caplog.at_level(logging.DEBUG):
        said = raw(served, content)
    assert b"Traceback" not in said
    assert b"File " not in said
    assert [record for record in caplog.records if record.exc_info] == []
    assert works(served)


def test_many_clients_at_once_never_see_half_a_change(served):
    """Each reply holds the password that its own request gave, and the last one given opens."""

    def client(number):
        connection = http.client.HTTPConnection(netloc(served), timeout=30)
        wrong = 0
        for turn in range(30):
            password = f"Example-Pass-{number:02d}-{turn:03d}"
            connection.request("PUT", PATH, json.dumps({"password": password}), HEADERS)
            wrong += json.loads(connection.getresponse().read())["password"] != password
        connection.close()
        return wrong

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(client, range(8))) == 0


def test_server_stops_and_frees_its_port(all_contracts):
    """Also while a client keeps a connection open; its thread ends."""
    with serve(app(all_contracts)) as server:
        connection = http.client.HTTPConnection(netloc(server), timeout=10)
        connection.request("GET", "/")
        connection.getresponse().read()
        port = urlsplit(server.url).port
    assert server.stopped.is_set()
    connection.close()
    with serve(app(all_contracts), port=port) as again:
        assert again.url == server.url
        assert works(again)


def test_several_servers_run_side_by_side(all_contracts):
    """Each on a port of its own, with devices of its own."""
    with serve(app(all_contracts)) as one, serve(app(all_contracts)) as two:
        assert one.url != two.url
        ask(one, "PUT", PATH, b'{"password": "Example-Pass-0001"}', HEADERS)
        login = json.dumps({"id": "1000001", "secret": "Initial-Pass-0001"})
        assert ask(one, "POST", "/_twin/roma-connect/login", login)[2] == b'{"ok":false}'
        assert ask(two, "POST", "/_twin/roma-connect/login", login)[2] == b'{"ok":true}'
    assert one.stopped.is_set()
    assert two.stopped.is_set()


@pytest.mark.parametrize(("host", "port", "told"), [("203.0.113.1", 0, "cannot listen"), ("127.0.0.1", 65536, "port")])
def test_address_that_is_not_ours_is_refused(all_contracts, host, port, told):
    """With one clear message."""
    with pytest.raises(WatchwordError, match=told), serve(app(all_contracts), host, port):
        pass


def test_port_in_use_is_refused(all_contracts, served):
    """Naming the port and the way out."""
    port = urlsplit(served.url).port
    with pytest.raises(WatchwordError, match=f"port {port} .* in use"), serve(app(all_contracts), port=port):
        pass
