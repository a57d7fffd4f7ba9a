"""An error reply has a member that is a secret.

Error bodies are logged, shown and forwarded with less care than others. A refused secret is still a secret: often it is
the real one with a slip. (CWE-209.)

Bad:

    '400':
      content:
        application/json:
          schema:
            properties:
              message: { type: string }
              password: { type: string, format: password }

Good:

    '400':
      content:
        application/json:
          schema:
            properties:
              message: { type: string }
              field: { type: string }
"""

from collections.abc import Iterator

from watchword.document import Node
from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.reach import Key, content_schemas, key_of
from watchword.lint.secrets import secrets_below
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "secrets"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per error reply, however many operations and statuses refer to it."""
    found: dict[Key, tuple[Node, str, dict[str, None]]] = {}
    for spot in subject.of("operation"):
        for status, reply in subject.followed(spot.node, "responses"):
            name = _told(subject, reply) if status[:1] in ("4", "5") else None
            if name is not None:
                found.setdefault(key_of(reply), (reply, name, {}))[2][f"`{status}`"] = None
    for reply, name, statuses in found.values():
        yield Problem(reply, f"the error {', '.join(statuses)} may tell the secret `{name}`")


def _told(subject: Subject, reply: Node) -> str | None:
    """The first secret that a reply may hold."""
    for schema in content_schemas(subject, reply):
        for each in secrets_below(subject, schema):
            if each.node.value.get("writeOnly") is not True:
                return each.name
    return None
