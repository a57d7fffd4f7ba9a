"""Credentials: presence and scheme, alternatives and combinations."""

import pytest

BASIC, BEARER = {"Authorization": "Basic dTpw"}, {"Authorization": "Bearer abc"}
CASES = [
    ("basic", BASIC, []),
    ("basic", {"authorization": "bASIC dTpw"}, []),
    ("basic", BEARER, ["wrong-scheme"]),
    ("basic", {}, ["missing-credential"]),
    ("bearer", BEARER, []),
    ("bearer", {"Authorization": "bearer   abc"}, []),
    ("bearer", {"Authorization": "Bearer"}, ["missing-credential"]),
    ("bearer", {"Authorization": "Bearer "}, ["missing-credential"]),
    ("bearer", {"Authorization": ""}, ["missing-credential"]),
    ("bearer", {"Authorization": "abc"}, ["wrong-scheme"]),
    ("bearer", {"Authorization": "Bearerabc"}, ["wrong-scheme"]),
    ("oauth", BEARER, []),
    ("oauth?access_token=abc", {}, []),
    ("oauth?access_token=", {}, ["missing-credential"]),
    ("oauth", BASIC, ["wrong-scheme"]),
    ("query?api_key=abc", {}, []),
    ("query?api_key=", {}, ["missing-credential"]),
    ("query", {"api_key": "abc"}, ["missing-credential"]),
    ("cookie", {"Cookie": "a=b; sid=abc"}, []),
    ("cookie", {"Cookie": "sid="}, ["missing-credential"]),
    ("cookie", {"Cookie": "asid=abc"}, ["missing-credential"]),
    ("both", {"X-KEY": "abc", **BEARER}, []),
    ("both", {"X-Key": "abc"}, ["missing-credential"]),
    ("both", BEARER, ["missing-credential"]),
    ("both", {}, ["missing-credential", "missing-credential"]),
    ("both", {"X-Key": " ", **BASIC}, ["missing-credential", "wrong-scheme"]),
    ("either", BASIC, []),
    ("either?api_key=k", {"Cookie": "sid=abc"}, []),
    ("either?api_key=k", {}, ["missing-credential"]),
    ("either", {}, ["missing-credential"]),
    ("optional", {}, []),
    ("optional", BEARER, []),
    ("optional", BASIC, []),
    ("mutual", {}, []),
]


@pytest.mark.parametrize(("path", "headers", "expected"), CASES)
def test_credential_is_there_in_its_scheme(styles, judged, path, headers, expected):
    """Of the alternatives one must be met whole; the closest one is what the findings are about."""
    findings = judged(styles, f"GET /v1/security/{path}", headers)
    assert [finding.rule for finding in findings] == expected
    assert {finding.location for finding in findings} <= {"security"}


def test_finding_points_at_the_scheme(styles, judged):
    """The place is the Security Scheme Object; the message names header and scheme, never the credential."""
    (finding,) = judged(styles, "GET /v1/security/bearer", {"Authorization": "Basic c2VjcmV0"})
    assert finding.place.pointer == "/components/securitySchemes/bearer"
    assert finding.message == "credential is Basic, Bearer required"
    (finding,) = judged(styles, "GET /v1/security/bearer", {"Authorization": "c2VjcmV0 x"})
    assert finding.message == "credential is something else, Bearer required"
