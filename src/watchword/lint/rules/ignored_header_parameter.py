"""A header parameter is named `Accept`, `Content-Type` or `Authorization`.

Its definition is ignored: these headers are described by media types and security schemes. A credential that is
described this way protects nothing in any tool. (OpenAPI 3.1.1, 4.8.12.2.)

Bad:

    parameters:
      - { name: Authorization, in: header, schema: { type: string } }

Good:

    components:
      securitySchemes:
        token: { type: http, scheme: bearer }
    security: [{ token: [] }]
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "structure"
_INSTEAD = {
    "accept": "the media types of the responses say it",
    "content-type": "the media types of the request body say it",
    "authorization": "a security scheme says it",
}


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per parameter."""
    for spot in subject.of("parameter"):
        name = spot.node.value.get("name")
        if spot.node.value.get("in") == "header" and isinstance(name, str) and name.lower() in _INSTEAD:
            yield Problem(spot.node, f"a header parameter `{name}` is ignored; {_INSTEAD[name.lower()]}")
