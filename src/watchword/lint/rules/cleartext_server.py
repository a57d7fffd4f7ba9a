"""A server is reached without encryption.

Credentials and secrets cross the network in the clear. Servers on this machine are left alone. (RFC 9110, 17.1;
CWE-319.)

Bad:

    servers: [{ url: http://api.example.com }]

Good:

    servers: [{ url: https://api.example.com }]
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from watchword.ground import Severity, cut
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "secrets"
_LOCAL = ("localhost", "127.0.0.1", "::1", "host.docker.internal")


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per server."""
    for spot in subject.of("server"):
        url = spot.node.get("url")
        if url is not None and isinstance(url.value, str) and url.value.lower().startswith("http://"):
            host = _host(url.value)
            if host not in _LOCAL and not host.endswith((".localhost", ".local", ".internal", ".test")):
                yield Problem(url, f"`{cut(url.value, 60)}` is not encrypted")


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
