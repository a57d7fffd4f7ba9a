"""A server, or where a security scheme gets its tokens, is reached without encryption.

Credentials and secrets cross the network in the clear. Servers on this machine are left alone. (RFC 9110, 17.1;
CWE-319.)

Bad:

    servers: [{ url: http://api.example.com }]

Good:

    servers: [{ url: https://api.example.com }]
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from watchword.document import Node
from watchword.ground import Severity, cut
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "secrets"
_LOCAL = ("localhost", "127.0.0.1", "::1", "host.docker.internal")


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per server, and per address at which a security scheme gives or gets credentials."""
    for spot in subject.of("server"):
        yield from _judged(spot.node.get("url"))
    for spot in subject.of("security-scheme"):
        yield from _judged(spot.node.get("openIdConnectUrl"))
        flows = spot.node.get("flows")
        for _, flow in flows.members() if flows else ():
            for name in ("authorizationUrl", "tokenUrl", "refreshUrl"):
                yield from _judged(flow.get(name))


def _judged(url: Node | None) -> Iterator[Problem]:
    if url is not None and isinstance(url.value, str) and url.value.lower().startswith(("http://", "ws://")):
        host = _host(url.value)
        if host not in _LOCAL and not host.endswith((".localhost", ".local", ".internal", ".test")):
            yield Problem(url, f"`{cut(url.value, 60)}` is not encrypted")


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
