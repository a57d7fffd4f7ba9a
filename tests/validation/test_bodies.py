"""Bodies of requests and replies: media types, forms, text, bytes, and none at all."""

import pytest

ITEM = {"id": 1, "secret": "long enough"}
REPLY_ITEM = {"id": 1, "made": "2026-01-31"}
JSON = {"Content-Type": "application/json"}

MEDIA_TYPES = [
    ("application/json", ITEM, []),
    ("Application/JSON", ITEM, []),
    ("application/json; charset=utf-8", ITEM, []),
    ('application/json ;charset="utf-8";', ITEM, []),
    ("application/vnd.example.item+json", ITEM, []),
    ("APPLICATION/VND.example.Item+JSON;x=y", ITEM, []),
    ("application/vnd.example.item+json", {"id": 1}, ["Item/required at body"]),
    ("application/other+json", {"a": 1, "b": 2}, []),
    ("application/other+json", {"a": 1, "b": 2, "c": 3}, ["body/maxProperties at body"]),
    ("application/merge-patch+json", {"a": 1, "b": 2}, ["body/maxProperties at body"]),
    ("application/merge-patch+json;version=2", {"a": 1}, []),
    ("application/xml", "<a/>", ["media-type at header.Content-Type"]),
    ("application/jsonx", ITEM, ["media-type at header.Content-Type"]),
    ("json", ITEM, ["media-type at header.Content-Type"]),
    ("", ITEM, ["media-type at header.Content-Type"]),
    ("application/json, application/json", ITEM, ["media-type at header.Content-Type"]),
    ("text/plain", "0123456789", []),
    ("text/plain", "01234567890", ["body/maxLength at body"]),
    ("text/plain; charset=iso-8859-1", "é".encode("latin-1"), []),
    ("text/plain", b"\xe9", ["broken-body at body"]),
    ("text/plain; charset=nonsense", "a", ["broken-body at body"]),
    ("text/html", b"\xff anything", ["broken-body at body"]),
    ("application/octet-stream", b"\x00\xff" * 9, []),
]


@pytest.mark.parametrize(("content_type", "body", "expected"), MEDIA_TYPES)
def test_media_type_selects_the_schema(styles, broken, content_type, body, expected):
    """Case and parameters are set aside, the most specific documented type or range wins."""
    assert broken(styles, "POST /v1/bodies", {"Content-Type": content_type}, body) == expected


def test_body_without_a_content_type_is_of_no_documented_type(styles, judged):
    """The finding names what is documented."""
    (finding,) = judged(styles, "POST /v1/bodies", {}, ITEM)
    assert finding.message.startswith("no Content-Type is given; documented are `application/json`, ")


FORM = "application/x-www-form-urlencoded"
FORMS = [
    ("name=ab&count=7&tags=a,b&meta=%7B%22k%22%3A1%7D", []),
    ("name=a+b", []),
    ("name=%C3%A4%C3%B6", []),
    ("name=ab&unknown=x", []),
    ("count=7", ["Form/required at body"]),
    ("name=a", ["name/minLength at body#/name"]),
    ("name=ab&count=x", ["count/type at body#/count"]),
    ("name=ab&tags=a,long", ["tags.items/maxLength at body#/tags/1"]),
    ("name=ab&meta=%7B%7D", ["meta/required at body#/meta"]),
    ("name=ab&meta=nonsense", ["meta/type at body#/meta"]),
    ("name=%FF%FF", ["broken-body at body"]),
    (b"name=\xff\xff", ["broken-body at body"]),
]


@pytest.mark.parametrize(("body", "expected"), FORMS)
def test_form_members_are_read_by_their_types(styles, broken, body, expected):
    """Each member by its schema and its Encoding Object (OpenAPI 3.1.1, Encoding Object)."""
    assert broken(styles, "POST /v1/bodies", {"Content-Type": FORM}, body) == expected


def multipart(*parts: tuple[str, str, bytes]) -> bytes:
    written = [
        f'--XX\r\nContent-Disposition: form-data; name="{name}"{head}\r\n\r\n'.encode() + body + b"\r\n"
        for name, head, body in parts
    ]
    return b"".join([*written, b"--XX--\r\n"])


NAMED = ("name", "", b"ab")
FILE = ("file", '; filename="a.bin"\r\nContent-Type: application/octet-stream', bytes(range(256)))
MULTIPARTS = [
    (multipart(NAMED), []),
    (multipart(NAMED, ("count", "", b"7"), ("tags", "", b"a"), ("tags", "", b"b")), []),
    (multipart(NAMED, FILE), []),
    (multipart(NAMED, ("meta", "\r\nContent-Type: application/json", b'{"k": 1}')), []),
    (multipart(NAMED, ("meta", "", b'{"k": 1}')), []),
    (multipart(NAMED, ("meta", "", b'{"k": "1"}')), ["k/type at body#/meta/k"]),
    (multipart(("name", "", b"a")), ["name/minLength at body#/name"]),
    (multipart(NAMED, ("count", "", b"x")), ["count/type at body#/count"]),
    (multipart(NAMED, ("tags", "", b"a"), ("tags", "", b"long")), ["tags.items/maxLength at body#/tags/1"]),
    (multipart(FILE), ["Form/required at body"]),
    (multipart(NAMED, ("meta", "", b"{")), ["broken-body at body"]),
    (b"no form at all", ["broken-body at body"]),
    (b"--XX\r\n\r\nx\r\n--XX--", ["broken-body at body"]),
]


@pytest.mark.parametrize(("body", "expected"), MULTIPARTS)
def test_multipart_parts_are_read_by_their_types(styles, broken, body, expected):
    """Text parts become their member's type, object parts are JSON, files are left alone (RFC 7578)."""
    assert broken(styles, "POST /v1/bodies", {"Content-Type": "multipart/form-data; boundary=XX"}, body) == expected


@pytest.mark.parametrize("boundary", ["", "; boundary=", "; boundary=YY", '; boundary="a\r\nb"'])
def test_multipart_without_its_boundary_is_broken(styles, judged, boundary):
    """A form whose boundary is missing or does not occur cannot be read."""
    (finding,) = judged(styles, "POST /v1/bodies", {"Content-Type": f"multipart/form-data{boundary}"}, multipart(NAMED))
    assert finding.rule in ("broken-body", "media-type")


REPLIES = [
    ((200, JSON, REPLY_ITEM), []),
    ((200, JSON, {"id": 1}), ["Item/required at body"]),
    ((200, JSON), ["missing-body at body"]),
    ((200, JSON, ITEM | REPLY_ITEM), ["secret/writeOnly at body#/secret"]),
    ((201, {}), []),
    ((201, JSON, "{}"), ["unexpected-body at body"]),
    ((204, {}), []),
    ((205, {}), []),
    ((299, {"Content-Type": "application/problem+json"}, {"note": 1}), []),
    ((299, {"Content-Type": "application/problem+json"}, {"title": 1}), ["body/required at body"]),
    ((299, JSON, {"note": 1}), ["media-type at header.Content-Type"]),
    ((404, {"Content-Type": "application/problem+json"}, {"title": 1}), []),
    ((404, {"Content-Type": "application/problem+json"}, {"note": 1}), ["body/required at body"]),
    ((304, {}), []),
    ((599, {}), ["missing-body at body"]),
]


@pytest.mark.parametrize(("reply", "expected"), REPLIES)
def test_status_selects_the_reply(styles, broken, reply, expected):
    """The status itself comes before its range, the range before `default`; a 204, 205 or 304 needs no body."""
    assert broken(styles, "POST /v1/bodies", {}, None, reply) == expected


NOTE = "<p>Moved to <a href='/new'>here</a>."


@pytest.mark.parametrize(
    ("status", "content_type", "note", "expected"),
    [
        (308, "text/html; charset=utf-8", NOTE, []),
        (302, "Text/Plain", NOTE, []),
        (302, "application/json", "{}", ["unexpected-body at body"]),
        (302, None, NOTE, ["unexpected-body at body"]),
        (302, "text/html", NOTE * 200, ["unexpected-body at body"]),
        (300, "text/html", NOTE, ["unexpected-body at body"]),
        (201, "text/html", NOTE, ["unexpected-body at body"]),
    ],
)
def test_redirect_may_have_a_note_for_its_reader(validator, broken, status, content_type, note, expected):
    """RFC 9110 section 15.4 recommends one; it is short, text, and part of no other reply."""
    api = validator(f"paths: {{/a: {{get: {{responses: {{'{status}': {{description: d}}}}}}}}}}")
    headers = {} if content_type is None else {"Content-Type": content_type}
    assert broken(api, "GET /a", {}, None, (status, headers, note)) == expected


def test_reply_to_head_needs_no_body(styles, broken):
    """RFC 9110 section 9.3.2: the reply to HEAD has no content."""
    assert broken(styles, "HEAD /v1/bodies", {}, None, (200, JSON)) == []


def test_unknown_status_is_answered_with_the_documented_ones(styles, judged):
    """One finding, which lists what is documented."""
    (finding,) = judged(styles, "GET /v1/query", {}, None, (200, JSON, "{}"))
    assert (finding.rule, finding.location) == ("reply-status", "statusCode")
    assert finding.message == "`200` is not documented; documented are 204"
    assert finding.place.pointer.endswith("/get/responses")


def test_required_body_must_be_there(styles, judged, broken):
    """Zero bytes are no body; white space is one that does not parse."""
    (finding,) = judged(styles, "PUT /v1/required", JSON)
    assert (finding.rule, finding.message) == ("missing-body", "has no body, one is required")
    assert broken(styles, "PUT /v1/required", JSON, "null") == []
    assert broken(styles, "PUT /v1/required", JSON, " ") == ["broken-body at body"]
    assert broken(styles, "PUT /v1/required", JSON, "[]") == ["body/type at body"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{", "not JSON at line 1, column 2: expecting property name enclosed in double quotes"),
        (b'{"a":\n 1,}', "not JSON at line 2, column 4: expecting property name enclosed in double quotes"),
        (b'{"a":1} x', "not JSON at line 1, column 9: extra data"),
        (b"\xef\xbb\xbf{}", "not JSON at line 1, column 1: unexpected UTF-8 BOM (decode using utf-8-sig)"),
        (b'"\xff"', "not UTF-8 at byte 1"),
        (b"NaN", "not JSON: `NaN` is no JSON number"),
        (b"[" * 100_000, "nested too deeply to be judged"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deeply to be judged"),
    ],
)
def test_broken_json_is_told_with_line_and_column(styles, judged, body, message):
    """Where and why a body is no JSON, without a word of it."""
    (finding,) = judged(styles, "PUT /v1/required", JSON, body)
    assert (finding.rule, finding.location, finding.message) == ("broken-body", "body", message)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": 1e999}',
        b'{"a": -1e999}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a": "\\ud800", "\\udfff": 1}',
        b'{"a": 1, "a": 2}',
        b'{"a": ' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"a": 0.1e-9999}',
        b'{"a": "\\u0000"}',
    ],
)
def test_strange_json_is_json(styles, broken, body):
    """Numbers beyond every range, halves of surrogate pairs and depth are legal JSON (RFC 8259)."""
    assert broken(styles, "PUT /v1/required", JSON, body) == []


def test_several_documented_types_that_differ_in_parameters(validator, broken):
    """Parameters of the media type matter only where two documented types differ in nothing else."""
    api = validator(
        "paths: {/a: {post: {requestBody: {content: {'a/b;v=1': {schema: false},"
        " 'a/b+json; v=1': {schema: {type: array}}, 'a/b+json; v=2': {schema: {type: object}}, '*/*': {}}}}}}"
    )
    assert broken(api, "POST /a", {"Content-Type": "a/b+json;v=2"}, {}) == []
    assert broken(api, "POST /a", {"Content-Type": "a/b+json;v=1"}, {}) == ["body/type at body"]
    assert broken(api, "POST /a", {"Content-Type": "a/b+json"}, []) == []
    assert broken(api, "POST /a", {"Content-Type": "x/y"}, b"\xff") == []


def test_body_of_an_operation_that_has_none_is_not_looked_at(styles, broken):
    """A document that says nothing about a body forbids none."""
    assert broken(styles, "GET /v1/query", JSON, b"\xff") == []
