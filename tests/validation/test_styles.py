"""Parameters in every location and style, from the document tests/fixtures/documents/styles.openapi.yaml."""

import pytest

from watchword.ground import Exchange, Request

PATHS = [
    # OpenAPI 3.1.1, "Style Examples": color, ["blue","black","brown"], {"R": 100, "G": 200, "B": 150}.
    "/simple/blue/blue,black,brown/blue,black,brown/R,100,G,200,B,150/R=100,G=200,B=150",
    "/label/.blue/.blue,black,brown/.blue.black.brown/.R,100,G,200,B,150/.R=100.G=200.B=150",
    "/matrix/;s=blue/;a=blue,black,brown/;ae=blue;ae=black;ae=brown/;o=R,100,G,200,B,150/;R=100;G=200;B=150",
    "/simple/light%20blue/blue/a%20b,c/G,1,R,2/R=1,G=2",
]

BROKEN_PATHS = [
    ("/simple/Blue/blue/blue/R,1,G,2/R=1,G=2", ["Color/pattern at path.s"]),
    ("/simple/blue/blue,Black/blue/R,1,G,2/R=1,G=2", ["Color/pattern at path.a#/1"]),
    ("/simple/blue/blue%2Cblack/blue/R,1,G,2/R=1,G=2", ["Color/pattern at path.a#/0"]),
    ("/simple/blue/blue/blue/R,256,G,2/R=1,G=2", ["R/maximum at path.o#/R"]),
    ("/simple/blue/blue/blue/R,1/R=1,G=2", ["Rgb/required at path.o"]),
    ("/simple/blue/blue/blue/R,1,G,2,Z,3/R=1,G=2", ["Rgb/additionalProperties at path.o"]),
    ("/simple/blue/blue/blue/R,x,G,2/R=1,G=2", ["parameter-format at path.o"]),
    ("/simple/blue/blue/blue/R,1,G/R=1,G=2", ["parameter-format at path.o"]),
    ("/simple/blue/blue/blue/R=1,G=2/R=1,G=2", ["Rgb/required at path.o", "Rgb/additionalProperties at path.o"]),
    ("/simple/blue/blue/blue/R,1,G,2/R,1,G,2", ["parameter-format at path.oe"]),
    ("/label/blue/.blue/.blue/.R,1,G,2/.R=1.G=2", ["parameter-format at path.s"]),
    ("/label/.blue/.blue/.Blue.b/.R,1,G,2/.R=1.G=2", ["Color/pattern at path.ae#/0"]),
    ("/matrix/;x=blue/;a=b/;ae=b/;o=R,1,G,2/;R=1;G=2", ["parameter-format at path.s"]),
    ("/matrix/;s=blue/;a=b/;ae=b;xx=c/;o=R,1,G,2/;R=1;G=2", ["parameter-format at path.ae"]),
    ("/matrix/;s=blue/;a=b/;ae=b/;o=R,1,G,2/;R=1", ["Rgb/required at path.oe"]),
]

QUERIES = [
    "",
    "s=blue",
    "s=light%20blue",
    "s=light+blue",
    "a=blue,black,brown",
    "a=blue%2Cblack%2cbrown",  # as httpx and requests send it
    "ia=1%2C2,3",
    "o=R%2C100%2CG%2C200",
    "ae=blue&ae=black&ae=brown",
    "ae=blue",
    "ia=1,2,3",
    "space=blue%20black%20brown",
    "space=blue+black",
    "pipe=blue%7Cblack%7Cbrown",
    "pipe=blue|black",
    "o=R,100,G,200,B,150",
    "R=100&G=200&B=150",
    "deep%5BR%5D=100&deep%5BG%5D=200",
    "deep[R]=100&deep[G]=200&deep[B]=150",
    "json=%7B%22id%22%3A1%2C%22secret%22%3A%22long%22%7D",
    "e=",
    "e=7",
    "e",
    "i=1&n=1.5e0&b=true",
    "b=false",
    "any=1&any2=x&unknown=%FF",
    "several=abc",
    "several=5",
    "i=7#fragment?i=x",
    "&&i=7&",
]

BROKEN_QUERIES = [
    ("s=", ["Color/pattern at query.s"]),
    ("s=Blue", ["Color/pattern at query.s"]),
    ("s=blue%0A", ["Color/pattern at query.s"]),
    ("s=a&s=b", ["parameter-format at query.s"]),
    ("s=%FF", ["parameter-format at query.s"]),
    ("i=", ["parameter-format at query.i"]),
    ("i", ["parameter-format at query.i"]),
    ("i=0", ["i/minimum at query.i"]),
    ("i=101", ["i/maximum at query.i"]),
    ("n=10", ["n/exclusiveMaximum at query.n"]),
    ("n=1e400", ["n/exclusiveMaximum at query.n"]),
    ("n=0x1", ["parameter-format at query.n"]),
    ("n=NaN", ["parameter-format at query.n"]),
    ("b=True", ["parameter-format at query.b"]),
    ("b=1", ["parameter-format at query.b"]),
    ("e=x", ["parameter-format at query.e"]),
    ("a=", ["Colors/minItems at query.a"]),
    ("a=blue,", ["Color/pattern at query.a#/1"]),
    ("ae=blue&ae=", ["Color/pattern at query.ae#/1"]),
    ("a=blue%2CBlack", ["Color/pattern at query.a#/1"]),
    ("ia=1%2Cx", ["parameter-format at query.ia"]),
    ("o=R%2C1", ["Rgb/required at query.o"]),
    ("ae=blue%2Cblack", ["Color/pattern at query.ae#/0"]),
    ("ae=blue,black", ["Color/pattern at query.ae#/0"]),
    ("ia=1,x", ["parameter-format at query.ia"]),
    ("space=blue,black", ["Color/pattern at query.space#/0"]),
    ("o=R,1", ["Rgb/required at query.o"]),
    ("R=1", ["Rgb/required at query.oe"]),
    ("R=300&G=1", ["R/maximum at query.oe#/R"]),
    ("deep[R]=1", ["Rgb/required at query.deep"]),
    ("deep[R]=1&deep[G]=2&deep[Z]=3", ["Rgb/additionalProperties at query.deep"]),
    ("deep[R]=x&deep[G]=2", ["parameter-format at query.deep"]),
    ("json=%7B%22id%22%3A1%7D", ["Item/required at query.json"]),
    ("json=%7B", ["parameter-format at query.json"]),
    ("several=4", ["several/pattern at query.several"]),
    ("several=ABC", ["several/pattern at query.several"]),
]

# JSON integers, and what Python, YAML or a sloppy parser would take for one.
INTEGERS = ["0", "-0", "7", "-7", "9" * 400, "12345678901234567890"]
NO_INTEGERS = ["+1", "1.0", "1_0", "01", "-", "1e2", "0x1", "\u0661", "\uff11", "1 ", " 1", "", "NaN", "true", "1\n"]


@pytest.mark.parametrize("path", PATHS)
def test_documented_path_style_conforms(styles, broken, path):
    """The rows of "Style Examples" for simple, label and matrix are valid, exploded and not."""
    assert broken(styles, f"GET /v1{path}", {}, None, (204,)) == []


@pytest.mark.parametrize(("path", "expected"), BROKEN_PATHS)
def test_broken_path_parameter_is_named(styles, broken, path, expected):
    """One finding for the parameter that is wrong, down to its item or member."""
    assert broken(styles, f"GET /v1{path}") == expected


@pytest.mark.parametrize("query", QUERIES)
def test_documented_query_style_conforms(styles, broken, query):
    """The rows of "Style Examples" for form, spaceDelimited, pipeDelimited and deepObject are valid."""
    assert broken(styles, f"GET /v1/query?{query}") == []


@pytest.mark.parametrize(("query", "expected"), BROKEN_QUERIES)
def test_broken_query_parameter_is_named(styles, broken, query, expected):
    """One finding for the parameter that is wrong, down to its item or member."""
    assert broken(styles, f"GET /v1/query?{query}") == expected


@pytest.mark.parametrize("given", ["a%2Cb,c", "a,b%2Cc"])
def test_encoded_comma_is_part_of_an_item_or_a_delimiter(validator, broken, given):
    """Either reading is enough: RFC 6570 encodes the comma of an item, clients encode all of them."""
    items = "items: {type: string, enum: ['a,b', a, b, c, 'b,c']}"
    for bound in ("minItems: 3", "maxItems: 2"):
        schema = f"schema: {{type: array, {bound}, {items}}}"
        api = validator(f"paths: {{/a: {{get: {{parameters: [{{name: f, in: query, explode: false, {schema}}}]}}}}}}")
        assert broken(api, f"GET /a?f={given}") == []


@pytest.mark.parametrize("text", INTEGERS)
def test_json_integer_is_an_integer_parameter(validator, broken, text):
    """The grammar of JSON decides (RFC 8259 section 6), whatever the number of digits."""
    api = validator(
        "paths: {'/a/{i}': {get: {parameters: [{name: i, in: path, required: true, schema: {type: integer}}]}}}"
    )
    assert broken(api, f"GET /a/{text}") == []


@pytest.mark.parametrize("text", NO_INTEGERS)
def test_other_spellings_are_no_integer_parameter(validator, exchange, judged, text):
    """What Python's `int` or a lenient parser would take is refused, percent-encoded or not."""
    api = validator("paths: {/a: {get: {parameters: [{name: i, in: query, schema: {type: integer}}]}}}")
    encoded = "".join(f"%{byte:02X}" for byte in text.encode())
    for given in (encoded, text):
        (finding,) = judged(api, f"GET /a?i={given}")
        assert (finding.rule, finding.location) == ("parameter-format", "query.i")
        assert "is not an integer" in finding.message


HEADERS = {"X-Id": "ABC", "Cookie": "c=1"}
HEADER_CASES = [
    ({}, []),
    ({"x-id": "ABC"}, []),
    ({"X-Id": "ABCD"}, ["X-Id/pattern at header.X-Id"]),
    ({"X-Id": "ABC\n"}, ["X-Id/pattern at header.X-Id"]),
    ({"X-Id": None}, ["missing-parameter at header.X-Id"]),
    ({"X-Count": "7"}, []),
    ({"X-Count": "7.5"}, ["parameter-format at header.X-Count"]),
    ({"X-Colors": "blue,black, brown"}, []),
    ({"X-Colors": "blue, B"}, ["Color/pattern at header.X-Colors#/1"]),
    ({"X-Rgb": "R,1,G,2"}, []),
    ({"X-RgbE": "R=1,G=2"}, []),
    ({"X-RgbE": "R=1"}, ["Rgb/required at header.X-RgbE"]),
    ({"X-Json": '{"id": 1, "secret": "long"}'}, []),
    ({"X-Json": '{"id": "1", "secret": "long"}'}, ["id/type at header.X-Json#/id"]),
    ({"X-Json": "{"}, ["parameter-format at header.X-Json"]),
    ({"Cookie": "s=blue; c=2; other=x"}, []),
    ({"Cookie": "c=2;s=blue"}, []),
    ({"Cookie": "c=x"}, ["parameter-format at cookie.c"]),
    ({"Cookie": "s=blue"}, ["missing-parameter at cookie.c"]),
    ({"Cookie": None}, ["missing-parameter at cookie.c"]),
    ({"Cookie": "c=1; ca=blue,black"}, []),
    ({"Cookie": "c=1; ca=blue,Black"}, ["Color/pattern at cookie.ca#/1"]),
]


@pytest.mark.parametrize(("changed", "expected"), HEADER_CASES)
def test_headers_and_cookies_are_judged_by_their_schema(styles, broken, changed, expected):
    """Names of headers are case-insensitive, cookies come from one header."""
    lower = {name.lower() for name in changed}
    headers = {name: value for name, value in HEADERS.items() if name.lower() not in lower}
    headers |= {name: value for name, value in changed.items() if value is not None}
    assert broken(styles, "GET /v1/headers", headers) == expected


def test_repeated_header_lines_are_one_list(styles, judged, broken):
    """RFC 9110 section 5.3: several field lines are joined by a comma."""
    headers = [("X-Id", "ABC"), ("Cookie", "c=1"), ("x-colors", "blue"), ("X-Colors", "black")]
    assert broken(styles, "GET /v1/headers", headers) == []
    assert broken(styles, "GET /v1/headers", [*headers, ("X-COLORS", "B")]) == ["Color/pattern at header.X-Colors#/2"]


REPLY_HEADERS = [
    ([("X-Rate", "7")], []),
    ([("x-rate", "7"), ("X-Tags", "a,b")], []),
    ([], ["missing-header at header.X-Rate"]),
    ([("X-Rate", "-1")], ["X-Rate/minimum at header.X-Rate"]),
    ([("X-Rate", "x")], ["parameter-format at header.X-Rate"]),
    ([("X-Rate", "7"), ("X-Tags", "A")], ["Color/pattern at header.X-Tags#/0"]),
]


@pytest.mark.parametrize(("headers", "expected"), REPLY_HEADERS)
def test_headers_of_a_reply_are_judged_by_their_schema(styles, broken, headers, expected):
    """Reply headers are parameters of style simple."""
    assert broken(styles, "GET /v1/headers", HEADERS, None, (200, headers)) == expected


def test_style_cookie_of_three_two_takes_values_as_they_are(validator, broken):
    """OpenAPI 3.2.0, Style Values: `cookie` does not percent-decode."""
    api = validator(
        "paths: {/a: {get: {parameters: [{name: k, in: cookie, style: cookie, schema: {enum: [a%20b]}}]}}}", "3.2.0"
    )
    assert broken(api, "GET /a", {"Cookie": "k=a%20b"}) == []
    assert broken(api, "GET /a", {"Cookie": "k=a b"}) == ["k/enum at cookie.k"]


def test_querystring_of_three_two_is_the_whole_query(validator, broken):
    """OpenAPI 3.2.0, `in: querystring`: the query as one value of its media type."""
    text = """\
paths:
  /json: {get: {parameters: [{name: q, in: querystring, content: {application/json: {schema: {required: [a]}}}}]}}
  /form:
    get:
      parameters:
        - name: q
          in: querystring
          required: true
          content:
            application/x-www-form-urlencoded: {schema: {required: [a], properties: {a: {type: integer}}}}
"""
    api = validator(text, "3.2.0")
    assert broken(api, "GET /json?%7B%22a%22%3A1%7D") == []
    assert broken(api, "GET /json?%7B%7D") == ["q/required at querystring.q"]
    assert broken(api, "GET /json") == []
    assert broken(api, "GET /form?a=1&b=x") == []
    assert broken(api, "GET /form?b=x") == ["q/required at querystring.q"]
    assert broken(api, "GET /form?a=x") == ["a/type at querystring.q#/a"]
    assert broken(api, "GET /form") == ["missing-parameter at querystring.q"]


def test_allow_reserved_and_plain_reserved_characters_are_read_alike(validator, broken):
    """Reserved characters in a query mean themselves whether or not they were encoded."""
    api = validator("paths: {/a: {get: {parameters: [{name: u, in: query, schema: {const: 'a:/?@b'}}]}}}")
    assert broken(api, "GET /a?u=a:/?@b") == []
    assert broken(api, "GET /a?u=a%3A%2F%3F%40b") == []


def test_string_of_digits_is_a_string_where_the_schema_says_so(validator, broken):
    """The text of a string parameter is never taken for a number."""
    api = validator(
        "paths: {/a: {get: {parameters: [{name: s, in: query, schema: {type: string, pattern: '^[0-9]+$'}},"
        " {name: e, in: query, schema: {enum: ['7', true]}}]}}}"
    )
    assert broken(api, "GET /a?s=7&e=7") == []
    assert broken(api, "GET /a?e=true") == []
    assert broken(api, "GET /a?e=8") == ["e/enum at query.e"]


def test_nullable_parameter_reads_an_empty_text_as_null(validator, broken):
    """Where null is allowed, the empty text is null."""
    api = validator("paths: {/a: {get: {parameters: [{name: i, in: query, schema: {type: [integer, 'null']}}]}}}")
    assert broken(api, "GET /a?i=") == []
    assert broken(api, "GET /a?i=null") == ["parameter-format at query.i"]


def test_header_text_that_no_string_can_hold_is_a_finding(styles):
    """Lone surrogates and raw bytes in a header are judged, never raised."""
    for text in ("\ud800", "\udcff\udc80", "\x00", "é"):
        one = Exchange(Request("GET", "/v1/headers", (("X-Id", text), ("Cookie", "c=1"))))
        assert {finding.rule for finding in styles.findings(one)} <= {"X-Id/pattern", "parameter-format"}
        assert not styles.conforms(one)
