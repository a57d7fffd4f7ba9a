"""The credentials that the caller gave Schemathesis, by the document's security schemes. Puts none into a request.

Schemathesis takes one as a header, as `--auth`, in `[auth.openapi.NAME]`, and as a fixed parameter. What it fetches
while it runs (`[auth.dynamic]`, a sign-up, an `@schemathesis.auth` of the caller's) is not known here.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import orjson
from schemathesis.auths import GLOBAL_AUTH_STORAGE

from watchword.check import bare_token
from watchword.contract import Contract, Operation, Scheme
from watchword.schemathesis.peer import StSchema

Tokens = Mapping[str, str]
"""Credentials by the key of their security scheme, without the name of an `http` scheme."""


def given_tokens(schema: StSchema, contract: Contract) -> dict[str, str]:
    """What the caller configured for the schemes of a document."""
    config: Any = schema.config
    headers = {name.lower(): str(value) for name, value in config.headers_for().items()}
    found: dict[str, str] = {}
    for scheme in _schemes(contract):
        token = next(filter(None, _candidates(scheme, headers, config)), None)
        if token is not None:
            found[scheme.key] = token
    return found


def fetches_by_itself(schema: StSchema) -> bool:
    """Whether Schemathesis will come by a credential that its configuration does not hold."""
    auth = schema.config.auth
    flow = getattr(schema, "auth_flow", None)
    return bool(
        auth.dynamic.is_defined
        or auth.wfc is not None
        or schema.auth.is_defined
        or GLOBAL_AUTH_STORAGE.is_defined
        or (flow is not None and auth.auto_signup and flow() is not None)
    )


def answered_first(contract: Contract, tokens: Tokens) -> Contract:
    """The contract with the alternatives in front that the tokens answer: a request bears the first one's."""
    return replace(contract, operations=tuple(_with_answered_first(each, tokens) for each in contract.operations))


def first_token(contract: Contract, tokens: Tokens) -> str | None:
    """The credential of the first operation that one is given for."""
    for operation in contract.operations:
        for scheme in required(operation):
            if scheme.key in tokens:
                return tokens[scheme.key]
    return None


def required(operation: Operation) -> tuple[Scheme, ...]:
    """The schemes of the alternative that a request is made for: the first that asks for any."""
    return next((alternative for alternative in operation.security if alternative), ())


def lacking(contract: Contract, tokens: Tokens) -> str | None:
    """What to do where every operation that asks for a credential lacks one: else each case would be refused."""
    asking = [each for each in contract.operations if required(each) and () not in each.security]
    if not asking or any(_is_answered(required(each), tokens) for each in asking):
        return None
    scheme = next(each for each in required(asking[0]) if each.key not in tokens)
    name = scheme.name or scheme.scheme or scheme.kind
    return (
        f"{asking[0].label} needs a credential ({name}), and none is configured; add to schemathesis.toml:\n\n"
        + "\n".join(auth_lines(scheme, "CREDENTIAL"))
    )


def auth_lines(scheme: Scheme, variable: str) -> tuple[str, ...]:
    """The table of schemathesis.toml that gives Schemathesis the credential of a scheme, by its variable."""
    table = f"[auth.openapi.{_toml_key(scheme.key)}]"
    if (scheme.kind, scheme.scheme) == ("http", "basic"):
        return table, f'username = "${{{variable}_USER}}"', f'password = "${{{variable}_PASSWORD}}"'
    return table, f'{"api_key" if scheme.kind == "apiKey" else "bearer"} = "${{{variable}}}"'


def _toml_key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else orjson.dumps(name).decode()


def _with_answered_first(operation: Operation, tokens: Tokens) -> Operation:
    given = sorted(operation.security, key=lambda alternative: not _is_answered(alternative, tokens))
    return replace(operation, security=tuple(given))


def _is_answered(alternative: tuple[Scheme, ...], tokens: Tokens) -> bool:
    return bool(alternative) and all(scheme.key in tokens for scheme in alternative)


def _schemes(contract: Contract) -> Iterator[Scheme]:
    known = {
        scheme.key: scheme
        for operation in contract.operations
        for alternative in operation.security
        for scheme in alternative
    }
    yield from known.values()


def _candidates(scheme: Scheme, headers: Mapping[str, str], config: Any) -> Iterator[str | None]:
    """The credential for one scheme by each way to give it, that which Schemathesis prefers first."""
    where, name = (scheme.where, scheme.name) if scheme.kind == "apiKey" else ("header", "Authorization")
    plain = str if scheme.kind == "apiKey" else bare_token
    if where == "header" and name.lower() in headers:
        yield plain(headers[name.lower()])
    if where == "cookie":
        yield _cookie(headers.get("cookie", ""), name)
    fixed = config.parameters.get(f"{where}.{name}", config.parameters.get(name))
    if isinstance(fixed, str | int | float):
        yield plain(str(fixed))
    if (scheme.kind, scheme.scheme) == ("http", "basic") and config.auth.basic is not None:
        yield _basic(*config.auth.basic)
    yield _configured(scheme, config.auth.openapi.schemes.get(scheme.key))


def _configured(scheme: Scheme, given: Any) -> str | None:
    """The credential of `[auth.openapi.NAME]`, which has a form of its own for each kind of scheme."""
    username = getattr(given, "username", None)
    if username is not None:
        return _basic(username, given.password)
    token = getattr(given, "api_key" if scheme.kind == "apiKey" else "bearer", None)
    return token if isinstance(token, str) else None


def _basic(username: str, password: str) -> str:
    """RFC 7617; Latin-1 is what `requests` writes."""
    return b64encode(f"{username}:{password}".encode("latin-1", "replace")).decode()


def _cookie(header: str, name: str) -> str | None:
    for pair in header.split(";"):
        key, is_pair, value = pair.strip().partition("=")
        if is_pair and key == name:
            return value
    return None
