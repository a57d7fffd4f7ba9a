"""Credentials: whether the schemes that an operation asks for are there. Never looks at whether they are right.

OpenAPI 3.1.1, Security Requirement Object: alternatives, of each all schemes. The value of a credential is not judged
beyond its scheme: recorded traffic has it masked more often than not.
"""

from collections.abc import Iterator, Mapping

from watchword.contract import Operation, Scheme
from watchword.validation.styles import Pairs

Headers = Mapping[str, str]
"""Lower-case name -> value; several field lines joined by a comma (RFC 9110 section 5.3)."""

_NO_SCHEME: tuple[str, str] = ("", "")


def required_header(operation: Operation) -> tuple[str, str] | None:
    """(lower-case header, lower-case scheme with a space, or nothing) where one header is all that is asked for.

    `("", "")` where nothing is; `None` where it takes `security_problems` to tell.
    """
    if not operation.security or () in operation.security:
        return _NO_SCHEME
    if len(operation.security) > 1 or len(operation.security[0]) > 1:
        return None
    scheme = operation.security[0][0]
    if scheme.kind == "apiKey" and scheme.where == "header":
        return scheme.name.lower(), ""
    if scheme.kind == "http":
        return "authorization", scheme.scheme + " "
    return None


def security_problems(
    operation: Operation, headers: Headers, query: Pairs, cookies: Pairs
) -> Iterator[tuple[str, Scheme, str]]:
    """(rule, scheme, message) for each scheme of the first alternative that is not met; nothing where one is met."""
    closest: list[tuple[str, Scheme, str]] | None = None
    for alternative in operation.security:
        problems = [
            (problem[0], scheme, problem[1])
            for scheme in alternative
            if (problem := _problem(scheme, headers, query, cookies))
        ]
        if not problems:
            return
        if closest is None or len(problems) < len(closest):
            closest = problems
    yield from closest or ()


def _problem(scheme: Scheme, headers: Headers, query: Pairs, cookies: Pairs) -> tuple[str, str] | None:
    if scheme.kind == "apiKey":
        return _key_problem(scheme, headers, query, cookies)
    if scheme.kind in ("oauth2", "openIdConnect"):
        if any(query.get("access_token", ())):  # RFC 6750 section 2.3
            return None
        return _http_problem("bearer", headers)
    if scheme.kind == "http":
        return _http_problem(scheme.scheme, headers)
    return None  # mutualTLS leaves no trace in an exchange


def _key_problem(scheme: Scheme, headers: Headers, query: Pairs, cookies: Pairs) -> tuple[str, str] | None:
    if scheme.where == "header":
        present = bool(headers.get(scheme.name.lower(), "").strip())
    else:
        present = any((query if scheme.where == "query" else cookies).get(scheme.name, ()))
    return None if present else ("missing-credential", f"no credential: {scheme.where} `{scheme.name}` is not there")


def _http_problem(expected: str, headers: Headers) -> tuple[str, str] | None:
    """RFC 9110 section 11.4: `auth-scheme 1*SP credentials`, the scheme case-insensitive."""
    given = headers.get("authorization", "").strip()
    if not given:
        return "missing-credential", "no credential: header `Authorization` is not there"
    scheme, _, rest = given.partition(" ")
    if scheme.lower() != expected:
        known = scheme if scheme.lower() in _KNOWN_SCHEMES else "something else"
        return "wrong-scheme", f"credential is {known}, {expected.capitalize()} required"
    if not rest.strip():
        return "missing-credential", f"no credential: nothing follows `{expected.capitalize()}`"
    return None


# Registered authentication schemes (RFC 9110 section 16.4.1); anything else may be the credential itself.
_KNOWN_SCHEMES = frozenset({"basic", "bearer", "digest", "dpop", "hoba", "mutual", "negotiate", "ntlm", "token"})
