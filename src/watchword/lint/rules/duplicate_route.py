"""Two paths are the same but for the names of their parameters.

No request can tell them apart, so that one is never reached. (OpenAPI 3.1.1, 4.8.8.2: such templates are identical
and invalid.)

Bad:

    /things/{id}:   { get: ... }
    /things/{name}: { get: ... }

Good:

    /things/{id}:           { get: ... }
    /things/by-name/{name}: { get: ... }
"""

import re
from collections.abc import Iterator

from watchword.document import Node
from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "structure"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per path that an earlier one equals."""
    first: dict[str, Node] = {}
    paths = subject.root.get("paths")
    for path, node in paths.members() if paths else ():
        other = first.setdefault(re.sub(r"\{[^{}]*\}", "{}", path), node)
        if other is not node:
            yield Problem(node, f"`{path}` is the route at line {other.place.line} with other parameter names")
