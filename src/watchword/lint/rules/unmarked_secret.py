"""A member sounds like a secret and does not say `format: password`.

Whatever shows values (consoles, logs, test reports, mock servers, this program) decides by that mark what to hide.
(OpenAPI 3.1.1, 4.4.4: `password` is a hint to obscure the value.)

Bad:

    clientSecret: { type: string }

Good:

    clientSecret: { type: string, format: password }
"""

from collections.abc import Iterator

from watchword.document import Node
from watchword.ground import Severity, sounds_secret
from watchword.lint.problem import Problem
from watchword.lint.secrets import is_marked, may_hold_secret_text
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "secrets"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per member of an object and per parameter in a header or cookie."""
    for spot in subject.of("schema"):
        if spot.via == "properties" and isinstance(spot.node.value, dict):
            yield from _judged(subject, spot.name, spot.node)
    for spot in subject.of("parameter"):
        schema, name = spot.node.get("schema"), spot.node.value.get("name")
        if schema is not None and isinstance(name, str) and spot.node.value.get("in") in ("header", "cookie"):
            yield from _judged(subject, name, schema)


def _judged(subject: Subject, name: str, schema: Node) -> Iterator[Problem]:
    if sounds_secret(name) and may_hold_secret_text(subject, schema) and not is_marked(subject, schema):
        yield Problem(schema, f"`{name}` sounds like a secret", "format: password")
