"""A component has a name that no reference may hold.

Letters, digits, `.`, `-` and `_` are allowed: a name becomes part of a URI, and of the names of generated types.
(OpenAPI 3.1.1, 4.8.7.)

Bad:

    components:
      schemas:
        "Thing (new)": { type: object }

Good:

    components:
      schemas:
        NewThing: { type: object }
"""

import re
from collections.abc import Iterator

from watchword.ground import Severity, cut
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "structure"
_ALLOWED = re.compile(r"[a-zA-Z0-9._-]+")


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per component."""
    components = subject.root.get("components")
    for kind, held in components.members() if components else ():
        for name, node in held.members() if not kind.startswith("x-") else ():
            if not _ALLOWED.fullmatch(name):
                yield Problem(node, f"`{cut(name, 60)}` holds characters other than letters, digits, `.`, `-` and `_`")
