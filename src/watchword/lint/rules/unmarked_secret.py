"""A member sounds like a secret and does not say `format: password`.

Whatever shows values (consoles, logs, test reports, mock servers, this program) decides by that mark what to hide.
(OpenAPI 3.1.1, 4.4.4: `password` is a hint to obscure the value.)

Bad:

    clientSecret: { type: string }

Good:

    clientSecret: { type: string, format: password }
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.secrets import is_marked, may_hold_secret_text, sounds_secret
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "secrets"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per member of an object and per parameter in a header or cookie."""
    for spot in subject.of("schema"):
        if spot.via == "properties" and isinstance(spot.node.value, dict) and sounds_secret(spot.name):
            if may_hold_secret_text(subject, spot.node) and not is_marked(subject, spot.node):
                yield Problem(spot.node, f"`{spot.name}` sounds like a secret", "format: password")
    for spot in subject.of("parameter"):
        schema, name = spot.node.get("schema"), spot.node.value.get("name")
        if schema is not None and isinstance(name, str) and spot.node.value.get("in") in ("header", "cookie"):
            if sounds_secret(name) and may_hold_secret_text(subject, schema) and not is_marked(subject, schema):
                yield Problem(schema, f"`{name}` sounds like a secret", "format: password")
