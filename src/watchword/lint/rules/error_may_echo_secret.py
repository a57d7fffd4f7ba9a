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

from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.reach import content_schemas
from watchword.lint.secrets import secrets_below
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "secrets"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per error reply."""
    for spot in subject.of("operation"):
        for status, reply in subject.followed(spot.node, "responses"):
            if status[:1] in ("4", "5"):
                for schema in content_schemas(subject, reply):
                    shown = [
                        each for each in secrets_below(subject, schema) if each.node.value.get("writeOnly") is not True
                    ]
                    if shown:
                        yield Problem(reply, f"the error `{status}` may tell the secret `{shown[0].name}`")
                        break
