"""Properties over exchanges of any bytes: nothing raises, both paths agree, and no secret is repeated."""

import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watchword.contract import BUNDLED
from watchword.ground import Exchange, Finding, Request, Response
from watchword.validation import ContractViolation, Validator, assert_conforms

NAMES = (*BUNDLED, "styles")

# Texts as no client should send them: lone surrogates, controls, broken escapes, other scripts.
text = st.text(st.characters(), max_size=12) | st.sampled_from(
    [
        "",
        " ",
        "\ud800",
        "\x00",
        "%",
        "%zz",
        "%FF",
        "%ED%A0%80",
        "\u0661",
        "\r\n",
        "a" * 3000,
        "{",
        "*",
        "..",
        "//",
        "\udcff",
    ]
)
known_headers = st.sampled_from(
    ["Content-Type", "content-type", "X-Auth-Token", "Authorization", "Cookie", "X-Id", "X-Rgb", "X-Json", "X-Rate", ""]
)
known_values = st.sampled_from(
    [
        "application/json",
        'Application/JSON; charset="',
        "multipart/form-data; boundary=XX",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
        "text/plain; charset=utf-7",
        "text/plain; charset=\ud800",
        "text/plain;charset=rot13",
        "application/vnd.kii.ChangeThingPasswordRequest+json",
        "Bearer x",
        "Basic",
        "c=1; s=\x00",
        "R,1,G",
        "text/plain;charset=idna",
    ]
)
headers = st.lists(st.tuples(known_headers | text, known_values | text), max_size=6).map(tuple)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | text,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(text | st.sampled_from(["password", "secret", "newPassword", "id"]), inner, max_size=4)
    ),
    max_leaves=8,
)


def as_json(value: Any) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")


bodies = (
    st.just(b"")
    | st.binary(max_size=40)
    | JSON.map(as_json)
    | st.sampled_from(
        [
            b'"\\ud800"',
            b'{"\\ud800":"\\udfff"}',
            b"[" * 5000,
            b'{"secret":1e999}',
            b"1" * 9000,
            b"NaN",
            b"\xff\xfe",
            b'{"a":',
            b"--XX\r\n\r\n--XX--",
            b'--XX\r\nContent-Disposition: form-data; name="name"\r\n\r\n\xff\r\n--XX--',
            b"name=%FF",
            b"=",
            b'--XX\r\nContent-Type: multipart/mixed; boundary="YY"\r\n\r\n--YY--\r\n--XX--',
            b"&&;=&a",
            b"meta=%7B&name=ab",
        ]
    )
)
statuses = st.sampled_from([200, 201, 204, 299, 304, 400, 401, 404, 500]) | st.integers(-(10**6), 10**6)
hosts = st.sampled_from(["", "https://h", "http://[::1]:80", "https://" + "h" * 300, "x:", "HTTPS://H"])


def urls(validator: Validator) -> st.SearchStrategy[str]:
    """Documented paths with anything in their templates, and anything at all."""
    templates = st.sampled_from([path for operation in validator.contract.operations for path in operation.paths])

    def filled(template: str) -> st.SearchStrategy[str]:
        pieces = template.replace("}", "{").split("{")
        parts = [st.just(piece) if number % 2 == 0 else text for number, piece in enumerate(pieces)]
        return st.tuples(*parts).map("".join)

    queries = text.map("?".__add__) | st.sampled_from(
        [
            "",
            "?",
            "?i=1&s=\ud800",
            "?deep[R]=&deep[=&]=",
            "?R=1",
            "?#",
            "?json=%7B",
        ]
    )
    documented = st.tuples(hosts, templates.flatmap(filled), queries).map("".join)
    return (
        documented
        | documented
        | text
        | st.sampled_from(
            [
                "https://h",
                "?",
                "#",
                "http://",
                "/" * 4000,
                "/\ud800/%ED%B0%80",
            ]
        )
    )


def exchanges(validator: Validator) -> st.SearchStrategy[Exchange]:
    methods = st.sampled_from(sorted({operation.method for operation in validator.contract.operations}))
    requests = st.builds(Request, methods | methods | text, urls(validator), headers, bodies)
    return st.builds(Exchange, requests, st.none() | st.builds(Response, statuses, headers, bodies))


@pytest.fixture(scope="module")
def validators(bundled, styles) -> dict[str, Validator]:
    return {**bundled, "styles": styles}


def violations(validator: Validator, one: Exchange) -> tuple[Exception, ...]:
    try:
        assert_conforms(validator, one)
    except ExceptionGroup as group:
        return group.exceptions
    return ()


def judge_any(validator: Validator, data: st.DataObject) -> None:
    one = data.draw(exchanges(validator))
    findings = validator.findings(one)
    assert validator.conforms(one) == (not findings)
    for finding in findings:
        assert finding.message
        assert str(finding.place)
        finding.message.encode()
    validator.route(one.request.method, one.request.url)
    for each in violations(validator, one):
        assert isinstance(each, ContractViolation)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=75, derandomize=True, deadline=None)
@given(data=st.data())
def test_no_exchange_raises_and_both_paths_agree(validators, name, data):
    """Any bytes, any text, any status: a list of findings, empty exactly where `conforms` says so."""
    judge_any(validators[name], data)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=1_000, derandomize=True, deadline=None)
@given(data=st.data())
def test_no_exchange_raises_and_both_paths_agree_at_length(validators, name, data):
    """As above, with many more exchanges."""
    judge_any(validators[name], data)


# The marker stands for a secret; whatever it sits in, no finding may repeat it or a piece of it.
MARKER = "Zq7Xw4Vb9"
PIECES = (MARKER, MARKER.lower(), MARKER[:6], MARKER[3:])
around = st.sampled_from(
    [
        "{}",
        " {}",
        "{}\n",
        "{}é",
        "a{}",
        "{}%00",
        "x" * 100 + "{}",
        "{}" + "!Aa1" * 9,
        "\ud800{}",
        "{}&a=1",
    ]
)


def planted(validator: Validator) -> st.SearchStrategy[Exchange]:
    """Exchanges near the documented ones in which one or more places hold the marker."""
    secret = around.map(lambda shape: shape.format(MARKER))
    templates = st.sampled_from([(op.method, path) for op in validator.contract.operations for path in op.paths])

    def filled(chosen: tuple[str, str]) -> st.SearchStrategy[tuple[str, str]]:
        pieces = chosen[1].replace("}", "{").split("{")
        value = secret | st.sampled_from(["1000001", "thing-1", "blue"])
        parts = [st.just(piece) if number % 2 == 0 else value for number, piece in enumerate(pieces)]
        query = (
            st.just("")
            | secret.map(lambda text: f"?s={text}")
            | secret.map(lambda text: f"?{text}=1&action_id={text}&i={text}")
        )
        extra = st.just("") | secret.map("/".__add__)
        return st.tuples(*parts, extra, query).map(lambda texts: (chosen[0], "".join(texts)))

    lines = templates.flatmap(filled) | st.tuples(secret, st.just("/v1/query")) | st.tuples(st.just("GET"), secret)
    values = (
        secret
        | secret.map(lambda text: [text])
        | secret.map(lambda text: {text: text})
        | st.sampled_from([1, None, "abcd"])
    )
    members = st.sampled_from(
        [
            "password",
            "secret",
            "newPassword",
            "user_name",
            "device_id",
            "secret_type",
            "error_code",
            "id",
            "name",
            "made",
            "flag",
        ]
    )
    objects = st.dictionaries(members | secret, values, max_size=4)
    forms = secret.map(lambda text: f"name={text}&count={text}&{text}=1&tags={text}".encode("utf-8", "surrogatepass"))
    texts = secret.map(lambda text: text.encode("utf-8", "surrogatepass"))
    broken_json = secret.map(lambda text: f'{{"password": "{text}"'.encode("utf-8", "surrogatepass"))
    content = st.just(b"") | objects.map(as_json) | values.map(as_json) | forms | texts | broken_json
    types = st.sampled_from(
        [
            "application/json",
            "application/vnd.kii.ChangeThingPasswordRequest+json",
            "application/x-www-form-urlencoded",
            "text/plain",
        ]
    )
    schemes = secret | secret.map(lambda text: f"Bearer {text}") | secret.map(lambda text: f"Basic {text}")
    pairs = st.fixed_dictionaries(
        {},
        optional={
            "Content-Type": types
            | types
            | secret
            | secret.map(lambda text: f"text/{text}")
            | secret.map("application/json; x=".__add__),
            "X-Auth-Token": secret,
            "Authorization": schemes,
            "Cookie": secret.map(lambda text: f"c={text}; s={text}; sid={text}"),
            "X-Id": secret,
            "X-Count": secret,
            "X-Colors": secret,
            "X-Rgb": secret,
            "X-Json": secret | objects.map(lambda value: as_json(value).decode("latin-1")),
            "X-Rate": secret,
            MARKER: secret,
        },
    ).map(lambda chosen: tuple(chosen.items()))
    requests = st.builds(lambda line, *rest: Request(*line, *rest), lines, pairs, content)
    return st.builds(Exchange, requests, st.none() | st.builds(Response, statuses, pairs, content))


def said(finding: Finding) -> Iterator[str]:
    """Every text of a finding, and its repr."""
    yield repr(finding)
    yield str(ContractViolation(finding))
    for each in fields(finding):
        yield str(getattr(finding, each.name))


def look_for_the_marker(validator: Validator, data: st.DataObject) -> None:
    one = data.draw(planted(validator))
    for finding in validator.findings(one):
        # The repr of an exchange is its producer's affair; what a finding says is ours.
        for text in said(finding):
            assert not any(piece in text for piece in PIECES), finding
    for each in violations(validator, one):
        assert MARKER not in repr(each) + str(each)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=100, derandomize=True, deadline=None)
@given(data=st.data())
def test_no_finding_repeats_a_secret(validators, name, data):
    """Secrets, tokens, unknown and misplaced members, paths, queries and headers: not a piece of them is told."""
    look_for_the_marker(validators[name], data)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=1_000, derandomize=True, deadline=None)
@given(data=st.data())
def test_no_finding_repeats_a_secret_at_length(validators, name, data):
    """As above, with many more exchanges."""
    look_for_the_marker(validators[name], data)
