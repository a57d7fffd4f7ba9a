"""What `watch` makes of bodies that are no bytes in memory: streamed replies, uploads, and HEAD that has none."""

import textwrap

import httpx
import pytest
import requests

pytest_plugins = ["pytester"]

LOADED = (httpx, requests)

THINGS = """
openapi: 3.1.0
info: {title: Things, version: "1"}
paths:
  /things:
    get:
      operationId: things
      parameters: [{name: limit, in: query, schema: {type: integer}}]
      responses:
        "200":
          description: d
          headers: {X-Total: {required: true, schema: {type: integer}}}
          content: {application/json: {schema: {type: array, items: {type: string}}}}
    post:
      operationId: upload
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [file]
              properties: {file: {type: string}, alt: {type: string, maxLength: 3}}
          image/png: {schema: {type: string}}
          application/json: {schema: {type: object, required: [name]}}
      responses:
        "204": {description: d}
        "400": {description: d}
"""


@pytest.fixture
def things(session, pytester):
    """Runs the lines of tests, each against a reply of its own, and gives the rules that each of them breaks."""

    def run(*lines: str) -> pytest.RunResult:
        pytester.makefile(".yaml", things=THINGS)
        tests = """
            import asyncio, gzip, httpx, io, json, pytest, requests, threading
            from http.server import BaseHTTPRequestHandler, HTTPServer
            pytestmark = [pytest.mark.contract("things.yaml"), pytest.mark.usefixtures("watch")]
            def mocked(status=200, body=b'["a"]', kind="application/json", headers={"X-Total": "1"}, sync=True):
                async def pieces():
                    for piece in (body[:3], body[3:]): yield piece
                def answer(request):
                    content = iter((body[:3], body[3:])) if sync else pieces()
                    return httpx.Response(status, content=content, headers={**headers, "Content-Type": kind})
                return {"transport": httpx.MockTransport(answer), "base_url": "http://service"}
            class Raw(httpx.BaseTransport):
                def __init__(self, status): self.status = status
                def handle_request(self, request):
                    self.sent = b"".join(request.stream)
                    return httpx.Response(self.status)
            @pytest.fixture
            def served():
                class Handler(BaseHTTPRequestHandler):
                    def log_message(self, *_): pass
                    def do_GET(self):
                        body = b'["a"]' if "good" in self.path else b'["a", 7]'
                        if "zip" in self.path: body = gzip.compress(body)
                        self.send_response(200)
                        self.send_header("Content-Type", "application/json")
                        self.send_header("Content-Length", str(len(body)))
                        self.send_header("X-Total", "1")
                        if "zip" in self.path: self.send_header("Content-Encoding", "gzip")
                        self.end_headers()
                        self.wfile.write(body)
                    def do_POST(self):
                        if "Content-Length" in self.headers: self.rfile.read(int(self.headers["Content-Length"]))
                        else:
                            while (size := int(self.rfile.readline(), 16)): self.rfile.read(size + 2)
                            self.rfile.readline()
                        self.send_response(204)
                        self.end_headers()
                server = HTTPServer(("127.0.0.1", 0), Handler)
                thread = threading.Thread(target=server.serve_forever, daemon=True)
                thread.start()
                yield f"http://127.0.0.1:{server.server_port}/things"
                server.shutdown()
                thread.join()
                server.server_close()
        """
        body = "\n".join(f"def test_{number}(watch, served):\n    {line}" for number, line in enumerate(lines))
        pytester.makepyfile(textwrap.dedent(tests) + body)
        return session("-p", "no:asyncio")

    return run


def _come_out(things, cases):
    """Each line is a test of one session: it fails by the rule that is named, or passes with so many warnings."""
    failed = {number: rule for number, (_, rule) in enumerate(cases) if isinstance(rule, str)}
    result = things(*(line for line, _ in cases))
    result.assert_outcomes(
        passed=len(cases) - len(failed), failed=len(failed), warnings=result.parseoutcomes().get("warnings", 0)
    )
    for number, (_, outcome) in enumerate(cases):
        warned = any(line.endswith(f"::test_{number}") for line in result.stdout.lines)
        assert number in failed or warned == bool(outcome)
    for number, rule in failed.items():
        result.stdout.fnmatch_lines([f"FAILED *::test_{number} - *{rule}*"])
    told = [line for line in result.stdout.lines if line.startswith("FAILED ")]
    assert len(told) == len(failed)


GOOD_HEAD = "httpx.Client(**mocked(body=b'')).head('/things')"
HEADS = [
    (GOOD_HEAD, {}),
    ("httpx.Client(**mocked(405, b'', 'text/plain', {})).head('/things')", {}),
    ("httpx.Client(**mocked(body=b'')).head('/things?limit=many')", "*"),
    ("httpx.Client(**mocked(418, b'')).head('/things')", "*"),
    ("httpx.Client(**mocked(body=b'', headers={})).head('/things')", {}),
    ("httpx.Client(**mocked(body=b'', headers={'X-Total': 'many'})).head('/things')", "*"),
    ("httpx.Client(**mocked(body=b'', kind='text/html')).head('/things')", "*"),
    ("httpx.Client(**mocked(body=b'', kind='text/html')).options('/things')", {}),
    ("httpx.Client(**mocked(body=b'', kind='text/html')).put('/things')", "*"),
]


def test_head_is_judged_as_get_and_options_not_at_all(things):
    """RFC 9110 section 9.3.2: HEAD says of GET what GET says but the body; OPTIONS is the framework's."""
    _come_out(things, HEADS)


STREAMS = [
    ("with httpx.Client(**mocked()).stream('GET', '/things') as r: assert list(r.iter_lines()) == ['[\"a\"]']", {}),
    ("with httpx.Client(**mocked()).stream('GET', '/things') as r: assert r.read() == b'[\"a\"]'", {}),
    ("with httpx.Client(**mocked(body=b'[7]')).stream('GET', '/things') as r: list(r.iter_bytes())", "type"),
    ("with httpx.Client(**mocked(418)).stream('GET', '/things') as r: pass", "reply-status"),
    ("with httpx.Client(**mocked(kind='text/csv')).stream('GET', '/things') as r: pass", "media-type"),
    ("with httpx.Client(**mocked(headers={})).stream('GET', '/things') as r: pass", "missing-header"),
    ("with httpx.Client(**mocked(body=b'[7]')).stream('GET', '/things') as r: pass", {"warnings": 1}),
    (
        "with requests.get(served + '/../things?good', stream=True) as r: assert list(r.iter_lines()) == [b'[\"a\"]']",
        {},
    ),
    ("with requests.get(served, stream=True) as r: list(r.iter_content(2))", "type"),
    ("with requests.get(served + '?zip', stream=True) as r: assert list(r.iter_lines()) == [b'[\"a\", 7]']", "type"),
    ("with httpx.stream('GET', served + '?zip') as r: assert r.read() == b'[\"a\", 7]'", "type"),
    ("with requests.get(served, stream=True) as r: assert r.json()", "type"),
    ("with requests.get(served, stream=True) as r: assert r.status_code == 200", {"warnings": 1}),
]


def test_streamed_reply_is_judged(things):
    """Status, headers and media type in any case, the body where the test read it; the test sees the same bytes."""
    _come_out(things, STREAMS)


def test_streamed_reply_of_an_async_client_is_judged_when_it_ends(things):
    """And not only at the end of the test."""
    result = things(
        """
    async def go():
        async with httpx.AsyncClient(**mocked(body=b"[7]", sync=False)) as client:
            async with client.stream("GET", "/things") as reply:
                assert watch.judged == 0
                assert [line async for line in reply.aiter_lines()] == ["[7]"]
                assert [each.rule.rpartition("/")[2] for each in watch.findings] == ["type"]
                assert watch.judged == 1
    asyncio.run(go())
    watch.findings.clear()"""
    )
    result.assert_outcomes(passed=1)


def test_long_stream_is_not_kept(things):
    """What of it is known is judged; memory is not filled."""
    line = "with httpx.Client(**mocked(body=b'[7' + b' ' * (1 << 20) + b']')).stream('GET', '/things') as r: "
    things(line + "r.read()", line + "list(r.iter_raw())").assert_outcomes(passed=1, failed=1, warnings=1)


PNG = "{'Content-Type': 'image/png'}"
FILES = "files={'file': ('a.png', io.BytesIO(b'png'), 'image/png')}"
UPLOADS = [
    (f"httpx.post(served, {FILES}, data={{'alt': 'abc'}})", {}),
    (f"httpx.post(served, {FILES}, data={{'alt': 'abcd'}})", "alt/maxLength"),
    (f"httpx.Client(transport=Raw(204)).post(served, {FILES}, data={{'alt': 'abcd'}})", "alt/maxLength"),
    (f"requests.post(served, {FILES}, data={{'alt': 'abcd'}})", "alt/maxLength"),
    (f"httpx.post(served, content=iter([b'p', b'ng']), headers={PNG})", {}),
    ("httpx.post(served, content=iter([b'{', b'}']), headers={'Content-Type': 'application/json'})", "required"),
    ("httpx.post(served, content=iter([b'GIF']), headers={'Content-Type': 'image/gif'})", "media-type"),
    ("httpx.post(served, content=io.BytesIO(b'{}'), headers={'Content-Type': 'application/json'})", "required"),
    (f"requests.post(served, data=iter([b'p', b'ng']), headers={PNG})", {}),
    ("requests.post(served, data=iter([b'{', b'}']), headers={'Content-Type': 'application/json'})", "required"),
    ("requests.post(served, data=io.BytesIO(b'{}'), headers={'Content-Type': 'application/json'})", "required"),
    ("file = io.BytesIO(b'x{\"name\": 1}'); file.read(1); requests.post(served, data=file, "
     "headers={'Content-Type': 'application/json'})", {}),
]  # fmt: skip


def test_upload_is_judged(things):
    """Forms with files, generators and file objects arrive as they would, and are judged as bytes are."""
    _come_out(things, UPLOADS)


def test_reply_to_an_upload_that_nobody_read_is_judged_alone(things):
    """What the service did not read is no reason for a finding about the request, or for a warning."""
    silent = (
        "client = httpx.Client(transport=type('T', (Raw,), {'handle_request': lambda s, r: httpx.Response(%s)})(204)); "
    )
    send = "client.post('http://service/things', content=iter([b'{}']), headers={'Content-Type': 'application/json'})"
    things(silent % 204 + send, silent % 400 + send, silent % 500 + send).assert_outcomes(
        passed=2, failed=1, warnings=0
    )
