"""A reply to GET returns a secret and documents no `Cache-Control` header.

Caches may store such a reply unless it says `no-store`. Replies to other methods are not stored without an explicit
permission, so they are left alone. (RFC 9111, 3 and 5.2.2.5; CWE-524.)

Bad:

    get:
      responses:
        '200':
          description: The credentials.
          content: ...

Good:

    get:
      responses:
        '200':
          description: The credentials.
          headers:
            Cache-Control: { schema: { const: no-store } }
          content: ...
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.reach import content_schemas
from watchword.lint.secrets import secrets_below
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "secrets"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per reply of success."""
    for operation in subject.operations:
        if operation.method not in ("GET", "HEAD"):
            continue
        for status, reply in subject.followed(operation.node, "responses"):
            headers = reply.get("headers")
            names = {name.lower() for name, _ in headers.members()} if headers else set()
            if status[:1] == "2" and "cache-control" not in names:
                for schema in content_schemas(subject, reply):
                    shown = [spot for spot in secrets_below(subject, schema) if not _is_hidden(spot.node.value)]
                    if shown:
                        yield Problem(reply, f"returns the secret `{shown[0].name}` and documents no `Cache-Control`")
                        break


def _is_hidden(value: dict[str, object]) -> bool:
    return value.get("writeOnly") is True
