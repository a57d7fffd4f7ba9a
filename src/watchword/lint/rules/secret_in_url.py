"""A secret is sent in the URL.

URLs end up in logs of servers and proxies, in browsers' histories and in `Referer` headers. (RFC 9110, 17.9; RFC 6750,
2.3; CWE-598.)

Bad:

    parameters:
      - { name: password, in: query, schema: { type: string, format: password } }

Good:

    requestBody:
      content:
        application/json:
          schema:
            properties:
              password: { type: string, format: password }
"""

from collections.abc import Iterator

from watchword.ground import Severity, sounds_secret
from watchword.lint.problem import Problem
from watchword.lint.secrets import is_marked, may_hold_secret_text
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "secrets"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per parameter, and per API key that goes into the query."""
    for spot in subject.of("parameter"):
        name, where = spot.node.value.get("name"), spot.node.value.get("in")
        schema = spot.node.get("schema")
        if where in ("query", "path") and isinstance(name, str):
            marked = schema is not None and is_marked(subject, schema)
            text = schema is None or may_hold_secret_text(subject, schema)
            if marked or (sounds_secret(name) and text):
                yield Problem(spot.node, f"`{name}` is a secret in the {where} of a URL")
    for spot in subject.of("security-scheme"):
        if spot.node.value.get("type") == "apiKey" and spot.node.value.get("in") == "query":
            yield Problem(spot.node, f"the key `{spot.node.value.get('name')}` is sent in the query of a URL")
