"""A server declares a variable that its URL does not have.

Whoever sets it changes nothing. (OpenAPI 3.1.1, 4.8.5.)

Bad:

    url: https://api.example.com
    variables: { region: { default: eu } }

Good:

    url: https://{region}.example.com
    variables: { region: { default: eu } }
"""

from collections.abc import Iterator

from watchword.ground import Severity, cut
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "structure"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per variable."""
    for spot in subject.of("server"):
        url, variables = spot.node.value.get("url"), spot.node.get("variables")
        for name, node in variables.members() if variables and isinstance(url, str) else ():
            if f"{{{name}}}" not in url and not name.startswith("x-"):
                yield Problem(node, f"`{cut(name, 60)}` does not occur in the URL")
